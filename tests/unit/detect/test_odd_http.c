#include "sensor/detect/odd_http.h"

#include "tests/unit/detect/web_bench.h"

struct request_case {
	const char *name;
	const char *server;
	uint16_t port;
	const char *resolved;
	enum direction direction;
	struct word words[WORDS_MAX];
	unsigned times; /* how often it is sent */
	double least;   /* confidence of the last signal, … */
	double most;    /* … 0 is silence */
	int reason;     /* that it gives, or -1 */
};

#define METHOD(m)                   \
	{                           \
		ATTRIBUTE_METHOD, m \
	}
#define HOST(h)                   \
	{                         \
		ATTRIBUTE_HOST, h \
	}
#define URI(u)                   \
	{                        \
		ATTRIBUTE_URI, u \
	}
#define AGENT(a)                        \
	{                               \
		ATTRIBUTE_USER_AGENT, a \
	}
#define LANGUAGE                                \
	{                                       \
		ATTRIBUTE_ACCEPT_LANGUAGE, "ja" \
	}
#define REFERER                                        \
	{                                              \
		ATTRIBUTE_REFERER, "http://a.example/" \
	}
#define COOKIE                        \
	{                             \
		ATTRIBUTE_COOKIES, "" \
	}
#define WINDOWS  AGENT("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0")
#define NAMED    "203.0.113.5", 80, "a.example", DIRECTION_OUTBOUND
#define BARE     "203.0.113.5", 80, "", DIRECTION_OUTBOUND
#define BARE_ODD "203.0.113.5", 7777, "", DIRECTION_OUTBOUND
#define BARE_TLS "203.0.113.5", 443, "", DIRECTION_OUTBOUND
#define INSIDE   "192.168.1.20", 8888, "", DIRECTION_LATERAL

static struct request_case requests[] = {
	{ "a browser reads a page",
	  NAMED,
	  { METHOD("GET"), HOST("a.example"), URI("/"), WINDOWS, LANGUAGE },
	  9,
	  0,
	  0,
	  -1 },
	{ "a browser sends a form of a page that it never opened",
	  NAMED,
	  { METHOD("POST"), HOST("a.example"), URI("/f.php"), WINDOWS, LANGUAGE, REFERER },
	  9,
	  0.25,
	  0.35,
	  REASON_FALSE_REFERER },
	{ "that, with a session",
	  NAMED,
	  { METHOD("POST"), HOST("a.example"), URI("/f.php"), WINDOWS, LANGUAGE, REFERER, COOKIE },
	  9,
	  0,
	  0,
	  -1 },
	{ "a program with a name of its own",
	  NAMED,
	  { METHOD("GET"), HOST("a.example"), URI("/v"), AGENT("Ledger/4.2") },
	  9,
	  0,
	  0,
	  -1 },
	{ "it sends data",
	  NAMED,
	  { METHOD("POST"), HOST("a.example"), URI("/v"), AGENT("Ledger/4.2") },
	  9,
	  0,
	  0,
	  -1 },
	{ "a script asks",
	  NAMED,
	  { METHOD("GET"), HOST("a.example"), URI("/v"), AGENT("curl/8.1") },
	  9,
	  0,
	  0,
	  -1 },
	{ "a script sends data to an address",
	  BARE,
	  { METHOD("POST"), HOST("203.0.113.5"), URI("/v"), AGENT("curl/8.1") },
	  9,
	  0.25,
	  0.47,
	  REASON_TOOL_AGENT },
	{ "a media program at an address",
	  BARE,
	  { METHOD("GET"), HOST("203.0.113.5"), URI("/range/0-65535"), AGENT("media-app") },
	  9,
	  0,
	  0,
	  -1 },
	{ "nobody at an address",
	  BARE,
	  { METHOD("GET"), HOST("203.0.113.5"), URI("/x") },
	  1,
	  0.3,
	  0.4,
	  REASON_NO_NAME },
	{ "a false browser alone",
	  NAMED,
	  { METHOD("GET"), HOST("a.example"), URI("/v"), WINDOWS },
	  9,
	  0,
	  0,
	  -1 },
	{ "a false browser sends data to a script again and again",
	  NAMED,
	  { METHOD("POST"), HOST("a.example"), URI("/gate.php"), WINDOWS },
	  3,
	  0.6,
	  0.7,
	  REASON_BARE_POSTS },
	{ "the same to an address",
	  BARE,
	  { METHOD("POST"), HOST("203.0.113.5"), URI("/gate.php"), WINDOWS },
	  3,
	  0.85,
	  0.92,
	  REASON_FALSE_BROWSER },
	{ "the same with a session",
	  BARE,
	  { METHOD("POST"), HOST("203.0.113.5"), URI("/gate.php"), WINDOWS, COOKIE },
	  3,
	  0.6,
	  0.7,
	  REASON_FALSE_BROWSER },
	{ "a browser that never was",
	  BARE,
	  { METHOD("POST"), HOST("203.0.113.5"), URI("/f"), AGENT("Mozilla/4.08 (x)") },
	  1,
	  0.85,
	  0.92,
	  REASON_FALSE_BROWSER },
	{ "it tells the machine",
	  BARE_ODD,
	  { METHOD("POST"), HOST("203.0.113.5:7777"), URI("/r"),
	    AGENT("1|DESKTOP-1|anna|Microsoft Windows 10|") },
	  1,
	  0.85,
	  1,
	  REASON_AGENT_TELLS },
	{ "plain text on the port of TLS",
	  BARE_TLS,
	  { METHOD("GET"), HOST("203.0.113.5:443"), URI("/Tz"), WINDOWS },
	  1,
	  0.85,
	  0.95,
	  REASON_PLAIN_ON_TLS_PORT },
	{ "a free name",
	  "203.0.113.5",
	  80,
	  "x.duckdns.org",
	  DIRECTION_OUTBOUND,
	  { METHOD("POST"), HOST("x.duckdns.org"), URI("/g.php"), WINDOWS },
	  3,
	  0.8,
	  0.9,
	  REASON_RENTED_NAME },
	{ "inside, by a script",
	  INSIDE,
	  { METHOD("POST"), HOST("192.168.1.20:8888"), URI("/x"), AGENT("curl/8.1") },
	  9,
	  0,
	  0,
	  -1 },
	{ "inside, nobody",
	  INSIDE,
	  { METHOD("POST"), HOST("192.168.1.20:8888"), URI("/x") },
	  9,
	  0,
	  0,
	  -1 },
	{ "inside, a false browser that sends data",
	  INSIDE,
	  { METHOD("POST"), HOST("192.168.1.20:8888"), URI("/x.php"), WINDOWS },
	  3,
	  0.42,
	  0.47,
	  REASON_BARE_POSTS },
	{ "from outside",
	  "192.168.1.20",
	  80,
	  "",
	  DIRECTION_INBOUND,
	  { METHOD("POST"), HOST("192.168.1.20"), URI("/x.php"), WINDOWS },
	  9,
	  0,
	  0,
	  -1 },
};

