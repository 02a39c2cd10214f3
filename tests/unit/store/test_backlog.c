#include "sensor/store/store_backlog.h"
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUDGET = 8000, ROOM = 4096 };

static struct item *item_of(enum store_class class, enum item_hurry hurry, uint64_t ticket,
			    const char *key, size_t value_bytes)
{
	static _Alignas(struct item) uint8_t room[ROOM];
	static uint8_t value[ROOM];
	const struct item_draft draft = {
		.class = class,
		.hurry = hurry,
		.ticket = ticket,
		.numbers = { 1, 10 },
		.parts = { { (const uint8_t *)key, strlen(key) }, { value, value_bytes } },
	};

	assert_true(item_bytes(&draft) <= ROOM);
	item_write(&draft, room);
	return (struct item *)(void *)room;
}

/* Keys of what waits, in order. */
static void list(struct backlog *b, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (struct item *i = backlog_next(b, NULL); i; i = backlog_next(b, i)) {
		struct span key = item_part(i, 0);

		len += (size_t)snprintf(out + len, room - len, "%.*s ", (int)key.len, key.data);
	}
}

static struct backlog *make(void)
{
	struct backlog *b = NULL;

	assert_int_equal(backlog_new(&b, BUDGET), ERR_OK);
	return b;
}

static void a_later_row_replaces_an_earlier(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	char keys[200];

	(void)state;
	assert_true(backlog_add(b, item_of(STORE_CASES, HURRY_NOW, 1, "one", 10), dropped));
	assert_true(backlog_add(b, item_of(STORE_CASES, HURRY_SOON, 2, "two", 10), dropped));
	assert_true(backlog_add(b, item_of(STORE_CASES, HURRY_SOON, 3, "one", 10), dropped));
	assert_true(backlog_add(b, item_of(STORE_DEVICES, HURRY_SOON, 0, "one", 10), dropped));
	list(b, keys, sizeof(keys));
	assert_string_equal(keys, "two one one ");
	/* It is as urgent as what it stands for, and not durable before it is. */
	assert_true(backlog_has(b, HURRY_NOW));
	assert_int_equal(backlog_first_ticket(b), 1);
	backlog_free(b);
}

static void counts_are_added_up(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	struct item *other_day;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_true(backlog_add(b, item_of(STORE_COUNTS, HURRY_SOON, 0, "n", 0), dropped));
	other_day = item_of(STORE_COUNTS, HURRY_SOON, 0, "n", 0);
	other_day->numbers[0] = 2;
	assert_true(backlog_add(b, other_day, dropped));
	assert_int_equal(backlog_next(b, NULL)->numbers[1], 30);
	assert_int_equal(backlog_next(b, backlog_next(b, NULL))->numbers[1], 10);
	backlog_free(b);
}

/* Fills with `class` until it refuses; returns how many went in. */
static unsigned fill(struct backlog *b, enum store_class class, uint64_t *dropped)
{
	char key[16];
	unsigned count = 0;

	for (;;) {
		(void)snprintf(key, sizeof(key), "%c%u", 'a' + (int)class, count);
		if (!backlog_add(b, item_of(class, HURRY_LATER, 0, key, 100), dropped))
			return count;
		count++;
	}
}

static void cases_are_the_last_to_be_refused(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	char keys[BUDGET];
	unsigned kept;
	unsigned devices;
	unsigned counts;
	unsigned health;
	unsigned cases;

	(void)state;
	kept = fill(b, STORE_KEPT, dropped);
	devices = fill(b, STORE_DEVICES, dropped);
	counts = fill(b, STORE_COUNTS, dropped);
	health = fill(b, STORE_HEALTH, dropped);
	assert_true(kept > 0 && devices > 0 && counts > 0 && health > 0);
	assert_int_equal(fill(b, STORE_KEPT, dropped), 0);
	assert_int_equal(dropped[STORE_KEPT], 0);
	cases = fill(b, STORE_CASES, dropped);
	assert_true(cases > kept + devices + counts + health);
	assert_int_equal(dropped[STORE_KEPT], kept);
	assert_int_equal(dropped[STORE_DEVICES], devices);
	assert_int_equal(dropped[STORE_COUNTS], counts);
	assert_int_equal(dropped[STORE_HEALTH], health);
	assert_int_equal(dropped[STORE_CASES], 0);
	list(b, keys, sizeof(keys));
	assert_memory_equal(keys, "a0 a1 a2 ", 9);
	backlog_free(b);
}

static void kept_rows_are_the_first_to_go(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	unsigned cases = 0;
	char key[16];

	(void)state;
	(void)fill(b, STORE_HEALTH, dropped);
	backlog_free(b);
	b = make();
	(void)fill(b, STORE_KEPT, dropped);
	(void)fill(b, STORE_HEALTH, dropped);
	while (dropped[STORE_KEPT] < 3) {
		(void)snprintf(key, sizeof(key), "c%u", cases++);
		assert_true(
			backlog_add(b, item_of(STORE_CASES, HURRY_NOW, cases, key, 100), dropped));
	}
	assert_int_equal(dropped[STORE_HEALTH], 0);
	backlog_free(b);
}

static void the_newest_stay_while_nothing_is_written(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	char keys[BUDGET];
	char key[16];
	unsigned count = fill(b, STORE_DEVICES, dropped);

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		(void)snprintf(key, sizeof(key), "new%u", i);
		assert_true(backlog_add_newest(b, item_of(STORE_DEVICES, HURRY_LATER, 0, key, 100),
					       dropped));
	}
	assert_true(dropped[STORE_DEVICES] >= 5 && dropped[STORE_DEVICES] < count);
	list(b, keys, sizeof(keys));
	assert_null(strstr(keys, "c0 "));
	assert_non_null(strstr(keys, "new0 new1 new2 new3 new4 "));
	(void)fill(b, STORE_CASES, dropped);
	assert_false(
		backlog_add_newest(b, item_of(STORE_CASES, HURRY_NOW, 9, "more", 500), dropped));
	backlog_free(b);
}

static void what_was_written_is_forgotten(void **state)
{
	uint64_t dropped[STORE_CLASSES] = { 0 };
	struct backlog *b = make();
	char keys[200];

	(void)state;
	assert_true(backlog_add(b, item_of(STORE_CASES, HURRY_NOW, 1, "one", 10), dropped));
	assert_true(backlog_add(b, item_of(STORE_CASES, HURRY_SOON, 2, "two", 10), dropped));
	backlog_next(b, NULL)->is_tried = true;
	backlog_forget_tried(b);
	list(b, keys, sizeof(keys));
	assert_string_equal(keys, "two ");
	assert_int_equal(backlog_first_ticket(b), 2);
	assert_false(backlog_has(b, HURRY_NOW));
	backlog_next(b, NULL)->is_tried = true;
	backlog_forget_tried(b);
	assert_true(backlog_is_empty(b));
	assert_true(backlog_first_ticket(b) == UINT64_MAX);
	backlog_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_later_row_replaces_an_earlier),
		cmocka_unit_test(counts_are_added_up),
		cmocka_unit_test(cases_are_the_last_to_be_refused),
		cmocka_unit_test(kept_rows_are_the_first_to_go),
		cmocka_unit_test(the_newest_stay_while_nothing_is_written),
		cmocka_unit_test(what_was_written_is_forgotten),
	};

	return cmocka_run_group_tests_name("backlog", tests, NULL, NULL);
}
