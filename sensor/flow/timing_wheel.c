#include "sensor/flow/timing_wheel.h"

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

bool timing_wheel_earliest(const struct timing_wheel *wheel, uint64_t *tick)
{
	uint32_t start = timing_wheel_slot(wheel->tick);
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
	uint32_t index = wheel->slots[timing_wheel_slot(tick)].first;
	size_t count = 0;

	for (; index != WHEEL_NONE && count < room; index = records[index].wheel_next)
		out[count++] = index;
	return count;
}
