#include "sensor/base/lru_map.h"

#include "sensor/base/hash.h"
#include "sensor/base/lru_keys.h"
#include "sensor/base/slab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { VALUE_ALIGN = 16 };

/* What stands before the key and the value of each entry. */
struct entry {
	uint32_t handle;
	uint32_t next; /* in its bucket */
	uint32_t hash;
	uint32_t spare; /* so that a key behind it may hold 64-bit numbers */
};

/* Of an entry of a map that is watched. */
struct trace {
	uint64_t used;  /* `last_use` of the map when it was touched */
	uint32_t epoch; /* of the journal when it was noted */
	uint32_t spare;
};

struct lru_map {
	struct slab *entries;
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t capacity;
	struct lru_keys keys;
	size_t value_at;
	size_t value_size;
	size_t cleared; /* of a new entry */
	uint64_t forgotten;
	struct lru_journal *journal; /* NULL: nobody watches */
	struct trace *traces;        /* by handle, from 1 on; while somebody does */
	uint64_t last_use;
	uint32_t table;
};

/* Only where things are kept depends on them: without randomness fixed ones still work. */
static void choose_factors(uint64_t factors[static LRU_FACTORS])
{
	static const struct hash_key unkeyed;

	for (size_t i = 0; i < LRU_FACTORS; i++)
		factors[i] = hash_bytes(&unkeyed, &i, sizeof(i));
	(void)!getrandom(factors, LRU_FACTORS * sizeof(*factors), 0);
}

enum err lru_map_new(struct lru_map **out, uint32_t count, size_t key_size, size_t value_size)
{
	struct lru_map *map;
	uint32_t buckets = 16;

	if (key_size < LRU_MAP_KEY_LEAST || key_size > LRU_MAP_KEY_MOST)
		return ERR_RANGE;
	map = calloc(1, sizeof(*map));
	if (!map)
		return ERR_MEMORY;
	while (buckets < count)
		buckets *= 2;
	map->bucket_mask = buckets - 1;
	map->capacity = count;
	map->keys.size = key_size;
	map->keys.words = (unsigned)((key_size + LRU_WORD - 1) / LRU_WORD);
	map->value_at =
		(sizeof(struct entry) + key_size + VALUE_ALIGN - 1) / VALUE_ALIGN * VALUE_ALIGN;
	map->buckets = calloc(buckets, sizeof(*map->buckets));
	map->value_size = value_size;
	map->cleared = map->value_at + value_size;
	choose_factors(map->keys.factors);
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
	free(map->traces);
	free(map);
}

enum err lru_map_watch(struct lru_map *map, struct lru_journal *journal, uint32_t table)
{
	assert(slab_taken(map->entries) == 0 && !map->journal);
	map->traces = calloc((size_t)map->capacity + 1, sizeof(*map->traces));
	if (!map->traces)
		return ERR_MEMORY;
	map->journal = journal;
	map->table = table;
	return ERR_OK;
}

