#include "tests/unit/store/rig.h"

#include "sensor/store/store_view.h"

#include <sqlite3.h>

enum { BLOCK = 30000 };

static uint8_t bytes[BLOCK];

struct seen {
	unsigned blocks;
	unsigned ends;
	uint64_t rows;
	unsigned last_scan;
	nanotime first_of[64];
};

static bool see(void *arg, unsigned scan, const struct store_contacts *row)
{
	struct seen *seen = arg;

	seen->last_scan = scan;
	if (!row) {
		seen->ends++;
		return true;
	}
	seen->first_of[seen->blocks++ % 64] = row->first;
	seen->rows += row->rows;
	assert_true(row->bytes.len == BLOCK && row->bytes.data[0] == (uint8_t)row->rows);
	return true;
}

static void put(struct rig *rig, nanotime first, nanotime last, uint64_t rows)
{
	const struct item_draft draft = { .class = STORE_CONTACTS,
					  .hurry = HURRY_LATER,
					  .numbers = { first, last, rows },
					  .parts = { { bytes, BLOCK } } };

	bytes[0] = (uint8_t)rows;
	assert_true(rig_put(rig, LANE_NOTES, &draft));
}

static void ask(struct rig *rig, struct seen *seen)
{
	rig->sides.scan = see;
	rig->sides.scan_arg = seen;
	(void)atomic_fetch_add(&rig->sides.scans, 1);
}

/* Steps until the scan is over, at most so many seconds. */
static void until_over(struct rig *rig, const struct seen *seen, unsigned ends)
{
	for (unsigned i = 0; i < 10 && seen->ends < ends; i++)
		rig_run(rig, 1);
	assert_int_equal(seen->ends, ends);
}

/* Also what was put a moment before, which nobody would have written for a quarter of an hour. */
static void a_scan_shows_all_that_was_put(void **state)
{
	struct rig rig;
	struct seen seen = { 0 };

	(void)state;
	rig_make(&rig);
	ask(&rig, &seen);
	until_over(&rig, &seen, 1);
	assert_int_equal(seen.blocks, 0);
	put(&rig, SCRATCH_NOW, SCRATCH_NOW + 1, 7);
	rig_run(&rig, 2);
	put(&rig, SCRATCH_NOW + 2, SCRATCH_NOW + 3, 8);
	ask(&rig, &seen);
	until_over(&rig, &seen, 2);
	assert_int_equal(seen.blocks, 2);
	assert_int_equal(seen.rows, 15);
	assert_true(seen.first_of[0] < seen.first_of[1]);
	assert_int_equal(seen.last_scan, 2);
	assert_string_equal(rig.scratch.said, "");
	rig_free(&rig);
}

/* One that is asked for amid another begins anew. */
static void the_latest_scan_counts(void **state)
{
	struct rig rig;
	struct seen seen = { 0 };

	(void)state;
	rig_make(&rig);
	for (unsigned i = 0; i < 3; i++)
		put(&rig, SCRATCH_NOW + i, SCRATCH_NOW + i, i + 1);
	ask(&rig, &seen);
	rig.now += NANOTIME_SECOND;
	atomic_store(&rig.sides.alive, SCRATCH_NOW);
	while (seen.blocks == 0) {
		rig.now += NANOTIME_SECOND;
		(void)store_writer_step(rig.writer, rig.now);
	}
	ask(&rig, &seen);
	until_over(&rig, &seen, 1);
	assert_int_equal(seen.last_scan, 2);
	assert_int_equal(seen.blocks, 1 + 3);
	rig_free(&rig);
}

static void what_is_older_than_thirty_days_goes(void **state)
{
	struct rig rig;
	struct seen seen = { 0 };

	(void)state;
	rig_make(&rig);
	put(&rig, SCRATCH_NOW - 40 * NANOTIME_DAY, SCRATCH_NOW - 31 * NANOTIME_DAY, 1);
	put(&rig, SCRATCH_NOW - 40 * NANOTIME_DAY, SCRATCH_NOW - 29 * NANOTIME_DAY, 2);
	ask(&rig, &seen);
	until_over(&rig, &seen, 1);
	assert_int_equal(seen.rows, 2);
	assert_int_equal(atomic_load(&rig.sides.contacts_let_go), 0);
	rig_free(&rig);
}

