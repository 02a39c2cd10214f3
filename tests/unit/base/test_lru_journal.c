#include "sensor/base/lru_map.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { TABLE = 7, ROOM = 1 << 12 };

struct trial {
	struct lru_journal *journal;
	struct lru_map *map;
};

static void start(struct trial *t, uint32_t count, size_t room)
{
	assert_int_equal(lru_journal_new(&t->journal, room), ERR_OK);
	assert_int_equal(lru_map_new(&t->map, count, sizeof(uint32_t), sizeof(uint64_t)), ERR_OK);
	assert_int_equal(lru_map_watch(t->map, t->journal, TABLE), ERR_OK);
}

static void stop(struct trial *t)
{
	lru_map_free(t->map);
	lru_journal_free(t->journal);
}

static uint64_t *touch(struct trial *t, uint32_t key)
{
	bool is_new;

	return lru_map_touch(t->map, &key, &is_new);
}

static void fill(struct trial *t, uint32_t count)
{
	for (uint32_t key = 1; key <= count; key++)
		*touch(t, key) = 100 + key;
	lru_journal_begin(t->journal);
}

/* Whether the journal holds exactly these keys, in that order, with the values that fill() gave. */
static void expect_keys(struct trial *t, const uint32_t *keys, size_t want)
{
	size_t count;
	const struct lru_image *images = lru_journal_images(t->journal, &count);

	assert_int_equal(count, want);
	for (size_t i = 0; i < count; i++) {
		uint64_t value;

		memcpy(&value, images[i].value, sizeof(value));
		assert_int_equal(images[i].table, TABLE);
		assert_memory_equal(images[i].key, &keys[i], sizeof(keys[i]));
		assert_int_equal(value, 100 + keys[i]);
	}
}

static void notes_what_was_found_as_it_was(void **state)
{
	static const uint32_t want[] = { 2, 3 };
	uint32_t missing = 9;
	uint32_t key = 2;
	struct trial t;

	(void)state;
	start(&t, 8, ROOM);
	fill(&t, 4);
	*touch(&t, 3) = 5;
	*(uint64_t *)lru_map_find(t.map, &key) = 6;
	assert_null(lru_map_find(t.map, &missing));
	*touch(&t, 9) = 1; /* it was not there: no image, found again or not */
	assert_non_null(lru_map_find(t.map, &missing));
	expect_keys(&t, want, 2);
	lru_journal_begin(t.journal);
	expect_keys(&t, want, 0);
	stop(&t);
}

/* Touched first or last, an entry is told in the order that it had. */
static void tells_the_order_of_use_as_it_was(void **state)
{
	static const uint32_t want[] = { 1, 2, 3, 4 };
	const void *key;
	void *value = NULL;
	struct trial t;

	(void)state;
	start(&t, 8, ROOM);
	fill(&t, 4);
	(void)touch(&t, 2);
	while ((value = lru_map_next(t.map, value, &key)))
		;
	expect_keys(&t, want, 4);
	lru_journal_begin(t.journal);
	lru_map_remove(t.map, &want[3]);
	(void)touch(&t, 4);
	expect_keys(&t, want + 3, 1);
	stop(&t);
}

static void who_skims_says_what_counts(void **state)
{
	static const uint32_t want[] = { 3 };
	const void *key;
	void *value = NULL;
	struct trial t;

	(void)state;
	start(&t, 8, ROOM);
	fill(&t, 4);
	while ((value = lru_map_skim(t.map, value, &key))) {
		if (memcmp(key, want, sizeof(want)) == 0)
			lru_map_read(t.map, value);
	}
	expect_keys(&t, want, 1);
	stop(&t);
}

static void counts_what_it_lacks(void **state)
{
	uint32_t key = 1;
	struct trial t;

	(void)state;
	start(&t, 8, 128); /* of 64 bytes each */
	fill(&t, 4);
	for (key = 1; key <= 4; key++)
		(void)lru_map_find(t.map, &key);
	assert_int_equal(t.journal->left_out, 2);
	stop(&t);
	/* Forgotten after it was looked at: a replay would still find it. */
	start(&t, 2, ROOM);
	fill(&t, 2);
	key = 1;
	(void)lru_map_find(t.map, &key);
	(void)touch(&t, 3);
	assert_int_equal(t.journal->left_out, 1);
	stop(&t);
}

static void count_step(void *arg)
{
	(*(unsigned *)arg)++;
}

static void tells_of_each_step(void **state)
{
	unsigned steps = 0;
	void *value = NULL;
	struct trial t;

	(void)state;
	start(&t, 8, ROOM);
	fill(&t, 3);
	lru_journal_step(t.journal, count_step, &steps);
	while ((value = lru_map_next(t.map, value, NULL)))
		;
	while ((value = lru_map_skim(t.map, value, NULL)))
		;
	assert_int_equal(steps, 4);
	stop(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_what_was_found_as_it_was),
		cmocka_unit_test(tells_the_order_of_use_as_it_was),
		cmocka_unit_test(who_skims_says_what_counts),
		cmocka_unit_test(counts_what_it_lacks),
		cmocka_unit_test(tells_of_each_step),
	};

	return cmocka_run_group_tests_name("lru_journal", tests, NULL, NULL);
}
