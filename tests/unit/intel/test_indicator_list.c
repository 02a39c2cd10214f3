#include "sensor/intel/indicator_list.h"

#include "tests/unit/capture/scratch_dir.h"

#include "tests/support/cmocka.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUESTION_LEN = 64 };

/* What a list of one line says of a name or of an address at a port. */
struct match_case {
	const char *line;
	const char *question; /* with a port where a space stands: "192.0.2.7 443" */
	const char *want;     /* the indicator's text; NULL: nothing is known */
};

static struct match_case matches[] = {
	{ "evil.example", "evil.example", "evil.example" },
	{ "evil.example", "www.evil.example", "evil.example" },
	{ "evil.example", "a.b.c.evil.example", "evil.example" },
	{ "evil.example", "notevil.example", NULL },
	{ "evil.example", "evil.example.org", NULL },
	{ "evil.example", "example", NULL },
	{ "evil.example", "", NULL },
	{ "www.evil.example", "evil.example", NULL },
	{ "*.evil.example", "www.evil.example", "evil.example" },
	{ "*.evil.example", "evil.example", "evil.example" },
	{ "EVIL.Example", "evil.example", "evil.example" },
	{ "evil.example.", "evil.example", "evil.example" },
	{ "  evil.example\t\r", "evil.example", "evil.example" },
	{ "evil.example # seen in May", "evil.example", "evil.example" },
	{ "evil.example# seen in May", "evil.example", "evil.example" },
	{ "evil.example second.example", "second.example", NULL },
	{ "\xef\xbb\xbf"
	  "evil.example",
	  "evil.example", "evil.example" },
	{ "_x.xn--p8j9a0d9c9a.example", "_x.xn--p8j9a0d9c9a.example",
	  "_x.xn--p8j9a0d9c9a.example" },
	{ "evil.duckdns.org", "evil.duckdns.org", "evil.duckdns.org" },
	{ "192.0.2.7", "192.0.2.7 443", "192.0.2.7" },
	{ "192.0.2.7", "192.0.2.7 0", "192.0.2.7" },
	{ "192.0.2.7", "192.0.2.8 443", NULL },
	{ "192.0.2.7", "2001:db8::c000:207 443", NULL },
	{ "::ffff:192.0.2.7", "192.0.2.7 443", "::ffff:192.0.2.7" },
	{ "192.0.2.0/24", "192.0.2.255 443", "192.0.2.0/24" },
	{ "192.0.2.77/24", "192.0.2.0 443", "192.0.2.77/24" },
	{ "192.0.2.0/24", "192.0.3.0 443", NULL },
	{ "192.0.2.0/24", "2001:db8:: 443", NULL },
	{ "203.0.0.0/8", "203.255.255.255 443", "203.0.0.0/8" },
	{ "192.0.2.7:4444", "192.0.2.7 4444", "192.0.2.7:4444" },
	{ "192.0.2.7:4444", "192.0.2.7 4445", NULL },
	{ "192.0.2.7:65535", "192.0.2.7 65535", "192.0.2.7:65535" },
	{ "192.0.2.0/24:4444", "192.0.2.7 4444", "192.0.2.0/24:4444" },
	{ "2001:db8::7", "2001:db8::7 443", "2001:db8::7" },
	{ "2001:DB8:0::7", "2001:db8::7 443", "2001:db8:0::7" },
	{ "2001:db8::/32", "2001:db8:ffff::1 443", "2001:db8::/32" },
	{ "2001:db8::/32", "2001:db9::1 443", NULL },
	{ "[2001:db8::7]:4444", "2001:db8::7 4444", "[2001:db8::7]:4444" },
	{ "[2001:db8::7]:4444", "2001:db8::7 443", NULL },
};

