#include "sensor/detect/download.h"

#include "tests/unit/detect/web_bench.h"

struct fetch_case {
	const char *name;
	const char *host; /* "" is the address */
	const char *uri;
	const char *agent;
	const char *type;
	const char *size;
	const char *kind; /* of the body; NULL is untold */
	bool is_executable;
	bool is_mismatch;
	bool is_inside;
	double least; /* 0 is silence */
	double most;
	int reason;
};

#define DATA    "application/octet-stream"
#define PROGRAM "application/x-msdownload"
#define NOBODY  ""
#define UPDATER "Updater/3.1"
#define FALSE_B "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1)"

static struct fetch_case fetches[] = {
	{ "an update from its vendor", "dl.vendor.example", "/u.exe", UPDATER, DATA, "900000", "pe",
	  true, false, false, 0, 0, -1 },
	{ "a package fetched by a script", "pkg.example", "/a.sh", "curl/8.1", "text/plain", "900",
	  "script", true, false, false, 0, 0, -1 },
	{ "delivery from a cache at an address", "", "/f", "Microsoft-Delivery-Optimization/10.0",
	  DATA, "1048576", NULL, false, false, false, 0, 0, -1 },
	{ "firmware without a word", "fw.vendor.example", "/f.img", NOBODY, DATA, "900000", NULL,
	  false, false, false, 0, 0, -1 },
	{ "pictures that are pictures", "", "/a.jpg", NOBODY, "image/jpeg", "9000", "jpeg", false,
	  false, false, 0, 0, -1 },
	{ "a file of a careless server", "a.example", "/film.bif", "media-app", "text/plain",
	  "90000", "unknown", false, true, false, 0, 0, -1 },
	{ "a program from an address", "", "/a.exe", NOBODY, DATA, "90", "pe", true, false, false,
	  0.65, 0.7, REASON_NO_NAME },
	{ "data from an address, and nobody says why", "", "/1.tmp", NOBODY, DATA, "640000", NULL,
	  false, false, false, 0.6, 0.75, REASON_NO_AGENT },
	{ "little data from an address", "", "/1.tmp", NOBODY, DATA, "640", NULL, false, false,
	  false, 0, 0, -1 },
	{ "a program as a picture", "a.example", "/p.jpg", NOBODY, "image/jpeg", "90000", "pe",
	  true, true, false, 0.85, 0.95, REASON_DISGUISED },
	{ "a program at the end of a picture's name", "a.example", "/p.jpg", NOBODY, DATA, "900",
	  "pe", true, false, false, 0.78, 0.83, REASON_DISGUISED },
	{ "a program as text", "a.example", "/p.txt", NOBODY, "text/plain", "90000", "pe-text",
	  true, false, false, 0.85, 1, REASON_WRITTEN_OUT },
	{ "a scrambled program for a false browser", "a.example", "/?x", FALSE_B, PROGRAM, "170000",
	  "unknown", false, true, false, 0.78, 0.83, REASON_SCRAMBLED },
	{ "from a free name", "x.duckdns.org", "/a", NOBODY, DATA, "9000", "elf", true, false,
	  false, 0.55, 0.61, REASON_RENTED_NAME },
	{ "handed on inside the office", "", "/a.exe", "curl/8.1", DATA, "900000", "pe", true,
	  false, true, 0, 0, -1 },
};

static void fetch(struct web_trial *t, const struct fetch_case *c)
{
	const char *server = c->is_inside ? "192.168.1.20" : "203.0.113.5";

	t->resolved = c->host;
	t->direction = c->is_inside ? DIRECTION_LATERAL : DIRECTION_OUTBOUND;
	web_connect(t, "192.168.1.10", server, 80);
	web_ask(t, WORDS({ ATTRIBUTE_METHOD, "GET" },
			 { ATTRIBUTE_HOST, c->host[0] != '\0' ? c->host : server },
			 { ATTRIBUTE_URI, c->uri }, { ATTRIBUTE_USER_AGENT, c->agent }));
	web_answer(t, "200", c->type, c->size);
	if (!c->kind)
		return;

	struct word body[] = { { ATTRIBUTE_FILE_KIND, c->kind },
			       { ATTRIBUTE_EXECUTABLE, c->is_executable ? "" : NULL },
			       { ATTRIBUTE_MISMATCH, NULL },
			       { ATTRIBUTE_MISMATCH, NULL } };

	body[1 + c->is_executable].text = c->is_mismatch ? "" : NULL;
	if (!c->is_executable && c->is_mismatch)
		body[1].attribute = ATTRIBUTE_MISMATCH;
	web_say(t, MESSAGE_HTTP_BODY, false, body);
}

