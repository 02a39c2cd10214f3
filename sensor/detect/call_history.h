/*
 * When a device called a place, and with how much: longer than the beacon detector remembers, for
 * what shows in many calls alone. Plain values of fixed size, in an LRU map of the detector's.
 *
 * A call is a check-in, whatever names or addresses of the place it went to. Waits are kept as
 * logarithms, so that one from seconds to weeks fits 16 bits with an error below 0.1 %.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CALL_WAITS = 96, CALL_SIZES = 32 };

struct call_history {
	nanotime first;
	nanotime last;
	uint64_t calls;
	uint64_t last_hour;         /* of the latest call, since the epoch */
	uint32_t hours;             /* with a call in them */
	uint32_t hours_of_day;      /* the same as bits, 0 to 23 in UTC */
	uint16_t waits[CALL_WAITS]; /* coded; the latest ones, in any order */
	uint32_t sizes[CALL_SIZES]; /* payload bytes of the latest ones */
};

struct call_rhythm {
	size_t waits;
	double middle;     /* median, in seconds */
	double spread;     /* median absolute deviation over median */
	double tails;      /* ln(90th / 10th percentile) */
	double longest;    /* 95th percentile over median */
	double at_ceiling; /* share of waits that are as long as that, give or take 3 % */
	double same_size;  /* share of sizes near their median */
	double size;       /* that median, in bytes */
};

/* A call at packet time `now`, not before the last one. */
void call_history_add(struct call_history *history, nanotime now, uint32_t size);

/* False with fewer than three waits, or when most are too short to tell. */
bool call_history_measure(const struct call_history *history, struct call_rhythm *out);

/*
 * Waits that are drawn from an interval with ends have a longest one near their median's double;
 * what people and programs do has long tails. A timer that each use sets back has its longest wait
 * many times.
 */
bool call_rhythm_is_drawn(const struct call_rhythm *rhythm);

/* How many hours of the day have a call in them. */
unsigned call_history_hours_of_day(const struct call_history *history);

/* For kept_table: what does not count is zero, and counts are what they can be. */
void call_history_tidy(struct call_history *history);
bool call_history_is_sound(const struct call_history *history);
