#include "sensor/decode/fragment_cache.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

static const struct fragment_key name_of_one = { .id = 1, .ip_version = 4, .protocol = 17 };

static struct first_fragment first_of_port(uint16_t port)
{
	return (struct first_fragment){ .key = { .low_port = port }, .len = 8 };
}

static int set_up(void **state)
{
	struct fragment_cache *cache = malloc(sizeof(*cache));

	assert_non_null(cache);
	fragment_cache_init(cache);
	*state = cache;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* The port that was remembered, or -1. */
static int found(const struct fragment_cache *cache, const struct fragment_key *name, nanotime now)
{
	const struct first_fragment *first = fragment_cache_find(cache, name, now);

	return first ? first->key.low_port : -1;
}

static void an_empty_cache_finds_nothing(void **state)
{
	assert_int_equal(found(*state, &name_of_one, 0), -1);
}

static void every_part_of_the_name_counts(void **state)
{
	struct first_fragment first = first_of_port(53);
	struct fragment_key others[] = { name_of_one, name_of_one, name_of_one, name_of_one,
					 name_of_one };

	others[0].id = 2;
	others[1].ip_version = 6;
	others[2].protocol = 6;
	others[3].source.bytes[15] = 1;
	others[4].destination.bytes[15] = 1;
	fragment_cache_add(*state, &name_of_one, 0, &first);
	assert_int_equal(found(*state, &name_of_one, 0), 53);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(found(*state, &others[i], 0), -1);
}

/* A file's time may step back, and a wrong stamp far ahead may not stay for ever. */
static void a_first_is_good_for_ten_seconds_either_way(void **state)
{
	const nanotime seen = 100 * NANOTIME_SECOND;
	struct first_fragment first = first_of_port(53);

	fragment_cache_add(*state, &name_of_one, seen, &first);
	assert_int_equal(found(*state, &name_of_one, seen + FRAGMENT_CACHE_LIFE), 53);
	assert_int_equal(found(*state, &name_of_one, seen + FRAGMENT_CACHE_LIFE + 1), -1);
	assert_int_equal(found(*state, &name_of_one, seen - FRAGMENT_CACHE_LIFE), 53);
	assert_int_equal(found(*state, &name_of_one, seen - FRAGMENT_CACHE_LIFE - 1), -1);
	assert_int_equal(found(*state, &name_of_one, 0), -1);
	assert_int_equal(found(*state, &name_of_one, UINT64_MAX), -1);
}

static void an_old_one_does_not_hide_an_older_that_fits(void **state)
{
	struct first_fragment first = first_of_port(1);
	struct first_fragment second = first_of_port(2);

	fragment_cache_add(*state, &name_of_one, 0, &first);
	fragment_cache_add(*state, &name_of_one, NANOTIME_HOUR, &second);
	assert_int_equal(found(*state, &name_of_one, NANOTIME_HOUR), 2);
	assert_int_equal(found(*state, &name_of_one, 0), 1);
}

static void the_newest_of_a_name_counts(void **state)
{
	struct first_fragment first = first_of_port(1);
	struct first_fragment second = first_of_port(2);

	fragment_cache_add(*state, &name_of_one, 5, &first);
	fragment_cache_add(*state, &name_of_one, 5, &second);
	assert_int_equal(found(*state, &name_of_one, 5), 2);
}

static void the_oldest_goes_first(void **state)
{
	struct fragment_key name = name_of_one;

	for (uint32_t i = 0; i < 3 * FRAGMENT_CACHE_ENTRIES; i++) {
		struct first_fragment first = first_of_port((uint16_t)i);

		name.id = i;
		fragment_cache_add(*state, &name, i, &first);
		if (i < FRAGMENT_CACHE_ENTRIES)
			continue;
		name.id = i - FRAGMENT_CACHE_ENTRIES;
		assert_int_equal(found(*state, &name, i), -1);
		name.id++;
		assert_int_equal(found(*state, &name, i), name.id);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_empty_cache_finds_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_part_of_the_name_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_first_is_good_for_ten_seconds_either_way, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(an_old_one_does_not_hide_an_older_that_fits, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_newest_of_a_name_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_oldest_goes_first, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("fragment_cache", tests, NULL, NULL);
}
