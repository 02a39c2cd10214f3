#include "sensor/base/hash.h"

#include <endian.h>
#include <string.h>

/* Little-endian whatever the machine, so that an unkeyed hash is the same on all of them. */
static inline uint64_t load_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/* The same of fewer than eight bytes. */
static inline uint64_t load_rest(const uint8_t *p, size_t left)
{
	uint64_t word = 0;

	if (left & 4) {
		uint32_t four;

		memcpy(&four, p, sizeof(four));
		word = le32toh(four);
		p += sizeof(four);
	}
	for (size_t i = left & 4; i < left; i++)
		word |= (uint64_t)*p++ << 8 * i;
	return word;
}

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len)
{
	const uint8_t *p = data;
	struct hash_state s = hash_start(key);
	size_t left = len;

	for (; left >= 8; left -= 8, p += 8)
		hash_take(&s, load_word(p));
	return hash_finish(&s, load_rest(p, left) | (uint64_t)len << 56);
}
