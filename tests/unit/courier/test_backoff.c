#include "sensor/courier/backoff.h"

#include "tests/support/cmocka.h"

#include <stdbool.h>

enum { DRAWS = 20000 };

static uint64_t nth_wait(uint64_t seed, unsigned failures, uint64_t cap, uint64_t asked)
{
	struct backoff backoff;
	uint64_t wait = 0;

	backoff_start(&backoff, seed);
	for (unsigned i = 0; i <= failures; i++)
		wait = backoff_next(&backoff, cap, asked);
	return wait;
}

/* Spread over all of 0 … bound: the mean is its half, and both ends occur. */
static void check_spread(unsigned failures, uint64_t bound)
{
	uint64_t sum = 0;
	uint64_t least = UINT64_MAX;
	uint64_t most = 0;

	for (uint64_t seed = 1; seed <= DRAWS; seed++) {
		uint64_t wait =
			nth_wait(seed * UINT64_C(0x9e3779b97f4a7c15), failures, BACKOFF_CAP_MS, 0);

		sum += wait;
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_true(most <= bound);
	assert_true(most > bound - bound / 50);
	assert_true(least < bound / 50);
	assert_true(sum / DRAWS > bound / 2 - bound / 20 && sum / DRAWS < bound / 2 + bound / 20);
}

static void bound_doubles_up_to_the_cap(void **state)
{
	(void)state;
	check_spread(0, 1000);
	check_spread(1, 2000);
	check_spread(5, 32000);
	check_spread(9, BACKOFF_CAP_MS);
	check_spread(40, BACKOFF_CAP_MS);
}

static void success_begins_anew(void **state)
{
	struct backoff backoff;

	(void)state;
	backoff_start(&backoff, 7);
	for (unsigned i = 0; i < 20; i++)
		(void)backoff_next(&backoff, BACKOFF_CAP_MS, 0);
	backoff_reset(&backoff);
	assert_true(backoff_next(&backoff, BACKOFF_CAP_MS, 0) <= BACKOFF_BASE_MS);
}

static void what_was_asked_for_is_a_lower_bound(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint64_t wait = nth_wait(seed, 0, BACKOFF_CAP_MS, 30);

		assert_in_range(wait, 30000, 33000);
		assert_in_range(nth_wait(seed, 3, BACKOFF_CAP_MS, UINT64_MAX),
				BACKOFF_ASKED_CAP_S * UINT64_C(1000),
				BACKOFF_ASKED_CAP_S * UINT64_C(1100));
	}
}

static void same_seed_same_waits(void **state)
{
	(void)state;
	assert_int_equal(nth_wait(42, 12, BACKOFF_CAP_MS, 0), nth_wait(42, 12, BACKOFF_CAP_MS, 0));
	assert_int_not_equal(nth_wait(42, 12, BACKOFF_CAP_MS, 0),
			     nth_wait(43, 12, BACKOFF_CAP_MS, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_doubles_up_to_the_cap),
		cmocka_unit_test(success_begins_anew),
		cmocka_unit_test(what_was_asked_for_is_a_lower_bound),
		cmocka_unit_test(same_seed_same_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
