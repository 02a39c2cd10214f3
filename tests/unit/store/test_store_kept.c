#include "tests/unit/store/scratch.h"

#include <sqlite3.h>

static struct kept_row row_of(const char *table, uint64_t used, const char *key, const char *value)
{
	return (struct kept_row){ .table = table,
				  .layout = strcmp(table, TABLE_A) == 0 ? 7 : 3,
				  .used = used,
				  .key = span_of(key),
				  .value = span_of(value) };
}

static void put_row(struct store *store, const char *table, uint64_t used, const char *key,
		    const char *value)
{
	struct kept_row row = row_of(table, used, key, value);

	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 && !store_put_kept(store, &row); i++)
		pause_shortly();
}

static void run_sql(const struct scratch *s, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(scratch_path(s, "cases.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

/* Opens, loads and closes. */
static struct store_loaded load(struct scratch *s, struct told *told)
{
	struct store *store = scratch_open(s);
	struct store_loaded loaded;

	told->lines[0] = '\0';
	told->count = 0;
	assert_int_equal(store_load_kept(store, tell_kept, told, &loaded), ERR_OK);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
	return loaded;
}

static void make_three(struct scratch *s)
{
	struct store *store;

	scratch_make(s);
	store = scratch_start(s);
	put_row(store, TABLE_B, 1, "b1", "x");
	put_row(store, TABLE_A, 9, "a9", "late");
	put_row(store, TABLE_A, 2, "a2", "early");
	scratch_close(store);
}

static void rows_come_back_in_order(void **state)
{
	struct scratch s;
	struct told told = { 0 };
	struct store_loaded loaded;

	(void)state;
	make_three(&s);
	loaded = load(&s, &told);
	assert_string_equal(told.lines, TABLE_A " 7 2 a2=early\n" TABLE_A " 7 9 a9=late\n" TABLE_B
						" 3 1 b1=x\n");
	assert_true(loaded.rows == 3 && loaded.damaged == 0 && loaded.forgotten == 0);
	scratch_remove(&s);
}

static void a_key_has_one_row(void **state)
{
	struct scratch s;
	struct told told = { 0 };

	(void)state;
	make_three(&s);
	/* In a later life, loaded or not. */
	for (unsigned life = 0; life < 2; life++) {
		struct store *store = scratch_open(&s);
		struct store_loaded loaded;

		if (life == 1)
			assert_int_equal(store_load_kept(store, tell_kept, &told, &loaded), ERR_OK);
		assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
		put_row(store, TABLE_A, 10 + life, "a2", life == 0 ? "newer" : "newest");
		scratch_close(store);
	}
	assert_int_equal(load(&s, &told).rows, 3);
	assert_string_equal(told.lines, TABLE_A " 7 9 a9=late\n" TABLE_A " 7 11 a2=newest\n" TABLE_B
						" 3 1 b1=x\n");
	scratch_remove(&s);
}

/* What was written last counts, wherever it stands in the order of use. */
static void the_later_row_counts(void **state)
{
	struct scratch s;
	struct told told = { 0 };
	struct store *store;

	(void)state;
	make_three(&s);
	store = scratch_start(&s);
	put_row(store, TABLE_A, 1, "a9", "later");
	scratch_close(store);
	assert_int_equal(load(&s, &told).rows, 3);
	assert_non_null(strstr(told.lines, TABLE_A " 7 1 a9=later\n"));
	assert_null(strstr(told.lines, "=late\n"));
	/* Where it is damaged, the one before it is better than none. */
	run_sql(&s, "UPDATE kept SET value='laten' WHERE value=CAST('later' AS BLOB)");
	assert_int_equal(load(&s, &told).damaged, 1);
	assert_non_null(strstr(told.lines, TABLE_A " 7 9 a9=late\n"));
	assert_int_equal(told.count, 3);
	scratch_remove(&s);
}

static void another_layout_starts_anew(void **state)
{
	struct scratch s;
	struct told told = { 0 };
	struct store_loaded loaded;

	(void)state;
	make_three(&s);
	s.tables[0].layout = 8;
	loaded = load(&s, &told);
	assert_string_equal(told.lines, TABLE_B " 3 1 b1=x\n");
	assert_int_equal(loaded.forgotten, 2);
	assert_non_null(strstr(s.said, "store: table " TABLE_A " has another layout"));
	/* Said once: the next time there is nothing of the old one. */
	s.said[0] = '\0';
	assert_int_equal(load(&s, &told).forgotten, 0);
	assert_string_equal(s.said, "");
	scratch_remove(&s);
}

static void a_table_that_nobody_has_is_removed(void **state)
{
	struct scratch s;
	struct told told = { 0 };

	(void)state;
	make_three(&s);
	s.setup.table_count = 1;
	assert_int_equal(load(&s, &told).forgotten, 1);
	s.setup.table_count = 2;
	assert_int_equal(load(&s, &told).rows, 2);
	scratch_remove(&s);
}

static void damaged_rows_are_left_out(void **state)
{
	static const char *const damage[] = {
		"UPDATE kept SET value='earlz' WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET key=CAST('a3' AS BLOB) WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET used=1 WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET sum=sum+1 WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET tbl=(SELECT number FROM kept_tables WHERE name='" TABLE_B
		"') WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET key=NULL WHERE key=CAST('a2' AS BLOB)",
		"UPDATE kept SET value='words' WHERE key=CAST('a2' AS BLOB)",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
		struct scratch s;
		struct told told = { 0 };
		struct store_loaded loaded;

		make_three(&s);
		run_sql(&s, damage[i]);
		loaded = load(&s, &told);
		assert_int_equal(loaded.damaged, 1);
		assert_string_equal(told.lines, TABLE_A " 7 9 a9=late\n" TABLE_B " 3 1 b1=x\n");
		/* Removed, not only passed over. */
		assert_int_equal(load(&s, &told).damaged, 0);
		scratch_remove(&s);
	}
}

static void what_the_owner_refuses_stays(void **state)
{
	struct scratch s;
	struct told told = { .refuse_from = 2 };
	struct store_loaded loaded;

	(void)state;
	make_three(&s);
	loaded = load(&s, &told);
	assert_true(loaded.rows == 1 && loaded.refused == 2);
	told.refuse_from = 0;
	assert_int_equal(load(&s, &told).rows, 3);
	scratch_remove(&s);
}

static void a_full_table_forgets_the_longest_untouched(void **state)
{
	struct scratch s;
	struct store *store;
	struct told told = { 0 };
	struct store_loaded loaded;
	char key[16];

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	for (uint64_t i = 1; i <= 3 * CAPACITY_B; i++) {
		(void)snprintf(key, sizeof(key), "k%llu", (unsigned long long)i);
		put_row(store, TABLE_B, i, key, "v");
		put_row(store, TABLE_B, i, "always", "v");
	}
	scratch_close(store);
	loaded = load(&s, &told);
	assert_int_equal(loaded.rows, CAPACITY_B);
	assert_null(strstr(told.lines, " k101="));
	assert_non_null(strstr(told.lines, " k102="));
	assert_non_null(strstr(told.lines, " 150 always=v\n"));
	/* A smaller table takes the latest of them. */
	s.tables[1].capacity = 10;
	told = (struct told){ 0 };
	loaded = load(&s, &told);
	assert_int_equal(loaded.beyond, CAPACITY_B - 10);
	assert_int_equal(loaded.forgotten, 0);
	assert_int_equal(load(&s, &told).rows, 10);
	assert_null(strstr(told.lines, " k140="));
	assert_non_null(strstr(told.lines, " k142="));
	scratch_remove(&s);
}

/* The graceful stop asks for a round, and takes it all. */
static void closing_takes_a_round(void **state)
{
	struct scratch s;
	struct store *store;
	struct told told = { 0 };
	char key[16];
	char value[2000];

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(store_kept_wanted(store), STORE_KEPT_NONE);
	store_closing(store);
	assert_int_equal(store_kept_wanted(store), STORE_KEPT_CHANGED);
	for (uint64_t i = 0; i < CAPACITY_A; i++) {
		struct kept_row row;

		(void)snprintf(key, sizeof(key), "k%llu", (unsigned long long)i);
		row = row_of(TABLE_A, i, key, value);
		assert_true(store_put_kept(store, &row));
	}
	store_kept_done(store);
	assert_int_equal(store_kept_wanted(store), STORE_KEPT_NONE);
	scratch_close(store);
	assert_int_equal(load(&s, &told).rows, CAPACITY_A);
	scratch_remove(&s);
}

static void a_round_is_asked_for(void **state)
{
	struct scratch s;
	struct store *store;

	(void)state;
	scratch_make(&s);
	s.config.interval = 1;
	store = scratch_start(&s);
	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 && !store_kept_wanted(store); i++)
		pause_shortly();
	assert_int_equal(store_kept_wanted(store), STORE_KEPT_CHANGED);
	store_kept_done(store);
	scratch_close(store);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back_in_order),
		cmocka_unit_test(a_key_has_one_row),
		cmocka_unit_test(the_later_row_counts),
		cmocka_unit_test(another_layout_starts_anew),
		cmocka_unit_test(a_table_that_nobody_has_is_removed),
		cmocka_unit_test(damaged_rows_are_left_out),
		cmocka_unit_test(what_the_owner_refuses_stays),
		cmocka_unit_test(a_full_table_forgets_the_longest_untouched),
		cmocka_unit_test(closing_takes_a_round),
		cmocka_unit_test(a_round_is_asked_for),
	};

	return cmocka_run_group_tests_name("store_kept", tests, NULL, NULL);
}
