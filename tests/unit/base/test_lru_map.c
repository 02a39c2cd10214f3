#include "sensor/base/lru_map.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 50, KEYS = 90, STEPS = 300000, WHOLE_CHECK_EVERY = 64 };

/* Of an odd size, as keys of bytes are. */
struct key {
	uint8_t bytes[7];
};

struct value {
	uint64_t stamp;
	uint64_t touches;
};

static struct key key_of(uint32_t n)
{
	struct key key = { { 0 } };

	memcpy(key.bytes + 2, &n, sizeof(n));
	return key;
}

/* What a map must be like: an array from the longest untouched to the latest. */
struct oracle {
	struct {
		uint32_t key;
		struct value value;
	} entries[ROOM];
	uint32_t count;
	uint64_t forgotten;
};

static uint32_t oracle_find(const struct oracle *o, uint32_t key)
{
	uint32_t at = 0;

	while (at < o->count && o->entries[at].key != key)
		at++;
	return at;
}

static void oracle_remove(struct oracle *o, uint32_t key)
{
	uint32_t at = oracle_find(o, key);

	if (at == o->count)
		return;
	o->count--;
	memmove(&o->entries[at], &o->entries[at + 1], (o->count - at) * sizeof(o->entries[0]));
}

static struct value *oracle_touch(struct oracle *o, uint32_t key)
{
	uint32_t at = oracle_find(o, key);
	struct value value = { 0 };

	if (at < o->count)
		value = o->entries[at].value;
	oracle_remove(o, key);
	if (o->count == ROOM) {
		oracle_remove(o, o->entries[0].key);
		o->forgotten++;
	}
	o->entries[o->count].key = key;
	o->entries[o->count].value = value;
	return &o->entries[o->count++].value;
}

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

	assert_int_equal(lru_map_new(&map, count, sizeof(struct key), sizeof(struct value)),
			 ERR_OK);
	return map;
}

static void compare_whole(struct lru_map *map, const struct oracle *o)
{
	void *value = NULL;
	const void *key;

	for (uint32_t i = 0; i < o->count; i++) {
		struct key want = key_of(o->entries[i].key);

		value = lru_map_next(map, value, i % 2 == 0 ? &key : NULL);
		assert_non_null(value);
		assert_memory_equal(value, &o->entries[i].value, sizeof(struct value));
		if (i % 2 == 0)
			assert_memory_equal(key, &want, sizeof(want));
		assert_ptr_equal(lru_map_find(map, &want), value);
	}
	assert_null(lru_map_next(map, value, NULL));
}

static void step(struct lru_map *map, struct oracle *o, uint64_t random, uint64_t stamp)
{
	uint32_t n = (uint32_t)(random >> 32) % KEYS;
	struct key key = key_of(n);
	bool is_known = oracle_find(o, n) < o->count;
	bool is_new;

	if (random % 16 == 0) {
		lru_map_remove(map, &key);
		oracle_remove(o, n);
		assert_null(lru_map_find(map, &key));
	} else if (random % 16 < 4) {
		assert_int_equal(lru_map_find(map, &key) != NULL, is_known);
	} else {
		struct value *value = lru_map_touch(map, &key, &is_new);
		struct value *want = oracle_touch(o, n);

		assert_int_equal(is_new, !is_known);
		assert_memory_equal(value, want, sizeof(*value));
		value->stamp = want->stamp = stamp;
		value->touches = ++want->touches;
	}
	assert_int_equal(lru_map_count(map), o->count);
	assert_int_equal(lru_map_forgotten(map), o->forgotten);
}

/* Two maps, whose hash keys differ, must agree with the oracle at each step. */
static void forgets_as_the_oracle_does(void **state)
{
	static struct oracle oracles[2];
	struct lru_map *maps[2] = { map_of(ROOM), map_of(ROOM) };
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	for (uint64_t i = 1; i <= STEPS; i++) {
		(void)next_random(&random);
		for (size_t m = 0; m < ARRAY_LEN(maps); m++) {
			step(maps[m], &oracles[m], random, i);
			if (i % WHOLE_CHECK_EVERY == 0)
				compare_whole(maps[m], &oracles[m]);
		}
	}
	assert_true(lru_map_forgotten(maps[0]) > STEPS / 8);
	for (size_t m = 0; m < ARRAY_LEN(maps); m++)
		lru_map_free(maps[m]);
}

static void a_new_map_is_empty(void **state)
{
	struct lru_map *map = map_of(3);
	struct key key = key_of(1);

	(void)state;
	assert_null(lru_map_find(map, &key));
	assert_null(lru_map_next(map, NULL, NULL));
	lru_map_remove(map, &key);
	assert_int_equal(lru_map_count(map), 0);
	assert_int_equal(lru_map_forgotten(map), 0);
	lru_map_free(map);
	lru_map_free(NULL);
}

static void finding_is_not_touching(void **state)
{
	struct lru_map *map = map_of(2);
	bool is_new;

	(void)state;
	for (uint32_t n = 1; n <= 3; n++) {
		struct key key = key_of(n);
		struct key first = key_of(1);

		assert_non_null(lru_map_touch(map, &key, &is_new));
		assert_true(is_new);
		assert_int_equal(lru_map_find(map, &first) != NULL, n < 3);
	}
	lru_map_free(map);
}

