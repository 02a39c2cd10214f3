#include "sensor/detect/statistics.h"

#include "sensor/base/hash.h"

#include <math.h>
#include <stdlib.h>

static int compare_values(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

double quantile(double *values, size_t count, double q)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare_values);

	double at = q * (double)(count - 1);
	size_t below = (size_t)at;

	if (below + 1 >= count)
		return values[count - 1];
	return values[below] + (at - (double)below) * (values[below + 1] - values[below]);
}

double deviation(double *values, size_t count, double median)
{
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - median);
	return quantile(values, count, 0.5);
}

uint64_t distinct_hash(const void *data, size_t len)
{
	static const struct hash_key unkeyed;

	return hash_bytes(&unkeyed, data, len);
}

void distinct_add(struct distinct *d, uint64_t hash)
{
	uint8_t *at = &d->registers[hash % DISTINCT_REGISTERS];
	uint64_t rest = hash / DISTINCT_REGISTERS | UINT64_C(1) << 56; /* ends the run of zeros */
	uint8_t run = (uint8_t)(__builtin_ctzll(rest) + 1);

	if (run > *at)
		*at = run;
}

double distinct_count(const struct distinct *d)
{
	const double registers = DISTINCT_REGISTERS;
	const double alpha = 0.7213 / (1 + 1.079 / registers);
	double sum = 0;
	unsigned empty = 0;

	for (size_t i = 0; i < DISTINCT_REGISTERS; i++) {
		sum += 1.0 / (double)(UINT64_C(1) << d->registers[i]);
		empty += d->registers[i] == 0;
	}

	double estimate = alpha * registers * registers / sum;

	if (estimate <= 2.5 * registers && empty > 0)
		return round(registers * log(registers / empty));
	return round(estimate);
}

double entropy(const uint32_t *histogram, size_t symbols)
{
	double total = 0;
	double bits = 0;

	for (size_t i = 0; i < symbols; i++)
		total += histogram[i];
	for (size_t i = 0; i < symbols; i++) {
		double share = histogram[i] / total;

		if (histogram[i] > 0)
			bits -= share * log2(share);
	}
	return bits;
}
