/*
 * A fixed number of objects of one size, taken and given back. Memory is taken once in slab_new()
 * and touched only as objects are first used. One thread.
 *
 * Handles are 1 … count; 0 is none. The order of taking is kept, so that an owner who runs out can
 * give up its oldest. A mark may stand in that order: what is taken or renewed comes behind it, so
 * that an owner finds what it has not dealt with yet without a flag in each object.
 */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct slab;

MUST_USE enum err slab_new(struct slab **out, uint32_t count, size_t object_size);
void slab_free(struct slab *slab);

/* A zeroed object, or 0 when all are taken. */
uint32_t slab_take(struct slab *slab);

/*
 * The same for owners who know what of an object is looked at before it is written: only the first
 * `bytes` (at most the object's size) are zero, the rest is of whoever had it before.
 */
uint32_t slab_take_cleared(struct slab *slab, size_t bytes);

void slab_give_back(struct slab *slab, uint32_t handle);

/* Valid until it is given back. */
void *slab_at(struct slab *slab, uint32_t handle);

/* The one taken first of those still taken; 0 when none is. */
uint32_t slab_oldest(const struct slab *slab);

/* Makes `handle` the youngest: for owners whose oldest is the longest unused. */
void slab_renew(struct slab *slab, uint32_t handle);

/* The one taken (or renewed) next after `handle`; 0 at the end. */
uint32_t slab_younger(const struct slab *slab, uint32_t handle);

/* The oldest behind the mark, which stands before all objects at first; 0 when there is none. */
uint32_t slab_behind_mark(const struct slab *slab);

/* Sets the mark behind `handle`, or behind all objects when that is 0. */
void slab_set_mark(struct slab *slab, uint32_t handle);

/* The mark stands before all objects again. */
void slab_drop_mark(struct slab *slab);

uint32_t slab_taken(const struct slab *slab);
