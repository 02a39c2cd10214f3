/*
 * How keys of one size are hashed and compared, for lru_map.c alone: written out, because every
 * question to a map begins with it.
 */
#pragma once

#include "sensor/base/lru_map.h"

#include <string.h>

enum {
	LRU_WORD = sizeof(uint64_t),
	LRU_FACTORS = 1 + 2 * LRU_MAP_KEY_MOST / LRU_WORD,
};

struct lru_keys {
	size_t size;
	unsigned words; /* the last of them may be a part */
	uint64_t factors[LRU_FACTORS];
};

static inline uint64_t lru_load_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* A key shorter than a word: its first and its last four bytes, which may overlap. */
static inline uint64_t lru_load_short(const uint8_t *key, size_t size)
{
	uint32_t first;
	uint32_t last;

	memcpy(&first, key, sizeof(first));
	memcpy(&last, key + size - sizeof(last), sizeof(last));
	return first | (uint64_t)last << 32;
}

static inline uint64_t lru_product(const uint64_t *factors, uint64_t word)
{
	return (factors[0] + (uint32_t)word) * (factors[1] + (word >> 32));
}

/*
 * Two keys, whatever they are, share a value once in 2^32 choices of the factors (multilinear
 * hashing by halves, Lemire and Kaser 2014), which is what a table needs against strangers who
 * never see a value. A quarter of the instructions of SipHash for the keys of the judge. The last
 * word ends where the key does and may overlap the one before it.
 */
static inline uint32_t lru_key_hash(const struct lru_keys *keys, const uint8_t *key)
{
	const uint64_t *factors = keys->factors + 1;
	size_t size = keys->size;
	uint64_t sum = keys->factors[0];

	if (size < LRU_WORD)
		return (uint32_t)((sum + lru_product(factors, lru_load_short(key, size))) >> 32);
	sum += lru_product(factors, lru_load_word(key + size - LRU_WORD));
	switch (keys->words) { /* unrolled: a loop costs as much as the products */
	case 4:
		sum += lru_product(factors + 6, lru_load_word(key + 2 * (size_t)LRU_WORD));
		__attribute__((fallthrough));
	case 3:
		sum += lru_product(factors + 4, lru_load_word(key + LRU_WORD));
		__attribute__((fallthrough));
	case 2:
		sum += lru_product(factors + 2, lru_load_word(key));
		break;
	default:
		break;
	}
	return (uint32_t)(sum >> 32);
}

/* As lru_key_hash() reads it. */
static inline bool lru_keys_equal(const struct lru_keys *keys, const uint8_t *a, const uint8_t *b)
{
	size_t size = keys->size;

	if (size < LRU_WORD)
		return lru_load_short(a, size) == lru_load_short(b, size);

	uint64_t differ = lru_load_word(a + size - LRU_WORD) ^ lru_load_word(b + size - LRU_WORD);

	switch (keys->words) {
	case 4:
		differ |= lru_load_word(a + 2 * (size_t)LRU_WORD) ^
			  lru_load_word(b + 2 * (size_t)LRU_WORD);
		__attribute__((fallthrough));
	case 3:
		differ |= lru_load_word(a + LRU_WORD) ^ lru_load_word(b + LRU_WORD);
		__attribute__((fallthrough));
	case 2:
		differ |= lru_load_word(a) ^ lru_load_word(b);
		break;
	default:
		break;
	}
	return differ == 0;
}
