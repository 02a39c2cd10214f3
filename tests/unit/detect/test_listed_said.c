/* What programs say against a set: which form of it is found, and how much it weighs. */
#include "sensor/detect/listed_said.h"

#include "sensor/intel/intel_line.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

#define PRINT_A "0123456789abcdef0123456789abcdef"
#define PRINT_B "0123456789abcdef0123456789abcdee"
#define SHA1    "0123456789abcdef0123456789abcdef01234567"
#define SHA256  PRINT_A PRINT_B
#define JA4     "t13d1516h2_8daaf6152771_e5627efa2ab1"

/* Purpose, kind, item, with subdomains, class, confidence, listed, confirmed, family, source. */
#define ROW(kind, item, percent) "0\t" kind "\t" item "\t0\t0\t" percent "\t0\t0\tbot\tfeed\n"
#define URL                      "4"

static const char rows[] =
	ROW(URL, "evil.example/gate.php", "60") ROW(URL, "evil.example/in.php?id=", "60")
		ROW(URL, "evil.example/x6KkTJVFA/", "60") ROW(URL, "192.0.2.7/bin.sh", "60")
			ROW(URL, "weak.example/a", "10") ROW(URL, "/ddgqprb4fbn/gate.php", "60")
				ROW(URL, "/Ovxnztupybj.png", "60") ROW(URL, "/yunus12343", "30")
					ROW(URL, "/sorgu8dF3ka.php?tck=", "60") ROW("5", JA4, "60")
						ROW("6", PRINT_A, "60") ROW("7", PRINT_B, "60")
							ROW("8", SHA1, "60") ROW("9", SHA256, "60");

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): columns as people read them */
struct said_case {
	const char *name;
	enum message message;
	const char *words;
	const char *item; /* NULL: nothing is told */
	bool is_by_path;
	const char *peer_name;
};

#define HTTP(name, words, item)                                    \
	{                                                          \
		name, MESSAGE_HTTP_REQUEST, words, item, false, "" \
	}
#define PATH(name, words, item)                                   \
	{                                                         \
		name, MESSAGE_HTTP_REQUEST, words, item, true, "" \
	}

static struct said_case cases[] = {
	HTTP("a URL", "host=evil.example uri=/gate.php", "evil.example/gate.php"),
	HTTP("its host in capitals and with a port", "host=Evil.Example:8080 uri=/gate.php",
	     "evil.example/gate.php"),
	HTTP("a URL with another query", "host=evil.example uri=/gate.php?id=7",
	     "evil.example/gate.php"),
	HTTP("a URL with another value", "host=evil.example uri=/in.php?id=7&a=b",
	     "evil.example/in.php?id="),
	HTTP("a query is listed, and none is asked with", "host=evil.example uri=/in.php", NULL),
	HTTP("a file of a listed folder", "host=evil.example uri=/x6KkTJVFA/a.bin",
	     "evil.example/x6KkTJVFA/"),
	HTTP("a file below it", "host=evil.example uri=/x6KkTJVFA/b/a.bin", NULL),
	HTTP("another page", "host=evil.example uri=/", NULL),
	HTTP("in other letters", "host=evil.example uri=/Gate.php", NULL),
	HTTP("the same page elsewhere", "host=other.example uri=/gate.php", NULL),
	HTTP("at a proxy", "host=proxy.example uri=http://evil.example/gate.php",
	     "evil.example/gate.php"),
	HTTP("of an address", "host=192.0.2.7 uri=/bin.sh", "192.0.2.7/bin.sh"),
	HTTP("too little sure", "host=weak.example uri=/a", NULL),
	PATH("a path on any host", "host=shop.example uri=/ddgqprb4fbn/gate.php",
	     "/ddgqprb4fbn/gate.php"),
	PATH("with a query", "host=shop.example uri=/ddgqprb4fbn/gate.php?x=1",
	     "/ddgqprb4fbn/gate.php"),
	PATH("at a proxy, on any host", "host=p.example uri=http://shop.example/Ovxnztupybj.png",
	     "/Ovxnztupybj.png"),
	PATH("a file in any folder", "host=shop.example uri=/a/b/Ovxnztupybj.png",
	     "/Ovxnztupybj.png"),
	PATH("without a host", "uri=/Ovxnztupybj.png", "/Ovxnztupybj.png"),
	PATH("a folder's file", "host=shop.example uri=/yunus12343/a.png", "/yunus12343"),
	PATH("the folder itself", "host=shop.example uri=/yunus12343/", "/yunus12343"),
	PATH("a value", "host=shop.example uri=/sorgu8dF3ka.php?tck=123", "/sorgu8dF3ka.php?tck="),
	HTTP("a folder that only begins so", "host=shop.example uri=/yunus123434/a.png", NULL),
	HTTP("a file that only ends so", "host=shop.example uri=/xOvxnztupybj.png", NULL),
	HTTP("a path of a known service", "host=www.microsoft.com uri=/Ovxnztupybj.png", NULL),
	{ "a path where DNS knows the service", MESSAGE_HTTP_REQUEST,
	  "host=x.example uri=/Ovxnztupybj.png", NULL, false, "www.microsoft.com" },
	HTTP("no path at all", "host=shop.example method=GET", NULL),
	{ "a certificate", MESSAGE_TLS_CERTIFICATE, "sha1=" SHA1, SHA1, false, "" },
	{ "a certificate by SHA-256", MESSAGE_TLS_CERTIFICATE, "sha256=" SHA256, SHA256, false,
	  "" },
	{ "another certificate", MESSAGE_TLS_CERTIFICATE, "sha1=" PRINT_A "00000000", NULL, false,
	  "" },
};

