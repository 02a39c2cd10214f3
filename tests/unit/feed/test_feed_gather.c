/* Feeds into a set: what is plausible, what is not, and what a hostile file may cost. */
#include "sensor/feed/feed_gather.h"

#include "sensor/feed/feed_form.h"

#include "tests/support/cmocka.h"
#include "tests/support/memory_file.h"
#include "tests/support/mutations.h"

#include <string.h>

enum { NOW_DAY = 20000, NEST = 100000 };

/* A builder with its feeds, and what was complained of. */
struct bench {
	struct suffix_rules *suffixes;
	struct intel_builder *builder;
	struct feed_gather *gather;
	FILE *complaints;
	char *report;
	size_t report_len;
	struct feed_counts counts;
};

static void bench_open(struct bench *b, bool is_prevalence)
{
	memset(b, 0, sizeof(*b));
	b->complaints = open_memstream(&b->report, &b->report_len);
	assert_non_null(b->complaints);
	assert_int_equal(suffix_rules_new(&b->suffixes), ERR_OK);
	assert_int_equal(
		intel_builder_new(&b->builder, is_prevalence ? INTEL_PREVALENCE : INTEL_INDICATORS),
		ERR_OK);

	const struct feed_gather_setup setup = { b->builder, b->suffixes, NOW_DAY * NANOTIME_DAY,
						 b->complaints, is_prevalence };

	assert_int_equal(feed_gather_new(&b->gather, &setup), ERR_OK);
}

static enum err bench_read(struct bench *b, const char *source, enum intel_class class,
			   const void *bytes, size_t len)
{
	const struct feed_file file = { .path = memory_file(bytes, len),
					.source = source,
					.class = class,
					.is_warning_list = class != INTEL_OF_ITS_OWN,
					.confidence = 60 };
	enum err err = feed_gather_read(b->gather, &file, &b->counts);

	(void)fflush(b->complaints);
	return err;
}

static enum err bench_feed(struct bench *b, const char *text)
{
	return bench_read(b, "feed", INTEL_OF_ITS_OWN, text, strlen(text));
}

static struct intel_set *bench_make(struct bench *b, uint8_t **bytes)
{
	struct intel_set *set;
	size_t len;

	assert_int_equal(intel_builder_make(b->builder, bytes, &len), ERR_OK);
	assert_int_equal(intel_set_over(*bytes, len, &set), INTEL_FINE);
	return set;
}

static void bench_close(struct bench *b)
{
	feed_gather_free(b->gather);
	intel_builder_free(b->builder);
	suffix_rules_free(b->suffixes);
	(void)fclose(b->complaints);
	free(b->report);
}

/* One row of a plain list: taken, or why not. */
struct row_case {
	const char *name;
	const char *row;
	const char *why; /* NULL: taken */
};