/* Lines that are left out; none may take the sensor down. */
/* clang-format off */
static const char *const refused_lines[] = {
	"com", "co.jp", "duckdns.org", "github.io", "*.com", "localhost", ".", "..",
	".evil.example", "evil..example", "*", "*.", "evil/example", "http://evil.example/",
	"evil.example/path", "evil.example:443", "user@evil.example", "\xe6\x97\xa5.example",
	"evil,example", "192.0.2.256", "192.0.2", "192.0.2.1.1", "192.0.2.0/33", "192.0.2.0/",
	"192.0.2.7:", "192.0.2.7:0", "192.0.2.7:65536", "192.0.2.7:x", "192.0.2.7:-1",
	"192.0.2.7:+80", "192.0.2.7:-18446744073709551535", "127.0.0.1", "127.0.0.0/8",
	"0.0.0.0", "0.0.0.0/0", "8.0.0.0/7", "224.0.0.1", "255.255.255.255", "::", "::1",
	"::/0", "2000::/3", "2001::/18", "ff02::1", "[2001:db8::1]", "[2001:db8::1",
	"[192.0.2.12:80", "[:80", ":80", "]:80", "[]:80", "[", "]", ":", "::80:",
	"2001:db8::1]:443", "evil.example\xff",
};
/* clang-format on */

static struct indicator_list *list_new(void)
{
	struct indicator_list *list = NULL;

	assert_int_equal(indicator_list_new(&list), ERR_OK);
	return list;
}

/* Reads `text` as a file; its path is borrowed from `scratch`. */
static enum err read_text(struct indicator_list *list, struct scratch_dir *scratch,
			  const char *text, size_t len, size_t *refused)
{
	FILE *complaints = fopen("/dev/null", "w");

	assert_non_null(complaints);

	enum err err =
		indicator_list_read(list, scratch_write(scratch, text, len), complaints, refused);

	assert_int_equal(fclose(complaints), 0);
	return err;
}

static const struct indicator *ask(const struct indicator_list *list, const char *question)
{
	const char *space = strchr(question, ' ');
	char address_of[QUESTION_LEN];
	struct address address;

	if (!space)
		return indicator_find_name(list, question);
	(void)snprintf(address_of, sizeof(address_of), "%.*s", (int)(space - question), question);
	assert_int_equal(address_parse(address_of, &address), ERR_OK);
	return indicator_find_address(list, &address, (uint16_t)strtoul(space + 1, NULL, 10));
}

static void expect(const struct indicator_list *list, const char *question, const char *want)
{
	const struct indicator *found = ask(list, question);

	if (want) {
		assert_non_null(found);
		assert_string_equal(found->text, want);
	} else {
		assert_null(found);
	}
}

static void run_match(void **state)
{
	const struct match_case *c = *state;
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused = 9;

	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, c->line, strlen(c->line), &refused), ERR_OK);
	assert_int_equal(refused, 0);
	assert_int_equal(indicator_list_count(list), 1);
	expect(list, c->question, c->want);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

static void run_refused(void **state)
{
	const char *line = *state;
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused = 0;

	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, line, strlen(line), &refused), ERR_OK);
	assert_int_equal(refused, 1);
	assert_int_equal(indicator_list_count(list), 0);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

static void an_indicator_tells_where_it_stood(void **state)
{
	static const char text[] = "# a list\r\n\r\n   # more\r\nfirst.example # words\r\n"
				   "second.example\r\n\r\n192.0.2.0/24\r\n";
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused = 9;

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, text, sizeof(text) - 1, &refused), ERR_OK);
	assert_int_equal(refused, 0);
	assert_int_equal(indicator_list_count(list), 3);
	assert_int_equal(ask(list, "a.first.example")->line, 4);
	assert_int_equal(ask(list, "second.example")->line, 5);
	assert_int_equal(ask(list, "192.0.2.9 80")->line, 7);
	assert_string_equal(ask(list, "192.0.2.9 80")->source, scratch.files[0]);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