static void run_request(void **state)
{
	const struct request_case *c = *state;
	struct web_trial t;

	web_start(&t, &detector_odd_http);
	t.direction = c->direction;
	t.resolved = c->resolved;
	for (unsigned i = 0; i < c->times; i++) {
		web_connect(&t, "192.168.1.10", c->server, c->port);
		web_ask(&t, c->words);
		t.seconds += 30;
	}
	if (c->least == 0) {
		assert_told(&t, 0);
	} else {
		const struct signal *s = test_bench_last(&t.bench);

		if (s->confidence < c->least || s->confidence > c->most)
			fail_msg("confidence %f", s->confidence);
		assert_non_null(test_reason(s, (enum reason_code)c->reason));
		assert_int_equal(s->kind, SIGNAL_ODD_HTTP);
		assert_int_equal(s->device, 10);
		assert_true(signal_is_sound(s));
	}
	web_stop(&t);
}

/* A page that is no text weighs, and one that calls itself plain text weighs less. */
static void answers_weigh(void **state)
{
	static const char *const types[] = { "text/plain", "text/html" };
	double confidence[ARRAY_LEN(types)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct web_trial t;

		web_start(&t, &detector_odd_http);
		t.resolved = "a.example";
		web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
		web_ask(&t, WORDS(METHOD("POST"), HOST("a.example"), URI("/a/")));
		web_answer(&t, "200", types[i], "40000");
		web_say(&t, MESSAGE_HTTP_BODY, false, WORDS({ ATTRIBUTE_MISMATCH, "" }));
		confidence[i] = test_bench_last(&t.bench)->confidence;
		assert_non_null(test_reason(test_bench_last(&t.bench), REASON_DISGUISED));
		web_stop(&t);
	}
	assert_true(confidence[0] < 0.5 && confidence[1] > 0.7);
}

