/*
 * SipHash-1-3 (Aumasson, Bernstein 2012): keyed for tables that strangers fill, and with a zero
 * key where the value must be the same everywhere (lanes). A keyed value never decides what the
 * sensor says, only where it keeps things.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0;
	uint64_t k1;
};

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len);

/*
 * The hash in steps, for keys that are at hand as words and hashed for every packet: inline, as a
 * call would cost an eighth of it. What hash_start() gives may be kept for as long as the key.
 */
struct hash_state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t hash_rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void hash_round(struct hash_state *s)
{
	s->v0 += s->v1;
	s->v1 = hash_rotate(s->v1, 13) ^ s->v0;
	s->v0 = hash_rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = hash_rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = hash_rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = hash_rotate(s->v1, 17) ^ s->v2;
	s->v2 = hash_rotate(s->v2, 32);
}

static inline struct hash_state hash_start(const struct hash_key *key)
{
	return (struct hash_state){ key->k0 ^ UINT64_C(0x736f6d6570736575),
				    key->k1 ^ UINT64_C(0x646f72616e646f6d),
				    key->k0 ^ UINT64_C(0x6c7967656e657261),
				    key->k1 ^ UINT64_C(0x7465646279746573) };
}

static inline void hash_take(struct hash_state *s, uint64_t word)
{
	s->v3 ^= word;
	hash_round(s);
	s->v0 ^= word;
}

/* `last` is what is left of the data, less than a word, with its length in the top byte. */
static inline uint64_t hash_finish(struct hash_state *s, uint64_t last)
{
	hash_take(s, last);
	s->v2 ^= 0xff;
	hash_round(s);
	hash_round(s);
	hash_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/*
 * hash_bytes() of one word and seven bytes of `rest`, whose top byte is zero, in little-endian
 * order.
 */
static inline uint64_t hash_word(const struct hash_state *start, uint64_t word, uint64_t rest)
{
	struct hash_state s = *start;

	hash_take(&s, word);
	return hash_finish(&s, rest | (uint64_t)(sizeof(word) + 7) << 56);
}

/* The same of `count` words. */
static inline uint64_t hash_words(const struct hash_state *start, const uint64_t *words,
				  size_t count, uint64_t rest)
{
	struct hash_state s = *start;

	for (size_t i = 0; i < count; i++)
		hash_take(&s, words[i]);
	return hash_finish(&s, rest | (uint64_t)(count * sizeof(*words) + 7) << 56);
}
