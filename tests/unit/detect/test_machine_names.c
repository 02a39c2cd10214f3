#include "sensor/detect/machine_names.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <string.h>

static struct test_bench bench;

static void contact(double seconds, uint64_t flow_id, const char *client, const char *name,
		    bool is_answered, bool is_resolved)
{
	struct fact_flow flow = test_flow(flow_id, client, "203.0.113.5", 443, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(seconds), &flow, is_answered);
	struct observation seen = test_seen(&fact);

	seen.peer_name = name;
	seen.resolved = is_resolved ? name : "";
	seen.peer_name_from = HOST_TLS;
	test_bench_show(&bench, &seen);
}

struct name_case {
	const char *name;
	bool is_told;
};

static struct name_case cases[] = {
	{ "ow7k3yu9gtopw3u.win", true },
	{ "www.mkrzq2otpwyf3zcz.com", true },
	{ "xqzvkjwhpt.net", true },
	{ "www.yamada-kensetsu.co.jp", false },
	{ "accounts.example.com", false },
	{ "xqzvkj.net", false },                       /* too short to say anything */
	{ "d2wy8f7a9ursnmxx.cloudsystem.com", false }, /* the registered name is what counts */
	{ "xn--xqzvkjwhpt.jp", false },
	{ "mkrzq2otpwyf3zcz.local", false },
	{ "mkrzq2otpwyf3zcz", false },
	{ "www.msftconnecttest.com", false }, /* a known service, however it looks */
	{ "37e9c7cb.ngrok.io", false },       /* given out by the provider */
	{ "", false },
};

static void run_case(void **state)
{
	const struct name_case *c = *state;

	test_bench_prepare(&bench, &detector_machine_names);
	test_bench_start(&bench, NULL);
	contact(0, 1, "192.168.1.10", c->name, true, true);
	assert_int_equal(bench.count, c->is_told);
	if (c->is_told) {
		const struct signal *s = test_bench_last(&bench);

		assert_string_equal(s->object.text, c->name);
		assert_true(s->confidence >= 0.2 && s->confidence < 0.5); /* never alone */
		assert_true(test_reason(s, REASON_NAME_COST)->value >= 5.5);
		assert_true(signal_is_sound(s));
	}
	test_bench_stop(&bench);
}

static void once_a_day_and_device(void **state)
{
	(void)state;
	test_bench_prepare(&bench, &detector_machine_names);
	test_bench_start(&bench, NULL);
	contact(0, 1, "192.168.1.10", "ow7k3yu9gtopw3u.win", true, true);
	contact(60, 2, "192.168.1.10", "cdn.ow7k3yu9gtopw3u.win", true, true);
	assert_int_equal(bench.count, 1);
	contact(120, 3, "192.168.1.11", "ow7k3yu9gtopw3u.win", true, true);
	assert_int_equal(bench.count, 2);
	assert_true(test_reason(test_bench_last(&bench), REASON_DEVICES)->value == 2);
	contact(90000, 4, "192.168.1.10", "ow7k3yu9gtopw3u.win", true, true);
	assert_int_equal(bench.count, 3);
	test_bench_stop(&bench);
}

static void only_contacts_that_were_answered(void **state)
{
	(void)state;
	test_bench_prepare(&bench, &detector_machine_names);
	test_bench_start(&bench, NULL);
	contact(0, 1, "192.168.1.10", "ow7k3yu9gtopw3u.win", false, true);
	contact(0, 2, "192.168.1.10", "ow7k3yu9gtopw3u.win", true, false); /* only claimed */
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(once_a_day_and_device),
		cmocka_unit_test(only_contacts_that_were_answered),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, cases, run_case);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("machine_names", tests, NULL, NULL);
}
