/*
 * Flows of one class by deadline: 1024 slots of a second each (of 2, 4, … where the longest
 * timeout asks for it), a list in each, in the order in which its flows were armed.
 *
 * A flow is armed once and not moved when its deadline moves on: who finds it in a slot that has
 * come up computes the real deadline and arms it again. So the earliest slot is only where to
 * look first; see flow_table.c.
 *
 * The links stand in the records, as indexes. One thread: the table's writer.
 */
#pragma once

#include "sensor/flow/flow_record.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	WHEEL_SLOTS = 1024,
	WHEEL_WORDS = WHEEL_SLOTS / 64,
};

#define WHEEL_NONE UINT32_MAX

struct timing_wheel {
	uint64_t tick;  /* the earliest that a flow may be armed for */
	unsigned shift; /* a tick is 2^shift seconds */
	uint32_t count; /* of flows in it */
	uint64_t occupied[WHEEL_WORDS];
	struct {
		uint32_t first;
		uint32_t last;
	} slots[WHEEL_SLOTS];
};

/* Empty. No flow will be armed further ahead of the wheel's time than `longest`. */
void timing_wheel_init(struct timing_wheel *wheel, nanotime longest);

/* Turns to `now`; every slot that is passed by must be empty. */
void timing_wheel_turn(struct timing_wheel *wheel, nanotime now);

static inline uint64_t timing_wheel_tick(const struct timing_wheel *wheel, nanotime t)
{
	return t / NANOTIME_SECOND >> wheel->shift;
}

static inline uint32_t timing_wheel_slot(uint64_t tick)
{
	return (uint32_t)(tick % WHEEL_SLOTS);
}

/* The second at which the whole of `tick` has passed. */
static inline uint64_t timing_wheel_end_second(const struct timing_wheel *wheel, uint64_t tick)
{
	return (tick + 1) << wheel->shift;
}

/* The last time that belongs to `tick`. */
static inline nanotime timing_wheel_last(const struct timing_wheel *wheel, uint64_t tick)
{
	uint64_t end = timing_wheel_end_second(wheel, tick);

	return end <= UINT64_MAX / NANOTIME_SECOND ? end * NANOTIME_SECOND - 1 : UINT64_MAX;
}

/*
 * These two are inline: calls would cost half of what they do.
 *
 * Behind the flows of the same slot. `deadline` is neither before the wheel's time nor too
 * far.
 */
static inline void timing_wheel_arm(struct timing_wheel *wheel, struct flow_record *records,
				    uint32_t index, nanotime deadline)
{
	uint64_t tick = timing_wheel_tick(wheel, deadline);
	uint32_t slot = timing_wheel_slot(tick);
	uint32_t last = wheel->slots[slot].last;

	assert(tick - wheel->tick < WHEEL_SLOTS);
	wheel->count++;
	records[index].wheel_slot = (uint16_t)slot;
	records[index].wheel_next = WHEEL_NONE;
	records[index].wheel_previous = last;
	wheel->slots[slot].last = index;
	if (last == WHEEL_NONE) {
		wheel->slots[slot].first = index;
		wheel->occupied[slot / 64] |= UINT64_C(1) << slot % 64;
	} else {
		records[last].wheel_next = index;
	}
}

static inline void timing_wheel_disarm(struct timing_wheel *wheel, struct flow_record *records,
				       uint32_t index)
{
	uint32_t slot = records[index].wheel_slot;
	uint32_t next = records[index].wheel_next;
	uint32_t previous = records[index].wheel_previous;

	wheel->count--;
	if (previous == WHEEL_NONE)
		wheel->slots[slot].first = next;
	else
		records[previous].wheel_next = next;
	if (next == WHEEL_NONE)
		wheel->slots[slot].last = previous;
	else
		records[next].wheel_previous = previous;
	if (wheel->slots[slot].first == WHEEL_NONE)
		wheel->occupied[slot / 64] &= ~(UINT64_C(1) << slot % 64);
}

/* The earliest tick for which a flow is armed; false when there is none. */
bool timing_wheel_earliest(const struct timing_wheel *wheel, uint64_t *tick);

/* The first `room` flows armed for `tick`, in their order; returns how many. */
size_t timing_wheel_peek(const struct timing_wheel *wheel, const struct flow_record *records,
			 uint64_t tick, uint32_t *out, size_t room);
