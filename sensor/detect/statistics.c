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

/* A hash less the bits that choose its register, all zero. */
enum { RUN_MOST = 57 };

/* More than anybody ever adds: registers that say so were not filled by adding. */
static const double distinct_most = 1e12;

static uint8_t run_of(uint64_t hash)
{
	uint64_t rest = hash / DISTINCT_REGISTERS |
			UINT64_C(1) << (RUN_MOST - 1); /* ends the run of zeros */

	return (uint8_t)(__builtin_ctzll(rest) + 1);
}

bool distinct_is_surely_new(const struct distinct *d, uint64_t hash)
{
	return run_of(hash) > d->registers[hash % DISTINCT_REGISTERS];
}

/*
 * The sum over the registers is kept as they change, in units of 2^-55, the least that its 256
 * terms leave room for; counting over all of them cost 1,500 instructions for each new target of a
 * sweep. A run of 56 or more, once in 2^55 values, counts as nothing.
 */
static uint64_t term(uint8_t run)
{
	return UINT64_C(1) << 55 >> run;
}

void distinct_add(struct distinct *d, uint64_t hash)
{
	uint8_t *at = &d->registers[hash % DISTINCT_REGISTERS];
	uint8_t run = run_of(hash);

	if (run <= *at)
		return;
	d->lost += term(*at) - term(run);
	d->filled += *at == 0;
	*at = run;
}

double distinct_count(const struct distinct *d)
{
	const double registers = DISTINCT_REGISTERS;
	const double alpha = 0.7213 / (1 + 1.079 / registers);
	double sum = (double)(DISTINCT_REGISTERS * term(0) - d->lost) / (double)term(0);
	double estimate = alpha * registers * registers / sum;
	uint64_t empty = DISTINCT_REGISTERS - d->filled;

	if (estimate <= 2.5 * registers && empty > 0)
		return round(registers * log(registers / (double)empty));
	return round(estimate);
}

bool distinct_is_sound(const struct distinct *d)
{
	uint64_t lost = 0;
	uint64_t filled = 0;

	for (size_t i = 0; i < DISTINCT_REGISTERS; i++) {
		if (d->registers[i] > RUN_MOST)
			return false;
		lost += term(0) - term(d->registers[i]);
		filled += d->registers[i] > 0;
	}
	return d->lost == lost && d->filled == filled && distinct_count(d) <= distinct_most;
}

void distinct_text_key(const char *text, uint8_t out[static DISTINCT_KEY_BYTES])
{
	/* Two different texts, so that the halves are independent. */
	uint64_t half = distinct_hash(text, strlen(text));
	uint64_t other = distinct_hash(text, strlen(text) + 1);

	memcpy(out, &half, sizeof(half));
	memcpy(out + sizeof(half), &other, sizeof(other));
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