void lru_map_clear_only(struct lru_map *map, size_t bytes)
{
	assert(map->value_at + bytes <= map->cleared);
	map->cleared = map->value_at + bytes;
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

static inline struct entry *find_hashed(struct lru_map *map, uint32_t hash, const void *key)
{
	uint32_t handle = map->buckets[hash & map->bucket_mask];

	while (handle != 0) {
		struct entry *e = slab_at(map->entries, handle);

		if (e->hash == hash && lru_keys_equal(&map->keys, key_of(e), key))
			return e;
		handle = e->next;
	}
	return NULL;
}

static void unchain(struct lru_map *map, const struct entry *e)
{
	uint32_t *at = &map->buckets[e->hash & map->bucket_mask];

	while (*at != e->handle)
		at = &((struct entry *)slab_at(map->entries, *at))->next;
	*at = e->next;
}

/* The first time since the journal began: as it is now. */
static void note_watched(struct lru_map *map, struct entry *e)
{
	struct trace *trace = &map->traces[e->handle];
	const struct lru_image image = { .table = map->table,
					 .used = trace->used,
					 .key = key_of(e),
					 .value = value_of(map, e) };

	if (trace->epoch == map->journal->epoch)
		return;
	trace->epoch = map->journal->epoch;
	(void)lru_journal_add(map->journal, &image, map->keys.size, map->value_size);
}

static inline void note(struct lru_map *map, struct entry *e)
{
	if (__builtin_expect(map->journal != NULL, 0))
		note_watched(map, e);
}

static inline void note_use(struct lru_map *map, uint32_t handle)
{
	if (__builtin_expect(map->journal != NULL, 0))
		map->traces[handle].used = ++map->last_use;
}

/* Made since the journal began: it was not there. */
static void note_new(struct lru_map *map, uint32_t handle)
{
	struct trace *trace = &map->traces[handle];

	trace->epoch = map->journal->epoch;
	trace->used = ++map->last_use;
}

static void note_forgotten(struct lru_map *map, uint32_t handle)
{
	if (map->traces[handle].epoch == map->journal->epoch)
		map->journal->left_out++;
}

static void drop(struct lru_map *map, struct entry *e)
{
	unchain(map, e);
	slab_give_back(map->entries, e->handle);
}

/* A full map's oldest becomes the new one where it stands: half the cost of back and taken. */
static uint32_t recycle_oldest(struct lru_map *map)
{
	uint32_t handle = slab_oldest(map->entries);
	struct entry *e = slab_at(map->entries, handle);

	unchain(map, e);
	if (map->journal)
		note_forgotten(map, handle);
	slab_renew(map->entries, handle);
	memset(e, 0, map->cleared);
	map->forgotten++;
	return handle;
}

static struct entry *insert(struct lru_map *map, uint32_t hash, const void *key)
{
	uint32_t handle = slab_take_cleared(map->entries, map->cleared);
	uint32_t *bucket = &map->buckets[hash & map->bucket_mask];

	if (handle == 0)
		handle = recycle_oldest(map);

	struct entry *e = slab_at(map->entries, handle);

	*e = (struct entry){ .handle = handle, .next = *bucket, .hash = hash };
	memcpy(key_of(e), key, map->keys.size);
	*bucket = handle;
	if (map->journal)
		note_new(map, handle);
	return e;
}

void *lru_map_find(struct lru_map *map, const void *key)
{
	struct entry *e = find_hashed(map, lru_key_hash(&map->keys, key), key);

	if (!e)
		return NULL;
	note(map, e);
	return value_of(map, e);
}

void *lru_map_touch(struct lru_map *map, const void *key, bool *is_new)
{
	uint32_t hash = lru_key_hash(&map->keys, key);
	struct entry *e = find_hashed(map, hash, key);

	*is_new = !e;
	if (e) {
		note(map, e);
		slab_renew(map->entries, e->handle);
		note_use(map, e->handle);
	} else {
		e = insert(map, hash, key);
	}
	return value_of(map, e);
}

void lru_map_renew(struct lru_map *map, void *value)
{
	struct entry *e = entry_of(map, value);

	note(map, e);
	slab_renew(map->entries, e->handle);
	note_use(map, e->handle);
}

void lru_map_remove(struct lru_map *map, const void *key)
{
	struct entry *e = find_hashed(map, lru_key_hash(&map->keys, key), key);

	if (!e)
		return;
	note(map, e);
	drop(map, e);
}

static void *value_by(struct lru_map *map, uint32_t handle, const void **key)
{
	struct entry *e;

	if (handle == 0)
		return NULL;
	e = slab_at(map->entries, handle);
	if (key)
		*key = key_of(e);
	return value_of(map, e);
}

void *lru_map_skim(struct lru_map *map, void *previous, const void **key)
{
	return value_by(map,
			previous ? slab_younger(map->entries, entry_of(map, previous)->handle)
				 : slab_oldest(map->entries),
			key);
}

void lru_map_read(struct lru_map *map, void *value)
{
	if (map->journal)
		note_watched(map, entry_of(map, value));
}

void *lru_map_next(struct lru_map *map, void *previous, const void **key)
{
	void *value;

	if (map->journal && map->journal->step)
		map->journal->step(map->journal->step_arg);
	value = lru_map_skim(map, previous, key);
	if (value)
		lru_map_read(map, value);
	return value;
}

void *lru_map_unkept(struct lru_map *map, const void **key)
{
	return value_by(map, slab_behind_mark(map->entries), key);
}

void lru_map_note_kept(struct lru_map *map)
{
	uint32_t handle = slab_behind_mark(map->entries);

	if (handle != 0)
		slab_set_mark(map->entries, handle);
}

void lru_map_note_all_kept(struct lru_map *map)
{
	slab_set_mark(map->entries, 0);
}

void lru_map_note_none_kept(struct lru_map *map)
{
	slab_drop_mark(map->entries);
}

uint32_t lru_map_capacity(const struct lru_map *map)
{
	return map->capacity;
}

size_t lru_map_key_size(const struct lru_map *map)
{
	return map->keys.size;
}

size_t lru_map_value_size(const struct lru_map *map)
{
	return map->value_size;
}

uint32_t lru_map_count(const struct lru_map *map)
{
	return slab_taken(map->entries);
}

uint64_t lru_map_forgotten(const struct lru_map *map)
{
	return map->forgotten;
}
