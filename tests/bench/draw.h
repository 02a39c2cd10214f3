/*
 * Numbers drawn by a counter through a mixing function (the finaliser of SplitMix64; Steele, Lea,
 * Flood 2014): the same on every machine, so that a capture is the same byte for byte.
 */
#pragma once

#include <stdint.h>

struct draw {
	uint64_t state;
};

static inline uint64_t draw_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static inline uint64_t draw_word(struct draw *d)
{
	d->state += 0x9e3779b97f4a7c15U;
	return draw_mix(d->state);
}

/* 0 to `bound` - 1; `bound` is not 0. */
static inline uint32_t draw_below(struct draw *d, uint32_t bound)
{
	return (uint32_t)(draw_word(d) % bound);
}
