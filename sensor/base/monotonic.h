/*
 * The machine's monotonic clock, for what is no packet's: how long a person has been waiting, how
 * often something is drawn or written down. Nothing that a verdict rests on reads it.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <time.h>

static inline nanotime monotonic_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec;
}

static inline uint64_t monotonic_second(void)
{
	return monotonic_now() / NANOTIME_SECOND;
}
