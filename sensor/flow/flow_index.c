#include "sensor/flow/flow_index.h"

#include "sensor/flow/flow_seqlock.h"

#include <assert.h>

enum { PASSED_MANY = UINT8_MAX };

/* Odd, so that the steps from any chunk reach every other before they come back to it. */
static inline uint32_t step_of(uint8_t tag)
{
	return 2U * tag + 1;
}

static inline uint32_t v4_bits(const struct address *a)
{
	uint32_t bits;

	memcpy(&bits, &a->bytes[ADDRESS_LEN - sizeof(bits)], sizeof(bits));
	return bits;
}

/* Its addresses are four words; see flow_index_hash() for the rest. */
static uint64_t hash_v6(const struct hash_key *hash_key, const struct flow_key *key, uint64_t rest)
{
	const uint64_t addresses[] = { flow_index_key_word(key, 0), flow_index_key_word(key, 1),
				       flow_index_key_word(key, 2), flow_index_key_word(key, 3) };

	return hash_words(hash_key, addresses, sizeof(addresses) / sizeof(*addresses), rest);
}

/*
 * Two IPv4 addresses are one word; whatever the version, ports, protocol and context are the
 * seven bytes that the hash takes without a round of their own. The lengths keep versions apart.
 */
uint64_t flow_index_hash(const struct hash_key *hash_key, const struct flow_key *key)
{
	uint64_t rest = (uint64_t)key->context << 40 | (uint64_t)key->protocol << 32 |
			(uint64_t)key->high_port << 16 | key->low_port;

	if (key->ip_version != 4)
		return hash_v6(hash_key, key, rest);
	return hash_word(hash_key, (uint64_t)v4_bits(&key->low) << 32 | v4_bits(&key->high), rest);
}

uint32_t flow_index_find_further(const struct flow_index *index, const struct flow_record *records,
				 const struct flow_key *key, uint64_t hash)
{
	uint8_t tag = flow_index_tag(hash);
	uint32_t at = (uint32_t)hash & index->mask;

	for (uint32_t tries = 0; tries < index->mask; tries++) {
		at = (at + step_of(tag)) & index->mask;

		const struct flow_index_chunk *chunk = &index->chunks[at];
		uint32_t slot = flow_index_find_in(chunk, records, key, tag);

		if (slot != FLOW_INDEX_NONE || chunk->passed == 0)
			return slot;
	}
	return FLOW_INDEX_NONE;
}

/* The slot before the tag, with release: a reader that sees the tag sees its slot. */
static void fill(struct flow_index_chunk *chunk, uint32_t place, uint8_t tag, uint32_t slot)
{
	shared_store32(&chunk->slots[place], slot);
	__atomic_store_n(&chunk->tags[place], tag, __ATOMIC_RELEASE);
	chunk->count++;
}

void flow_index_add(struct flow_index *index, uint64_t hash, uint32_t slot)
{
	uint8_t tag = flow_index_tag(hash);
	uint32_t at = (uint32_t)hash & index->mask;

	for (uint32_t tries = 0; tries <= index->mask; tries++) {
		struct flow_index_chunk *chunk = &index->chunks[at];

		if (chunk->count < TAGS) {
			fill(chunk, (uint32_t)__builtin_ctz(flow_index_match(chunk, 0)), tag, slot);
			return;
		}
		if (chunk->passed != PASSED_MANY)
			chunk->passed++;
		at = (at + step_of(tag)) & index->mask;
	}
	assert(false); /* the index has room for every record */
}

/* FLOW_INDEX_NONE when `slot` is not in this chunk. */
static uint32_t place_of(const struct flow_index_chunk *chunk, uint8_t tag, uint32_t slot)
{
	for (uint32_t left = flow_index_match(chunk, tag); left != 0; left &= left - 1) {
		uint32_t place = (uint32_t)__builtin_ctz(left);

		if (chunk->slots[place] == slot)
			return place;
	}
	return FLOW_INDEX_NONE;
}

void flow_index_remove(struct flow_index *index, uint32_t hash, uint8_t tag, uint32_t slot)
{
	uint32_t at = hash & index->mask;

	for (uint32_t tries = 0; tries <= index->mask; tries++) {
		struct flow_index_chunk *chunk = &index->chunks[at];
		uint32_t place = place_of(chunk, tag, slot);

		if (place != FLOW_INDEX_NONE) {
			__atomic_store_n(&chunk->tags[place], 0, __ATOMIC_RELEASE);
			chunk->count--;
			return;
		}
		/* It stands further on, so it was counted here when it came. */
		if (chunk->passed != PASSED_MANY)
			chunk->passed--;
		at = (at + step_of(tag)) & index->mask;
	}
	assert(false); /* only what is in can be removed */
}
