/* How regular a series of contacts is: intervals whatever their length, and sizes. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RHYTHM_MOST = 32 }; /* intervals or sizes in one judgement */

struct rhythm {
	size_t intervals; /* that were judged: without those of a sleeping device */
	double period;    /* seconds, the median */
	double spread;    /* median absolute deviation over median */
	double tails;     /* ln(90th / 10th percentile) */
	double same_size; /* share of contacts of the usual size */
	double score;     /* 0 … 1, of spread and size */
	double bounded;   /* share of intervals not far from the median, on either side */
};

/*
 * At most RHYTHM_MOST of each, in any order. False when they are too few, too close together, or
 * too many are so long that the device slept.
 */
bool rhythm_measure(const uint32_t *intervals_ms, size_t intervals, const uint32_t *sizes,
		    size_t size_count, struct rhythm *out);

/* Sleeps drawn at random around a period, and always the same words. */
bool rhythm_is_jittered(const struct rhythm *r);