static struct said_case prints[] = {
	{ "JA3", MESSAGE_TLS_CLIENT_HELLO, "ja3=" PRINT_A, PRINT_A, false, "" },
	{ "JA4", MESSAGE_TLS_CLIENT_HELLO, "ja4=" JA4, JA4, false, "" },
	{ "HASSH", MESSAGE_SSH_KEXINIT, "hassh=" PRINT_B, PRINT_B, false, "" },
	{ "a JA3 that is listed as HASSH", MESSAGE_TLS_CLIENT_HELLO, "ja3=" PRINT_B, NULL, false,
	  "" },
	{ "a print in another message", MESSAGE_SSH_KEXINIT, "ja3=" PRINT_A, NULL, false, "" },
};

struct trial {
	struct test_bench bench;
	struct intel_sets *sets;
	uint64_t flows;
};

static void begin(struct trial *t)
{
	const struct span lines = { (const uint8_t *)rows, sizeof(rows) - 1 };

	t->flows = 0;
	assert_int_equal(intel_lines_read(lines, &t->sets), ERR_OK);
	test_bench_prepare(&t->bench, &detector_listed_said);
	test_bench_start(&t->bench, t->sets);
}

static void end(struct trial *t)
{
	assert_true(test_rows_are_sound(&t->bench));
	test_bench_stop(&t->bench);
	intel_sets_free(t->sets);
}

static void say(struct trial *t, const struct said_case *c, const char *client,
		enum direction direction)
{
	struct fact_flow flow = test_flow(++t->flows, client, "203.0.113.7", 80, TEST_TCP);
	struct fact fact = said_fact(test_start, &flow, c->message, true, c->words);
	struct observation seen = test_seen(&fact);

	seen.direction = direction;
	seen.peer_name = c->peer_name;
	test_bench_show(&t->bench, &seen);
}

static const struct signal *said(struct trial *t, const struct said_case *c)
{
	char detail[FACT_NAME_LEN];
	const struct signal *s;

	say(t, c, "192.168.1.10", DIRECTION_OUTBOUND);
	assert_int_equal(t->bench.count, c->item != NULL);
	if (!c->item)
		return NULL;
	s = test_bench_last(&t->bench);
	(void)snprintf(detail, sizeof(detail), "%s (bot; feed)", c->item);
	assert_string_equal(s->detail, detail);
	assert_int_equal(s->device, 10);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_int_equal(s->flow_count, 1);
	return s;
}

static void a_message_is_told(void **state)
{
	const struct said_case *c = *state;
	struct trial t;
	const struct signal *s;

	begin(&t);
	s = said(&t, c);
	if (s) {
		assert_int_equal(s->kind, SIGNAL_LISTED_CONTACT);
		assert_int_equal(test_reason(s, REASON_LISTED_PATH) != NULL, c->is_by_path);
		/* A path is never as sure as a host: below P2 even where it opens a case. */
		assert_true(c->is_by_path ? s->confidence < 0.6 : s->confidence > 0.6);
	}
	end(&t);
}

/* Libraries open connections alike in honest programs: never enough for a case. */
static void a_print_is_told(void **state)
{
	const struct said_case *c = *state;
	struct trial t;
	const struct signal *s;

	begin(&t);
	s = said(&t, c);
	if (s) {
		assert_int_equal(s->kind, SIGNAL_LISTED_CLIENT);
		assert_non_null(test_reason(s, REASON_LISTED_PRINT));
		assert_true(s->confidence < t.bench.config.judge.confidence);
	}
	end(&t);
}

static void a_short_path_opens_no_case(void **state)
{
	const struct said_case c = PATH("", "host=a.example uri=/yunus12343/b", "/yunus12343");
	struct trial t;

	(void)state;
	begin(&t);
	assert_true(said(&t, &c)->confidence < t.bench.config.judge.confidence);
	end(&t);
}

static void each_device_is_told_once(void **state)
{
	const struct said_case *c = &cases[0];
	struct trial t;

	(void)state;
	begin(&t);
	say(&t, c, "192.168.1.10", DIRECTION_OUTBOUND);
	say(&t, c, "192.168.1.10", DIRECTION_OUTBOUND);
	assert_int_equal(t.bench.count, 1);
	say(&t, c, "192.168.1.11", DIRECTION_OUTBOUND);
	assert_int_equal(t.bench.count, 2);
	test_bench_restart(&t.bench, t.sets);
	say(&t, c, "192.168.1.10", DIRECTION_OUTBOUND);
	assert_int_equal(t.bench.count, 2);
	end(&t);
}

static void only_what_leaves_the_office_is_told(void **state)
{
	static const enum direction others[] = { DIRECTION_INBOUND, DIRECTION_LATERAL,
						 DIRECTION_UNKNOWN };
	struct trial t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		say(&t, &cases[0], "192.168.1.10", others[i]);
	assert_int_equal(t.bench.count, 0);
	end(&t);
}

static void without_sets_nothing_is_told(void **state)
{
	struct trial t = { 0 };

	(void)state;
	test_bench_prepare(&t.bench, &detector_listed_said);
	test_bench_start(&t.bench, NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		say(&t, &cases[i], "192.168.1.10", DIRECTION_OUTBOUND);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(prints) + 4];
	size_t count = ADD_ROWS(tests, cases, a_message_is_told);
	const struct CMUnitTest others[] = {
		cmocka_unit_test(a_short_path_opens_no_case),
		cmocka_unit_test(each_device_is_told_once),
		cmocka_unit_test(only_what_leaves_the_office_is_told),
		cmocka_unit_test(without_sets_nothing_is_told),
	};

	count += ADD_ROWS(tests + count, prints, a_print_is_told);
	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("listed_said", tests, count + ARRAY_LEN(others), NULL, NULL);
}
