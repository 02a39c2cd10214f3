#include "sensor/detect/statistics.h"

#include "tests/support/cmocka.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 8, SEEDS = 64, SET = 5000 };

struct quantile_case {
	const char *name;
	double values[VALUES_MAX];
	size_t count;
	double q;
	double want;
};

static struct quantile_case quantiles[] = {
	{ "of none", { 0 }, 0, 0.5, 0 },
	{ "of one", { 7 }, 1, 0.9, 7 },
	{ "the median of an odd number", { 9, 1, 5 }, 3, 0.5, 5 },
	{ "the median between two", { 4, 1, 3, 2 }, 4, 0.5, 2.5 },
	{ "the least", { 3, 1, 2 }, 3, 0, 1 },
	{ "the most", { 3, 1, 2 }, 3, 1, 3 },
	{ "a tenth, between neighbours", { 10, 20, 30, 40, 50 }, 5, 0.1, 14 },
	{ "equal values", { 5, 5, 5, 5 }, 4, 0.9, 5 },
	{ "negative values", { -1, -3, -2 }, 3, 0.5, -2 },
};

struct deviation_case {
	const char *name;
	double values[VALUES_MAX];
	size_t count;
	double median;
	double want;
};

static struct deviation_case deviations[] = {
	{ "deviation of none", { 0 }, 0, 0, 0 },
	{ "deviation of equal values", { 60, 60, 60 }, 3, 60, 0 },
	{ "deviation is the median one, not the mean", { 1, 2, 3, 4, 100 }, 5, 3, 1 },
	{ "deviation to both sides", { 50, 60, 70 }, 3, 60, 10 },
};

struct entropy_case {
	const char *name;
	uint32_t histogram[VALUES_MAX];
	double want;
};

static struct entropy_case entropies[] = {
	{ "entropy of nothing", { 0 }, 0 },
	{ "entropy of one symbol", { 0, 12 }, 0 },
	{ "entropy of two alike", { 5, 0, 5 }, 1 },
	{ "entropy of eight alike", { 3, 3, 3, 3, 3, 3, 3, 3 }, 3 },
	{ "entropy of a half and two quarters", { 2, 1, 1 }, 1.5 },
};

struct distinct_case {
	const char *name;
	uint32_t count;
	double most_off; /* of the count */
};

static struct distinct_case distincts[] = {
	{ "none is counted exactly", 0, 0 },   { "one is counted exactly", 1, 0 },
	{ "three are counted exactly", 3, 0 }, { "10 within 15 %", 10, 0.15 },
	{ "100 within 15 %", 100, 0.15 },      { "1000 within 15 %", 1000, 0.15 },
	{ "10 000 within 15 %", 10000, 0.15 }, { "100 000 within 15 %", 100000, 0.15 },
};

static void assert_near(double got, double want)
{
	if (fabs(got - want) > 1e-9)
		fail_msg("%g is not %g", got, want);
}

static void run_quantile(void **state)
{
	struct quantile_case c = *(const struct quantile_case *)*state;

	assert_near(quantile(c.values, c.count, c.q), c.want);
	for (size_t i = 1; i < c.count; i++)
		assert_true(c.values[i - 1] <= c.values[i]);
}

static void run_deviation(void **state)
{
	struct deviation_case c = *(const struct deviation_case *)*state;

	assert_near(deviation(c.values, c.count, c.median), c.want);
}

static void run_entropy(void **state)
{
	const struct entropy_case *c = *state;

	assert_near(entropy(c->histogram, VALUES_MAX), c->want);
}

/* `count` names, each twice; no two seeds share one. */
static double count_names(uint32_t count, unsigned seed)
{
	struct distinct d = { .filled = 0 };

	for (uint32_t i = 0; i < 2 * count; i++) {
		char name[32];
		int len = snprintf(name, sizeof(name), "%u.%u.example", i % count, seed);

		distinct_add(&d, distinct_hash(name, (size_t)len));
	}
	return distinct_count(&d);
}

static void run_distinct(void **state)
{
	const struct distinct_case *c = *state;
	double got = count_names(c->count, 1);

	if (fabs(got - c->count) > c->most_off * c->count)
		fail_msg("%u were counted as %.0f", c->count, got);
}

/* One set may have bad luck; the error over many is what the header promises. */
static void error_is_what_is_promised(void **state)
{
	double squares = 0;

	(void)state;
	for (unsigned seed = 0; seed < SEEDS; seed++) {
		double off = count_names(SET, seed) / (double)SET - 1;

		squares += off * off;
	}
	assert_true(sqrt(squares / (double)SEEDS) < 0.08);
}

/* The lanes' promise: a value that every run and every machine shares. */
static void hash_is_the_same_everywhere(void **state)
{
	(void)state;
	assert_true(distinct_hash("hinomi", 6) == distinct_hash("hinomi", 6));
	assert_true(distinct_hash("hinomi", 6) != distinct_hash("hinom", 5));
	assert_true(distinct_hash("hinomi", 6) != distinct_hash("hinomi", 7));
}

static void same_value_counts_once(void **state)
{
	struct distinct d = { .filled = 0 };
	struct distinct before;

	(void)state;
	distinct_add(&d, distinct_hash("a", 1));
	before = d;
	for (int i = 0; i < 1000; i++)
		distinct_add(&d, distinct_hash("a", 1));
	assert_memory_equal(&d, &before, sizeof(d));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(quantiles) + ARRAY_LEN(deviations) +
				ARRAY_LEN(entropies) + ARRAY_LEN(distincts) + 3] = {
		cmocka_unit_test(error_is_what_is_promised),
		cmocka_unit_test(hash_is_the_same_everywhere),
		cmocka_unit_test(same_value_counts_once),
	};
	size_t n = 3;

	n += ADD_ROWS(tests + n, quantiles, run_quantile);
	n += ADD_ROWS(tests + n, deviations, run_deviation);
	n += ADD_ROWS(tests + n, entropies, run_entropy);
	n += ADD_ROWS(tests + n, distincts, run_distinct);
	return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
