#include "sensor/detect/reverse_shell.h"

#include "dissectors/shell_text.h"
#include "tests/unit/detect/raw_bench.h"

struct shell_case {
	const char *name;
	struct fact_shape shape;
	enum direction direction;
	double least; /* confidence; most 0: silent */
	double most;
	enum reason_code reason;
};

/* Twelve commands and their output, and what else each case says. */
#define TYPED(opened, small, by_client, answered, text)                                          \
	{                                                                                        \
		.is_known = true, .server_opened = (opened), .server_small = (small),            \
		.client_opened = (by_client), .bytes_opened = 100, .bytes_answered = (answered), \
		.printable_up = (text), .printable_down = (text)                                 \
	}

static struct shell_case cases[] = {
	{ "somebody types and the device answers", TYPED(12, 12, 1, 5000, 30), DIRECTION_OUTBOUND,
	  0.7, 0.8, REASON_SERVER_OPENED },
	{ "in clear text", TYPED(12, 12, 1, 5000, 100), DIRECTION_OUTBOUND, 0.9, 0.95,
	  REASON_CLEAR_TEXT },
	{ "inside the office", TYPED(12, 12, 1, 5000, 30), DIRECTION_LATERAL, 0.15, 0.25,
	  REASON_ANSWER_RATIO },
	{ "too few turns", TYPED(3, 3, 1, 5000, 30), DIRECTION_OUTBOUND, 0, 0, REASON_CODES },
	{ "the device opens more", TYPED(12, 12, 12, 5000, 30), DIRECTION_OUTBOUND, 0, 0,
	  REASON_CODES },
	{ "what comes is large", TYPED(12, 3, 1, 5000, 30), DIRECTION_OUTBOUND, 0, 0,
	  REASON_CODES },
	{ "the device only confirms", TYPED(12, 12, 1, 100, 30), DIRECTION_OUTBOUND, 0, 0,
	  REASON_CODES },
	{ "a prompt",
	  { .is_known = true, .shell_up = SHELL_PROMPT },
	  DIRECTION_OUTBOUND,
	  0.8,
	  0.9,
	  REASON_SHELL_TEXT },
	{ "a banner",
	  { .is_known = true, .shell_up = SHELL_BANNER },
	  DIRECTION_OUTBOUND,
	  0.9,
	  0.95,
	  REASON_SHELL_TEXT },
	{ "a banner inside the office",
	  { .is_known = true, .shell_up = SHELL_BANNER },
	  DIRECTION_LATERAL,
	  0.5,
	  0.6,
	  REASON_SHELL_TEXT },
	{ "a shell for who comes",
	  { .is_known = true, .shell_down = SHELL_BANNER },
	  DIRECTION_INBOUND,
	  0.5,
	  0.6,
	  REASON_SHELL_TEXT },
	{ "a console that somebody here opens",
	  { .is_known = true, .shell_down = SHELL_PROMPT },
	  DIRECTION_OUTBOUND,
	  0,
	  0,
	  REASON_CODES },
	{ "a system's name is no shell",
	  { .is_known = true, .shell_up = SHELL_SYSTEM },
	  DIRECTION_OUTBOUND,
	  0,
	  0,
	  REASON_CODES },
	{ "nothing is known of it",
	  { .shell_up = SHELL_BANNER },
	  DIRECTION_OUTBOUND,
	  0,
	  0,
	  REASON_CODES },
};

static void run_case(void **state)
{
	const struct shell_case *c = *state;
	struct fact fact = raw_flow(1, "203.0.113.5", 4321);
	struct observation seen = test_seen(&fact);
	struct test_bench bench;

	test_bench_prepare(&bench, &detector_reverse_shell);
	test_bench_start(&bench, NULL);
	fact.ended.shape = c->shape;
	seen.direction = c->direction;
	test_bench_show(&bench, &seen);
	test_bench_show(&bench, &seen); /* told once */
	if (c->most == 0) {
		assert_int_equal(bench.count, 0);
	} else {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(bench.count, 1);
		assert_int_equal(s->kind, SIGNAL_REVERSE_SHELL);
		assert_float_equal(s->confidence, (c->least + c->most) / 2,
				   (c->most - c->least) / 2);
		assert_non_null(test_reason(s, c->reason));
		assert_true(signal_is_sound(s));
		if (c->direction == DIRECTION_INBOUND)
			assert_string_equal(s->object.text, "192.168.1.10");
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

static void protocols_that_are_known_are_none(void **state)
{
	struct fact fact = raw_flow(1, "203.0.113.5", 4321);
	const struct observation seen = test_seen(&fact);
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_reverse_shell);
	test_bench_start(&bench, NULL);
	fact.ended.shape.shell_up = SHELL_BANNER;
	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "Telnet");
	test_bench_show(&bench, &seen);
	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "Unknown");
	fact.flow.protocol = TEST_UDP;
	test_bench_show(&bench, &seen);
	fact.flow.protocol = TEST_TCP;
	fact.flow.is_midstream = true;
	test_bench_show(&bench, &seen);
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
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(protocols_that_are_known_are_none);
	return cmocka_run_group_tests_name("reverse_shell", tests, NULL, NULL);
}