static struct row_case rows[] = {
	{ "a name", "evil.example", NULL },
	{ "a name in its own letters", "m\xc3\xbcnchen.example", NULL },
	{ "a URL in its own letters", "http://m\xc3\xbcnchen.example/\xc3\xbc", NULL },
	{ "letters that are none", "m\xff\xfe.example", "no name" },
	{ "a name at a provider", "evil.duckdns.org", NULL },
	{ "a page at a provider", "https://github.com/evil/x", NULL },
	{ "a file at a provider", "https://drive.google.com/uc?id=1", NULL },
	{ "a file of a messenger", "https://cdn.discordapp.com/attachments/1/2/a.exe", NULL },
	{ "a customer's store", "evil.blob.core.windows.net", NULL },
	{ "a top-level domain", "com", "no name" },
	{ "all of a top-level domain", "*.com", "no name" },
	{ "a public suffix", "co.jp", "a public suffix" },
	{ "all below a public suffix", "*.co.uk", "a public suffix" },
	{ "a provider's suffix", "github.io", "a public suffix" },
	{ "a provider of dynamic DNS", "duckdns.org", "a public suffix" },
	{ "a service of every device", "windowsupdate.com", "a service" },
	{ "a name of such a service", "www.microsoft.com", "a service" },
	{ "the front page of one", "https://github.com/", "a service" },
	{ "the front page of one, by another scheme", "http://www.google.com", "a service" },
	{ "a store of strangers", "drive.google.com", "a name that many strangers share" },
	{ "a messenger's store", "cdn.discordapp.com", "a name that many strangers share" },
	{ "a paste site", "pastebin.com", "a name that many strangers share" },
	{ "its www", "www.pastebin.com", "a name that many strangers share" },
	{ "the office's own", "printer.local", "no name on the internet" },
	{ "the router's own", "router.home.arpa", "no name on the internet" },
	{ "a popular name", "popular.example", "one of the names" },
	{ "its www", "www.popular.example", "one of the names" },
	{ "a name below it", "evil.popular.example", NULL },
	{ "an address", "198.51.100.7", NULL },
	{ "an address and port", "198.51.100.7:4444", NULL },
	{ "no address", "0.0.0.0", "no address on the internet" },
	{ "the machine", "127.0.0.1", "no address on the internet" },
	{ "a private address", "192.168.1.1", "no address on the internet" },
	{ "a private address and port", "10.1.2.3:80", "no address on the internet" },
	{ "a carrier's address", "100.64.0.1", "no address on the internet" },
	{ "a link's address", "169.254.1.1", "no address on the internet" },
	{ "a group", "239.255.255.250", "no address on the internet" },
	{ "all", "255.255.255.255", "no address on the internet" },
	{ "a private IPv6 address", "fd00::1", "no address on the internet" },
	{ "a link's IPv6 address", "fe80::1", "no address on the internet" },
	{ "the machine by IPv6", "::1", "no address on the internet" },
	{ "a page of a private address", "http://192.168.1.1/setup", "no address on the internet" },
	{ "a resolver", "8.8.8.8", "a public resolver" },
	{ "a resolver by TLS", "1.1.1.1:853", "a public resolver" },
	{ "a resolver by IPv6", "2001:4860:4860::8888", "a public resolver" },
	{ "a resolver's network", "9.9.9.0/24", "a public resolver" },
	{ "a resolver's IPv6 network", "2606:4700:4700::/48", "a public resolver" },
	{ "a network", "198.51.100.0/24", NULL },
	{ "the widest network", "198.0.0.0/9", NULL },
	{ "a wider one", "198.0.0.0/8", "so wide a network" },
	{ "everything", "0.0.0.0/0", "so wide a network" },
	{ "everything by IPv6", "::/0", "so wide a network" },
	{ "an IPv6 network", "2a00:1234::/32", NULL },
	{ "a wide IPv6 network", "2a00::/12", "so wide a network" },
	{ "a network that holds private ones", "172.0.0.0/9", "no address on the internet" },
	{ "a path alone that anybody has", "/gate.php", "so common a path" },
	{ "one of a panel", "/panel/admin.php", "so common a path" },
	{ "one of a log-in", "/login.php", "so common a path" },
	{ "the root", "/", "so common a path" },
	{ "the front page", "/index.html", "so common a path" },
	{ "one of each WordPress", "/wp-login.php", "so common a path" },
	{ "one within each WordPress", "/wp-content/plugins/akismet/akismet.php",
	  "so common a path" },
	{ "a year", "/2024/10/04/", "so common a path" },
	{ "a program's library", "/assets/js/jquery-3.6.0.min.js", "so common a path" },
	{ "a word that people make up", "/registrations", "so common a path" },
	{ "a path of its own", "/ddgqprb4fbn/", NULL },
	{ "one within WordPress", "/wp-content/NL7Ddclhm/", NULL },
	{ "a file of its own", "/a/Ovxnztupybj.png", NULL },
	{ "a wildcard within", "ev*l.example", "a pattern" },
	{ "a name with a port", "evil.example:8080", "no name" },
	{ "a word", "evil", "no name" },
};

static void is_taken_or_named(void **state)
{
	static const char popular[] = "1,popular.example\n";
	const struct row_case *c = *state;
	struct bench b;

	bench_open(&b, false);
	assert_int_equal(bench_read(&b, "top", INTEL_POPULAR, popular, strlen(popular)), ERR_OK);
	assert_int_equal(b.counts.taken, 1);
	assert_int_equal(bench_feed(&b, c->row), ERR_OK);
	assert_int_equal(b.counts.rows, 1);
	assert_int_equal(b.counts.taken, c->why == NULL);
	assert_int_equal(b.counts.refused, c->why != NULL);
	if (c->why) {
		assert_non_null(strstr(b.report, ":1: "));
		assert_non_null(strstr(b.report, c->why));
	}
	bench_close(&b);
}

