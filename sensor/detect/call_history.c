#include "sensor/detect/call_history.h"

#include "sensor/detect/statistics.h"

#include <math.h>
#include <string.h>

enum { WAITS_LEAST = 3, SIZE_SLACK_BYTES = 32, HOURS_OF_DAY = 24 };

static const double size_slack = 0.08;   /* of the median size, as in rhythm.c */
static const double steps_each_e = 2500; /* of the code; 16 bits reach 2^37 ms */
static const double ceiling_slack = 0.03;
static const double ceiling_most = 0.2;
static const double longest_drawn =
	2.1; /* 2 if drawn from nothing to twice the median, and noise */

static uint16_t code_of(nanotime wait)
{
	uint64_t ms = wait / NANOTIME_MILLISECOND;
	long code = lround(log(1 + (double)ms) * steps_each_e);

	return code < UINT16_MAX ? (uint16_t)code : UINT16_MAX;
}

static double seconds_of(uint16_t code)
{
	return (exp(code / steps_each_e) - 1) / 1000;
}

void call_history_add(struct call_history *history, nanotime now, uint32_t size)
{
	uint64_t hour = now / NANOTIME_HOUR;

	if (history->calls == 0)
		history->first = now;
	else
		history->waits[(history->calls - 1) % CALL_WAITS] =
			code_of(nanotime_between(history->last, now));
	if (history->calls == 0 || hour != history->last_hour)
		history->hours += history->hours < UINT32_MAX;
	history->last_hour = hour;
	history->hours_of_day |= UINT32_C(1) << (hour % HOURS_OF_DAY);
	history->sizes[history->calls % CALL_SIZES] = size;
	history->calls++;
	history->last = now;
}

static size_t waits_of(const struct call_history *history)
{
	return history->calls - 1 < CALL_WAITS ? (size_t)history->calls - 1 : CALL_WAITS;
}

static size_t sizes_of(const struct call_history *history)
{
	return history->calls < CALL_SIZES ? (size_t)history->calls : CALL_SIZES;
}

static void measure_sizes(const struct call_history *history, struct call_rhythm *out)
{
	double values[CALL_SIZES];
	size_t count = sizes_of(history);
	size_t usual = 0;
	double slack;

	for (size_t i = 0; i < count; i++)
		values[i] = history->sizes[i];
	out->size = quantile(values, count, 0.5);
	slack = fmax(SIZE_SLACK_BYTES, size_slack * out->size);
	for (size_t i = 0; i < count; i++)
		usual += fabs(values[i] - out->size) <= slack;
	out->same_size = (double)usual / (double)count;
}

static double share_at(const double *values, size_t count, double ceiling)
{
	size_t near = 0;

	for (size_t i = 0; i < count; i++)
		near += fabs(values[i] - ceiling) <= ceiling_slack * ceiling;
	return (double)near / (double)count;
}

bool call_history_measure(const struct call_history *history, struct call_rhythm *out)
{
	double waits[CALL_WAITS];
	size_t count;
	double q10;
	double q95;

	if (history->calls <= WAITS_LEAST)
		return false;
	count = waits_of(history);
	for (size_t i = 0; i < count; i++)
		waits[i] = seconds_of(history->waits[i]);
	*out = (struct call_rhythm){ .waits = count, .middle = quantile(waits, count, 0.5) };
	q10 = quantile(waits, count, 0.1);
	q95 = quantile(waits, count, 0.95);
	if (out->middle <= 0 || q10 <= 0)
		return false;
	out->tails = log(quantile(waits, count, 0.9) / q10);
	out->longest = q95 / out->middle;
	out->at_ceiling = share_at(waits, count, q95);
	measure_sizes(history, out);
	out->spread = deviation(waits, count, out->middle) / out->middle; /* overwrites them */
	return true;
}

bool call_rhythm_is_drawn(const struct call_rhythm *rhythm)
{
	return rhythm->longest <= longest_drawn && rhythm->at_ceiling <= ceiling_most;
}

unsigned call_history_hours_of_day(const struct call_history *history)
{
	unsigned count = 0;

	for (unsigned hour = 0; hour < HOURS_OF_DAY; hour++)
		count += history->hours_of_day >> hour & 1;
	return count;
}

void call_history_tidy(struct call_history *history)
{
	size_t waits = waits_of(history);
	size_t sizes = sizes_of(history);

	memset(history->waits + waits, 0, (CALL_WAITS - waits) * sizeof(history->waits[0]));
	memset(history->sizes + sizes, 0, (CALL_SIZES - sizes) * sizeof(history->sizes[0]));
}

bool call_history_is_sound(const struct call_history *history)
{
	return history->calls > 0 && history->calls <= UINT64_C(1) << 48 && history->hours > 0 &&
	       history->hours <= history->calls && history->last >= history->first &&
	       history->hours_of_day < UINT32_C(1) << HOURS_OF_DAY;
}
