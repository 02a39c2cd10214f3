#include "tests/unit/store/scratch.h"

#include "sensor/store/store_view.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

static void put_bytes(const struct scratch *s, const char *name, const void *bytes, size_t len,
		      off_t at)
{
	int fd = open(scratch_path(s, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
	(void)close(fd);
}

static bool is_there(const struct scratch *s, const char *name)
{
	struct stat st;

	return stat(scratch_path(s, name), &st) == 0;
}

static unsigned count_aside(const struct scratch *s)
{
	DIR *folder = opendir(s->config.folder);
	unsigned count = 0;

	assert_non_null(folder);
	for (struct dirent *e = readdir(folder); e; e = readdir(folder))
		count += strncmp(e->d_name, "cases.db.damaged-", 17) == 0 &&
			 !strstr(e->d_name, "-wal");
	(void)closedir(folder);
	return count;
}

/* It runs, and keeps what it is given from then on. */
static void expect_works(struct scratch *s)
{
	struct store *store = scratch_start(s);
	struct store_case row = { .id = "new", .revision = 1, .json = span_of("{}") };
	struct told told = { 0 };

	wait_durable(store, store_put_case(store, &row, true));
	scratch_close(store);
	store = scratch_open(s);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	assert_true(told.count >= 1);
	scratch_close(store);
}

static void run_sql(const struct scratch *s, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(scratch_path(s, "cases.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static void damage_words(const struct scratch *s)
{
	put_bytes(s, "cases.db", "not a data base at all, but long enough to be one", 50, 0);
}

static void damage_header(const struct scratch *s)
{
	put_bytes(s, "cases.db", "xxxxxxxxxxxxxxxxxxxxxxxx", 24, 0);
}

static void damage_page(const struct scratch *s)
{
	uint8_t junk[4096];

	memset(junk, 0xa5, sizeof(junk));
	put_bytes(s, "cases.db", junk, sizeof(junk), 4096);
}

static void damage_schema(const struct scratch *s)
{
	uint8_t junk[2000];

	memset(junk, 0xff, sizeof(junk));
	put_bytes(s, "cases.db", junk, sizeof(junk), 100);
}

static void damage_short(const struct scratch *s)
{
	assert_int_equal(truncate(scratch_path(s, "cases.db"), 5000), 0);
}

static void damage_other_program(const struct scratch *s)
{
	(void)unlink(scratch_path(s, "cases.db"));
	run_sql(s, "CREATE TABLE music(title); PRAGMA application_id=7");
}

static void damage_table_gone(const struct scratch *s)
{
	run_sql(s, "DROP TABLE cases");
}

static void damage_column_gone(const struct scratch *s)
{
	run_sql(s, "ALTER TABLE gaps RENAME COLUMN reason TO why");
}

static void damaged_files_are_moved_aside(void **state)
{
	static void (*const damages[])(const struct scratch *) = {
		damage_words, damage_header,     damage_page,        damage_schema,
		damage_short, damage_table_gone, damage_column_gone, damage_other_program,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct scratch s;

		scratch_make(&s);
		expect_works(&s);
		/* As after a clean stop: all is in the file itself. */
		(void)unlink(scratch_path(&s, "cases.db-wal"));
		(void)unlink(scratch_path(&s, "cases.db-shm"));
		damages[i](&s);
		expect_works(&s);
		assert_non_null(strstr(s.said, " was damaged ("));
		assert_non_null(
			strstr(s.said, "moved to cases.db.damaged-2026-10-01T00-12-08Z, a new"));
		assert_true(is_there(&s, "cases.db.damaged-2026-10-01T00-12-08Z"));
		scratch_remove(&s);
	}
}

enum { MANY_CASES = 300, RECORD_BYTES = 2000, PAGE = 4096 };

/* Urgent ones, all on the disk when it returns. */
static void put_cases(struct store *store)
{
	static uint8_t record[RECORD_BYTES];
	uint64_t ticket = 0;
	char id[16];

	for (unsigned i = 0; i < MANY_CASES; i++) {
		const struct store_case row = { .id = id,
						.revision = 1,
						.json = span_of("{\"a\":1}"),
						.record = { record, sizeof(record) } };

		(void)snprintf(id, sizeof(id), "case%03u", i);
		while ((ticket = store_put_case(store, &row, true)) == 0)
			pause_shortly();
	}
	wait_durable(store, ticket);
}

/* More than is checked at start. */
static void grow(const struct scratch *s)
{
	run_sql(s, "INSERT INTO capsules(case_id, revision, size, bytes)"
		   " VALUES('c', 1, 20971520, zeroblob(20971520))");
}

/* Pages that a table of that name consists of, but for its root. */
static void damage_leaves(const struct scratch *s, const char *table, unsigned count)
{
	uint8_t junk[PAGE];
	char sql[160];
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int root = 0;
	long pages[8];
	unsigned found = 0;

	(void)snprintf(sql, sizeof(sql), "SELECT rootpage FROM sqlite_schema WHERE name='%s'",
		       table);
	assert_int_equal(sqlite3_open(scratch_path(s, "cases.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	root = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_close(db);

	int fd = open(scratch_path(s, "cases.db"), O_RDONLY | O_CLOEXEC);
	uint8_t page[PAGE];

	/* An interior page of a table: after 12 bytes of head two for each cell, which begins with
	 * its child's number (https://www.sqlite.org/fileformat.html, 1.6). */
	assert_int_equal(pread(fd, page, PAGE, (off_t)(root - 1) * PAGE), PAGE);
	(void)close(fd);
	assert_int_equal(page[0], 5);
	for (unsigned i = 4; found < count; i += 9, found++) {
		const uint8_t *cell = page + (page[12 + 2 * i] << 8 | page[13 + 2 * i]);

		assert_true(i < (unsigned)(page[3] << 8 | page[4]));
		pages[found] = cell[0] << 24 | cell[1] << 16 | cell[2] << 8 | cell[3];
	}
	memset(junk, 0xa5, sizeof(junk));
	for (unsigned i = 0; i < found; i++)
		put_bytes(s, "cases.db", junk, sizeof(junk), (pages[i] - 1) * PAGE);
}

static unsigned count_cases(struct store *store)
{
	static struct told told;

	told = (struct told){ .count = 0 };
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	return told.count;
}

/* Only the cases that stood in the pages that were hit are gone with them. */
static void cases_are_taken_over_from_a_damaged_file(void **state)
{
	struct scratch s;
	struct store *store;

	(void)state;
	scratch_make(&s);
	store = scratch_start(&s);
	put_cases(store);
	scratch_close(store);
	damage_leaves(&s, "cases", 3);
	store = scratch_open(&s);
	assert_non_null(strstr(s.said, " was damaged ("));
	assert_non_null(strstr(s.said, " cases were taken over from cases.db.damaged-"));
	assert_in_range(count_cases(store), MANY_CASES - 3 * 4, MANY_CASES - 3);
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	scratch_close(store);
	assert_false(is_there(&s, "cases.db.damaged-2026-10-01T00-12-08Z-shm"));
	scratch_remove(&s);
}

/* The start does not wait for all of a large file to be read; what is found is for the next. */
static void a_large_file_is_checked_while_it_runs(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_status status = { 0 };

	(void)state;
	scratch_make(&s);
	s.config.size_bytes = 64 << 20;
	store = scratch_start(&s);
	put_cases(store);
	scratch_close(store);
	grow(&s);
	damage_leaves(&s, "cases", 1);
	store = scratch_open(&s);
	assert_string_equal(s.said, "");
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 && !status.is_damaged; i++) {
		pause_shortly();
		store_status(store, &status);
	}
	assert_true(status.is_damaged);
	assert_int_equal(count_aside(&s), 0);
	/* What it still had to write may not have been possible. */
	(void)!store_close(store, SCRATCH_NOW + NANOTIME_MINUTE);
	assert_non_null(strstr(s.said, " is damaged ("));
	assert_non_null(strstr(s.said, "the next start moves it aside"));
	store = scratch_open(&s);
	assert_int_equal(count_aside(&s), 1);
	assert_in_range(count_cases(store), MANY_CASES - 4, MANY_CASES - 1);
	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	scratch_close(store);
	scratch_remove(&s);
}

/* A sound one is left alone, and its check does not outlive the store. */
static void a_large_file_that_is_whole_stays(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	s.config.size_bytes = 64 << 20;
	expect_works(&s);
	grow(&s);
	for (unsigned i = 0; i < 3; i++)
		expect_works(&s);
	assert_string_equal(s.said, "");
	scratch_remove(&s);
}

/* Damage that loading meets: told apart from a disk that cannot be read, and then moved aside. */
static void a_load_that_meets_damage_says_so(void **state)
{
	struct scratch s;
	struct store *store;
	struct told told = { 0 };

	(void)state;
	scratch_make(&s);
	s.config.size_bytes = 64 << 20;
	store = scratch_start(&s);
	put_cases(store);
	scratch_close(store);
	grow(&s);
	damage_leaves(&s, "cases", 1);
	store = scratch_open(&s);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_MALFORMED);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
	s.setup.is_suspect = true;
	store = scratch_open(&s);
	assert_int_equal(count_aside(&s), 1);
	assert_in_range(count_cases(store), MANY_CASES - 4, MANY_CASES - 1);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
	scratch_remove(&s);
}

static void only_the_last_two_are_kept(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	for (unsigned i = 0; i < 5; i++) {
		s.setup.now = SCRATCH_NOW + i * NANOTIME_HOUR;
		(void)unlink(scratch_path(&s, "cases.db-wal"));
		damage_words(&s);
		expect_works(&s);
	}
	assert_int_equal(count_aside(&s), 2);
	assert_true(is_there(&s, "cases.db.damaged-2026-10-01T04-12-08Z"));
	assert_true(is_there(&s, "cases.db.damaged-2026-10-01T03-12-08Z"));
	scratch_remove(&s);
}

/* A damaged log loses what it alone had, and nothing more. */
static void a_damaged_log_is_passed_over(void **state)
{
	struct scratch s;
	uint8_t junk[64];

	(void)state;
	scratch_make(&s);
	expect_works(&s);
	memset(junk, 0x5a, sizeof(junk));
	put_bytes(&s, "cases.db-wal", junk, sizeof(junk), 0);
	put_bytes(&s, "cases.db-shm", junk, sizeof(junk), 0);
	expect_works(&s);
	assert_string_equal(s.said, "");
	scratch_remove(&s);
}

static void an_empty_file_is_a_new_one(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	put_bytes(&s, "cases.db", "", 0, 0);
	expect_works(&s);
	assert_string_equal(s.said, "");
	scratch_remove(&s);
}

static void expect_refused(struct scratch *s, enum err want, const char *words)
{
	struct store *store = NULL;

	assert_int_equal(store_open(&store, &s->setup, s->problem), want);
	assert_null(store);
	assert_non_null(strstr(s->problem, words));
	assert_null(strchr(s->problem, '\n'));
}

static void a_newer_version_is_refused(void **state)
{
	struct scratch s;
	struct store_view *view = NULL;

	(void)state;
	scratch_make(&s);
	expect_works(&s);
	run_sql(&s, "PRAGMA user_version=99");
	expect_refused(&s, ERR_RANGE, "is of version 99, this program knows up to 2");
	assert_int_equal(store_view_open(&view, s.config.folder, s.problem), ERR_RANGE);
	assert_non_null(strstr(s.problem, "of a newer version"));
	assert_int_equal(count_aside(&s), 0);
	scratch_remove(&s);
}

static void folders_that_cannot_serve_are_refused(void **state)
{
	struct scratch s;
	char folder[CONFIG_PATH_LEN];
	struct store *store;
	struct store_view *view = NULL;

	(void)state;
	scratch_make(&s);
	(void)snprintf(folder, sizeof(folder), "%s", s.config.folder);
	store = scratch_start(&s);
	expect_refused(&s, ERR_IO, "used by another process; stop that one first");
	scratch_close(store);
	(void)snprintf(s.config.folder, sizeof(s.config.folder), "%.200s/none", folder);
	expect_refused(&s, ERR_IO, "no such folder; make it");
	assert_int_equal(store_view_open(&view, s.config.folder, s.problem), ERR_MISSING);
	assert_non_null(strstr(s.problem, "has the sensor run"));
	(void)snprintf(s.config.folder, sizeof(s.config.folder), "%.200s/cases.db", folder);
	expect_refused(&s, ERR_IO, "Not a directory");
	(void)snprintf(s.config.folder, sizeof(s.config.folder), "%s", folder);
	(void)unlink(scratch_path(&s, "cases.db"));
	assert_int_equal(symlink("/etc/passwd", scratch_path(&s, "cases.db")), 0);
	expect_refused(&s, ERR_IO, "it must be a plain file");
	scratch_remove(&s);
}

/* As another user, in a process of its own. */
static void a_folder_of_another_user_is_refused(void **state)
{
	struct scratch s;
	pid_t child;
	int status = 0;

	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: another user can only be tried as root\n");
		skip();
	}
	scratch_make(&s);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct store *store = NULL;

		if (chmod(s.config.folder, 0755) != 0 || setresuid(65534, 65534, 65534) != 0)
			_exit(2);
		_exit(store_open(&store, &s.setup, s.problem) == ERR_IO &&
				      strstr(s.problem, "may not be written by this user")
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	scratch_remove(&s);
}

/* As a user who may read the folder and nothing more: what is seen of the cases. */
static int view_as_another(const struct scratch *s)
{
	struct store_view *view = NULL;
	struct told told = { 0 };
	char problem[STORE_PROBLEM_LEN];

	if (setresuid(65534, 65534, 65534) != 0 ||
	    store_view_open(&view, s->config.folder, problem) != ERR_OK ||
	    store_view_cases(view, tell_case, &told) != ERR_OK)
		return 100;
	store_view_close(view);
	return (int)told.count;
}

static int count_as_another(const struct scratch *s)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0)
		_exit(view_as_another(s));
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* While the sensor lives, when it was killed, and when it has stopped. */
static void the_group_reads(void **state)
{
	struct scratch s;
	struct store *store;
	struct store_case row = { .id = "one", .revision = 1, .json = span_of("{}") };
	pid_t child;
	int ready[2];
	char byte;

	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: another user can only be tried as root\n");
		skip();
	}
	scratch_make(&s);
	assert_int_equal(chmod(s.config.folder, 0750), 0);
	store = scratch_start(&s);
	wait_durable(store, store_put_case(store, &row, true));
	assert_int_equal(count_as_another(&s), 1);
	scratch_close(store);
	assert_int_equal(count_as_another(&s), 1);

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		store = scratch_start(&s);
		row.id = "two";
		wait_durable(store, store_put_case(store, &row, true));
		_exit(write(ready[1], "x", 1) == 1 ? pause() : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(count_as_another(&s), 2);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(count_as_another(&s), 2);
	(void)close(ready[0]);
	(void)close(ready[1]);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_files_are_moved_aside),
		cmocka_unit_test(cases_are_taken_over_from_a_damaged_file),
		cmocka_unit_test(a_large_file_is_checked_while_it_runs),
		cmocka_unit_test(a_large_file_that_is_whole_stays),
		cmocka_unit_test(a_load_that_meets_damage_says_so),
		cmocka_unit_test(only_the_last_two_are_kept),
		cmocka_unit_test(a_damaged_log_is_passed_over),
		cmocka_unit_test(an_empty_file_is_a_new_one),
		cmocka_unit_test(a_newer_version_is_refused),
		cmocka_unit_test(folders_that_cannot_serve_are_refused),
		cmocka_unit_test(a_folder_of_another_user_is_refused),
		cmocka_unit_test(the_group_reads),
	};

	return cmocka_run_group_tests_name("store_file", tests, NULL, NULL);
}
