#include "sensor/base/lru_map.h"

#include "sensor/base/hash.h"
#include "sensor/base/slab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { VALUE_ALIGN = 16 };

/* What stands before the key and the value of each entry. */
struct entry {
	uint32_t handle;
	uint32_t next; /* in its bucket */
	uint32_t bucket;
	uint32_t spare; /* so that a key behind it may hold 64-bit numbers */
};

struct lru_map {
	struct slab *entries;
	uint32_t *buckets;
	uint32_t bucket_mask;
	size_t key_size;
	size_t value_at;
	uint64_t forgotten;
	struct hash_key hash;
};

enum err lru_map_new(struct lru_map **out, uint32_t count, size_t key_size, size_t value_size)
{
	struct lru_map *map = calloc(1, sizeof(*map));
	uint32_t buckets = 16;

	if (!map)
		return ERR_MEMORY;
	while (buckets < count)
		buckets *= 2;
	map->bucket_mask = buckets - 1;
	map->key_size = key_size;
	map->value_at =
		(sizeof(struct entry) + key_size + VALUE_ALIGN - 1) / VALUE_ALIGN * VALUE_ALIGN;
	map->buckets = calloc(buckets, sizeof(*map->buckets));
	/* Only where things are kept depends on it: without randomness a zero key still works. */
	if (getrandom(&map->hash, sizeof(map->hash), 0) != (ssize_t)sizeof(map->hash))
		map->hash = (struct hash_key){ 0 };
	if (!map->buckets || slab_new(&map->entries, count, map->value_at + value_size) != ERR_OK) {
		lru_map_free(map);
		return ERR_MEMORY;
	}
	*out = map;
	return ERR_OK;
}

void lru_map_free(struct lru_map *map)
{
	if (!map)
		return;
	slab_free(map->entries);
	free(map->buckets);
	free(map);
}

static void *key_of(struct entry *e)
{
	return e + 1;
}

static void *value_of(const struct lru_map *map, struct entry *e)
{
	return (char *)e + map->value_at;
}

static struct entry *entry_of(const struct lru_map *map, void *value)
{
	return (struct entry *)(void *)((char *)value - map->value_at);
}

static uint32_t bucket_of(const struct lru_map *map, const void *key)
{
	return (uint32_t)hash_bytes(&map->hash, key, map->key_size) & map->bucket_mask;
}

static struct entry *find_in(struct lru_map *map, uint32_t bucket, const void *key)
{
	uint32_t handle = map->buckets[bucket];

	while (handle != 0) {
		struct entry *e = slab_at(map->entries, handle);

		if (memcmp(key_of(e), key, map->key_size) == 0)
			return e;
		handle = e->next;
	}
	return NULL;
}

static void drop(struct lru_map *map, struct entry *e)
{
	uint32_t *at = &map->buckets[e->bucket];

	while (*at != e->handle)
		at = &((struct entry *)slab_at(map->entries, *at))->next;
	*at = e->next;
	slab_give_back(map->entries, e->handle);
}

static struct entry *insert(struct lru_map *map, uint32_t bucket, const void *key)
{
	uint32_t handle = slab_take(map->entries);

	if (handle == 0) {
		drop(map, slab_at(map->entries, slab_oldest(map->entries)));
		map->forgotten++;
		handle = slab_take(map->entries);
	}
	struct entry *e = slab_at(map->entries, handle);

	*e = (struct entry){ .handle = handle, .next = map->buckets[bucket], .bucket = bucket };
	memcpy(key_of(e), key, map->key_size);
	map->buckets[bucket] = handle;
	return e;
}

void *lru_map_find(struct lru_map *map, const void *key)
{
	struct entry *e = find_in(map, bucket_of(map, key), key);

	return e ? value_of(map, e) : NULL;
}

void *lru_map_touch(struct lru_map *map, const void *key, bool *is_new)
{
	uint32_t bucket = bucket_of(map, key);
	struct entry *e = find_in(map, bucket, key);

	*is_new = !e;
	if (e)
		slab_renew(map->entries, e->handle);
	else
		e = insert(map, bucket, key);
	return value_of(map, e);
}

void lru_map_remove(struct lru_map *map, const void *key)
{
	struct entry *e = find_in(map, bucket_of(map, key), key);

	if (e)
		drop(map, e);
}

void *lru_map_next(struct lru_map *map, void *previous, const void **key)
{
	uint32_t handle = previous ? slab_younger(map->entries, entry_of(map, previous)->handle)
				   : slab_oldest(map->entries);

	if (handle == 0)
		return NULL;

	struct entry *e = slab_at(map->entries, handle);

	if (key)
		*key = key_of(e);
	return value_of(map, e);
}

uint32_t lru_map_count(const struct lru_map *map)
{
	return slab_taken(map->entries);
}

uint64_t lru_map_forgotten(const struct lru_map *map)
{
	return map->forgotten;
}