static void run_fetch(void **state)
{
	const struct fetch_case *c = *state;
	struct web_trial t;

	web_start(&t, &detector_download);
	fetch(&t, c);
	if (c->least == 0) {
		assert_told(&t, 0);
	} else {
		const struct signal *s = test_bench_last(&t.bench);

		if (s->confidence < c->least || s->confidence > c->most)
			fail_msg("confidence %f", s->confidence);
		assert_non_null(test_reason(s, (enum reason_code)c->reason));
		assert_int_equal(s->kind, SIGNAL_DOWNLOAD);
		assert_true(signal_is_sound(s));
		fetch(&t, c); /* the same again is not told */
		assert_int_equal(t.bench.count, s == &t.bench.signals[0] ? 1 : 2);
		t.seconds = 25 * 3600;
		fetch(&t, c);
		assert_true(t.bench.count >= 2);
	}
	web_stop(&t);
}

static void a_person_at_a_browser_is_left_alone(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_download);
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	t.resolved = "dl.vendor.example";
	web_ask(&t, WORDS({ ATTRIBUTE_METHOD, "GET" }, { ATTRIBUTE_HOST, "dl.vendor.example" },
			  { ATTRIBUTE_URI, "/setup.exe" }, { ATTRIBUTE_USER_AGENT, browser },
			  { ATTRIBUTE_ACCEPT_LANGUAGE, "ja" }));
	web_answer(&t, "200", DATA, "900000");
	web_say(&t, MESSAGE_HTTP_BODY, false,
		WORDS({ ATTRIBUTE_FILE_KIND, "pe" }, { ATTRIBUTE_EXECUTABLE, "" }));
	assert_told(&t, 0);
	web_stop(&t);
}

static double program_from_address(const char *referer)
{
	struct web_trial t;
	double confidence;

	web_start(&t, &detector_download);
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	web_ask(&t, WORDS({ ATTRIBUTE_METHOD, "GET" }, { ATTRIBUTE_HOST, "203.0.113.5" },
			  { ATTRIBUTE_URI, "/7.exe" }, { ATTRIBUTE_USER_AGENT, browser },
			  { ATTRIBUTE_ACCEPT_LANGUAGE, "ja" }, { ATTRIBUTE_REFERER, referer }));
	web_answer(&t, "200", DATA, "900000");
	web_say(&t, MESSAGE_HTTP_BODY, false,
		WORDS({ ATTRIBUTE_FILE_KIND, "pe" }, { ATTRIBUTE_EXECUTABLE, "" }));
	confidence = t.bench.count > 0 ? test_bench_last(&t.bench)->confidence : 0;
	web_stop(&t);
	return confidence;
}

/* A document that fetches a program lets the system's browser do it. */
static void nothing_led_to_the_program(void **state)
{
	(void)state;
	assert_true(program_from_address("") >= 0.5);
	assert_true(program_from_address("http://203.0.113.5/") == 0);
}

/* As a picture a program comes from no honest server, whoever asks. */
static void a_browser_is_given_a_program_as_a_picture(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_download);
	t.resolved = "a.example";
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	web_ask(&t, WORDS({ ATTRIBUTE_METHOD, "GET" }, { ATTRIBUTE_HOST, "a.example" },
			  { ATTRIBUTE_URI, "/c/?a=1" }, { ATTRIBUTE_USER_AGENT, browser },
			  { ATTRIBUTE_ACCEPT_LANGUAGE, "ja" }));
	web_answer(&t, "200", "image/gif", "900000");
	web_say(&t, MESSAGE_HTTP_BODY, false,
		WORDS({ ATTRIBUTE_FILE_KIND, "pe" }, { ATTRIBUTE_EXECUTABLE, "" },
		      { ATTRIBUTE_MISMATCH, "" }));
	assert_true(test_bench_last(&t.bench)->confidence > 0.5);
	web_stop(&t);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(a_person_at_a_browser_is_left_alone),
		cmocka_unit_test(nothing_led_to_the_program),
		cmocka_unit_test(a_browser_is_given_a_program_as_a_picture),
	};
	struct CMUnitTest tests[ARRAY_LEN(fetches) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, fetches, run_fetch);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("download", tests, NULL, NULL);
}
