/*
 * Small statistics over few values, and counting of many distinct ones in little memory. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISTINCT_REGISTERS = 256 };

/* Sorts `values` and gives their q-quantile (0 … 1), linear between neighbours; 0 for none. */
double quantile(double *values, size_t count, double q);

/* Median absolute deviation from `median`; `values` are overwritten. */
double deviation(double *values, size_t count, double median);

/*
 * How many distinct values were added: HyperLogLog (Flajolet et al. 2007) with 256 registers, an
 * error of about 6.5 %, and linear counting while they are few. Zeroed memory is empty.
 */
struct distinct {
	uint8_t registers[DISTINCT_REGISTERS];
	uint64_t lost; /* what the registers' sum of 2^-register has lost since it was whole */
	uint64_t filled;
};

/* Adds by hash; the same value must give the same hash in each run. */
void distinct_add(struct distinct *d, uint64_t hash);

/* True when adding `hash` would change something: then it has never been added. */
bool distinct_is_surely_new(const struct distinct *d, uint64_t hash);

double distinct_count(const struct distinct *d);

/* For what was kept elsewhere: the registers can be, and the sums are theirs. */
bool distinct_is_sound(const struct distinct *d);

/* Hash for distinct_add(): unkeyed, so the same in each run. */
uint64_t distinct_hash(const void *data, size_t len);

/* 128 bits of such hashes: a text as the key of a map, where no two may be taken for one. */
enum { DISTINCT_KEY_BYTES = 16 };

void distinct_text_key(const char *text, uint8_t out[static DISTINCT_KEY_BYTES]);

/* Shannon entropy in bits for each symbol of a histogram. */
double entropy(const uint32_t *histogram, size_t symbols);
