#include "sensor/base/hash.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { DATA_MAX = 300 };

struct vector_case {
	const char *name;
	size_t len;
	uint64_t want;
};

/*
 * Key 00 01 .. 0f and data 00 01 .. (as in the vectors of the SipHash paper, which has them for
 * 2-4 only), computed with another implementation that gives the paper's 2-4 value.
 */
static struct vector_case vectors[] = {
	{ "no bytes", 0, UINT64_C(0xabac0158050fc4dc) },
	{ "1 byte", 1, UINT64_C(0xc9f49bf37d57ca93) },
	{ "2 bytes", 2, UINT64_C(0x82cb9b024dc7d44d) },
	{ "7 bytes", 7, UINT64_C(0xd3927d989bb11140) },
	{ "8 bytes: a whole word", 8, UINT64_C(0x369095118d299a8e) },
	{ "9 bytes", 9, UINT64_C(0x25a48eb36c063de4) },
	{ "15 bytes", 15, UINT64_C(0xd320d86d2a519956) },
	{ "16 bytes", 16, UINT64_C(0xcc4fdd1a7d908b66) },
	{ "17 bytes", 17, UINT64_C(0x9cf2689063dbd80c) },
	{ "40 bytes: a flow key", 40, UINT64_C(0xc1d2363299e41531) },
	{ "63 bytes", 63, UINT64_C(0x9d199062b7bbb3a8) },
	{ "256 bytes: the length's top byte wraps", 256, UINT64_C(0x75b3e64e167de370) },
	{ "300 bytes", 300, UINT64_C(0x4016a23bda5a2224) },
};

static const struct hash_key counting_key = { .k0 = UINT64_C(0x0706050403020100),
					      .k1 = UINT64_C(0x0f0e0d0c0b0a0908) };

static void fill(uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)i;
}

static void run_vector(void **state)
{
	const struct vector_case *c = *state;
	uint8_t *data = malloc(c->len + 1);

	assert_non_null(data);
	fill(data + 1, c->len); /* odd, so that a load of words would be misaligned */
	assert_true(hash_bytes(&counting_key, data + 1, c->len) == c->want);
	free(data);
}

static void the_zero_key_is_the_same_everywhere(void **state)
{
	static const struct hash_key zero;
	static const uint8_t address[16] = { [10] = 0xff, 0xff, 192, 0, 2, 1 };

	(void)state;
	assert_true(hash_bytes(&zero, "", 0) == UINT64_C(0xd1fba762150c532c));
	assert_true(hash_bytes(&zero, "hello", 5) == UINT64_C(0xe2e77b41cb4e1f9e));
	assert_true(hash_bytes(&zero, address, 16) == UINT64_C(0x53a48c88a8f87d1b));
}

static unsigned bits_set(uint64_t word)
{
	unsigned count = 0;

	for (; word != 0; word &= word - 1)
		count++;
	return count;
}

/* One bit of data or key changes about half of the value: never fewer than 8 of its bits. */
static void every_bit_counts(void **state)
{
	uint8_t data[40];
	struct hash_key key = counting_key;

	(void)state;
	fill(data, sizeof(data));

	uint64_t plain = hash_bytes(&key, data, sizeof(data));

	for (size_t bit = 0; bit < sizeof(data) * 8; bit++) {
		data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_in_range(bits_set(plain ^ hash_bytes(&key, data, sizeof(data))), 8, 56);
		data[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	for (size_t bit = 0; bit < 128; bit++) {
		uint64_t *half = bit < 64 ? &key.k0 : &key.k1;

		*half ^= UINT64_C(1) << bit % 64;
		assert_in_range(bits_set(plain ^ hash_bytes(&key, data, sizeof(data))), 8, 56);
		*half ^= UINT64_C(1) << bit % 64;
	}
}

static void trailing_zeros_count(void **state)
{
	static const uint8_t zeros[DATA_MAX];

	(void)state;
	for (size_t len = 1; len <= DATA_MAX; len++)
		assert_true(hash_bytes(&counting_key, zeros, len) !=
			    hash_bytes(&counting_key, zeros, len - 1));
}

/* hash_words() and hash_word() are hash_bytes() of the same bytes, seven of them in `rest`. */
static void words_equal_their_bytes(void **state)
{
	uint64_t words[5];
	uint8_t data[sizeof(words) + 7];

	(void)state;
	fill(data, sizeof(data));
	for (size_t count = 0; count <= ARRAY_LEN(words); count++) {
		size_t len = 8 * count;
		uint64_t rest = 0;

		for (size_t i = 0; i < 7; i++)
			rest |= (uint64_t)data[len + i] << 8 * i;

		struct hash_state start = hash_start(&counting_key);
		uint64_t want = hash_bytes(&counting_key, data, len + 7);

		assert_true(hash_words(&start, words, count, rest) == want);
		if (count == 1)
			assert_true(hash_word(&start, words[0], rest) == want);
		if (count == ARRAY_LEN(words))
			break;
		words[count] = 0;
		for (size_t i = 0; i < 8; i++)
			words[count] |= (uint64_t)data[len + i] << 8 * i;
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_zero_key_is_the_same_everywhere),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(trailing_zeros_count),
		cmocka_unit_test(words_equal_their_bytes),
	};
	struct CMUnitTest tests[ARRAY_LEN(vectors) + ARRAY_LEN(others)];

	(void)ADD_ROWS(tests, vectors, run_vector);
	memcpy(tests + ARRAY_LEN(vectors), others, sizeof(others));
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
