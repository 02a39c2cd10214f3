/*
 * From a flow key to the slot of its record: an open hash table of chunks, each one cache line
 * of twelve one-byte tags and twelve slots (the shape of F14, Bronson and Shi 2019).
 *
 * A chunk counts the keys that passed it by because it was full: a search ends at the first
 * chunk that none passed. There are no tombstones and there is no re-hashing.
 *
 * One writer. Borrows its memory. Where a key stands depends
 * on the secret hash key, so nobody may walk the index to decide anything.
 */
#pragma once

#include "sensor/base/hash.h"
#include "sensor/flow/flow_record.h"
#include "sensor/flow/tag_match.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct flow_index_chunk {
	_Alignas(64) uint8_t tags[TAGS]; /* 0 is an empty place */
	uint8_t passed;                  /* keys that found it full; at 255 it stays there */
	uint8_t count;
	uint8_t spare[2];
	uint32_t slots[TAGS];
};

_Static_assert(sizeof(struct flow_index_chunk) == 64, "a chunk is one cache line");

struct flow_index {
	struct flow_index_chunk *chunks; /* zeroed by who gives them */
	uint32_t mask;                   /* chunks - 1; chunks is a power of two */
};

#define FLOW_INDEX_NONE UINT32_MAX

/* Of `chunks` chunks: the keys that they should hold at most, a load of 0.80. */
static inline uint64_t flow_index_room(uint64_t chunks)
{
	return chunks * TAGS * 4 / 5;
}

/* Tag and chunk come from opposite ends of the hash, so that they do not depend on each other. */
static inline uint8_t flow_index_tag(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);

	return tag != 0 ? tag : 1;
}

static inline void flow_index_prefetch(const struct flow_index *index, uint32_t hash)
{
	__builtin_prefetch(&index->chunks[hash & index->mask], 1);
}

/* The load of the chunk as sixteen bytes takes in the counts behind the tags. */
static inline uint32_t flow_index_match(const struct flow_index_chunk *chunk, uint8_t tag)
{
	return tag_match((const uint8_t *)(const void *)chunk, tag);
}

/* Eight bytes of the key, in the machine's order. */
static inline uint64_t flow_index_key_word(const struct flow_key *key, size_t i)
{
	uint64_t word;

	memcpy(&word, (const char *)key + i * sizeof(word), sizeof(word));
	return word;
}

/* Out of line: see flow_index_hash(). */
uint64_t flow_index_hash_v6(const struct hash_state *start, const struct flow_key *key,
			    uint64_t rest);

/*
 * The keyed hash that the calls below ask for. Two IPv4 addresses are one word; whatever the
 * version, ports, protocol and context are the seven bytes that the hash takes without a round
 * of their own. The lengths keep versions apart.
 */
static inline uint64_t flow_index_hash(const struct hash_state *start, const struct flow_key *key)
{
	enum { LOW_V4 = ADDRESS_LEN - 4, HIGH_V4 = 2 * ADDRESS_LEN - 4 };
	uint32_t low;
	uint32_t high;
	uint32_t ports;

	memcpy(&ports, &key->low_port, sizeof(ports));

	uint64_t rest = (uint64_t)key->context << 40 | (uint64_t)key->protocol << 32 | ports;

	if (key->ip_version != 4)
		return flow_index_hash_v6(start, key, rest);
	memcpy(&low, (const char *)key + LOW_V4, sizeof(low));
	memcpy(&high, (const char *)key + HIGH_V4, sizeof(high));
	return hash_word(start, (uint64_t)low << 32 | high, rest);
}

/* memcmp() of forty bytes is a call, a loop is not unrolled at -O2: twenty instructions less. */
static inline bool flow_index_keys_equal(const struct flow_key *a, const struct flow_key *b)
{
	return ((flow_index_key_word(a, 0) ^ flow_index_key_word(b, 0)) |
		(flow_index_key_word(a, 1) ^ flow_index_key_word(b, 1)) |
		(flow_index_key_word(a, 2) ^ flow_index_key_word(b, 2)) |
		(flow_index_key_word(a, 3) ^ flow_index_key_word(b, 3)) |
		(flow_index_key_word(a, 4) ^ flow_index_key_word(b, 4))) == 0;
}

/* For flow_index_find(): the whole search. */
uint32_t flow_index_find_further(const struct flow_index *index, const struct flow_record *records,
				 const struct flow_key *key, uint64_t hash);

/*
 * The slot of the record that has `key`; FLOW_INDEX_NONE without one. Inline is what answers
 * nearly every search: the first record whose tag matches in the first chunk.
 */
static inline uint32_t flow_index_find(const struct flow_index *index,
				       const struct flow_record *records,
				       const struct flow_key *key, uint64_t hash)
{
	const struct flow_index_chunk *chunk = &index->chunks[(uint32_t)hash & index->mask];
	uint32_t matches = flow_index_match(chunk, flow_index_tag(hash));

	if (matches != 0) {
		uint32_t slot = chunk->slots[__builtin_ctz(matches)];

		if (flow_index_keys_equal(&records[slot].key, key))
			return slot;
	}
	if ((matches & (matches - 1)) == 0 && chunk->passed == 0)
		return FLOW_INDEX_NONE;
	return flow_index_find_further(index, records, key, hash);
}

static inline void flow_index_fill(struct flow_index_chunk *chunk, uint8_t tag, uint32_t slot)
{
	uint32_t place = (uint32_t)__builtin_ctz(flow_index_match(chunk, 0));

	chunk->slots[place] = slot;
	chunk->tags[place] = tag;
	chunk->count++;
}

/* For flow_index_add(): where the first chunk may be full. */
void flow_index_add_further(struct flow_index *index, uint64_t hash, uint32_t slot);

/* `slot` for a key that is not in yet; there must be room for it. */
static inline void flow_index_add(struct flow_index *index, uint64_t hash, uint32_t slot)
{
	struct flow_index_chunk *chunk = &index->chunks[(uint32_t)hash & index->mask];

	if (chunk->count < TAGS)
		flow_index_fill(chunk, flow_index_tag(hash), slot);
	else
		flow_index_add_further(index, hash, slot);
}

/* The low half of the hash is enough beside the tag. `slot` must be in. */
void flow_index_remove(struct flow_index *index, uint32_t hash, uint8_t tag, uint32_t slot);
