#include "sensor/capture/pcapng_clock.h"

enum {
	TSRESOL_BINARY = 0x80,     /* the exponent is of 2 */
	DECIMAL_EXPONENT_MAX = 19, /* 10^19 and 2^63 are the last that 64 bits hold */
	BINARY_EXPONENT_MAX = 63,
};

/* Seconds that nanotime holds whatever the fraction. */
#define SECONDS_MAX (UINT64_MAX / NANOTIME_SECOND - 1)

struct pcapng_clock pcapng_clock_default(void)
{
	return (struct pcapng_clock){ .units = 1000000 };
}

bool pcapng_clock_set_resolution(struct pcapng_clock *clock, uint8_t tsresol)
{
	bool is_binary = (tsresol & TSRESOL_BINARY) != 0;
	unsigned exponent = tsresol & (TSRESOL_BINARY - 1U);
	uint64_t units = 1;

	if (exponent > (is_binary ? BINARY_EXPONENT_MAX : DECIMAL_EXPONENT_MAX))
		return false;
	for (unsigned i = 0; i < exponent; i++)
		units *= is_binary ? 2 : 10;
	clock->units = units;
	clock->binary_exponent = is_binary ? exponent : 0;
	return true;
}

/* Exact but for the rounding, without going over 64 bits. */
static nanotime fraction_time(const struct pcapng_clock *clock, uint64_t fraction)
{
	if (clock->binary_exponent > 32) {
		uint64_t high = (fraction >> 32) * NANOTIME_SECOND;
		uint64_t low = (fraction & UINT32_MAX) * NANOTIME_SECOND;

		return (high + (low >> 32)) >> (clock->binary_exponent - 32);
	}
	if (clock->binary_exponent > 0)
		return fraction * NANOTIME_SECOND >> clock->binary_exponent;
	if (clock->units <= NANOTIME_SECOND)
		return fraction * (NANOTIME_SECOND / clock->units);
	return fraction / (clock->units / NANOTIME_SECOND);
}

bool pcapng_clock_time(const struct pcapng_clock *clock, uint64_t ticks, nanotime *out)
{
	uint64_t seconds;
	bool is_out = __builtin_add_overflow(ticks / clock->units, clock->offset_seconds, &seconds);

	if (is_out || seconds > SECONDS_MAX) {
		*out = is_out && clock->offset_seconds < 0 ? 0 : UINT64_MAX;
		return false;
	}
	*out = seconds * NANOTIME_SECOND + fraction_time(clock, ticks % clock->units);
	return true;
}
