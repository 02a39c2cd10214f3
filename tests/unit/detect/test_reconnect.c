#include "sensor/detect/reconnect.h"

#include "tests/unit/detect/raw_bench.h"

struct try_case {
	const char *name;
	unsigned count;
	double pace;    /* seconds between tries … */
	double jitter;  /* … and as much of it more or less */
	unsigned given; /* every so many the server gives something; 0 is never */
	enum direction direction;
	const char *peer_name;
	bool is_told;
};

static struct try_case cases[] = {
	{ "a dozen tries", 12, 15, 0.1, 0, DIRECTION_OUTBOUND, "", true },
	{ "too few", 5, 15, 0.1, 0, DIRECTION_OUTBOUND, "", false },
	{ "in a few seconds", 12, 1, 0.1, 0, DIRECTION_OUTBOUND, "", false },
	{ "at any time", 12, 60, 0.95, 0, DIRECTION_OUTBOUND, "", false },
	{ "at any time, for ever", 80, 60, 0.95, 0, DIRECTION_OUTBOUND, "", true },
	{ "the server gives something now and then", 40, 15, 0.1, 3, DIRECTION_OUTBOUND, "",
	  false },
	{ "inside the office", 40, 15, 0.1, 0, DIRECTION_LATERAL, "", false },
	{ "from outside", 40, 15, 0.1, 0, DIRECTION_INBOUND, "", false },
	{ "a name like others", 12, 15, 0.1, 0, DIRECTION_OUTBOUND, "www.example.org", false },
	{ "a dynamic name", 12, 15, 0.1, 0, DIRECTION_OUTBOUND, "me.ddns.net", true },
};

static struct fact a_try(double seconds, bool is_given)
{
	struct fact fact = raw_flow(seconds, "203.0.113.5", 1604);

	fact.ended.has_data_down = is_given;
	fact.ended.names.protocol[0] = '\0';
	fact.ended.payload_packets = is_given ? 2 : 0;
	fact.ended.is_answered = is_given;
	return fact;
}

static void run_case(void **state)
{
	const struct try_case *c = *state;
	struct test_bench bench;
	uint64_t random = 7;
	double at = 1;

	test_bench_prepare(&bench, &detector_reconnect);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < c->count; i++) {
		struct fact fact = a_try(at, c->given > 0 && i % c->given == 0);
		struct observation seen = test_seen(&fact);

		seen.direction = c->direction;
		seen.peer_name = c->peer_name;
		seen.resolved = c->peer_name;
		test_bench_show(&bench, &seen);
		at += c->pace * (1 + c->jitter * (2 * test_random_share(&random) - 1));
	}
	assert_int_equal(bench.count > 0, c->is_told);
	if (c->is_told) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_RECONNECT);
		assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
		assert_true(s->confidence < 0.6);
		assert_true(signal_is_sound(s));
		assert_true(bench.count <= 3);
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

static void a_day_before_begins_anew(void **state)
{
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_reconnect);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 10; i++) {
		struct fact fact = a_try(i < 5 ? 86400 + 15 * i : 15 * i, false);
		const struct observation seen = test_seen(&fact);

		test_bench_show(&bench, &seen);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(a_day_before_begins_anew);
	return cmocka_run_group_tests_name("reconnect", tests, NULL, NULL);
}
