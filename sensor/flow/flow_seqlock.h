/*
 * Flow records that other threads read while they are written: relaxed stores, and the seqlock
 * that tells whether what was read belongs together. Private to the flow table.
 *
 * Writer: seqlock_open(), shared_store…(), seqlock_close(). It is the only one that writes, so
 * it reads its own fields plainly.
 */
#pragma once

#include "sensor/flow/flow_record.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* NOLINTBEGIN(readability-non-const-parameter): the check does not see what builtins store */
static inline void shared_store8(uint8_t *at, uint8_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static inline void shared_store16(uint16_t *at, uint16_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static inline void shared_store32(uint32_t *at, uint32_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static inline void shared_store64(uint64_t *at, uint64_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

typedef uint64_t __attribute__((may_alias)) shared_word;

/* Zero from the word that `offset` is in to the end. Unrolled: at -O2 such a loop stays one. */
static inline void shared_clear_from(struct flow_record *flow, size_t offset)
{
	shared_word *words = (void *)flow;

#pragma GCC unroll 8
	for (size_t i = offset / sizeof(*words); i < sizeof(*flow) / sizeof(*words); i++)
		__atomic_store_n(&words[i], 0, __ATOMIC_RELAXED);
}

static inline void shared_store_key(struct flow_key *at, const struct flow_key *key)
{
	shared_word *to = (void *)at;

#pragma GCC unroll 5
	for (size_t i = 0; i < sizeof(*key) / sizeof(*to); i++) {
		uint64_t word;

		memcpy(&word, (const char *)key + i * sizeof(word), sizeof(word));
		__atomic_store_n(&to[i], word, __ATOMIC_RELAXED);
	}
}

/*
 * The fence, not a release store of the odd version: a release orders what came before it, and
 * here the stores that follow must not be seen before the version is odd.
 */
static inline void seqlock_open(uint32_t *version)
{
	__atomic_store_n(version, *version + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void seqlock_close(uint32_t *version)
{
	__atomic_store_n(version, *version + 1, __ATOMIC_RELEASE);
}
/* NOLINTEND(readability-non-const-parameter) */

/*
 * One try of a reader; false when the writer was inside, and `out` is not set. The wheel's fields
 * are not part of what is shared: they come out as zero.
 */
static inline bool seqlock_read(const struct flow_record *flow, struct flow_record *out)
{
	enum { WORDS = sizeof(*flow) / sizeof(shared_word) };
	enum { WHEEL_WORD = offsetof(struct flow_record, wheel_next) / sizeof(shared_word) };
	enum { GENERATION_WORD = offsetof(struct flow_record, generation) / sizeof(shared_word) };
	const shared_word *from = (const void *)flow;
	uint64_t words[WORDS] = { 0 };
	uint32_t version = __atomic_load_n(&flow->version, __ATOMIC_ACQUIRE);

	if (version % 2 != 0)
		return false;
	for (size_t i = 0; i < WORDS; i++)
		if (i != WHEEL_WORD && i != GENERATION_WORD)
			words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);

	uint32_t generation = __atomic_load_n(&flow->generation, __ATOMIC_RELAXED);

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&flow->version, __ATOMIC_RELAXED) != version)
		return false;
	memcpy(out, words, sizeof(words));
	out->generation = generation;
	return true;
}

/* A whole copy of a slot that may be written meanwhile. */
static inline enum flow_read seqlock_snapshot(const struct flow_record *flow,
					      struct flow_record *out)
{
	enum { TRIES = 64 };
	struct flow_record copy;

	for (int tries = 0; tries < TRIES; tries++) {
		if (!seqlock_read(flow, &copy))
			continue;
		if (copy.live == 0)
			return FLOW_READ_EMPTY;
		*out = copy;
		return FLOW_READ_OK;
	}
	return FLOW_READ_BUSY;
}
