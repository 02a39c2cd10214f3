/*
 * A bounded map from keys to values of fixed size; the longest untouched is forgotten for a new
 * one.
 *
 * Memory is taken once in lru_map_new(). Keys are compared as memory: a key struct has no padding,
 * or is cleared first. What is forgotten follows from the order of touches alone, never from the
 * hash, so that the same facts lead to the same answers. Values do not move; that of a forgotten
 * key becomes at once that of the key it made room for. One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lru_map;

enum { LRU_MAP_KEY_LEAST = 4, LRU_MAP_KEY_MOST = 32 };

/* ERR_RANGE for a key shorter or longer than that. */
MUST_USE enum err lru_map_new(struct lru_map **out, uint32_t count, size_t key_size,
			      size_t value_size);
void lru_map_free(struct lru_map *map);

/*
 * From now on only the first `bytes` of a new value are zeroed: for values whose rest is not read
 * before a count in their head says so. Clearing 2 KiB for each new name or server costs more than
 * all that is done with most of them.
 */
void lru_map_clear_only(struct lru_map *map, size_t bytes);

/* The value of `key`, or NULL. Does not count as a touch. Valid until it is forgotten. */
void *lru_map_find(struct lru_map *map, const void *key);

/* The value of `key`, zeroed when `*is_new`. Valid until it is forgotten. */
void *lru_map_touch(struct lru_map *map, const void *key, bool *is_new);

/* Touches the key of `value`, which is in the map. */
void lru_map_renew(struct lru_map *map, void *value);

void lru_map_remove(struct lru_map *map, const void *key);

/*
 * Nothing may be removed or touched between two steps.
 *
 * Steps from the longest untouched (`previous` NULL) to the latest; NULL at the end. `key`, when
 * not NULL, receives a borrowed pointer to the key.
 */
void *lru_map_next(struct lru_map *map, void *previous, const void **key);

/*
 * The same for who looks for a few among many: a journal notes none of them, but those of which
 * lru_map_read() says that they made a difference. For a map that nobody watches that is nothing.
 */
void *lru_map_skim(struct lru_map *map, void *previous, const void **key);
void lru_map_read(struct lru_map *map, void *value);

/*
 * From now on, and before anything is in the map: what is looked at goes into `journal`, borrowed
 * for the map's life, under the number `table`. Takes 16 bytes for each entry it has room for.
 */
MUST_USE enum err lru_map_watch(struct lru_map *map, struct lru_journal *journal, uint32_t table);

/*
 * For owners who keep elsewhere what is in the map: the longest touched of the values touched since
 * they were last noted as kept, or NULL when there is none. `key` as above.
 */
void *lru_map_unkept(struct lru_map *map, const void **key);

/* That value has been kept as it is now. */
void lru_map_note_kept(struct lru_map *map);
/* All are, or none is any more. */
void lru_map_note_all_kept(struct lru_map *map);
void lru_map_note_none_kept(struct lru_map *map);

uint32_t lru_map_capacity(const struct lru_map *map);
size_t lru_map_key_size(const struct lru_map *map);
size_t lru_map_value_size(const struct lru_map *map);

uint32_t lru_map_count(const struct lru_map *map);

/* How many were forgotten to make room. */
uint64_t lru_map_forgotten(const struct lru_map *map);
