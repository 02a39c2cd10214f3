/*
 * Keys that a stranger makes so that they collide under hashes he can compute: under the secret
 * one they stand like any others, in few chunks from where they belong.
 */
#include "sensor/flow/flow_index.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	CHUNKS = 256,
	KEYS = CHUNKS * TAGS * 4 / 5, /* as full as the table lets it be */
	SECRETS = 31,
	CHUNKS_MOST = 10, /* of a search */
	CRC_BITS = 8,
	HIGH_V4 = 2 * ADDRESS_LEN - 4,
};

#define CRC32C UINT32_C(0x82f63b78)

static uint32_t crc_forward(uint32_t crc, const uint8_t *bytes, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < CRC_BITS; bit++)
			crc = crc % 2 != 0 ? crc >> 1 ^ CRC32C : crc >> 1;
	}
	return crc;
}

static uint32_t crc_backward(uint32_t crc, const uint8_t *bytes, size_t from, size_t to)
{
	for (size_t i = to; i-- > from;) {
		for (int bit = 0; bit < CRC_BITS; bit++)
			crc = crc >> 31 != 0 ? (crc ^ CRC32C) << 1 | 1 : crc << 1;
		crc ^= bytes[i];
	}
	return crc;
}

/* The server's address makes up for the client's: each key has the CRC 0. */
static void collide_by_crc(struct flow_key *key, uint32_t number)
{
	static const uint8_t zeros[4];
	uint8_t *bytes = (uint8_t *)key;

	memcpy(&bytes[ADDRESS_LEN - 4], &number, sizeof(number));

	uint32_t before = crc_forward(UINT32_MAX, bytes, 0, HIGH_V4);
	uint32_t after = crc_backward(0, bytes, HIGH_V4 + 4, sizeof(*key));
	uint32_t high = before ^ crc_backward(after, zeros, 0, sizeof(zeros));

	for (unsigned i = 0; i < sizeof(high); i++)
		bytes[HIGH_V4 + i] = (uint8_t)(high >> CRC_BITS * i);
	assert_int_equal(crc_forward(UINT32_MAX, bytes, 0, sizeof(*key)), 0);
}

/* The exclusive or of the addresses stays the same. */
static void collide_by_xor(struct flow_key *key, uint32_t number)
{
	uint8_t *bytes = (uint8_t *)key;

	memcpy(&bytes[ADDRESS_LEN - 4], &number, sizeof(number));
	memcpy(&bytes[HIGH_V4], &number, sizeof(number));
}

/* The sum of the ports stays the same; and so do the low bits of all else. */
static void collide_by_sum(struct flow_key *key, uint32_t number)
{
	key->low_port = (uint16_t)number;
	key->high_port = (uint16_t)(UINT16_MAX - number);
	key->low.bytes[ADDRESS_LEN - 4] = (uint8_t)(number >> 16);
}

typedef void collide_fn(struct flow_key *key, uint32_t number);

struct fixture {
	struct flow_index_chunk chunks[CHUNKS];
	struct flow_record records[KEYS];
};

static uint32_t chunks_searched(const struct fixture *f, const struct hash_state *secret,
				uint32_t slot)
{
	uint64_t hash = flow_index_hash(secret, &f->records[slot].key);
	uint8_t tag = flow_index_tag(hash);
	uint32_t at = (uint32_t)hash % CHUNKS;

	for (uint32_t searched = 1; searched <= CHUNKS; searched++) {
		for (int place = 0; place < TAGS; place++)
			if (f->chunks[at].tags[place] != 0 && f->chunks[at].slots[place] == slot)
				return searched;
		at = (at + 2U * tag + 1) % CHUNKS;
	}
	return UINT32_MAX;
}

static void fill(struct fixture *f, const struct hash_state *secret, collide_fn *collide)
{
	struct flow_index index = { .chunks = f->chunks, .mask = CHUNKS - 1 };

	memset(f, 0, sizeof(*f));
	for (uint32_t slot = 0; slot < KEYS; slot++) {
		struct flow_key *key = &f->records[slot].key;

		key->ip_version = 4;
		key->protocol = 17;
		collide(key, slot);
		flow_index_add(&index, flow_index_hash(secret, key), slot);
	}
}

static void run(void **state)
{
	collide_fn *const *collide = *state;
	struct fixture *f = aligned_alloc(64, sizeof(*f));

	assert_non_null(f);
	for (uint64_t k = 0; k < SECRETS; k++) {
		const struct hash_key key = { k, ~k };
		const struct hash_state secret = hash_start(&key);

		fill(f, &secret, *collide);
		for (uint32_t slot = 0; slot < KEYS; slot++)
			assert_in_range(chunks_searched(f, &secret, slot), 1, CHUNKS_MOST);
	}
	free(f);
}

int main(void)
{
	static collide_fn *by_crc = collide_by_crc;
	static collide_fn *by_xor = collide_by_xor;
	static collide_fn *by_sum = collide_by_sum;
	const struct CMUnitTest tests[] = {
		{ "keys of one CRC-32C", run, NULL, NULL, &by_crc },
		{ "keys of one exclusive or", run, NULL, NULL, &by_xor },
		{ "keys of one sum", run, NULL, NULL, &by_sum },
	};

	return cmocka_run_group_tests_name("hash_flooding", tests, NULL, NULL);
}
