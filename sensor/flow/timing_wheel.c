#include "sensor/flow/timing_wheel.h"

#include <assert.h>

static inline uint32_t slot_of(uint64_t tick)
{
	return (uint32_t)(tick % WHEEL_SLOTS);
}

void timing_wheel_init(struct timing_wheel *wheel, nanotime longest)
{
	uint64_t seconds = longest / NANOTIME_SECOND + 1;

	*wheel = (struct timing_wheel){ 0 };
	/* Two ticks to spare: the time and the deadline both stand somewhere inside theirs. */
	while ((seconds >> wheel->shift) + 2 >= WHEEL_SLOTS)
		wheel->shift++;
	for (uint32_t i = 0; i < WHEEL_SLOTS; i++) {
		wheel->slots[i].first = WHEEL_NONE;
		wheel->slots[i].last = WHEEL_NONE;
	}
}

void timing_wheel_turn(struct timing_wheel *wheel, nanotime now)
{
	wheel->tick = timing_wheel_tick(wheel, now);
}

void timing_wheel_arm(struct timing_wheel *wheel, struct flow_record *records, uint32_t index,
		      nanotime deadline)
{
	uint64_t tick = timing_wheel_tick(wheel, deadline);
	uint32_t slot = slot_of(tick);
	uint32_t last = wheel->slots[slot].last;

	assert(tick - wheel->tick < WHEEL_SLOTS);
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

void timing_wheel_disarm(struct timing_wheel *wheel, struct flow_record *records, uint32_t index)
{
	uint32_t slot = records[index].wheel_slot;
	uint32_t next = records[index].wheel_next;
	uint32_t previous = records[index].wheel_previous;

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

bool timing_wheel_earliest(const struct timing_wheel *wheel, uint64_t *tick)
{
	uint32_t start = slot_of(wheel->tick);
	uint64_t before = (UINT64_C(1) << start % 64) - 1;

	/* The word of the wheel's own slot is read twice: its later part first, the earlier last.
	 */
	for (uint32_t i = 0; i <= WHEEL_WORDS; i++) {
		uint32_t word = (start / 64 + i) % WHEEL_WORDS;
		uint64_t bits = wheel->occupied[word];

		if (i == 0)
			bits &= ~before;
		if (i == WHEEL_WORDS)
			bits &= before;
		if (bits != 0) {
			uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(bits);

			*tick = wheel->tick + (slot - start) % WHEEL_SLOTS;
			return true;
		}
	}
	return false;
}

size_t timing_wheel_peek(const struct timing_wheel *wheel, const struct flow_record *records,
			 uint64_t tick, uint32_t *out, size_t room)
{
	uint32_t index = wheel->slots[slot_of(tick)].first;
	size_t count = 0;

	for (; index != WHEEL_NONE && count < room; index = records[index].wheel_next)
		out[count++] = index;
	return count;
}
