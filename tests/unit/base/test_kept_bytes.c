#include "sensor/base/kept_bytes.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 70000, ROUNDS = 3000, RANDOM_LONGEST = 900 };

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* There and back, in blocks of exact size; returns the packed length. */
static size_t round_trip(const uint8_t *value, size_t len)
{
	uint8_t *packed = malloc(KEPT_PACKED_MOST(len) + 1);
	uint8_t *back = malloc(len + 1);
	size_t size;

	assert_true(packed && back);
	size = kept_pack(value, len, packed);
	assert_true(size <= KEPT_PACKED_MOST(len));
	assert_true(kept_unpack((struct span){ packed, size }, back, len));
	assert_memory_equal(back, value, len);
	free(packed);
	free(back);
	return size;
}

static void zeros_take_little_room(void **state)
{
	static uint8_t value[LONGEST];

	(void)state;
	memset(value, 0, sizeof(value));
	assert_int_equal(round_trip(value, 0), 0);
	assert_int_equal(round_trip(value, 1), 3);
	assert_int_equal(round_trip(value, 16000), 3);
	assert_int_equal(round_trip(value, LONGEST), 6);
	value[100] = 7;
	assert_int_equal(round_trip(value, 16000), 3 + 4);
	memset(value, 1, 1000);
	assert_true(round_trip(value, 1000) <= KEPT_PACKED_MOST(1000));
}

/* Runs of zeros of all lengths between runs of other bytes. */
static void every_value_comes_back(void **state)
{
	uint64_t random = 99;

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint8_t value[RANDOM_LONGEST] = { 0 };
		size_t len = next_random(&random) % RANDOM_LONGEST;
		size_t at = 0;

		while (at < len) {
			size_t run = next_random(&random) % (i % 300 + 1);

			for (size_t k = 0; k < run && at < len; k++)
				value[at++] = (uint8_t)next_random(&random);
			at += next_random(&random) % 9;
		}
		(void)round_trip(value, len);
	}
}

/* Whatever is cut off or added, or meant for another size, is refused. */
static void other_lengths_are_refused(void **state)
{
	static const uint8_t value[] = { 1, 2, 3, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0 };
	uint8_t packed[KEPT_PACKED_MOST(sizeof(value)) + 3] = { 0 };
	uint8_t out[2 * sizeof(value)];
	size_t size = kept_pack(value, sizeof(value), packed);

	(void)state;
	for (size_t cut = 0; cut < size; cut++) {
		uint8_t *exact = malloc(cut + 1);

		assert_non_null(exact);
		memcpy(exact, packed, cut);
		assert_false(kept_unpack((struct span){ exact, cut }, out, sizeof(value)));
		free(exact);
	}
	assert_true(kept_unpack((struct span){ packed, size }, out, sizeof(value)));
	assert_false(kept_unpack((struct span){ packed, size }, out, sizeof(value) - 1));
	assert_false(kept_unpack((struct span){ packed, size }, out, sizeof(value) + 1));
	packed[size + 1] = 1; /* one zero more */
	assert_false(kept_unpack((struct span){ packed, size + 3 }, out, sizeof(value)));
}

static void bytes_of_any_kind_are_survived(void **state)
{
	uint64_t random = 3;

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len = next_random(&random) % 40;
		size_t want = next_random(&random) % 300;
		uint8_t *packed = malloc(len + 1);
		uint8_t *out = malloc(want + 1);

		assert_true(packed && out);
		for (size_t k = 0; k < len; k++)
			packed[k] = (uint8_t)(next_random(&random) % 12);
		(void)kept_unpack((struct span){ packed, len }, out, want);
		free(packed);
		free(out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeros_take_little_room),
		cmocka_unit_test(every_value_comes_back),
		cmocka_unit_test(other_lengths_are_refused),
		cmocka_unit_test(bytes_of_any_kind_are_survived),
	};

	return cmocka_run_group_tests_name("kept_bytes", tests, NULL, NULL);
}
