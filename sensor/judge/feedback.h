/*
 * What the rangers' verdicts on a rule's cases say of its next signals. Pure.
 *
 * A signal's own confidence is a Beta prior worth judge.feedback_prior verdicts; after so many true
 * and false ones its mean is what is believed. That lowers any signal, and raises only what would
 * be told anyway: there are verdicts of nothing else. A rule that is almost never right
 * (judge.feedback_precision, with judge.feedback_certainty, by Beta(1 + true, 1 + false)) is set
 * aside.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/config/decisions.h"
#include "sensor/detect/signal.h"

/* `decisions` NULL: nobody has judged anything. */
void feedback_weigh(const struct judge_config *config, const struct decisions *decisions,
		    struct signal *signal);

/* Whether what `rule` says is to be counted only. */
bool feedback_sets_aside(const struct judge_config *config, const struct decisions *decisions,
			 const char *rule);

/* How certain it is that a rule with this tally is right in less than `precision` of cases. */
double feedback_certainty(const struct rule_tally *tally, double precision);
