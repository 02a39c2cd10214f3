#include "sensor/intel/fuse_filter.h"

#include "tests/support/cmocka.h"
#include "tests/support/random.h"

#include <stdlib.h>
#include <string.h>

static uint64_t *draw_keys(size_t count, uint64_t seed)
{
	uint64_t *keys = calloc(count + 1, sizeof(keys[0]));

	assert_non_null(keys);
	for (size_t i = 0; i < count; i++)
		keys[i] = random_next(&seed); /* never the same twice: a permutation */
	return keys;
}

static void holds_all_of_any_number(void **state)
{
	(void)state;
	for (size_t count = 0; count < 3000; count += count < 200 ? 1 : 97) {
		uint64_t *keys = draw_keys(count, count);
		struct fuse_filter filter;
		uint8_t *array;

		assert_int_equal(fuse_filter_build(keys, count, &filter, &array), ERR_OK);
		for (size_t i = 0; i < count; i++)
			assert_true(fuse_filter_may_hold(&filter, array, keys[i]));
		free(array);
		free(keys);
	}
}

static void few_others_pass(void **state)
{
	enum { COUNT = 100000, OTHERS = 400000 };

	uint64_t *keys = draw_keys(COUNT, 1);
	struct fuse_filter filter;
	uint8_t *array;
	uint64_t seed = 2;
	size_t passed = 0;

	(void)state;
	assert_int_equal(fuse_filter_build(keys, COUNT, &filter, &array), ERR_OK);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(fuse_filter_may_hold(&filter, array, keys[i]));
	for (size_t i = 0; i < OTHERS; i++)
		passed += fuse_filter_may_hold(&filter, array, random_next(&seed) ^ 1);
	/* 1 of 256 on average: 1562 here, give or take 39. */
	assert_in_range(passed, 1300, 1800);
	assert_in_range(fuse_filter_bytes(&filter), COUNT, COUNT * 5 / 4);
	free(array);
	free(keys);
}

static void the_order_of_keys_does_not_matter(void **state)
{
	enum { COUNT = 5000 };

	uint64_t *keys = draw_keys(COUNT, 3);
	struct fuse_filter filters[2];
	uint8_t *arrays[2];

	(void)state;
	assert_int_equal(fuse_filter_build(keys, COUNT, &filters[0], &arrays[0]), ERR_OK);
	for (size_t i = 0; i < COUNT / 2; i++) {
		uint64_t key = keys[i];

		keys[i] = keys[COUNT - 1 - i];
		keys[COUNT - 1 - i] = key;
	}
	assert_int_equal(fuse_filter_build(keys, COUNT, &filters[1], &arrays[1]), ERR_OK);
	assert_memory_equal(&filters[0], &filters[1], sizeof(filters[0]));
	assert_memory_equal(arrays[0], arrays[1], fuse_filter_bytes(&filters[0]));
	free(arrays[0]);
	free(arrays[1]);
	free(keys);
}

static void a_key_twice_is_refused(void **state)
{
	uint64_t keys[] = { 1, 2, 3, 2 };
	struct fuse_filter filter;
	uint8_t *array;

	(void)state;
	assert_int_equal(fuse_filter_build(keys, ARRAY_LEN(keys), &filter, &array), ERR_RANGE);
	assert_null(array);
	assert_int_equal(fuse_filter_build(keys, (size_t)FUSE_KEYS_MAX + 1, &filter, &array),
			 ERR_RANGE);
}

/* From a file: a place that lies outside must not be. */
static void a_shape_that_cannot_be_has_no_bytes(void **state)
{
	static const struct fuse_filter shapes[] = {
		{ 0, 0, 1 },
		{ 0, 3, 1 },
		{ 0, 8, 0 },
		{ 0, 1 << 19, 1 },
		{ 0, 1 << 18, 1 << 14 },
		{ 0, 8, UINT32_MAX },
		{ 0, UINT32_MAX, 1 },
		{ 0, 1, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		assert_int_equal(fuse_filter_bytes(&shapes[i]), 0);
}

/* Whatever the shape says, the three places lie within its bytes. */
static void places_lie_within(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (size_t i = 0; i < 200000; i++) {
		struct fuse_filter f = { random_next(&seed), UINT32_C(1) << random_next(&seed) % 19,
					 (uint32_t)(random_next(&seed) >>
						    (32 + random_next(&seed) % 32)) };
		size_t bytes = fuse_filter_bytes(&f);
		uint32_t at[3];

		if (bytes == 0)
			continue;
		fuse_filter_places(&f, random_next(&seed), at);
		for (size_t k = 0; k < ARRAY_LEN(at); k++)
			assert_true(at[k] < bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_all_of_any_number),
		cmocka_unit_test(few_others_pass),
		cmocka_unit_test(the_order_of_keys_does_not_matter),
		cmocka_unit_test(a_key_twice_is_refused),
		cmocka_unit_test(a_shape_that_cannot_be_has_no_bytes),
		cmocka_unit_test(places_lie_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