static void the_narrowest_that_fits_is_found(void **state)
{
	static const char text[] = "203.0.0.0/8\n203.0.113.0/24\n203.0.113.128/25\n203.0.113.130\n"
				   "203.0.113.130:80\n203.0.113.0/24:81\n2001:db8::/32\n"
				   "2001:db8::/64\n2001:db8::1\nevil.example\nwww.evil.example\n";
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused;

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, text, sizeof(text) - 1, &refused), ERR_OK);
	expect(list, "203.0.113.130 443", "203.0.113.130");
	expect(list, "203.0.113.130 80", "203.0.113.130:80");
	expect(list, "203.0.113.130 81", "203.0.113.130");
	expect(list, "203.0.113.131 81", "203.0.113.128/25");
	expect(list, "203.0.113.1 81", "203.0.113.0/24:81");
	expect(list, "203.0.113.1 80", "203.0.113.0/24");
	expect(list, "203.0.112.1 81", "203.0.0.0/8");
	expect(list, "204.0.113.1 81", NULL);
	expect(list, "2001:db8::1 1", "2001:db8::1");
	expect(list, "2001:db8::2 1", "2001:db8::/64");
	expect(list, "2001:db8:1::1 1", "2001:db8::/32");
	expect(list, "x.www.evil.example", "www.evil.example");
	expect(list, "xwww.evil.example", "evil.example");
	indicator_list_free(list);
	scratch_remove(&scratch);
}

/* The second file's would sort first by its line. */
static void of_the_same_item_the_first_is_found(void **state)
{
	static const char first[] = "# head\n# head\nevil.example\n192.0.2.7\nevil.example\n";
	static const char second[] = "evil.example\n192.0.2.7\nother.example\n";
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused;

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, first, sizeof(first) - 1, &refused), ERR_OK);
	assert_int_equal(read_text(list, &scratch, second, sizeof(second) - 1, &refused), ERR_OK);
	assert_int_equal(ask(list, "evil.example")->line, 3);
	assert_string_equal(ask(list, "evil.example")->source, scratch.files[0]);
	assert_int_equal(ask(list, "192.0.2.7 80")->line, 4);
	assert_string_equal(ask(list, "192.0.2.7 80")->source, scratch.files[0]);
	assert_string_equal(ask(list, "other.example")->source, scratch.files[1]);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

static void ten_complaints_and_the_count(void **state)
{
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	char text[512] = "good.example\n";
	char want[2048] = "";
	char *said = NULL;
	size_t said_len = 0;
	size_t len = strlen(text);
	size_t want_len = 0;
	size_t refused = 0;
	FILE *complaints = open_memstream(&said, &said_len);

	(void)state;
	assert_non_null(complaints);
	for (int i = 0; i < 25; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "co.jp\n");
	scratch_make(&scratch);

	const char *path = scratch_write(&scratch, text, len);

	assert_int_equal(indicator_list_read(list, path, complaints, &refused), ERR_OK);
	assert_int_equal(fclose(complaints), 0);
	for (int line = 2; line <= 11; line++)
		want_len += (size_t)snprintf(
			want + want_len, sizeof(want) - want_len,
			"%s:%d: left out: a public suffix: many owners share what is below it\n",
			path, line);
	(void)snprintf(want + want_len, sizeof(want) - want_len,
		       "%s: more lines left out; they are counted\n", path);
	assert_string_equal(said, want);
	assert_int_equal(refused, 25);
	assert_int_equal(indicator_list_count(list), 1);
	free(said);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

/* Whatever the length of a line, it is one line, and its rest is no item of its own. */
static void long_lines_are_one_line(void **state)
{
	static char text[4000];

	(void)state;
	for (size_t blanks = 490; blanks < 520; blanks++) {
		struct indicator_list *list = list_new();
		struct scratch_dir scratch;
		size_t refused = 9;
		bool is_whole = blanks + strlen("first.example") <= 511;

		int len = snprintf(text, sizeof(text),
				   "%*sfirst.example\n# %0*d second.example\nthird.example %0*d\n"
				   "%0*dfourth.example\nfifth.example",
				   (int)blanks, "", (int)blanks, 0, (int)blanks * 2, 0, 600, 0);

		scratch_make(&scratch);
		assert_int_equal(read_text(list, &scratch, text, (size_t)len, &refused), ERR_OK);
		expect(list, "first.example", is_whole ? "first.example" : NULL);
		expect(list, "second.example", NULL);
		assert_int_equal(ask(list, "third.example")->line, 3);
		expect(list, "fourth.example", NULL);
		assert_int_equal(ask(list, "fifth.example")->line, 5);
		assert_int_equal(indicator_list_count(list), is_whole ? 3 : 2);
		indicator_list_free(list);
		scratch_remove(&scratch);
	}
}

static void bytes_of_any_kind_are_no_item(void **state)
{
	static const char text[] = "evil.example\0\n\0\0\n\xff\xfe"
				   "e\0v\0i\0l\0\n\r\r\n\0";
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused = 0;

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, text, sizeof(text) - 1, &refused), ERR_OK);
	assert_int_equal(refused, 4);
	assert_int_equal(indicator_list_count(list), 0);
	indicator_list_free(list);
	scratch_remove(&scratch);
}

