#include "sensor/detect/http_fan.h"

#include "tests/unit/detect/web_bench.h"

enum { HOSTS = 4 };

struct fan_case {
	const char *name;
	const char *uri;
	const char *agent; /* "" is none */
	unsigned hosts;
	double pause;
	bool is_posted_too; /* by what speaks as a browser */
	double least;       /* 0 is silence */
	double most;
};

static struct fan_case fans[] = {
	{ "four decoys", "/q7z/?x=1", "", 4, 20, false, 0.45, 0.55 },
	{ "four decoys, asked with two faces", "/q7z/?x=1", "", 4, 20, true, 0.7, 0.8 },
	{ "three are not enough", "/q7z/?x=1", "", 3, 20, true, 0, 0 },
	{ "in an hour and more", "/q7z/?x=1", "", 5, 1300, true, 0, 0 },
	{ "a path of many sites", "/favicon.ico", "", 9, 20, true, 0, 0 },
	{ "the front page", "/", "", 9, 20, true, 0, 0 },
	{ "a monitor that says so", "/q7z/", "SiteMonitor/2.0", 9, 20, false, 0, 0 },
	{ "a false browser", "/q7z/", "Mozilla/5.0 (Windows NT 10.0)", 4, 20, false, 0.45, 0.55 },
};

static void ask_all(struct web_trial *t, const struct fan_case *c)
{
	for (unsigned i = 0; i < c->hosts; i++) {
		char host[32];

		(void)snprintf(host, sizeof(host), "www.shop-%u.example", i);
		web_connect(t, "192.168.1.10", "203.0.113.5", 80);
		web_ask(t, WORDS({ ATTRIBUTE_METHOD, "GET" }, { ATTRIBUTE_HOST, host },
				 { ATTRIBUTE_URI, c->uri }, { ATTRIBUTE_USER_AGENT, c->agent }));
		if (c->is_posted_too)
			web_ask(t,
				WORDS({ ATTRIBUTE_METHOD, "POST" }, { ATTRIBUTE_HOST, host },
				      { ATTRIBUTE_URI, "/q7z/" }, { ATTRIBUTE_USER_AGENT, browser },
				      { ATTRIBUTE_ACCEPT_LANGUAGE, "ja" },
				      { ATTRIBUTE_REFERER, "http://a.example/" }));
		t->seconds += c->pause;
	}
}

static void run_fan(void **state)
{
	const struct fan_case *c = *state;
	struct web_trial t;

	web_start(&t, &detector_http_fan);
	ask_all(&t, c);
	if (c->least == 0) {
		assert_told(&t, 0);
	} else {
		const struct signal *s = test_bench_last(&t.bench);

		assert_told(&t, 1);
		if (s->confidence < c->least || s->confidence > c->most)
			fail_msg("confidence %f", s->confidence);
		assert_int_equal(s->count, HOSTS);
		assert_true(signal_is_sound(s));
		ask_all(&t, c);
		assert_told(&t, 1);
	}
	web_stop(&t);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(fans)];

	(void)ADD_ROWS(tests, fans, run_fan);
	return cmocka_run_group_tests_name("http_fan", tests, NULL, NULL);
}
