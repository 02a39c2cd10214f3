#include "sensor/judge/keeper.h"

#include "sensor/base/lru_map.h"

#include "tests/support/cmocka.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 10, ROWS_MAX = 64, WITHOUT_END = 1000 };

struct entry {
	uint64_t number;
	uint8_t kind;
	uint8_t spare[40];
};

struct fixed {
	uint64_t number;
};

/* Two maps and a value in place. */
struct owner {
	struct lru_map *first;
	struct lru_map *second;
	struct fixed fixed;
};

static bool is_entry_sound(const void *key, const void *value)
{
	const struct entry *entry = value;

	(void)key;
	return entry->kind < 3;
}

static void tidy_entry(void *value)
{
	struct entry *entry = value;

	memset(entry->spare, 0, sizeof(entry->spare));
}

static const struct kept_table tables[] = {
	{ .name = "fixed",
	  .version = 1,
	  .at = offsetof(struct owner, fixed),
	  .size = sizeof(struct fixed) },
	{ .name = "first",
	  .version = 1,
	  .at = offsetof(struct owner, first),
	  .tidy = tidy_entry,
	  .is_sound = is_entry_sound },
	{ .name = "second", .version = 7, .at = offsetof(struct owner, second) },
	{ 0 },
};

struct row {
	char table[16];
	uint32_t layout;
	uint64_t used;
	uint32_t key;
	uint8_t value[100];
	size_t len;
};

struct trial {
	struct owner owner;
	struct keeper *keeper;
	struct row rows[ROWS_MAX];
	size_t count;
	size_t room; /* rows that are taken before one is refused */
};

static void start(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	t->room = ROWS_MAX;
	assert_int_equal(lru_map_new(&t->owner.first, ROOM, sizeof(uint32_t), sizeof(struct entry)),
			 ERR_OK);
	assert_int_equal(
		lru_map_new(&t->owner.second, ROOM, sizeof(uint32_t), sizeof(struct entry)),
		ERR_OK);
	assert_int_equal(keeper_new(&t->keeper), ERR_OK);
	assert_int_equal(keeper_add(t->keeper, tables, &t->owner), ERR_OK);
	keeper_begin(t->keeper);
}

static void stop(struct trial *t)
{
	keeper_free(t->keeper);
	lru_map_free(t->owner.first);
	lru_map_free(t->owner.second);
}

static bool take(void *arg, const struct kept_row *row)
{
	struct trial *t = arg;
	struct row *kept = &t->rows[t->count];

	if (t->room == 0)
		return false;
	t->room--;
	assert_true(t->count < ROWS_MAX && row->value.len <= sizeof(kept->value));
	assert_int_equal(row->key.len, sizeof(kept->key));
	(void)snprintf(kept->table, sizeof(kept->table), "%s", row->table);
	kept->layout = row->layout;
	kept->used = row->used;
	memcpy(&kept->key, row->key.data, sizeof(kept->key));
	memcpy(kept->value, row->value.data, row->value.len);
	kept->len = row->value.len;
	t->count++;
	return true;
}

static enum keeper_answer give_back(struct trial *t, const struct row *row)
{
	return keeper_restore(t->keeper, &(struct kept_row){ .table = row->table,
							     .layout = row->layout,
							     .used = row->used,
							     .key = { (const uint8_t *)&row->key,
								      sizeof(row->key) },
							     .value = { row->value, row->len } });
}

static struct entry *touch(struct lru_map *map, uint32_t key)
{
	bool is_new;
	struct entry *entry = lru_map_touch(map, &key, &is_new);

	entry->number += key;
	return entry;
}

/* `want`: tables and keys in their order, "first 1 second 2". */
static void expect_rows(struct trial *t, const char *want)
{
	char got[512] = "";
	size_t at = 0;

	for (size_t i = 0; i < t->count; i++)
		at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%s %u", i > 0 ? " " : "",
				       t->rows[i].table, t->rows[i].key);
	assert_string_equal(got, want);
	t->count = 0;
}

static void round_of(struct trial *t)
{
	keeper_begin(t->keeper);
	assert_true(keeper_some(t->keeper, WITHOUT_END, take, t));
}

static void only_what_changed_is_handed_out(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	t.owner.fixed.number = 4;
	touch(t.owner.first, 1);
	touch(t.owner.second, 2);
	touch(t.owner.first, 3);
	round_of(&t);
	expect_rows(&t, "fixed 0 first 1 first 3 second 2");
	round_of(&t);
	expect_rows(&t, "");
	touch(t.owner.first, 1);
	round_of(&t);
	expect_rows(&t, "first 1");
	t.owner.fixed.number = 5;
	round_of(&t);
	expect_rows(&t, "fixed 0");
	keeper_note_none(t.keeper);
	round_of(&t);
	expect_rows(&t, "fixed 0 first 3 first 1 second 2");
	stop(&t);
}

static void a_round_goes_on_where_it_was(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint32_t i = 1; i <= 5; i++)
		touch(t.owner.first, i);
	touch(t.owner.second, 6);
	assert_false(keeper_some(t.keeper, 3, take, &t));
	expect_rows(&t, "fixed 0 first 1 first 2");
	assert_false(keeper_some(t.keeper, 0, take, &t));
	t.room = 1;
	assert_false(keeper_some(t.keeper, 3, take, &t));
	expect_rows(&t, "first 3");
	assert_false(keeper_some(t.keeper, 3, take, &t)); /* no room: none is lost */
	t.room = ROWS_MAX;
	assert_true(keeper_some(t.keeper, WITHOUT_END, take, &t));
	expect_rows(&t, "first 4 first 5 second 6");
	stop(&t);
}

