/*
 * How an interface of a pcapng capture counts time (if_tsresol, if_tsoffset). Plain values.
 *
 * draft-ietf-opsawg-pcapng, Interface Description Block.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

struct pcapng_clock {
	uint64_t units;           /* ticks a second: a power of 10, or of 2 */
	unsigned binary_exponent; /* of 2; 0: a power of 10 */
	int64_t offset_seconds;   /* added to every time */
};

/* Microseconds, which an interface counts that does not say. */
struct pcapng_clock pcapng_clock_default(void);

/* From the byte of if_tsresol; false, and nothing set, when a second has over 2^64 such units. */
bool pcapng_clock_set_resolution(struct pcapng_clock *clock, uint8_t tsresol);

/* False when nanotime cannot hold it: `*out` is then the nearest that it can. Rounds down. */
bool pcapng_clock_time(const struct pcapng_clock *clock, uint64_t ticks, nanotime *out);
