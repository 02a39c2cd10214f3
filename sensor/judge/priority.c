#include "sensor/judge/priority.h"

static const double doubtful = 0.6;

enum priority priority_of(const struct signal *signal)
{
	const struct story *story = story_of((enum signal_kind)signal->kind);
	enum priority p = (enum priority)story->priorities[signal->outcome];

	/* P3 stays: one step more would take it out of a person's sight. */
	return signal->confidence < doubtful && p < PRIORITY_3 ? (enum priority)(p + 1) : p;
}

uint8_t impact_of(const struct signal *signal)
{
	return story_of((enum signal_kind)signal->kind)->impact;
}
