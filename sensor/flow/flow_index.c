#include "sensor/flow/flow_index.h"

#include "sensor/base/out_of_line.h"
#include "sensor/flow/flow_seqlock.h"

#include <assert.h>

enum { PASSED_MANY = UINT8_MAX };

/* Odd, so that the steps from any chunk reach every other before they come back to it. */
static inline uint32_t step_of(uint8_t tag)
{
	return 2U * tag + 1;
}

uint64_t flow_index_hash_v6(const struct hash_state *start, const struct flow_key *key,
			    uint64_t rest)
{
	const uint64_t addresses[] = { flow_index_key_word(key, 0), flow_index_key_word(key, 1),
				       flow_index_key_word(key, 2), flow_index_key_word(key, 3) };

	return hash_words(start, addresses, sizeof(addresses) / sizeof(*addresses), rest);
}

static uint32_t find_in(const struct flow_index_chunk *chunk, const struct flow_record *records,
			const struct flow_key *key, uint8_t tag)
{
	for (uint32_t left = flow_index_match(chunk, tag); left != 0; left &= left - 1) {
		uint32_t slot = chunk->slots[__builtin_ctz(left)];

		if (flow_index_keys_equal(&records[slot].key, key))
			return slot;
	}
	return FLOW_INDEX_NONE;
}

OUT_OF_LINE uint32_t flow_index_find_further(const struct flow_index *index,
					     const struct flow_record *records,
					     const struct flow_key *key, uint64_t hash)
{
	uint8_t tag = flow_index_tag(hash);
	uint32_t at = (uint32_t)hash & index->mask;

	for (uint32_t tries = 0; tries <= index->mask; tries++) {
		const struct flow_index_chunk *chunk = &index->chunks[at];
		uint32_t slot = find_in(chunk, records, key, tag);

		if (slot != FLOW_INDEX_NONE || chunk->passed == 0)
			return slot;
		at = (at + step_of(tag)) & index->mask;
	}
	return FLOW_INDEX_NONE;
}

OUT_OF_LINE void flow_index_add_further(struct flow_index *index, uint64_t hash, uint32_t slot)
{
	uint8_t tag = flow_index_tag(hash);
	uint32_t at = (uint32_t)hash & index->mask;

	for (uint32_t tries = 0; tries <= index->mask; tries++) {
		struct flow_index_chunk *chunk = &index->chunks[at];

		if (chunk->count < TAGS) {
			flow_index_fill(chunk, tag, slot);
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
			chunk->tags[place] = 0;
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
