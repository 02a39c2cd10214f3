#include "tests/unit/store/scratch.h"

#include "sensor/store/store_view.h"

#include <sqlite3.h>

static struct store_case case_row(const char *id, uint64_t revision)
{
	return (struct store_case){ .id = id,
				    .revision = revision,
				    .opened = 100,
				    .changed = 100 + revision,
				    .priority = 2,
				    .json = span_of("{\"a\":1}"),
				    .record = span_of("own") };
}

static void cases_come_back(void **state)
{
	struct scratch s;
	struct told told = { 0 };
	struct store *store;
	struct store_view *view = NULL;
	struct store_case early = case_row("early", 9);
	struct store_case gone = case_row("gone", 3);
	uint64_t last = 0;

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	early.opened = 50;
	gone.is_withdrawn = true;
	for (uint64_t revision = 1; revision <= 5; revision++) {
		struct store_case row = case_row("one", revision);

		last = store_put_case(store, &row, revision == 5);
		assert_true(last != 0);
	}
	assert_true(store_put_case(store, &early, false) > last);
	last = store_put_case(store, &gone, true);
	wait_durable(store, 5);
	scratch_close(store);

	store = scratch_open(&s);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	/* The longest unchanged first. */
	assert_string_equal(told.lines, "gone r3 100-103 p2 withdrawn {\"a\":1} own\n"
					"one r5 100-105 p2 {\"a\":1} own\n"
					"early r9 50-109 p2 {\"a\":1} own\n");
	assert_int_equal(store_view_open(&view, s.config.folder, s.problem), ERR_OK);
	told = (struct told){ 0 };
	assert_int_equal(store_view_cases(view, tell_case, &told), ERR_OK);
	assert_memory_equal(told.lines, "early r9 ", 9);
	store_view_close(view);
	assert_string_equal(s.said, "");
	scratch_close(store);
	scratch_remove(&s);
}

static bool count_case(void *arg, const struct store_case *row)
{
	unsigned *count = arg;

	assert_int_equal(row->record.len, 4000);
	(*count)++;
	return true;
}

/* All cases together are more than SQLite may take of memory; here less than in a sensor. */
static void more_cases_than_memory_come_back(void **state)
{
	static uint8_t record[4000];
	enum { CASES = 3000, HEAP_BYTES = 6 << 20 };
	struct scratch s;
	struct store *store;
	sqlite3_int64 before = sqlite3_hard_heap_limit64(-1);
	unsigned count = 0;

	(void)state;
	scratch_make(&s);
	s.config.daily_bytes = UINT64_C(1) << 30;
	store = scratch_start(&s);
	for (unsigned i = 0; i < CASES; i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "case%u", i);

		struct store_case row = case_row(id, 1);

		row.record = (struct span){ record, sizeof(record) };
		while (store_put_case(store, &row, true) == 0)
			(void)usleep(1000);
	}
	scratch_close(store);

	store = scratch_open(&s);
	(void)sqlite3_hard_heap_limit64(HEAP_BYTES);
	assert_int_equal(store_load_cases(store, count_case, &count), ERR_OK);
	assert_int_equal(count, CASES);
	(void)sqlite3_hard_heap_limit64(before);
	scratch_close(store);
	scratch_remove(&s);
}

/* A case that waits for the minute's batch is not durable, even when later ones are. */
static void durable_means_all_before(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_case waits = case_row("waits", 1);
	struct store_case urgent = case_row("urgent", 1);
	uint64_t first;
	uint64_t second;

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	first = store_put_case(store, &waits, false);
	second = store_put_case(store, &urgent, true);
	assert_true(first == 1 && second == 2);
	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000; i++) {
		struct store_status status;

		store_status(store, &status);
		if (status.commits > 0)
			break;
		pause_shortly();
	}
	assert_int_equal(store_durable(store), 0);
	/* The next revision is urgent, and takes with it what waited of its own case. */
	waits.revision = 2;
	wait_durable(store, store_put_case(store, &waits, true));
	assert_int_equal(store_durable(store), 3);
	scratch_close(store);
	scratch_remove(&s);
}

static bool tell_device(void *arg, const struct store_device *row)
{
	struct told *told = arg;

	told->count++;
	(void)snprintf(told->lines, sizeof(told->lines), "%s %s %s %llu-%llu %.*s", row->key,
		       row->name, row->address, (unsigned long long)row->first,
		       (unsigned long long)row->last, (int)row->json.len, row->json.data);
	return true;
}

static bool tell_health(void *arg, const struct store_health *row)
{
	struct told *told = arg;
	size_t len = strlen(told->lines);

	told->count++;
	(void)snprintf(told->lines + len, sizeof(told->lines) - len, "%s %s %llu %llu %llu\n",
		       row->id, row->code, (unsigned long long)row->opened,
		       (unsigned long long)row->last, (unsigned long long)row->closed);
	return true;
}

static void put_the_rest(struct store *store)
{
	struct store_device device = { .key = "02:00:00:00:00:01",
				       .name = "printer",
				       .address = "192.0.2.7",
				       .first = 5,
				       .last = 6,
				       .json = span_of("{}") };
	struct store_health blind = { .id = "h1", .code = "one-sided", .opened = 1, .last = 2 };
	struct store_health over = { .id = "h0", .code = "drops", .opened = 1, .last = 2 };

	assert_true(store_put_device(store, &device, true));
	device.last = 9;
	assert_true(store_put_device(store, &device, false));
	assert_true(store_put_health(store, &blind));
	assert_true(store_put_health(store, &over));
	over.closed = 7;
	assert_true(store_put_health(store, &over));
	assert_true(store_put_gap(store, &(struct store_gap){ 3, 4, "restart" }));
	for (uint64_t i = 1; i <= 4; i++)
		assert_true(store_put_count(store, &(struct store_count){ 20000, "packets", i }));
	assert_true(
		store_put_capsule(store, &(struct store_capsule){ "one", 2, span_of("evidence") }));
}

