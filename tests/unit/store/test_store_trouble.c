/* Disks that are full, read-only or broken: what waits, what is said, and that it goes on. */
#include "tests/unit/store/failing_vfs.h"
#include "tests/unit/store/rig.h"

static void expect_cases(struct rig *rig, const char *want)
{
	struct told told = { 0 };
	struct store *store;

	atomic_store(&failing, FAIL_NOTHING);
	store_writer_free(rig->writer);
	rig->writer = NULL;
	store = scratch_open(&rig->scratch);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	assert_string_equal(told.lines, want);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
}

static const struct trouble_case {
	const char *name;
	enum failing failing;
	enum store_state state;
	const char *said;
} troubles[] = {
	{ "a full disk", FAIL_FULL, STORE_FULL, "the disk is full" },
	{ "a disk that became read-only", FAIL_READ_ONLY, STORE_READ_ONLY, "is read-only" },
	{ "a disk that does not sync", FAIL_SYNC, STORE_FAILING, "it is tried again" },
};

static void a_case_waits_until_it_is_written(void **state)
{
	const struct trouble_case *t = *state;
	struct rig rig;

	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	assert_true(rig_put_case(&rig, "one", 1, 10));
	rig_run(&rig, 1);
	assert_int_equal(atomic_load(&rig.sides.durable), 1);

	atomic_store(&failing, t->failing);
	assert_true(rig_put_case(&rig, "one", 2, 10));
	assert_true(rig_put_case(&rig, "two", 1, 10));
	rig_run(&rig, 3600);
	assert_int_equal(atomic_load(&rig.sides.durable), 1);
	assert_int_equal(atomic_load(&rig.sides.state), t->state);
	assert_true(atomic_load(&rig.sides.failing_since) > SCRATCH_NOW);
	/* Said once, however long it lasts. */
	assert_int_equal(lines_with(&rig, t->said), 1);
	assert_int_equal(lines_with(&rig, "\n"), 1);

	atomic_store(&failing, FAIL_NOTHING);
	rig_run(&rig, 70);
	assert_int_equal(atomic_load(&rig.sides.durable), 3);
	assert_int_equal(atomic_load(&rig.sides.state), STORE_OK);
	assert_int_equal(atomic_load(&rig.sides.failing_since), 0);
	assert_int_equal(lines_with(&rig, "is written again"), 1);
	expect_cases(&rig, "one r2 1-2 p1 {} \ntwo r1 1-2 p1 {} \n");
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

/* It is not tried without pause: a dying card is not worn out by us. */
static void retries_back_off(void **state)
{
	struct rig rig;
	long first;
	long hour;

	(void)state;
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	atomic_store(&failing, FAIL_READ_ONLY);
	atomic_store(&failing_writes, 0);
	assert_true(rig_put_case(&rig, "one", 1, 10));
	rig_run(&rig, 10);
	first = atomic_load(&failing_writes);
	assert_true(first >= 3 && first <= 12);
	rig_run(&rig, 3600);
	hour = atomic_load(&failing_writes) - first;
	assert_true(hour >= 3600 / 64 && hour <= 4 * 3600 / 64);
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

static void what_matters_less_goes_first(void **state)
{
	struct rig rig;
	char id[32];
	unsigned number = 0;
	unsigned cases = 0;

	(void)state;
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	atomic_store(&failing, FAIL_FULL);
	rig_run(&rig, 61);
	while (number < 2000) {
		(void)rig_put_row(&rig, STORE_KEPT, LANE_KEPT, number);
		(void)rig_put_row(&rig, STORE_DEVICES, LANE_NOTES, number);
		(void)rig_put_row(&rig, STORE_HEALTH, LANE_SENSOR, number);
		number++;
		rig_run(&rig, 1);
	}
	/* Bounded: the newest wait, the oldest are gone and counted. */
	assert_int_equal(atomic_load(&rig.sides.dropped[STORE_KEPT]), 2000);
	assert_true(atomic_load(&rig.sides.dropped[STORE_DEVICES]) > 0);
	assert_true(atomic_load(&rig.sides.dropped[STORE_HEALTH]) > 1000);
	/* Cases push them out, until the cases alone fill everything; then they are refused. */
	for (unsigned tries = 0; tries < 1000; tries++) {
		(void)snprintf(id, sizeof(id), "case%04u", cases);
		if (rig_put_case(&rig, id, 1, 3000))
			cases++;
		rig_run(&rig, 1);
	}
	assert_true(cases > 100 && cases < 200);
	assert_int_equal(atomic_load(&rig.sides.dropped[STORE_CASES]), 0);
	assert_int_equal(atomic_load(&rig.sides.dropped[STORE_DEVICES]) < 2000, 1);

	atomic_store(&failing, FAIL_NOTHING);
	rig_run(&rig, 130);
	assert_int_equal(atomic_load(&rig.sides.durable), cases);
	/* Rows that were dropped are asked for again: all of them. */
	rig_run(&rig, 15 * 60);
	assert_int_equal(atomic_load(&rig.sides.kept_wanted), STORE_KEPT_ALL);
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

/* Files cannot grow: cases go on in the log's own bytes, which were taken at start. */
static void cases_go_on_while_the_log_has_room(void **state)
{
	struct rig rig;
	uint64_t revision = 0;

	(void)state;
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	atomic_store(&failing, FAIL_GROWTH);
	for (; revision < 40; revision++) {
		assert_true(rig_put_case(&rig, "one", revision + 1, 3000));
		rig_run(&rig, 1);
		assert_int_equal(atomic_load(&rig.sides.durable), revision + 1);
	}
	/* Enough for every case of a bad day, but not for ever. */
	for (; atomic_load(&rig.sides.durable) == revision && revision < 1000; revision++) {
		assert_true(rig_put_case(&rig, "one", revision + 1, 3000));
		rig_run(&rig, 1);
	}
	assert_true(revision > 80 && revision < 1000);
	assert_int_equal(atomic_load(&rig.sides.state), STORE_FULL);
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

/* The oldest evidence makes room for cases in a data base that may not grow. */
static void capsules_make_room(void **state)
{
	struct rig rig;
	uint8_t *bytes = calloc(1, 60000);
	unsigned cases = 0;
	char id[32];

	(void)state;
	assert_non_null(bytes);
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	store_writer_free(rig.writer);
	rig.scratch.config.size_bytes = 1 << 20;
	assert_int_equal(store_writer_new(&rig.writer, &rig.sides, &rig.scratch.setup, 1 << 18,
					  rig.scratch.problem),
			 ERR_OK);
	store_writer_begin(rig.writer, SCRATCH_NOW, rig.now);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(rig_put(
			&rig, LANE_NOTES,
			&(struct item_draft){ .class = STORE_CAPSULES,
					      .hurry = HURRY_NOW,
					      .numbers = { i },
					      .parts = { span_of("c"), { bytes, 60000 } } }));
		rig_run(&rig, 1);
	}
	while (cases < 400 && atomic_load(&rig.sides.durable) == cases) {
		(void)snprintf(id, sizeof(id), "case%04u", cases);
		assert_true(rig_put_case(&rig, id, 1, 4000));
		cases++;
		rig_run(&rig, 200);
	}
	/* Beside the capsules, 60 of 256 pages, there would be room for 160. */
	assert_true(cases > 190 && cases < 260);
	assert_int_equal(atomic_load(&rig.sides.state), STORE_FULL);
	free(bytes);
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

static void a_kept_row_that_was_taken_back_is_written_once(void **state)
{
	struct rig rig;
	struct store *store;
	struct told told = { 0 };
	struct store_loaded loaded;

	(void)state;
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	for (unsigned round = 0; round < 3; round++) {
		atomic_store(&failing, round == 1 ? FAIL_SYNC : FAIL_NOTHING);
		/* Taken in only while the last commit went well. */
		rig_run(&rig, round == 2 ? 130 : 1);
		for (unsigned i = 0; i < 20; i++)
			(void)rig_put_row(&rig, STORE_KEPT, LANE_KEPT, i);
		atomic_fetch_add(&rig.sides.kept_rounds, 1);
		rig_run(&rig, 130);
	}
	store_writer_free(rig.writer);
	rig.writer = NULL;
	store = scratch_open(&rig.scratch);
	assert_int_equal(store_load_kept(store, tell_kept, &told, &loaded), ERR_OK);
	assert_int_equal(loaded.rows, 20);
	assert_int_equal(loaded.forgotten, 0);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
	atomic_store(&failing, FAIL_NOTHING);
	rig_free(&rig);
}

/* Who reads for long keeps the log from beginning anew: baselines wait, cases do not. */
static void a_long_reader_is_noticed(void **state)
{
	struct rig rig;
	sqlite3 *reader = NULL;
	struct stat st;
	uint64_t revision = 0;

	(void)state;
	rig_make_with(&rig, scratch_base(), NULL);
	assert_int_equal(sqlite3_open(scratch_path(&rig.scratch, "cases.db"), &reader), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM cases", NULL, NULL, NULL),
		SQLITE_OK);
	for (; !atomic_load(&rig.sides.log_is_held) && revision < 1000; revision++) {
		rig_change_record((uint8_t)revision);
		assert_true(rig_put_case(&rig, "one", revision + 1, 9000));
		rig_run(&rig, 1);
	}
	assert_true(revision > 100 && revision < 1000);
	assert_int_equal(atomic_load(&rig.sides.durable), revision);
	rig_run(&rig, 2 * 15 * 60);
	assert_int_equal(atomic_load(&rig.sides.kept_wanted), STORE_KEPT_NONE);
	assert_int_equal(atomic_load(&rig.sides.state), STORE_OK);
	(void)sqlite3_close(reader);
	assert_true(stat(scratch_path(&rig.scratch, "cases.db-wal"), &st) == 0 &&
		    st.st_size > 2 << 20);

	rig_run(&rig, 2 * 15 * 60);
	assert_false(atomic_load(&rig.sides.log_is_held));
	assert_int_equal(atomic_load(&rig.sides.kept_wanted), STORE_KEPT_CHANGED);
	/* And what it grew to is given back. */
	assert_true(stat(scratch_path(&rig.scratch, "cases.db-wal"), &st) == 0 &&
		    st.st_size <= 1 << 20);
	rig_free(&rig);
}

/* What is written to a file that nobody finds any more is not kept: said, and not called durable.
 */
static void a_file_that_was_removed_is_noticed(void **state)
{
	struct rig rig;

	(void)state;
	rig_make(&rig);
	assert_true(rig_put_case(&rig, "one", 1, 100));
	rig_run(&rig, 1);
	assert_int_equal(atomic_load(&rig.sides.durable), 1);
	assert_int_equal(unlink(scratch_path(&rig.scratch, "cases.db")), 0);
	assert_true(rig_put_case(&rig, "two", 1, 100));
	rig_run(&rig, 1);
	assert_int_equal(atomic_load(&rig.sides.state), STORE_FAILING);
	assert_int_equal(atomic_load(&rig.sides.durable), 1);
	rig_run(&rig, 200);
	assert_int_equal(lines_with(&rig, "was removed while the sensor ran"), 1);
	assert_false(store_writer_end(rig.writer, SCRATCH_NOW + rig.now, rig.now));
	rig_free(&rig);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(troubles) + 7];
	size_t count = 0;

	failing_register();
	for (; count < ARRAY_LEN(troubles); count++)
		tests[count] =
			(struct CMUnitTest){ .name = troubles[count].name,
					     .test_func = a_case_waits_until_it_is_written,
					     .initial_state = (void *)(uintptr_t)&troubles[count] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_file_that_was_removed_is_noticed);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(retries_back_off);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_matters_less_goes_first);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(cases_go_on_while_the_log_has_room);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(capsules_make_room);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(a_kept_row_that_was_taken_back_is_written_once);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_long_reader_is_noticed);
	assert_int_equal(count, ARRAY_LEN(tests));
	return cmocka_run_group_tests_name("store_trouble", tests, NULL, NULL);
}
