#include "sensor/base/slab.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { OBJECT_SIZE = 100, COUNT = 5 };

static struct slab *slab_of(uint32_t count, size_t object_size)
{
	struct slab *slab = NULL;

	assert_int_equal(slab_new(&slab, count, object_size), ERR_OK);
	assert_non_null(slab);
	return slab;
}

/* The handles from the oldest on. */
static void expect_order(struct slab *slab, const uint32_t *want, size_t count)
{
	uint32_t handle = slab_oldest(slab);

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(handle, want[i]);
		handle = slab_younger(slab, handle);
	}
	assert_int_equal(handle, 0);
	assert_int_equal(slab_taken(slab), count);
}

static void take_all(struct slab *slab)
{
	for (uint32_t i = 1; i <= COUNT; i++)
		assert_int_equal(slab_take(slab), i);
}

static void a_new_slab_is_empty(void **state)
{
	struct slab *slab = slab_of(COUNT, OBJECT_SIZE);

	(void)state;
	expect_order(slab, NULL, 0);
	slab_free(slab);
	slab_free(NULL);
}

static void a_full_slab_gives_none(void **state)
{
	struct slab *slab = slab_of(COUNT, OBJECT_SIZE);

	(void)state;
	take_all(slab);
	assert_int_equal(slab_take(slab), 0);
	expect_order(slab, (const uint32_t[]){ 1, 2, 3, 4, 5 }, COUNT);
	slab_give_back(slab, 3);
	assert_int_equal(slab_take(slab), 3);
	assert_int_equal(slab_take(slab), 0);
	expect_order(slab, (const uint32_t[]){ 1, 2, 4, 5, 3 }, COUNT);
	slab_free(slab);
}

static void a_slab_of_none_gives_none(void **state)
{
	struct slab *slab = slab_of(0, OBJECT_SIZE);

	(void)state;
	assert_int_equal(slab_take(slab), 0);
	expect_order(slab, NULL, 0);
	slab_free(slab);
}

static void too_much_memory_is_an_error(void **state)
{
	struct slab *slab = NULL;

	(void)state;
	assert_int_equal(slab_new(&slab, UINT32_MAX, SIZE_MAX >> 34), ERR_MEMORY);
	assert_null(slab);
}

static void objects_are_zeroed_aligned_and_apart(void **state)
{
	static const uint8_t zeros[OBJECT_SIZE];
	struct slab *slab = slab_of(COUNT, OBJECT_SIZE);

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < COUNT; i++) {
			void *object = slab_at(slab, slab_take(slab));

			assert_int_equal((uintptr_t)object % _Alignof(max_align_t), 0);
			assert_memory_equal(object, zeros, sizeof(zeros));
			memset(object, (int)i + 1, OBJECT_SIZE);
		}
		for (uint32_t handle = slab_oldest(slab); handle != 0;
		     handle = slab_younger(slab, handle)) {
			const uint8_t *object = slab_at(slab, handle);

			for (size_t at = 1; at < OBJECT_SIZE; at++)
				assert_int_equal(object[at], object[0]);
		}
		while (slab_taken(slab) > 0)
			slab_give_back(slab, slab_oldest(slab));
	}
	slab_free(slab);
}

static void any_may_be_given_back(void **state)
{
	static const uint32_t left[COUNT][COUNT - 1] = {
		{ 2, 3, 4, 5 }, { 1, 3, 4, 5 }, { 1, 2, 4, 5 }, { 1, 2, 3, 5 }, { 1, 2, 3, 4 },
	};

	(void)state;
	for (uint32_t out = 1; out <= COUNT; out++) {
		struct slab *slab = slab_of(COUNT, OBJECT_SIZE);

		take_all(slab);
		slab_give_back(slab, out);
		expect_order(slab, left[out - 1], COUNT - 1);
		slab_free(slab);
	}
}

static void any_may_be_renewed(void **state)
{
	static const uint32_t order[COUNT][COUNT] = {
		{ 2, 3, 4, 5, 1 }, { 1, 3, 4, 5, 2 }, { 1, 2, 4, 5, 3 },
		{ 1, 2, 3, 5, 4 }, { 1, 2, 3, 4, 5 },
	};

	(void)state;
	for (uint32_t renewed = 1; renewed <= COUNT; renewed++) {
		struct slab *slab = slab_of(COUNT, OBJECT_SIZE);

		take_all(slab);
		memset(slab_at(slab, renewed), 7, OBJECT_SIZE);
		slab_renew(slab, renewed);
		expect_order(slab, order[renewed - 1], COUNT);
		assert_int_equal(*(uint8_t *)slab_at(slab, renewed), 7);
		slab_free(slab);
	}
}

static void the_only_one_may_be_renewed_and_given_back(void **state)
{
	struct slab *slab = slab_of(1, 1);

	(void)state;
	assert_int_equal(slab_take(slab), 1);
	slab_renew(slab, 1);
	expect_order(slab, (const uint32_t[]){ 1 }, 1);
	slab_give_back(slab, 1);
	expect_order(slab, NULL, 0);
	assert_int_equal(slab_take(slab), 1);
	slab_free(slab);
}

static void a_head_is_cleared_on_demand(void **state)
{
	struct slab *slab = slab_of(1, OBJECT_SIZE);
	uint8_t *bytes = slab_at(slab, slab_take(slab));

	(void)state;
	memset(bytes, 0x55, OBJECT_SIZE);
	slab_give_back(slab, 1);
	assert_int_equal(slab_take_cleared(slab, 10), 1);
	for (size_t i = 0; i < OBJECT_SIZE; i++)
		assert_int_equal(bytes[i], i < 10 ? 0 : 0x55);
	slab_free(slab);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_slab_is_empty),
		cmocka_unit_test(a_full_slab_gives_none),
		cmocka_unit_test(a_slab_of_none_gives_none),
		cmocka_unit_test(too_much_memory_is_an_error),
		cmocka_unit_test(objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(any_may_be_given_back),
		cmocka_unit_test(any_may_be_renewed),
		cmocka_unit_test(the_only_one_may_be_renewed_and_given_back),
		cmocka_unit_test(a_head_is_cleared_on_demand),
	};

	return cmocka_run_group_tests_name("slab", tests, NULL, NULL);
}