static void letters_of_other_scripts_become_what_is_asked_for(void **state)
{
	struct bench b;
	uint8_t *bytes;
	struct intel_set *set;
	struct intel_item item;
	struct intel_hit hit;

	(void)state;
	bench_open(&b, false);
	assert_int_equal(
		bench_feed(&b, "M\xc3\xbcnchen.example\nhttp://m\xc3\xbcnchen.example/a\n"),
		ERR_OK);
	set = bench_make(&b, &bytes);
	assert_true(intel_find_name(set, "xn--mnchen-3ya.example", NULL, &hit));
	assert_int_equal(intel_item_url("xn--mnchen-3ya.example/a", &item), ERR_OK);
	assert_true(intel_find_item(set, &item, &hit));
	intel_set_free(set);
	free(bytes);
	bench_close(&b);
}

/* A page that is listed blames neither its host nor another page. */
static void a_url_never_blames_its_host(void **state)
{
	struct bench b;
	uint8_t *bytes;
	struct intel_set *set;
	struct intel_item item;
	struct intel_hit hit;

	(void)state;
	bench_open(&b, false);
	assert_int_equal(bench_feed(&b, "https://drive.google.com/uc?id=1\n"
					"https://raw.githubusercontent.com/evil/x/main/a.ps1\n"),
			 ERR_OK);
	assert_int_equal(b.counts.taken, 2);
	set = bench_make(&b, &bytes);
	assert_false(intel_find_name(set, "drive.google.com", "google.com", &hit));
	assert_false(intel_find_name(set, "raw.githubusercontent.com", NULL, &hit));
	assert_int_equal(intel_item_url("drive.google.com/uc?id=1", &item), ERR_OK);
	assert_true(intel_find_item(set, &item, &hit));
	assert_int_equal(intel_item_url("drive.google.com/uc?id=2", &item), ERR_OK);
	assert_false(intel_find_item(set, &item, &hit));
	intel_set_free(set);
	free(bytes);
	bench_close(&b);
}

static void what_is_gone_is_left_out(void **state)
{
	static const char text[] =
		"# id,dateadded,url,url_status,last_online\n"
		"1,2024-09-01,http://a.example/1,online,\n"
		"2,2024-09-01,http://a.example/2,offline,2024-09-20\n" /* 2024-10-04 is the day */
		"3,2024-08-01,http://a.example/3,offline,2024-08-20\n"
		"4,2099-01-01,http://a.example/4,online,2099-01-01\n";
	struct bench b;
	uint8_t *bytes;
	struct intel_set *set;
	struct intel_row row;
	size_t at = 0;

	(void)state;
	bench_open(&b, false);
	assert_int_equal(bench_feed(&b, text), ERR_OK);
	assert_int_equal(b.counts.rows, 4);
	assert_int_equal(b.counts.taken, 3);
	assert_int_equal(b.counts.offline, 1);
	set = bench_make(&b, &bytes);
	/* What is told of days to come is told of today. */
	while (intel_set_next(set, &at, &row))
		assert_true(row.hit.confirmed <= NOW_DAY * NANOTIME_DAY);
	intel_set_free(set);
	free(bytes);
	bench_close(&b);
}

static void numbers_beyond_their_range_stay_within(void **state)
{
	static const char text[] =
		"{\"data\":[{\"ioc\":\"a.example\",\"ioc_type\":\"domain\",\"confidence_level\":"
		"300},"
		"{\"ioc\":\"b.example\",\"ioc_type\":\"domain\",\"confidence_level\":-5},"
		"{\"ioc\":\"c.example\",\"ioc_type\":\"domain\",\"confidence_level\":0}]}";
	static const char bundle[] =
		"{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"confidence\":300,"
		"\"pattern\":\"[domain-name:value='d.example']\"},{\"type\":\"indicator\","
		"\"confidence\":-300,\"pattern\":\"[domain-name:value='e.example']\"}]}";
	static const struct {
		const char *name;
		uint8_t want;
	} wants[] = { { "a.example", 60 },
		      { "b.example", 60 },
		      { "c.example", 0 },
		      { "d.example", 100 },
		      { "e.example", 60 } };
	struct bench b;
	uint8_t *bytes;
	struct intel_set *set;
	struct intel_hit hit;

	(void)state;
	bench_open(&b, false);
	assert_int_equal(bench_feed(&b, text), ERR_OK);
	assert_int_equal(bench_feed(&b, bundle), ERR_OK);
	set = bench_make(&b, &bytes);
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		assert_true(intel_find_name(set, wants[i].name, NULL, &hit));
		assert_int_equal(hit.confidence, wants[i].want);
	}
	intel_set_free(set);
	free(bytes);
	bench_close(&b);
}

