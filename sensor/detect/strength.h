/*
 * How sure a detector was when it last told of something: weak signals are told once, and again
 * only when they have become stronger, or hours later.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <math.h>
#include <stdbool.h>

struct strength {
	double confidence; /* 0: never told */
	nanotime when;
};

static const double strength_least = 0.12; /* below, it is not worth a word */
static const double strength_step = 0.08;
static const nanotime strength_again = 6 * NANOTIME_HOUR;

/* Whether to tell now, at packet time `now`; then it counts as told. */
static inline bool strength_is_news(struct strength *told, double confidence, nanotime now)
{
	bool is_later = nanotime_between(told->when, now) >= strength_again ||
			nanotime_went_back(told->when, now);

	if (confidence < strength_least ||
	    (confidence < told->confidence + strength_step && !is_later))
		return false;
	told->confidence = confidence;
	told->when = now;
	return true;
}

/* For what was kept elsewhere. */
static inline bool strength_is_sound(const struct strength *told)
{
	return isfinite(told->confidence) && told->confidence >= 0 && told->confidence <= 1;
}
