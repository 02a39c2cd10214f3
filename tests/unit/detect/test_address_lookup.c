#include "sensor/detect/address_lookup.h"

#include "tests/unit/detect/web_bench.h"

struct lookup_case {
	const char *name;
	const char *host;
	const char *agent;
	bool is_browsing;
	bool is_tls;
	double confidence; /* about; 0 is silence */
};

static struct lookup_case lookups[] = {
	{ "a router asks", "checkip.dyndns.org", "ddns-client/1.0", false, false, 0.15 },
	{ "nobody asks", "api.ipify.org", "", false, false, 0.26 },
	{ "a false browser asks", "api.ipify.org", "Mozilla/5.0 (Windows NT 10.0)", false, false,
	  0.41 },
	{ "a person asks", "api.ipify.org", "Mozilla/5.0 (Windows NT 10.0)", true, false, 0 },
	{ "an encrypted question", "api.ipify.org", "", false, true, 0.15 },
	{ "another name", "www.example.com", "", false, false, 0 },
};

static void ask(struct web_trial *t, const struct lookup_case *c)
{
	web_connect(t, "192.168.1.10", "203.0.113.5", c->is_tls ? 443 : 80);
	if (c->is_tls) {
		web_say(t, MESSAGE_TLS_CLIENT_HELLO, true, WORDS({ ATTRIBUTE_SNI, c->host }));
		return;
	}
	web_ask(t, WORDS({ ATTRIBUTE_METHOD, "GET" }, { ATTRIBUTE_HOST, c->host },
			 { ATTRIBUTE_URI, "/" }, { ATTRIBUTE_USER_AGENT, c->agent },
			 { ATTRIBUTE_ACCEPT_LANGUAGE, c->is_browsing ? "ja" : "" }));
}

static void run_lookup(void **state)
{
	const struct lookup_case *c = *state;
	struct web_trial t;

	web_start(&t, &detector_address_lookup);
	ask(&t, c);
	ask(&t, c);
	assert_told(&t, c->confidence > 0 ? 1 : 0);
	if (c->confidence > 0) {
		double off = test_bench_last(&t.bench)->confidence - c->confidence;

		assert_true(off < 0.01 && off > -0.01);
		t.seconds = 25 * 3600;
		ask(&t, c);
		assert_told(&t, 2);
	}
	web_stop(&t);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(lookups)];

	(void)ADD_ROWS(tests, lookups, run_lookup);
	return cmocka_run_group_tests_name("address_lookup", tests, NULL, NULL);
}