static void of_prevalence_nothing_is_too_common(void **state)
{
	static const char text[] = "item,offices\nwww.google.com,41\n8.8.8.8,1000\nplain.example\n"
				   "198.51.100.0/24,3\nevil.example,\nb.example,x\nc.example,0\n";
	struct bench b;
	uint8_t *bytes;
	struct intel_set *set;
	struct intel_hit hit;
	struct address resolver;

	(void)state;
	bench_open(&b, true);
	assert_int_equal(bench_feed(&b, text), ERR_OK);
	assert_int_equal(b.counts.taken, 4);
	assert_int_equal(b.counts.refused, 3);
	set = bench_make(&b, &bytes);
	assert_true(intel_find_name(set, "www.google.com", NULL, &hit));
	assert_int_equal(hit.confidence, 41);
	assert_int_equal(address_parse("8.8.8.8", &resolver), ERR_OK);
	assert_true(intel_find_address(set, &resolver, 0, &hit));
	assert_int_equal(hit.confidence, 255);
	assert_true(intel_find_name(set, "plain.example", NULL, &hit));
	assert_int_equal(hit.confidence, 255);
	intel_set_free(set);
	free(bytes);
	bench_close(&b);
}

/* A report of ten lines a file, whatever it holds; control characters do not reach a terminal. */
static void a_report_has_an_end(void **state)
{
	struct bench b;
	char text[64 * 100];
	size_t len = 0;
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "\x1b[31mred%zu\n", i);
	bench_open(&b, false);
	assert_int_equal(bench_feed(&b, text), ERR_OK);
	assert_int_equal(b.counts.refused, 100);
	for (const char *at = b.report; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, FEED_COMPLAINTS_MAX);
	assert_null(strchr(b.report, '\x1b'));
	bench_close(&b);
}

static void a_nul_byte_is_told(void **state)
{
	/* Beyond what is looked at for the format; and within it. */
	static char text[40000];
	size_t len = 0;
	struct bench b;

	(void)state;
	while (len < 30000)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "n%zu.example\n", len);
	memcpy(text + len, "a.example\0b.example\nc.example\n", 30);
	bench_open(&b, false);
	assert_int_equal(bench_read(&b, "feed", INTEL_OF_ITS_OWN, text, len + 30), ERR_OK);
	assert_int_equal(b.counts.refused, 1);
	assert_non_null(strstr(b.report, "NUL"));
	assert_int_equal(bench_read(&b, "feed", INTEL_OF_ITS_OWN, text + len, 30), ERR_MALFORMED);
	bench_close(&b);
}

/* A line of 100 MB is read in pieces; the file is sparse, and in no format is it text. */
static void a_line_without_end_is_skipped(void **state)
{
	enum { LINE = 100 << 20, BLOCK = 1 << 16 };

	static char block[BLOCK];
	static const char *const heads[] = {
		"a.example\n", "alert ip any any -> 192.0.2.7 any (sid:1;)\n",
		"# id,dateadded,url\n1,2024-10-04,http://a.example/b\n",
		"#fields\tindicator\tindicator_type\na.example\tIntel::DOMAIN\n"
	};
	struct bench b;

	(void)state;
	memset(block, 'x', sizeof(block));
	bench_open(&b, false);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		const char *path = memory_file((const uint8_t *)heads[i], strlen(heads[i]));
		FILE *file = fopen(path, "ab");
		const struct feed_file feed = { .path = path, .source = "feed", .confidence = 60 };

		assert_non_null(file);
		for (size_t k = 0; k < (i == 0 ? LINE : LINE / 16) / BLOCK; k++)
			assert_int_equal(fwrite(block, 1, BLOCK, file), BLOCK);
		assert_true(fputs("\n", file) >= 0 && fclose(file) == 0);
		assert_int_equal(feed_gather_read(b.gather, &feed, &b.counts), ERR_OK);
		assert_int_equal(b.counts.taken, 1);
		assert_int_equal(b.counts.refused, 1);
	}
	(void)memory_file(NULL, 0);
	bench_close(&b);
}

static void nested_without_end_is_refused(void **state)
{
	static char text[2 * NEST];
	static const char *const opens[] = { "[", "{\"a\":" };
	struct bench b;

	(void)state;
	bench_open(&b, false);
	for (size_t i = 0; i < ARRAY_LEN(opens); i++) {
		size_t step = strlen(opens[i]);
		size_t len = 0;

		for (; len + step <= sizeof(text); len += step)
			memcpy(text + len, opens[i], step);
		assert_int_equal(bench_read(&b, "feed", INTEL_OF_ITS_OWN, text, len),
				 ERR_MALFORMED);
		assert_int_equal(b.counts.taken, 0);
	}
	bench_close(&b);
}

