#include "sensor/judge/priority.h"

enum { IMPACT_LEAST = 1, IMPACT_MOST = 4 };

static const double doubtful = 0.6;

static enum priority priority_of_story(const struct signal *signal)
{
	return (enum priority)story_of((enum signal_kind)signal->kind)->priorities[signal->outcome];
}

/* Somebody outside answered to what looks like another's doing on the device. */
static bool is_answered_contact(const struct signal *signal)
{
	enum tactic tactic = (enum tactic)story_of((enum signal_kind)signal->kind)->tactic;

	return signal->direction == DIRECTION_OUTBOUND && signal->outcome >= OUTCOME_ANSWERED &&
	       (tactic == TACTIC_COMMAND_AND_CONTROL || tactic == TACTIC_EXFILTRATION ||
		tactic == TACTIC_EXECUTION || tactic == TACTIC_IMPACT);
}

enum priority priority_of(const struct signal *signal, unsigned standing)
{
	enum priority p = priority_of_story(signal);
	bool is_doubtful = signal->confidence < doubtful;

	if (standing_is_risky(standing) && is_answered_contact(signal)) {
		if (p == PRIORITY_2 || (p == PRIORITY_3 && !is_doubtful))
			return PRIORITY_2;
	}
	/* P3 stays: one step more would take it out of a person's sight. */
	return is_doubtful && p < PRIORITY_3 ? (enum priority)(p + 1) : p;
}

uint8_t impact_of(const struct signal *signal, unsigned standing)
{
	uint8_t impact = story_of((enum signal_kind)signal->kind)->impact;
	bool is_high = (standing & (STANDING(STANDING_SERVES) | STANDING(STANDING_IMPORTANT) |
				    STANDING(STANDING_PARTNER))) != 0;
	bool is_low = (standing & STANDING(STANDING_UNIMPORTANT)) != 0;

	if (is_high && !is_low && impact < IMPACT_MOST)
		impact++;
	if (is_low && !is_high && impact > IMPACT_LEAST)
		impact--;
	return impact;
}

bool must_be_told(const struct signal *signal)
{
	return priority_of_story(signal) == PRIORITY_1 ||
	       (signal->kind == SIGNAL_EXPOSED_SERVICE && signal->outcome == OUTCOME_DATA);
}