static void an_empty_list_knows_nothing(void **state)
{
	struct indicator_list *list = list_new();

	(void)state;
	expect(list, "evil.example", NULL);
	expect(list, "192.0.2.7 80", NULL);
	assert_int_equal(indicator_list_count(list), 0);
	indicator_list_free(list);
	indicator_list_free(NULL);
}

/* What was read before stays. */
static void a_file_that_cannot_be_read_is_told(void **state)
{
	static const char *const paths[] = { "/nonexistent/list.txt", "/tmp" };
	static const int numbers[] = { ENOENT, EISDIR };
	struct indicator_list *list = list_new();
	struct scratch_dir scratch;
	size_t refused;

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(read_text(list, &scratch, "evil.example", 12, &refused), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		errno = 0;
		refused = 9;
		assert_int_equal(indicator_list_read(list, paths[i], stderr, &refused), ERR_IO);
		assert_int_equal(errno, numbers[i]);
		assert_int_equal(refused, 0);
		expect(list, "evil.example", "evil.example");
	}
	indicator_list_free(list);
	scratch_remove(&scratch);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(an_indicator_tells_where_it_stood),
		cmocka_unit_test(the_narrowest_that_fits_is_found),
		cmocka_unit_test(of_the_same_item_the_first_is_found),
		cmocka_unit_test(ten_complaints_and_the_count),
		cmocka_unit_test(long_lines_are_one_line),
		cmocka_unit_test(bytes_of_any_kind_are_no_item),
		cmocka_unit_test(an_empty_list_knows_nothing),
		cmocka_unit_test(a_file_that_cannot_be_read_is_told),
	};
	static struct CMUnitTest
		tests[ARRAY_LEN(matches) + ARRAY_LEN(refused_lines) + ARRAY_LEN(others)];
	static char names[ARRAY_LEN(matches)][2 * QUESTION_LEN];
	static char lines[ARRAY_LEN(refused_lines)][QUESTION_LEN];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%s: %s?", matches[i].line,
			       matches[i].question);
		tests[n++] = (struct CMUnitTest){ .name = names[i],
						  .test_func = run_match,
						  .initial_state = &matches[i] };
	}
	for (size_t i = 0; i < ARRAY_LEN(refused_lines); i++) {
		(void)snprintf(lines[i], sizeof(lines[i]), "%s", refused_lines[i]);
		tests[n++] = (struct CMUnitTest){ .name = lines[i],
						  .test_func = run_refused,
						  .initial_state = lines[i] };
	}
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("indicator_list", tests, NULL, NULL);
}