static void what_has_no_room_goes_from_the_oldest_on(void **state)
{
	struct rig rig;
	struct seen seen = { 0 };
	const unsigned blocks = 40;
	unsigned left;

	(void)state;
	rig_make(&rig);
	rig_free(&rig);
	memset(&rig, 0, sizeof(rig));
	scratch_make(&rig.scratch);
	rig.scratch.config.contact_bytes = 10 * BLOCK;
	rig.now = NANOTIME_HOUR;
	for (size_t i = 0; i < LANES; i++)
		assert_int_equal(ring_new(&rig.sides.lanes[i], 1 << 17), ERR_OK);
	assert_int_equal(store_writer_new(&rig.writer, &rig.sides, &rig.scratch.setup, 1 << 18,
					  rig.scratch.problem),
			 ERR_OK);
	store_writer_begin(rig.writer, SCRATCH_NOW, rig.now);
	for (unsigned i = 0; i < blocks; i++) {
		put(&rig, SCRATCH_NOW + i, SCRATCH_NOW + i, 1);
		rig_run(&rig, 1);
		ask(&rig, &seen);
		until_over(&rig, &seen, i + 1);
		left = seen.blocks;
		seen.blocks = 0;
		assert_in_range(left, 1, 10);
	}
	assert_int_equal(left, 10);
	assert_int_equal(atomic_load(&rig.sides.contacts_let_go), blocks - 10);
	assert_true(seen.first_of[0] == SCRATCH_NOW + blocks - 10);
	rig_free(&rig);
}

static bool count_block(void *arg, const struct store_contacts *row)
{
	unsigned *count = arg;

	*count += row->bytes.len == BLOCK;
	return true;
}

static void others_read_them_beside_it(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_view *view = NULL;
	unsigned count = 0;
	const struct store_contacts row = {
		.first = SCRATCH_NOW, .last = SCRATCH_NOW, .rows = 1, .bytes = { bytes, BLOCK }
	};

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	for (unsigned i = 0; i < 3; i++)
		assert_true(store_put_contacts(store, &row));
	scratch_close(store);
	assert_int_equal(store_view_open(&view, s.config.folder, s.problem), ERR_OK);
	assert_int_equal(store_view_contacts(view, count_block, &count), ERR_OK);
	assert_int_equal(count, 3);
	store_view_close(view);
	scratch_remove(&s);
}

static void run_sql(const struct scratch *s, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch_path(s, "cases.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A data base of before there were contacts is brought up, and keeps what it has. */
static void an_earlier_version_is_brought_up(void **state)
{
	struct scratch s;
	struct store *store;
	struct told told = { 0 };
	const struct store_case row = { .id = "one",
					.revision = 1,
					.opened = 1,
					.changed = 2,
					.priority = 1,
					.json = span_of("{}"),
					.record = span_of("own") };
	const struct store_contacts contacts = {
		.first = SCRATCH_NOW, .last = SCRATCH_NOW, .rows = 1, .bytes = { bytes, BLOCK }
	};

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	wait_durable(store, store_put_case(store, &row, true));
	scratch_close(store);
	run_sql(&s, "DROP TABLE contacts; PRAGMA user_version=1");
	store = scratch_open(&s);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	assert_int_equal(told.count, 1);
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	assert_true(store_put_contacts(store, &contacts));
	scratch_close(store);
	run_sql(&s, "INSERT INTO contacts(began) SELECT began FROM contacts WHERE rows=1");
	assert_string_equal(s.said, "");
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_shows_all_that_was_put),
		cmocka_unit_test(the_latest_scan_counts),
		cmocka_unit_test(what_is_older_than_thirty_days_goes),
		cmocka_unit_test(what_has_no_room_goes_from_the_oldest_on),
		cmocka_unit_test(others_read_them_beside_it),
		cmocka_unit_test(an_earlier_version_is_brought_up),
	};

	return cmocka_run_group_tests_name("store_contacts", tests, NULL, NULL);
}
