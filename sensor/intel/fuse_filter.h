/*
 * A binary fuse filter (Graf, Lemire: Binary Fuse Filters, 2022) with 8 bits a place: whether a key
 * may be in a set. A key of the set always may; another one is taken for one in 1 of 256 cases.
 * About 9 bits a key.
 *
 * The filter is its shape and an array of bytes, which may lie in a mapped file. Any thread.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuse_filter {
	uint64_t seed;
	uint32_t segment_len;   /* places, a power of two */
	uint32_t segment_count; /* in which a key's first place may lie */
};

/* Beyond ISO C; gcc and clang have it wherever pointers have 64 bits. */
__extension__ typedef unsigned __int128 fuse_product;

enum { FUSE_KEYS_MAX = 1 << 27 };

/* How many bytes the array has; 0 when no filter has that shape. */
size_t fuse_filter_bytes(const struct fuse_filter *filter);

/*
 * For `count` distinct keys, at most FUSE_KEYS_MAX. `*array` is the caller's to free. The same keys
 * in any order give the same bytes. ERR_MEMORY, or ERR_RANGE: keys that are not distinct.
 */
MUST_USE enum err fuse_filter_build(const uint64_t *keys, size_t count, struct fuse_filter *filter,
				    uint8_t **array);

static inline uint64_t fuse_filter_mix(uint64_t key)
{
	key ^= key >> 33;
	key *= UINT64_C(0xff51afd7ed558ccd);
	key ^= key >> 33;
	key *= UINT64_C(0xc4ceb9fe1a85ec53);
	return key ^ key >> 33;
}

/* The three places of a mixed key: in three neighbouring segments, so that they share few pages. */
static inline void fuse_filter_places(const struct fuse_filter *f, uint64_t mixed,
				      uint32_t out[static 3])
{
	uint64_t firsts = (uint64_t)f->segment_count * f->segment_len;
	uint32_t mask = f->segment_len - 1;

	out[0] = (uint32_t)((fuse_product)mixed * firsts >> 64);
	out[1] = (out[0] + f->segment_len) ^ (uint32_t)(mixed >> 18 & mask);
	out[2] = (out[0] + 2 * f->segment_len) ^ (uint32_t)(mixed & mask);
}

static inline uint8_t fuse_filter_print(uint64_t mixed)
{
	return (uint8_t)(mixed ^ mixed >> 32);
}

/* `array` has fuse_filter_bytes(f) bytes. */
static inline bool fuse_filter_may_hold(const struct fuse_filter *f, const uint8_t *array,
					uint64_t key)
{
	uint64_t mixed = fuse_filter_mix(key + f->seed);
	uint32_t at[3];

	fuse_filter_places(f, mixed, at);
	return (array[at[0]] ^ array[at[1]] ^ array[at[2]]) == fuse_filter_print(mixed);
}
