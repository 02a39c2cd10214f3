#include "sensor/base/lru_map.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { ROOM = 20, KEYS = 33, STEPS = 100000 };

/* What a map must be like: the keys from the longest untouched to the latest, and which are kept.
 */
struct oracle {
	uint32_t keys[ROOM];
	bool is_kept[ROOM];
	uint32_t count;
};

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct lru_map *map_of(uint32_t count)
{
	struct lru_map *map = NULL;

	assert_int_equal(lru_map_new(&map, count, sizeof(uint32_t), sizeof(uint32_t)), ERR_OK);
	return map;
}

static void touch(struct lru_map *map, uint32_t key)
{
	bool is_new;

	*(uint32_t *)lru_map_touch(map, &key, &is_new) = key;
}

static void oracle_remove(struct oracle *o, uint32_t key)
{
	uint32_t at = 0;

	while (at < o->count && o->keys[at] != key)
		at++;
	if (at == o->count)
		return;
	o->count--;
	memmove(&o->keys[at], &o->keys[at + 1], (o->count - at) * sizeof(o->keys[0]));
	memmove(&o->is_kept[at], &o->is_kept[at + 1], (o->count - at) * sizeof(o->is_kept[0]));
}

static void oracle_touch(struct oracle *o, uint32_t key)
{
	oracle_remove(o, key);
	if (o->count == ROOM)
		oracle_remove(o, o->keys[0]);
	o->is_kept[o->count] = false;
	o->keys[o->count++] = key;
}

/* The first that is not kept, or `count`. */
static uint32_t oracle_unkept(const struct oracle *o)
{
	uint32_t at = 0;

	while (at < o->count && o->is_kept[at])
		at++;
	return at;
}

static void compare(struct lru_map *map, const struct oracle *o)
{
	uint32_t unkept = oracle_unkept(o);
	const uint32_t *value = NULL;
	const void *key;

	for (uint32_t i = 0; i < o->count; i++) {
		value = lru_map_next(map, (void *)(uintptr_t)value, NULL);
		assert_non_null(value);
		assert_int_equal(*value, o->keys[i]);
	}
	assert_null(lru_map_next(map, (void *)(uintptr_t)value, NULL));
	value = lru_map_unkept(map, &key);
	assert_int_equal(value != NULL, unkept < o->count);
	if (!value)
		return;
	assert_int_equal(*value, o->keys[unkept]);
	assert_int_equal(*(const uint32_t *)key, o->keys[unkept]);
}

static void note_all(struct oracle *o, bool is_kept)
{
	for (uint32_t i = 0; i < o->count; i++)
		o->is_kept[i] = is_kept;
}

static void step(struct lru_map *map, struct oracle *o, uint64_t random)
{
	uint32_t key = (uint32_t)(random >> 32) % KEYS;
	uint32_t unkept = oracle_unkept(o);

	if (random % 512 == 0) {
		lru_map_note_all_kept(map);
		note_all(o, true);
	} else if (random % 512 == 1) {
		lru_map_note_none_kept(map);
		note_all(o, false);
	} else if (random % 8 < 3) {
		lru_map_note_kept(map);
		if (unkept < o->count)
			o->is_kept[unkept] = true;
	} else if (random % 8 == 3) {
		lru_map_remove(map, &key);
		oracle_remove(o, key);
	} else {
		touch(map, key);
		oracle_touch(o, key);
	}
}

static void tells_what_is_unkept_as_the_oracle_does(void **state)
{
	struct lru_map *map = map_of(ROOM);
	struct oracle oracle = { .count = 0 };
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	for (unsigned i = 0; i < STEPS; i++) {
		step(map, &oracle, next_random(&random));
		compare(map, &oracle);
	}
	assert_true(lru_map_forgotten(map) > 1000);
	lru_map_free(map);
}

/* The youngest stays the youngest when it is touched; it is unkept all the same. */
static void the_youngest_touched_again_is_unkept(void **state)
{
	struct lru_map *map = map_of(ROOM);

	(void)state;
	touch(map, 1);
	touch(map, 2);
	lru_map_note_all_kept(map);
	assert_null(lru_map_unkept(map, NULL));
	touch(map, 2);
	assert_int_equal(*(uint32_t *)lru_map_unkept(map, NULL), 2);
	lru_map_note_kept(map);
	assert_null(lru_map_unkept(map, NULL));
	lru_map_note_kept(map);
	touch(map, 1);
	assert_int_equal(*(uint32_t *)lru_map_unkept(map, NULL), 1);
	lru_map_free(map);
}

static void tells_its_sizes(void **state)
{
	struct lru_map *map = NULL;

	(void)state;
	assert_int_equal(lru_map_new(&map, 7, 5, 9), ERR_OK);
	assert_int_equal(lru_map_capacity(map), 7);
	assert_int_equal(lru_map_key_size(map), 5);
	assert_int_equal(lru_map_value_size(map), 9);
	lru_map_free(map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_youngest_touched_again_is_unkept),
		cmocka_unit_test(tells_what_is_unkept_as_the_oracle_does),
		cmocka_unit_test(tells_its_sizes),
	};

	return cmocka_run_group_tests_name("lru_map_kept", tests, NULL, NULL);
}