/* What `sql` gives as a number, from a connection of its own. */
static int64_t ask(const struct scratch *s, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int64_t answer;

	assert_int_equal(
		sqlite3_open_v2(scratch_path(s, "cases.db"), &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	answer = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return answer;
}

static void other_rows_come_back(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_view *view = NULL;
	struct told told = { 0 };
	struct told health = { 0 };
	struct told open = { 0 };

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	put_the_rest(store);
	scratch_close(store);

	assert_int_equal(store_view_open(&view, s.config.folder, s.problem), ERR_OK);
	assert_int_equal(store_view_devices(view, tell_device, &told), ERR_OK);
	assert_string_equal(told.lines, "02:00:00:00:00:01 printer 192.0.2.7 5-9 {}");
	assert_int_equal(store_view_health(view, tell_health, &health), ERR_OK);
	assert_string_equal(health.lines, "h0 drops 1 2 7\nh1 one-sided 1 2 0\n");
	store_view_close(view);
	assert_int_equal(ask(&s, "SELECT value FROM counters WHERE day=20000 AND name='packets'"),
			 10);
	assert_int_equal(ask(&s, "SELECT ended FROM gaps WHERE reason='restart'"), 4);
	assert_int_equal(ask(&s, "SELECT size FROM capsules WHERE case_id='one'"), 8);

	store = scratch_open(&s);
	assert_int_equal(store_load_health(store, tell_health, &open), ERR_OK);
	assert_string_equal(open.lines, "h1 one-sided 1 2 0\n");
	scratch_close(store);
	scratch_remove(&s);
}

static void lives_are_noted(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_life life;

	(void)state;
	scratch_make(&s);
	store = scratch_open(&s);
	assert_false(store_last_life(store, &life));
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	assert_int_equal(ask(&s, "SELECT stopped_clean FROM lives"), 0);
	store_alive(store, SCRATCH_NOW + 5);
	assert_int_equal(store_close(store, SCRATCH_NOW + 9), ERR_OK);
	store = scratch_open(&s);
	assert_true(store_last_life(store, &life));
	assert_true(life.started == SCRATCH_NOW && life.last_alive == SCRATCH_NOW + 9);
	assert_true(life.stopped_clean);
	assert_int_equal(store_start(store, SCRATCH_NOW + NANOTIME_HOUR), ERR_OK);
	scratch_close(store);
	assert_int_equal(ask(&s, "SELECT count(*) FROM lives"), 2);
	scratch_remove(&s);
}

/* Nothing is put before there is a thread, nor what no ring could ever hold. */
static void what_cannot_be_taken_is_refused(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_case row = case_row("one", 1);
	struct store_status status;
	uint8_t *large;

	(void)state;
	scratch_make(&s);
	store = scratch_open(&s);
	assert_int_equal(store_put_case(store, &row, true), 0);
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	large = calloc(1, 1 << 20);
	assert_non_null(large);
	row.record = (struct span){ .data = large, .len = 1 << 20 };
	assert_int_equal(store_put_case(store, &row, true), 0);
	row.record.len = store_largest(store) - row.json.len - strlen(row.id);
	wait_durable(store, store_put_case(store, &row, true));
	store_status(store, &status);
	assert_int_equal(status.refused[STORE_CASES], 2);
	assert_int_equal(status.state, STORE_OK);
	free(large);
	scratch_close(store);
	assert_int_equal(ask(&s, "SELECT length(record) FROM cases") > 10000, 1);
	scratch_remove(&s);
}

static void capsules_are_bounded_by_bytes(void **state)
{
	struct scratch s;
	struct store *store;
	uint8_t *bytes = calloc(1, 20000);
	unsigned put = 0;

	(void)state;
	assert_non_null(bytes);
	scratch_make(&s);
	s.config.size_bytes = 4 << 20; /* a quarter: 1 MiB */
	store = scratch_start(&s);
	while (put < 100) {
		struct store_capsule row = { "one", put, { bytes, 20000 } };

		if (store_put_capsule(store, &row))
			put++;
		else
			pause_shortly();
	}
	scratch_close(store);
	free(bytes);
	assert_true(ask(&s, "SELECT sum(size) FROM capsules") <= 1 << 20);
	assert_true(ask(&s, "SELECT sum(size) FROM capsules") > (1 << 20) - 20001);
	/* The oldest went. */
	assert_int_equal(ask(&s, "SELECT max(revision) FROM capsules"), 99);
	scratch_remove(&s);
}

static void descriptors_are_told(void **state)
{
	struct scratch s;
	struct store *store;
	int fds[STORE_DESCRIPTORS_MAX];
	char link[64];
	char path[512];

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	assert_int_equal(store_descriptors(store, fds), 3);
	for (size_t i = 0; i < 3; i++) {
		ssize_t len;

		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fds[i]);
		len = readlink(link, path, sizeof(path) - 1);
		assert_true(len > 0);
		path[len] = '\0';
		assert_non_null(strstr(path, "cases.db"));
	}
	scratch_close(store);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_come_back),
		cmocka_unit_test(more_cases_than_memory_come_back),
		cmocka_unit_test(durable_means_all_before),
		cmocka_unit_test(other_rows_come_back),
		cmocka_unit_test(lives_are_noted),
		cmocka_unit_test(what_cannot_be_taken_is_refused),
		cmocka_unit_test(capsules_are_bounded_by_bytes),
		cmocka_unit_test(descriptors_are_told),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
