#include "sensor/detect/long_session.h"

#include "tests/unit/detect/raw_bench.h"

enum { STRETCH = 69 /* seconds: as often as a flow that goes on is told of */ };

struct long_case {
	const char *name;
	unsigned hours;
	unsigned connections; /* one behind the other, or at a time */
	enum direction direction;
	const char *protocol;
	bool is_told;
};

static struct long_case cases[] = {
	{ "all day", 10, 1, DIRECTION_OUTBOUND, "Unknown", true },
	{ "all day over TLS, without a name", 10, 1, DIRECTION_OUTBOUND, "TLS", true },
	{ "half a day", 6, 1, DIRECTION_OUTBOUND, "Unknown", false },
	{ "two at a time count once", 6, 2, DIRECTION_OUTBOUND, "Unknown", false },
	{ "inside the office", 10, 1, DIRECTION_LATERAL, "Unknown", false },
};

static void run_case(void **state)
{
	const struct long_case *c = *state;
	struct test_bench bench;

	test_bench_prepare(&bench, &detector_long_session);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < c->hours * 3600 / STRETCH; i++) {
		struct fact fact = raw_flow((double)i * STRETCH, "203.0.113.5", 1604);
		struct observation seen = test_seen(&fact);

		fact.kind = FACT_FLOW_GOES_ON;
		seen.direction = c->direction;
		(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "%s", c->protocol);
		for (unsigned k = 0; k < c->connections; k++) {
			fact.flow.client_port = (uint16_t)(40000 + k);
			test_bench_show(&bench, &seen);
		}
	}
	assert_int_equal(bench.count > 0, c->is_told);
	if (c->is_told) {
		assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_LONG_SESSION);
		assert_true(test_bench_last(&bench)->confidence < 0.5);
		assert_true(signal_is_sound(test_bench_last(&bench)));
		assert_int_equal(bench.count, 1);
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("long_session", tests, NULL, NULL);
}
