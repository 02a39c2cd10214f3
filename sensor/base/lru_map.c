#include "sensor/base/lru_map.h"

#include "sensor/base/hash.h"
#include "sensor/base/slab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { VALUE_ALIGN = 16, WORD = sizeof(uint64_t), FACTORS = 1 + 2 * LRU_MAP_KEY_MOST / WORD };

/* What stands before the key and the value of each entry. */
struct entry {
	uint32_t handle;
	uint32_t next; /* in its bucket */
	uint32_t hash;
	uint32_t spare; /* so that a key behind it may hold 64-bit numbers */
};

struct lru_map {
	struct slab *entries;
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t capacity;
	size_t key_size;
	unsigned key_words; /* the last of them may be a part */
	size_t value_at;
	size_t value_size;
	size_t cleared; /* of a new entry */
	uint64_t forgotten;
	uint64_t factors[FACTORS];
};

/* Only where things are kept depends on them: without randomness fixed ones still work. */
static void choose_factors(uint64_t factors[static FACTORS])
{
	static const struct hash_key unkeyed;

	for (size_t i = 0; i < FACTORS; i++)
		factors[i] = hash_bytes(&unkeyed, &i, sizeof(i));
	(void)!getrandom(factors, FACTORS * sizeof(*factors), 0);
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
	map->key_size = key_size;
	map->key_words = (unsigned)((key_size + WORD - 1) / WORD);
	map->value_at =
		(sizeof(struct entry) + key_size + VALUE_ALIGN - 1) / VALUE_ALIGN * VALUE_ALIGN;
	map->buckets = calloc(buckets, sizeof(*map->buckets));
	map->value_size = value_size;
	map->cleared = map->value_at + value_size;
	choose_factors(map->factors);
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

static inline uint64_t load_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* A key shorter than a word: its first and its last four bytes, which may overlap. */
static inline uint64_t load_short(const uint8_t *key, size_t size)
{
	uint32_t first;
	uint32_t last;

	memcpy(&first, key, sizeof(first));
	memcpy(&last, key + size - sizeof(last), sizeof(last));
	return first | (uint64_t)last << 32;
}

static inline uint64_t product(const uint64_t *factors, uint64_t word)
{
	return (factors[0] + (uint32_t)word) * (factors[1] + (word >> 32));
}

/*
 * Two keys, whatever they are, share a value once in 2^32 choices of the factors (multilinear
 * hashing by halves, Lemire and Kaser 2014), which is what a table needs against strangers who
 * never see a value. A quarter of the instructions of SipHash for the keys of the judge. The last
 * word ends where the key does and may overlap the one before it.
 */
static inline uint32_t hash_of(const struct lru_map *map, const uint8_t *key)
{
	const uint64_t *factors = map->factors + 1;
	size_t size = map->key_size;
	uint64_t sum = map->factors[0];

	if (size < WORD)
		return (uint32_t)((sum + product(factors, load_short(key, size))) >> 32);
	sum += product(factors, load_word(key + size - WORD));
	switch (map->key_words) { /* unrolled: a loop costs as much as the products */
	case 4:
		sum += product(factors + 6, load_word(key + 2 * (size_t)WORD));
		__attribute__((fallthrough));
	case 3:
		sum += product(factors + 4, load_word(key + WORD));
		__attribute__((fallthrough));
	case 2:
		sum += product(factors + 2, load_word(key));
		break;
	default:
		break;
	}
	return (uint32_t)(sum >> 32);
}

/* As hash_of() reads it. */
static inline bool is_equal(const struct lru_map *map, const uint8_t *a, const uint8_t *b)
{
	size_t size = map->key_size;

	if (size < WORD)
		return load_short(a, size) == load_short(b, size);

	uint64_t differ = load_word(a + size - WORD) ^ load_word(b + size - WORD);

	switch (map->key_words) {
	case 4:
		differ |= load_word(a + 2 * (size_t)WORD) ^ load_word(b + 2 * (size_t)WORD);
		__attribute__((fallthrough));
	case 3:
		differ |= load_word(a + WORD) ^ load_word(b + WORD);
		__attribute__((fallthrough));
	case 2:
		differ |= load_word(a) ^ load_word(b);
		break;
	default:
		break;
	}
	return differ == 0;
}

static inline struct entry *find_hashed(struct lru_map *map, uint32_t hash, const void *key)
{
	uint32_t handle = map->buckets[hash & map->bucket_mask];

	while (handle != 0) {
		struct entry *e = slab_at(map->entries, handle);

		if (e->hash == hash && is_equal(map, key_of(e), key))
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
	memcpy(key_of(e), key, map->key_size);
	*bucket = handle;
	return e;
}

void *lru_map_find(struct lru_map *map, const void *key)
{
	struct entry *e = find_hashed(map, hash_of(map, key), key);

	return e ? value_of(map, e) : NULL;
}

void *lru_map_touch(struct lru_map *map, const void *key, bool *is_new)
{
	uint32_t hash = hash_of(map, key);
	struct entry *e = find_hashed(map, hash, key);

	*is_new = !e;
	if (e)
		slab_renew(map->entries, e->handle);
	else
		e = insert(map, hash, key);
	return value_of(map, e);
}

void lru_map_renew(struct lru_map *map, void *value)
{
	slab_renew(map->entries, entry_of(map, value)->handle);
}

void lru_map_remove(struct lru_map *map, const void *key)
{
	struct entry *e = find_hashed(map, hash_of(map, key), key);

	if (e)
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

void *lru_map_next(struct lru_map *map, void *previous, const void **key)
{
	return value_by(map,
			previous ? slab_younger(map->entries, entry_of(map, previous)->handle)
				 : slab_oldest(map->entries),
			key);
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
	return map->key_size;
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
