/*
 * Bytes changed as a disk, a cut-off download or a stranger would: the same in each run. And how
 * many files are so changed in all by one run of the tests.
 */
#pragma once

#include "tests/support/random.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Each test counts its own, and holds that it made so many. */
enum {
	MUTATED_SETS = 20000,      /* tests/unit/intel/test_intel_check.c */
	MUTATED_FEEDS = 58000,     /* tests/unit/feed/test_feed_read.c: by each reader */
	MUTATED_BUILDS = 8000,     /* tests/unit/feed/test_feed_gather.c: as far as a set */
	MUTATED_DATABASES = 40000, /* tests/unit/geo/test_place_mmdb.c */
	MUTATED_LEAST = 100000,
};

static_assert(MUTATED_SETS + MUTATED_FEEDS + MUTATED_BUILDS + MUTATED_DATABASES >= MUTATED_LEAST,
	      "fewer files are mutated than the project promises");

static inline void mutate_number(uint8_t *bytes, size_t len, uint64_t at, uint64_t r)
{
	static const uint64_t telling[] = {
		0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, UINT64_MAX,
	};
	uint64_t number = telling[r % (sizeof(telling) / sizeof(telling[0]))];
	size_t width = (size_t)1 << r / 16 % 4;

	/* Little-endian in sets, big-endian in databases: these read alike in both. */
	for (size_t i = 0; i < width && at + i < len; i++)
		bytes[at + i] = (uint8_t)(number >> 8 * i);
}

/* A block of the same file over another place, which it may begin, end or double. */
static inline void mutate_splice(uint8_t *bytes, size_t len, uint64_t r)
{
	size_t from = r % len;
	size_t to = (r >> 16) % len;
	size_t block = 1 + (r >> 32) % 64;

	if (block > len - from)
		block = len - from;
	if (block > len - to)
		block = len - to;
	memmove(bytes + to, bytes + from, block);
}

/* Takes a block out, or doubles it where `room` allows; the new length. */
static inline size_t mutate_length(uint8_t *bytes, size_t len, size_t room, uint64_t r)
{
	size_t at = (r >> 8) % len;
	size_t block = 1 + (r >> 40) % 32;

	if (block > len - at)
		block = len - at;
	if (r % 2 == 0 && block < len) {
		memmove(bytes + at, bytes + at + block, len - at - block);
		return len - block;
	}
	if (block > room - len)
		return len;
	memmove(bytes + at + block, bytes + at, len - at);
	return len + block;
}

/*
 * One change at `at` or, of blocks, anywhere: a bit, a byte, a number that begins there, a block
 * from elsewhere, a block less or more, or the end cut off. `len` is at least 1 and stays so.
 */
static inline size_t mutate_at(uint8_t *bytes, size_t len, size_t room, size_t at, uint64_t *seed)
{
	uint64_t r = random_next(seed);

	switch (r >> 60) {
	case 0:
	case 1:
	case 2:
	case 3:
		bytes[at] ^= (uint8_t)(1U << r % 8);
		return len;
	case 4:
	case 5:
	case 6:
		bytes[at] = (uint8_t)r;
		return len;
	case 7:
	case 8:
	case 9:
	case 10:
		mutate_number(bytes, len, at, r);
		return len;
	case 11:
	case 12:
		mutate_splice(bytes, len, r & UINT64_C(0xffffffffffff));
		return len;
	case 13:
	case 14:
		return mutate_length(bytes, len, room, r);
	default:
		return 1 + r % len;
	}
}
