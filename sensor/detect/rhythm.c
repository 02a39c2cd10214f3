#include "sensor/detect/rhythm.h"

#include "sensor/detect/statistics.h"

#include <math.h>
#include <string.h>

enum { SIZE_SLACK_BYTES = 32, INTERVALS_LEAST = 2 };

static const double size_slack = 0.08;         /* of the median size */
static const double outlier_times_median = 10; /* a device asleep, not a slow beacon */
static const double outliers_allowed = 0.2;
/* A sleep is drawn from an interval with ends; what people and programs do has long tails. */
static const double bound_low = 0.35;
static const double bound_high = 1.75;
static const double bounded_least = 15.0 / 16;
static const double jitter_spread = 0.08; /* beyond what a network does to a timer */

/* The intervals in seconds, without outliers; false when too many would be left out. */
static bool take_intervals(const uint32_t *intervals_ms, size_t all, double *out, size_t *count)
{
	double values[RHYTHM_MOST];

	for (size_t i = 0; i < all; i++)
		out[i] = values[i] = intervals_ms[i] / 1000.0;

	double longest = outlier_times_median * quantile(values, all, 0.5);

	*count = 0;
	for (size_t i = 0; i < all; i++) {
		if (out[i] <= longest)
			out[(*count)++] = out[i];
	}
	return (double)(all - *count) <= outliers_allowed * (double)all;
}

static double share_of_usual_size(const uint32_t *sizes, size_t count)
{
	double values[RHYTHM_MOST];
	size_t usual = 0;

	for (size_t i = 0; i < count; i++)
		values[i] = sizes[i];

	double median = quantile(values, count, 0.5);
	double slack = fmax(SIZE_SLACK_BYTES, size_slack * median);

	for (size_t i = 0; i < count; i++)
		usual += fabs(values[i] - median) <= slack;
	return (double)usual / (double)count;
}

static double share_within_bounds(const double *intervals, size_t count, double median)
{
	size_t within = 0;

	for (size_t i = 0; i < count; i++)
		within += intervals[i] >= bound_low * median && intervals[i] <= bound_high * median;
	return (double)within / (double)count;
}

bool rhythm_measure(const uint32_t *intervals_ms, size_t intervals, const uint32_t *sizes,
		    size_t size_count, struct rhythm *out)
{
	double kept[RHYTHM_MOST];
	double values[RHYTHM_MOST];
	size_t count;

	if (!take_intervals(intervals_ms, intervals, kept, &count) || count < INTERVALS_LEAST)
		return false;

	double median = quantile(kept, count, 0.5);
	double q10 = quantile(kept, count, 0.1);
	double q90 = quantile(kept, count, 0.9);

	if (median <= 0 || q10 <= 0)
		return false;
	memcpy(values, kept, count * sizeof(*values));
	*out = (struct rhythm){ .intervals = count,
				.period = median,
				.spread = deviation(values, count, median) / median,
				.tails = log(q90 / q10),
				.bounded = share_within_bounds(kept, count, median),
				.same_size = share_of_usual_size(sizes, size_count) };

	/* Of the full formula, what a capture without history can know: rhythm .4 and size .2. */
	double regular = 1 - fmin(1, out->spread / 0.7);

	out->score = (0.4 * regular + 0.2 * out->same_size) / 0.6;
	return true;
}

bool rhythm_is_jittered(const struct rhythm *r)
{
	return r->intervals + 1 >= RHYTHM_MOST / 2 && r->spread >= jitter_spread &&
	       r->same_size >= 0.9 && r->bounded >= bounded_least;
}