static void removing_is_not_forgetting(void **state)
{
	struct lru_map *map = map_of(1);
	struct key key = key_of(1);
	bool is_new;

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		struct value *value = lru_map_touch(map, &key, &is_new);

		assert_true(is_new);
		assert_int_equal(value->touches, 0);
		value->touches = 1;
		lru_map_remove(map, &key);
	}
	assert_int_equal(lru_map_count(map), 0);
	assert_int_equal(lru_map_forgotten(map), 0);
	lru_map_free(map);
}

/* More entries than the smallest number of buckets, and none of the keys like another. */
static void holds_as_many_as_it_was_made_for(void **state)
{
	enum { MANY = 1000 };

	struct lru_map *map = map_of(MANY);
	bool is_new;

	(void)state;
	for (uint32_t n = 0; n < MANY; n++) {
		struct key key = key_of(n);

		((struct value *)lru_map_touch(map, &key, &is_new))->stamp = n;
		assert_true(is_new);
	}
	assert_int_equal(lru_map_count(map), MANY);
	assert_int_equal(lru_map_forgotten(map), 0);
	for (uint32_t n = 0; n < MANY; n++) {
		struct key key = key_of(n);
		const struct value *value = lru_map_find(map, &key);

		assert_non_null(value);
		assert_int_equal(value->stamp, n);
	}
	lru_map_free(map);
}

/* Every byte of a key of every size tells it from others, the tail of an odd one too. */
static void keys_of_all_sizes_are_told_apart(void **state)
{
	(void)state;
	for (size_t size = LRU_MAP_KEY_LEAST; size <= LRU_MAP_KEY_MOST; size++) {
		uint8_t *key = calloc(1, size); /* exact, so that a read beyond it is seen */
		struct lru_map *map = NULL;
		bool is_new;

		assert_non_null(key);
		assert_int_equal(lru_map_new(&map, LRU_MAP_KEY_MOST + 1, size, sizeof(size_t)),
				 ERR_OK);
		for (size_t at = 0; at < size; at++) {
			key[at] ^= 0x80;
			*(size_t *)lru_map_touch(map, key, &is_new) = at;
			assert_true(is_new);
			key[at] ^= 0x80;
		}
		assert_null(lru_map_find(map, key));
		for (size_t at = 0; at < size; at++) {
			key[at] ^= 0x80;
			assert_int_equal(*(size_t *)lru_map_find(map, key), at);
			key[at] ^= 0x80;
		}
		lru_map_free(map);
		free(key);
	}
}

static void other_key_sizes_are_refused(void **state)
{
	struct lru_map *map = NULL;

	(void)state;
	assert_int_equal(lru_map_new(&map, 1, LRU_MAP_KEY_LEAST - 1, 1), ERR_RANGE);
	assert_int_equal(lru_map_new(&map, 1, LRU_MAP_KEY_MOST + 1, 1), ERR_RANGE);
	assert_null(map);
}

static void renewing_is_touching(void **state)
{
	struct lru_map *map = map_of(2);
	struct key keys[] = { key_of(1), key_of(2), key_of(3) };
	void *first;
	bool is_new;

	(void)state;
	first = lru_map_touch(map, &keys[0], &is_new);
	(void)lru_map_touch(map, &keys[1], &is_new);
	lru_map_renew(map, first);
	(void)lru_map_touch(map, &keys[2], &is_new);
	assert_ptr_equal(lru_map_find(map, &keys[0]), first);
	assert_null(lru_map_find(map, &keys[1]));
	lru_map_free(map);
}

/* The second value has the memory of the first: only its head is new. */
static void only_the_head_is_cleared_on_demand(void **state)
{
	struct lru_map *map = map_of(1);
	struct key keys[] = { key_of(1), key_of(2) };
	struct value *value;
	bool is_new;

	(void)state;
	lru_map_clear_only(map, sizeof(value->stamp));
	value = lru_map_touch(map, &keys[0], &is_new);
	assert_true(value->stamp == 0 && value->touches == 0);
	*value = (struct value){ .stamp = 5, .touches = 6 };
	assert_ptr_equal(lru_map_touch(map, &keys[1], &is_new), value);
	assert_true(is_new && value->stamp == 0 && value->touches == 6);
	lru_map_free(map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_map_is_empty),
		cmocka_unit_test(finding_is_not_touching),
		cmocka_unit_test(removing_is_not_forgetting),
		cmocka_unit_test(holds_as_many_as_it_was_made_for),
		cmocka_unit_test(forgets_as_the_oracle_does),
		cmocka_unit_test(keys_of_all_sizes_are_told_apart),
		cmocka_unit_test(other_key_sizes_are_refused),
		cmocka_unit_test(renewing_is_touching),
		cmocka_unit_test(only_the_head_is_cleared_on_demand),
	};

	return cmocka_run_group_tests_name("lru_map", tests, NULL, NULL);
}
