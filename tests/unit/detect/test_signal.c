#include "sensor/detect/signal.h"

#include "sensor/detect/detector.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <string.h>

struct weigh_case {
	const char *name;
	double chance;
	double times;
	double want;
};

static struct weigh_case weights[] = {
	{ "evidence that says nothing", 0.35, 1, 0.35 },
	{ "twice as likely", 0.5, 2, 2.0 / 3 },
	{ "half as likely", 0.5, 0.5, 1.0 / 3 },
	{ "never certain", 0.9, 1000, 9000.0 / 9001 },
	{ "impossible stays impossible", 0, 5, 0 },
};

static void run_weigh(void **state)
{
	const struct weigh_case *c = *state;

	assert_true(fabs(signal_weigh(c->chance, c->times) - c->want) < 1e-12);
}

static struct fact fact_of(enum fact_kind kind, uint64_t id)
{
	struct fact_flow flow = test_flow(id, "192.168.1.10", "203.0.113.5", 443, TEST_TCP);

	if (kind == FACT_FLOW_ENDED)
		return test_flow_ended(test_start, &flow, true);
	return test_fact(kind, test_start, &flow);
}

static void one_reason_too_many_is_left_out(void **state)
{
	struct signal s = { 0 };

	(void)state;
	for (int i = 0; i < SIGNAL_REASONS_MAX + 3; i++)
		signal_condition(&s, REASON_SCORE, i, COMPARE_AT_LEAST, 1, NULL);
	assert_int_equal(s.reason_count, SIGNAL_REASONS_MAX);
	assert_true(s.reasons[SIGNAL_REASONS_MAX - 1].value == SIGNAL_REASONS_MAX - 1);
	assert_int_equal(s.reasons[0].code, REASON_SCORE);
	assert_int_equal(s.reasons[0].comparison, COMPARE_AT_LEAST);
	assert_true(s.reasons[0].threshold == 1);
}

static void latest_flows_are_kept_in_order(void **state)
{
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	uint8_t count = 0;

	(void)state;
	for (uint64_t id = 1; id <= SIGNAL_FLOWS_MAX + 2; id++) {
		struct fact fact = fact_of(FACT_CHECK_IN, id);

		signal_keep_flow(flows, &count, &fact);
		signal_keep_flow(flows, &count, &fact); /* a flow stands there once */
	}
	assert_int_equal(count, SIGNAL_FLOWS_MAX);
	for (uint8_t i = 0; i < count; i++) {
		assert_int_equal(flows[i].flow.id, i + 3);
		assert_false(flows[i].has_ended);
	}
}

static void end_fills_the_counters(void **state)
{
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	struct fact opened = fact_of(FACT_CHECK_IN, 1);
	struct fact ended = fact_of(FACT_FLOW_ENDED, 1);
	struct fact other = fact_of(FACT_FLOW_ENDED, 2);
	uint8_t count = 0;

	(void)state;
	signal_keep_flow(flows, &count, &opened);
	assert_false(signal_end_flow(flows, count, &other));
	assert_false(flows[0].has_ended);
	assert_true(signal_end_flow(flows, count, &ended));
	assert_true(flows[0].has_ended);
	assert_true(flows[0].last == ended.ended.last);
	assert_int_equal(flows[0].bytes_up, ended.ended.bytes_up);
	assert_int_equal(flows[0].bytes_down, ended.ended.bytes_down);
	assert_int_equal(flows[0].packets_up, ended.ended.packets_up);
	assert_int_equal(flows[0].packets_down, ended.ended.packets_down);
}

static void a_flow_kept_at_its_end_has_ended(void **state)
{
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	struct fact ended = fact_of(FACT_FLOW_ENDED, 1);
	uint8_t count = 0;

	(void)state;
	signal_keep_flow(flows, &count, &ended);
	assert_int_equal(count, 1);
	assert_true(flows[0].has_ended);
}

/* Words in JSON. */
static void every_value_has_a_word(void **state)
{
	(void)state;
	for (int i = DIRECTION_UNKNOWN; i <= DIRECTION_LATERAL; i++)
		assert_non_null(direction_text((enum direction)i));
	for (int i = OUTCOME_ATTEMPT; i <= OUTCOME_DATA; i++)
		assert_non_null(outcome_text((enum outcome)i));
	for (int i = OBJECT_HOST; i <= OBJECT_NETWORK; i++)
		assert_non_null(object_kind_text((enum object_kind)i));
}

static void every_detector_says_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < detectors_count; i++) {
		assert_true(detectors[i]->name[0] && detectors[i]->finds[0]);
		assert_true(detectors[i]->sees != 0);
		assert_true(detectors[i]->state_size > 0);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(weights) + 6] = {
		cmocka_unit_test(one_reason_too_many_is_left_out),
		cmocka_unit_test(latest_flows_are_kept_in_order),
		cmocka_unit_test(end_fills_the_counters),
		cmocka_unit_test(a_flow_kept_at_its_end_has_ended),
		cmocka_unit_test(every_value_has_a_word),
		cmocka_unit_test(every_detector_says_what_it_is),
	};

	(void)ADD_ROWS(tests + 6, weights, run_weigh);
	return cmocka_run_group_tests_name("signal", tests, NULL, NULL);
}