/* Where a page came first, a form is a person's. */
static void a_form_of_an_opened_page_is_left_alone(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_http);
	t.resolved = "a.example";
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	web_ask(&t, WORDS(METHOD("GET"), HOST("a.example"), URI("/"), WINDOWS, LANGUAGE));
	web_ask(&t, WORDS(METHOD("POST"), HOST("a.example"), URI("/f.php"), WINDOWS, LANGUAGE,
			  REFERER));
	assert_told(&t, 0);
	web_stop(&t);
}

/* Each alone is too little: together they are one program that looks for its order. */
static void unrelated_places_support_each_other(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_http);
	for (unsigned i = 0; i < 5; i++) {
		char server[16];

		(void)snprintf(server, sizeof(server), "198.51.%u.7", i);
		web_connect(&t, "192.168.1.10", server, 80);
		web_ask(&t, WORDS(METHOD("GET"), HOST(server), URI("/x")));
		assert_true(i > 0 || test_bench_last(&t.bench)->confidence < 0.4);
	}
	assert_true(test_reason(test_bench_last(&t.bench), REASON_TARGETS)->value == 5);
	assert_true(test_bench_last(&t.bench)->confidence > 0.6);
	web_stop(&t);
}

/* A server that takes reports and hands out programs is nobody's update service. */
static void programs_and_reports_weigh_together(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_http);
	t.resolved = "a.example";
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	web_ask(&t, WORDS(METHOD("GET"), HOST("a.example"), URI("/x.dll")));
	web_say(&t, MESSAGE_HTTP_BODY, false, WORDS({ ATTRIBUTE_EXECUTABLE, "" }));
	assert_told(&t, 0);
	web_ask(&t, WORDS(METHOD("POST"), HOST("a.example"), URI("/g"),
			  { ATTRIBUTE_CONTENT_LENGTH, "90000" }));
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_PROGRAM_TOO));
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_LARGE_UPLOAD));
	assert_true(test_bench_last(&t.bench)->confidence > 0.5);
	web_stop(&t);
}

static void short_answers_weigh_when_they_repeat(void **state)
{
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_http);
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	for (unsigned i = 0; i < 3; i++) {
		web_ask(&t, WORDS(METHOD("POST"), HOST("203.0.113.5"), URI("/g.php"), WINDOWS));
		web_answer(&t, i == 1 ? "404" : "200", "text/html", i == 1 ? "500" : "8");
		t.seconds += 60;
	}
	assert_true(test_reason(test_bench_last(&t.bench), REASON_SHORT_ANSWERS)->value == 3);
	web_stop(&t);
}

static void told_once_until_it_grows_or_hours_pass(void **state)
{
	const struct word *const words = WORDS(METHOD("GET"), HOST("203.0.113.5"), URI("/x"));
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_http);
	web_connect(&t, "192.168.1.10", "203.0.113.5", 80);
	for (unsigned i = 0; i < 50; i++) {
		web_ask(&t, words);
		t.seconds += 60;
	}
	assert_told(&t, 1);
	web_ask(&t, WORDS(METHOD("POST"), HOST("203.0.113.5"), URI("/x")));
	assert_told(&t, 2);
	t.seconds += 13 * 3600;
	web_ask(&t, words);
	assert_told(&t, 3);
	t.seconds -= 20 * 3600; /* time goes back: it begins anew */
	web_ask(&t, words);
	assert_told(&t, 4);
	assert_int_equal(test_bench_last(&t.bench)->count, 1);
	web_stop(&t);
}

static void many_places_make_room(void **state)
{
	struct web_trial t;

	(void)state;
	test_bench_prepare(&t.bench, &detector_odd_http);
	web_start(&t, &detector_odd_http);
	for (unsigned i = 0; i < 3000; i++) {
		char server[16];

		(void)snprintf(server, sizeof(server), "198.51.%u.%u", i / 250, 1 + i % 250);
		web_connect(&t, "192.168.1.10", server, 80);
		web_ask(&t, WORDS(METHOD("GET"), HOST(server), URI("/x")));
	}
	assert_told(&t, 3000);
	web_stop(&t);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(answers_weigh),
		cmocka_unit_test(a_form_of_an_opened_page_is_left_alone),
		cmocka_unit_test(unrelated_places_support_each_other),
		cmocka_unit_test(programs_and_reports_weigh_together),
		cmocka_unit_test(short_answers_weigh_when_they_repeat),
		cmocka_unit_test(told_once_until_it_grows_or_hours_pass),
		cmocka_unit_test(many_places_make_room),
	};
	struct CMUnitTest tests[ARRAY_LEN(requests) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, requests, run_request);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("odd_http", tests, NULL, NULL);
}
