#include "sensor/base/hash.h"

enum { REST_BYTES = 7 };

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

/* Little-endian whatever the machine, so that an unkeyed hash is the same on all of them. */
static inline uint64_t load_word(const uint8_t *p, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)p[i] << 8 * i;
	return word;
}

static inline void sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

static inline struct sip sip_start(const struct hash_key *key)
{
	return (struct sip){ key->k0 ^ UINT64_C(0x736f6d6570736575),
			     key->k1 ^ UINT64_C(0x646f72616e646f6d),
			     key->k0 ^ UINT64_C(0x6c7967656e657261),
			     key->k1 ^ UINT64_C(0x7465646279746573) };
}

/* `last` is what is left of the data, with its length in the top byte. */
static inline uint64_t sip_finish(struct sip *s, uint64_t last)
{
	sip_word(s, last);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len)
{
	const uint8_t *p = data;
	struct sip s = sip_start(key);
	size_t left = len;

	for (; left >= 8; left -= 8, p += 8)
		sip_word(&s, load_word(p, 8));
	return sip_finish(&s, load_word(p, left) | (uint64_t)len << 56);
}

uint64_t hash_words(const struct hash_key *key, const uint64_t *words, size_t count, uint64_t rest)
{
	struct sip s = sip_start(key);
	uint64_t len = count * sizeof(*words) + REST_BYTES;

	for (size_t i = 0; i < count; i++)
		sip_word(&s, words[i]);
	return sip_finish(&s, rest | len << 56);
}

uint64_t hash_word(const struct hash_key *key, uint64_t word, uint64_t rest)
{
	struct sip s = sip_start(key);

	sip_word(&s, word);
	return sip_finish(&s, rest | (uint64_t)(sizeof(word) + REST_BYTES) << 56);
}
