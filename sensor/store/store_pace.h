/*
 * Bytes a day: what may still be written now, so that any day stays within its bound.
 *
 * A bucket that fills by seven eighths of the bound in a day and holds an eighth. Who wrote takes
 * out what it was, also below zero. No clock: the caller says what time it is. One thread.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

struct store_pace {
	double level_bytes;
	double reserved_bytes; /* of them, for what was written and must be written again */
	double most_bytes;
	double bytes_a_second;
	nanotime last; /* of a clock that never goes back */
};

/*
 * `written_bytes` is what the day has already cost, in lives before this one, and `of_day` how much
 * of it has passed: what flows in until it ends and what is left together keep the bound.
 */
void store_pace_start(struct store_pace *pace, uint64_t daily_bytes, uint64_t written_bytes,
		      nanotime of_day, nanotime now);

void store_pace_pass(struct store_pace *pace, nanotime now);
void store_pace_spend(struct store_pace *pace, uint64_t bytes);

/* So much will be spent in any case: it is not there for others. At most half of the bucket. */
void store_pace_reserve(struct store_pace *pace, uint64_t bytes);

/* Whether there is something left: for what is written soon. */
bool store_pace_has_any(const struct store_pace *pace);

/* Whether a quarter is left beside what is reserved: for what can wait longest, so that the rest
 * need not. */
bool store_pace_has_plenty(const struct store_pace *pace);

/* Whether half is left: for tidying up, which must not make anything else wait. */
bool store_pace_has_half(const struct store_pace *pace);