static void a_file_that_is_not_there_is_told(void **state)
{
	const struct feed_file file = { .path = "/nowhere/at.all", .source = "feed" };
	struct bench b;

	(void)state;
	bench_open(&b, false);
	assert_int_equal(feed_gather_read(b.gather, &file, &b.counts), ERR_IO);
	bench_close(&b);
}

static void names_come_from_paths(void **state)
{
	static const char *const paths[][2] = {
		{ "emotet.txt", "emotet" },
		{ "/a/trails/emotet.txt", "emotet" },
		{ "maltrail/", "maltrail" },
		{ "a/b//", "b" },
		{ "feeds.d", "feeds" },
		{ "hosts", "hosts" },
		{ ".", "." },
		{ "..", ".." },
		{ "/", "" },
	};
	char stem[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		char long_stem[64];

		feed_stem(paths[i][0], long_stem, sizeof(long_stem));
		assert_string_equal(long_stem, paths[i][1]);
	}
	feed_stem("/a/longer-than-that.txt", stem, sizeof(stem));
	assert_string_equal(stem, "longer-");
}

/* Each form once, to be changed. */
static const char *const forms[] = {
	"# C2\nevil.example\n192.0.2.7:4444\n203.0.113.0/24\n/x6KkTJVFA/in.php?id=\n",
	"bot.example,emotet (malware),(static)\n\"/ab,c8dE/f\",x (suspicious),feed.example\n",
	"# id,dateadded,url,url_status,last_online,threat,tags\n"
	"\"1\",\"2024-10-01 08:27:07\",\"http://evil.example/a\",\"online\",\"\",\"x\",\"Mozi\"\n",
	"alert tcp any any -> 192.0.2.7 443 (msg:\"X\"; sid:1; rev:1;)\n",
	"#fields\tindicator\tindicator_type\tmeta.desc\nevil.example\tIntel::DOMAIN\tx\n",
	"{\"name\":\"x\",\"type\":\"cidr\",\"list\":[\"203.0.113.0/24\",\"2001:db8::/32\"]}",
	"{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"confidence\":80,"
	"\"pattern\":\"[domain-name:value='d.example']\"}]}",
};

/* Whatever is read of a changed feed becomes a set that holds together. */
static void a_changed_feed_makes_a_sound_set(void **state)
{
	enum { FORM_MAX = 512, EACH = 16 };

	uint64_t seed = 43;
	size_t made = 0;

	(void)state;
	while (made < MUTATED_BUILDS) {
		struct bench b;
		uint8_t *bytes;

		bench_open(&b, false);
		for (size_t i = 0; i < EACH; i++, made++) {
			uint8_t feed[FORM_MAX];
			const char *form = forms[made % ARRAY_LEN(forms)];
			size_t len = strlen(form);
			enum err err;

			memcpy(feed, form, len);
			for (uint64_t k = 0; k < 1 + random_next(&seed) % 4; k++)
				len = mutate_at(feed, len, sizeof(feed), random_next(&seed) % len,
						&seed);
			err = bench_read(&b, "feed", INTEL_OF_ITS_OWN, feed, len);
			assert_true(err == ERR_OK || err == ERR_MALFORMED);
			assert_int_equal(b.counts.taken + b.counts.refused + b.counts.offline,
					 b.counts.rows);
		}
		intel_set_free(bench_make(&b, &bytes));
		free(bytes);
		bench_close(&b);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 12];
	size_t count = ADD_ROWS(tests, rows, is_taken_or_named);
	const struct CMUnitTest others[] = {
		cmocka_unit_test(letters_of_other_scripts_become_what_is_asked_for),
		cmocka_unit_test(a_url_never_blames_its_host),
		cmocka_unit_test(what_is_gone_is_left_out),
		cmocka_unit_test(numbers_beyond_their_range_stay_within),
		cmocka_unit_test(of_prevalence_nothing_is_too_common),
		cmocka_unit_test(a_report_has_an_end),
		cmocka_unit_test(a_nul_byte_is_told),
		cmocka_unit_test(a_line_without_end_is_skipped),
		cmocka_unit_test(nested_without_end_is_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_told),
		cmocka_unit_test(names_come_from_paths),
		cmocka_unit_test(a_changed_feed_makes_a_sound_set),
	};

	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("feed_gather", tests, count + ARRAY_LEN(others), NULL, NULL);
}
