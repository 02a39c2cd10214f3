#include "sensor/intel/fuse_filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ARITY = 3,
	SEGMENT_LEN_MAX = 1 << 18,
	TRIES = 64, /* each fails about once in ten for few keys, hardly ever for many */
};

/* A place while the filter is built: how many keys not yet set aside lie there, and their sum. */
struct place {
	uint64_t keys; /* mixed, by xor */
	uint32_t count;
};

struct peeling {
	struct fuse_filter shape;
	size_t count;
	size_t bytes;
	struct place *places;
	uint32_t *alone; /* places with one key left */
	uint64_t *order; /* mixed keys in the order in which they were set aside … */
	uint8_t *which;  /* … and which of its three places each was alone in */
};

size_t fuse_filter_bytes(const struct fuse_filter *f)
{
	if (f->segment_len == 0 || (f->segment_len & (f->segment_len - 1)) != 0 ||
	    f->segment_len > SEGMENT_LEN_MAX || f->segment_count == 0 ||
	    f->segment_count > UINT32_MAX / f->segment_len - (ARITY - 1))
		return 0;
	return (size_t)(f->segment_count + ARITY - 1) * f->segment_len;
}

/* The figures are the authors' fits for three places. */
static struct fuse_filter shape_for(size_t count)
{
	double n = count < 2 ? 2 : (double)count;
	int bits = (int)floor(log(n) / log(3.33) + 2.25);
	uint32_t len = bits > 18 ? SEGMENT_LEN_MAX : UINT32_C(1) << bits;
	double spare = fmax(1.125, 0.875 + 0.25 * log(1000000) / log(n));
	uint64_t places = (uint64_t)ceil(n * spare);
	uint64_t segments = (places + len - 1) / len;

	return (struct fuse_filter){ .segment_len = len,
				     .segment_count = segments < ARITY
							      ? 1
							      : (uint32_t)segments - (ARITY - 1) };
}

static void place_all(struct peeling *p, const uint64_t *keys)
{
	memset(p->places, 0, p->bytes * sizeof(p->places[0]));
	for (size_t i = 0; i < p->count; i++) {
		uint64_t mixed = fuse_filter_mix(keys[i] + p->shape.seed);
		uint32_t at[ARITY];

		fuse_filter_places(&p->shape, mixed, at);
		for (size_t k = 0; k < ARITY; k++) {
			p->places[at[k]].keys ^= mixed;
			p->places[at[k]].count++;
		}
	}
}

/* Sets keys aside that are alone in a place, which leaves others alone; whether all went. */
static bool peel(struct peeling *p)
{
	size_t waiting = 0;
	size_t done = 0;

	for (size_t i = 0; i < p->bytes; i++) {
		if (p->places[i].count == 1)
			p->alone[waiting++] = (uint32_t)i;
	}
	while (waiting > 0) {
		uint32_t here = p->alone[--waiting];
		uint32_t at[ARITY];

		if (p->places[here].count != 1)
			continue; /* set aside from another of its places */

		uint64_t mixed = p->places[here].keys;

		fuse_filter_places(&p->shape, mixed, at);
		p->order[done] = mixed;
		for (size_t k = 0; k < ARITY; k++) {
			struct place *place = &p->places[at[k]];

			if (at[k] == here)
				p->which[done] = (uint8_t)k;
			place->keys ^= mixed;
			place->count--;
			if (place->count == 1)
				p->alone[waiting++] = at[k];
		}
		done++;
	}
	return done == p->count;
}

/* Last set aside first: then nothing written later changes a key's sum. */
static void fill(const struct peeling *p, uint8_t *array)
{
	for (size_t i = p->count; i-- > 0;) {
		uint64_t mixed = p->order[i];
		uint32_t at[ARITY];
		uint8_t sum = fuse_filter_print(mixed);

		fuse_filter_places(&p->shape, mixed, at);
		for (size_t k = 0; k < ARITY; k++) {
			if (k != p->which[i])
				sum ^= array[at[k]];
		}
		array[at[p->which[i]]] = sum;
	}
}

static enum err try_seeds(struct peeling *p, const uint64_t *keys)
{
	for (uint64_t attempt = 1; attempt <= TRIES; attempt++) {
		p->shape.seed = fuse_filter_mix(attempt);
		place_all(p, keys);
		if (peel(p))
			return ERR_OK;
	}
	return ERR_RANGE;
}

enum err fuse_filter_build(const uint64_t *keys, size_t count, struct fuse_filter *filter,
			   uint8_t **array)
{
	*array = NULL;
	if (count > FUSE_KEYS_MAX)
		return ERR_RANGE;

	struct peeling p = { .shape = shape_for(count), .count = count };
	enum err err = ERR_MEMORY;

	p.bytes = fuse_filter_bytes(&p.shape);
	if (p.bytes == 0)
		return ERR_RANGE;
	p.places = calloc(p.bytes, sizeof(p.places[0]));
	/* A place is noted when its count falls to one, so once at the start or once later. */
	p.alone = calloc(p.bytes, sizeof(p.alone[0]));
	p.order = calloc(count + 1, sizeof(p.order[0]));
	p.which = calloc(count + 1, sizeof(p.which[0]));
	*array = calloc(p.bytes, 1);
	if (p.places && p.alone && p.order && p.which && *array)
		err = try_seeds(&p, keys);
	if (err == ERR_OK) {
		fill(&p, *array);
		*filter = p.shape;
	} else {
		free(*array);
		*array = NULL;
	}
	free(p.places);
	free(p.alone);
	free(p.order);
	free(p.which);
	return err;
}