/* Entries that are touched all the time do not keep the others waiting for ever. */
static void a_busy_table_ends_its_turn(void **state)
{
	struct trial t;
	size_t calls = 0;

	(void)state;
	start(&t);
	touch(t.owner.first, 1);
	touch(t.owner.first, 2);
	touch(t.owner.second, 3);
	while (!keeper_some(t.keeper, 1, take, &t)) {
		touch(t.owner.first, 1);
		touch(t.owner.first, 2);
		assert_true(++calls < 10);
	}
	assert_string_equal(t.rows[t.count - 1].table, "second");
	stop(&t);
}

/* Order, number and values; and nothing of it is handed out again. */
static void rows_come_back(void **state)
{
	struct trial from;
	struct trial to;
	const uint32_t *key;
	const void *at;

	(void)state;
	start(&from);
	from.owner.fixed.number = 9;
	for (uint32_t i = 1; i <= 4; i++) {
		struct entry *entry = touch(from.owner.first, i);

		memset(entry->spare, 0xee, sizeof(entry->spare));
		entry->kind = 2;
	}
	touch(from.owner.first, 2);
	round_of(&from);
	start(&to);
	for (size_t i = 0; i < from.count; i++)
		assert_int_equal(give_back(&to, &from.rows[i]), KEEPER_TAKEN);
	keeper_note_all(to.keeper);
	round_of(&to);
	expect_rows(&to, "fixed 0"); /* a value in place is compared with the one handed out */
	assert_int_equal(to.owner.fixed.number, 9);

	struct entry *entry = lru_map_next(to.owner.first, NULL, &at);

	key = at;
	assert_int_equal(*key, 1);
	assert_int_equal(entry->number, 1);
	assert_int_equal(entry->kind, 2);
	assert_int_equal(entry->spare[0], 0);
	touch(to.owner.first, 1);
	round_of(&to);
	assert_true(to.rows[0].used > from.rows[from.count - 1].used);
	stop(&from);
	stop(&to);
}

static void set_kind(struct row *row, uint8_t kind)
{
	static const uint8_t entry[] = {
		9, 1, 0, 0, 0, 0, 0, 0, 0, 0, sizeof(struct entry) - 9, 0
	};

	memcpy(row->value, entry, sizeof(entry));
	row->value[9] = kind;
	row->len = sizeof(entry);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct trial t;
	struct row sound;
	struct row row;

	(void)state;
	start(&t);
	touch(t.owner.first, 1);
	round_of(&t);
	sound = t.rows[t.count - 1];
	row = sound;
	row.layout++;
	assert_int_equal(give_back(&t, &row), KEEPER_OTHER_LAYOUT);
	row = sound;
	row.table[0] = 'x';
	assert_int_equal(give_back(&t, &row), KEEPER_OTHER_LAYOUT);
	row = sound;
	row.used = UINT64_MAX;
	assert_int_equal(give_back(&t, &row), KEEPER_UNSOUND);
	row = sound;
	row.len--;
	assert_int_equal(give_back(&t, &row), KEEPER_UNSOUND);
	row = sound;
	set_kind(&row, 2);
	assert_int_equal(give_back(&t, &row), KEEPER_TAKEN);
	set_kind(&row, 3);
	assert_int_equal(give_back(&t, &row), KEEPER_UNSOUND);
	assert_int_equal(
		keeper_restore(t.keeper, &(struct kept_row){ .table = "first",
							     .layout = sound.layout,
							     .key = { sound.value, 3 },
							     .value = { sound.value, sound.len } }),
		KEEPER_UNSOUND);
	stop(&t);
}

/* Another size or version is another layout; each table tells how much room it needs. */
static void tables_tell_layout_and_room(void **state)
{
	struct keeper_room rooms[5];
	struct trial t;

	(void)state;
	start(&t);
	assert_int_equal(keeper_tables(t.keeper, rooms, 5), 3);
	assert_string_equal(rooms[0].name, "fixed");
	assert_int_equal(rooms[0].rows, 1);
	assert_int_equal(rooms[1].rows, ROOM);
	assert_int_not_equal(rooms[1].layout, rooms[2].layout);
	assert_int_equal(keeper_tables(t.keeper, rooms, 2), 2);
	stop(&t);
}

static void too_many_tables_are_refused(void **state)
{
	struct trial t;
	enum err err = ERR_OK;
	size_t added = 3;

	(void)state;
	start(&t);
	while (err == ERR_OK && added < WITHOUT_END) {
		err = keeper_add(t.keeper, tables, &t.owner);
		added += 3;
	}
	assert_int_equal(err, ERR_FULL);
	assert_true(added >= KEEPER_TABLES_MAX);
	stop(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_handed_out),
		cmocka_unit_test(a_round_goes_on_where_it_was),
		cmocka_unit_test(a_busy_table_ends_its_turn),
		cmocka_unit_test(rows_come_back),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(tables_tell_layout_and_room),
		cmocka_unit_test(too_many_tables_are_refused),
	};

	return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
