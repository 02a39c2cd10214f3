#include "sensor/judge/feedback.h"

#include "sensor/detect/story.h"

#include <math.h>

static double odds(double chance)
{
	return chance / (1 - chance);
}

void feedback_weigh(const struct judge_config *config, const struct decisions *decisions,
		    struct signal *signal)
{
	const char *rule = story_of((enum signal_kind)signal->kind)->rule;
	const struct rule_tally *tally = decisions ? decisions_tally(decisions, rule) : NULL;
	double prior = (double)config->feedback_prior;
	double own = signal->confidence;
	double told;
	double mean;

	if (!tally || tally->told_true + tally->told_false == 0 || own <= 0 || own >= 1)
		return;
	told = (double)(tally->told_true + tally->told_false);
	mean = (prior * own + (double)tally->told_true) / (prior + told);
	if (mean > own && own < config->confidence)
		return;
	signal_evidence(signal, REASON_VERDICTS, (double)tally->told_true / told,
			odds(mean) / odds(own));
}

/*
 * The distribution of Beta(1 + true, 1 + false) at `precision`: the chance that of n = true + false
 * + 1 tries with that chance each more than `true` succeed. Summed from the other end, where there
 * are few terms; in logarithms, since the first can be very small.
 */
double feedback_certainty(const struct rule_tally *tally, double precision)
{
	double n = (double)(tally->told_true + tally->told_false) + 1;
	double term = n * log1p(-precision);
	double at_most = 0;

	if (precision <= 0 || (double)tally->told_true >= precision * n)
		return 0; /* right at least that often so far: nothing is certain below it */
	if (precision >= 1)
		return 1;
	for (uint64_t i = 0; i <= tally->told_true; i++) {
		at_most += exp(term);
		term += log((n - (double)i) / ((double)i + 1)) + log(odds(precision));
	}
	return at_most < 1 ? 1 - at_most : 0;
}

bool feedback_sets_aside(const struct judge_config *config, const struct decisions *decisions,
			 const char *rule)
{
	const struct rule_tally *tally = decisions ? decisions_tally(decisions, rule) : NULL;

	return tally && tally->told_true + tally->told_false >= config->feedback_verdicts &&
	       feedback_certainty(tally, config->feedback_precision) > config->feedback_certainty;
}
