/*
 * What was only counted of unanswered flows: in all, and the hosts with the most. One thread.
 */
#pragma once

#include "sensor/fact/fact.h"

enum { FLOODS_MAX = 8 };

struct floods {
	uint64_t attempts; /* of all hosts */
	size_t count;
	struct fact_attempts
		hosts[FLOODS_MAX]; /* most first; each once as a source, once as a target */
};

/* Figures of one host are added up. Each is a line for people, and a flood has few targets. */
void floods_add(struct floods *floods, const struct fact_attempts *counted);
