#include "sensor/judge/feedback.h"

#include "tests/support/cmocka.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Beta(1 + true, 1 + false) below `precision`, by sums of binomials. */
struct certainty_case {
	const char *name;
	uint64_t told_true;
	uint64_t told_false;
	double precision;
	double want;
};

static struct certainty_case certainties[] = {
	{ "nobody has judged", 0, 0, 0.1, 0.1 },
	{ "twenty false", 0, 20, 0.1, 0.8905810108684878 },
	{ "twenty-one false", 0, 21, 0.1, 0.901522909781639 },
	{ "one true of forty", 1, 39, 0.1, 0.926095585292827 },
	{ "all true", 20, 0, 0.1, 0 },
	{ "at the threshold", 10, 90, 0.1, 0.430031022 },
	{ "very many", 1000, 99000, 0.1, 1 },
	{ "never", 0, 20, 0, 0 },
	{ "always", 0, 20, 1, 1 },
};

static void run_certainty(void **state)
{
	const struct certainty_case *c = *state;
	const struct rule_tally tally = { .told_true = c->told_true, .told_false = c->told_false };
	double got = feedback_certainty(&tally, c->precision);

	if (fabs(got - c->want) > 1e-6)
		fail_msg("%.9g, not %.9g", got, c->want);
}

struct bench {
	struct config config;
	struct decisions *decisions;
	struct signal signal;
};

static void prepare(struct bench *b, uint64_t told_true, uint64_t told_false, double confidence)
{
	config_defaults(&b->config);
	b->decisions = calloc(1, sizeof(*b->decisions));
	assert_non_null(b->decisions);
	b->decisions->tally_count = 1;
	b->decisions->tallies[0] = (struct rule_tally){ .rule = "BCN-1",
							.told_true = told_true,
							.told_false = told_false };
	b->signal = (struct signal){ .kind = SIGNAL_BEACON, .confidence = confidence };
}

static double weighed(uint64_t told_true, uint64_t told_false, double confidence)
{
	struct bench b;

	prepare(&b, told_true, told_false, confidence);
	feedback_weigh(&b.config.judge, b.decisions, &b.signal);
	decisions_free(b.decisions);
	return b.signal.confidence;
}

static void confidence_becomes_the_posterior_mean(void **state)
{
	(void)state;
	assert_true(fabs(weighed(0, 0, 0.6) - 0.6) < 1e-12);
	assert_true(fabs(weighed(0, 1, 0.6) - 12.0 / 21) < 1e-9);
	assert_true(fabs(weighed(0, 20, 0.6) - 12.0 / 40) < 1e-9);
	assert_true(fabs(weighed(5, 5, 0.6) - 17.0 / 30) < 1e-9);
	assert_true(fabs(weighed(20, 0, 0.6) - 32.0 / 40) < 1e-9);
	/* What would not be told does not become more certain by what was told. */
	assert_true(fabs(weighed(20, 0, 0.45) - 0.45) < 1e-12);
	assert_true(fabs(weighed(0, 20, 0.45) - 9.0 / 40) < 1e-9);
	assert_true(weighed(0, 999999999, 0.6) > 0);
	assert_true(weighed(999999999, 0, 0.6) < 1);
	assert_true(fabs(weighed(1, 1, 1) - 1) < 1e-12);
}

static void the_weight_is_told_as_evidence(void **state)
{
	const struct reason *reason;
	struct bench b;

	(void)state;
	prepare(&b, 1, 3, 0.6);
	feedback_weigh(&b.config.judge, b.decisions, &b.signal);
	reason = signal_find_reason(&b.signal, REASON_VERDICTS);
	assert_non_null(reason);
	assert_true(fabs(reason->value - 0.25) < 1e-12);
	assert_true(reason->times < 1);
	decisions_free(b.decisions);
	prepare(&b, 1, 3, 0.6);
	b.signal.kind = SIGNAL_DNS_TUNNEL; /* of another rule */
	feedback_weigh(&b.config.judge, b.decisions, &b.signal);
	assert_null(signal_find_reason(&b.signal, REASON_VERDICTS));
	feedback_weigh(&b.config.judge, NULL, &b.signal);
	assert_true(fabs(b.signal.confidence - 0.6) < 1e-12);
	decisions_free(b.decisions);
}

static bool is_set_aside(uint64_t told_true, uint64_t told_false)
{
	struct bench b;
	bool answer;

	prepare(&b, told_true, told_false, 0.6);
	answer = feedback_sets_aside(&b.config.judge, b.decisions, "BCN-1");
	assert_false(feedback_sets_aside(&b.config.judge, b.decisions, "DNS-1"));
	assert_false(feedback_sets_aside(&b.config.judge, NULL, "BCN-1"));
	decisions_free(b.decisions);
	return answer;
}

static void a_rule_that_is_never_right_is_set_aside(void **state)
{
	(void)state;
	assert_false(is_set_aside(0, 0));
	assert_false(is_set_aside(0, 20)); /* 89 % certain */
	assert_true(is_set_aside(0, 21));
	assert_false(is_set_aside(1, 21));
	assert_true(is_set_aside(1, 39));
	assert_false(is_set_aside(15, 85)); /* as good as the office's own history */
}

static void few_verdicts_set_nothing_aside(void **state)
{
	struct bench b;

	(void)state;
	prepare(&b, 0, 19, 0.6);
	b.config.judge.feedback_certainty = 0.5;
	assert_false(feedback_sets_aside(&b.config.judge, b.decisions, "BCN-1"));
	b.config.judge.feedback_verdicts = 19;
	assert_true(feedback_sets_aside(&b.config.judge, b.decisions, "BCN-1"));
	decisions_free(b.decisions);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(certainties) + 4] = {
		cmocka_unit_test(confidence_becomes_the_posterior_mean),
		cmocka_unit_test(the_weight_is_told_as_evidence),
		cmocka_unit_test(a_rule_that_is_never_right_is_set_aside),
		cmocka_unit_test(few_verdicts_set_nothing_aside),
	};

	(void)ADD_ROWS(tests + 4, certainties, run_certainty);
	return cmocka_run_group_tests_name("feedback", tests, NULL, NULL);
}
