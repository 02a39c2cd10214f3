/*
 * The store behind the sensor's filter of system calls (sensor/guard): everything that it ever does
 * once it is started, in a process that can open no file for writing and remove none.
 */
#include "sensor/guard/guard.h"
#include "tests/unit/store/scratch.h"

#include <sys/prctl.h>
#include <sys/wait.h>

enum {
	REVISIONS = 1500,
	CASES = 100,
	TOGETHER = 10, /* waited for */
	RECORD_BYTES = 8000,
	WRITTEN_LEAST = 12 << 20, /* through a log of 1 MiB, which is folded in again and again */
	FAILED = 3,
};

static bool is_durable(const struct store *store, uint64_t ticket)
{
	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 && store_durable(store) < ticket; i++)
		pause_shortly();
	return store_durable(store) >= ticket;
}

/* True when every revision reached the disk. */
static bool write_much(struct store *store)
{
	static uint8_t record[RECORD_BYTES];
	char id[16];
	struct store_status status;

	for (uint64_t i = 1; i <= REVISIONS; i++) {
		struct store_case row = { .id = id,
					  .revision = i,
					  .record = { record, sizeof(record) } };

		(void)snprintf(id, sizeof(id), "case%u", (unsigned)(i % CASES));
		memset(record, (int)i, sizeof(record));
		if (store_put_case(store, &row, true) != i)
			return false;
		if (i % TOGETHER == 0 && !is_durable(store, i))
			return false;
	}
	store_status(store, &status);
	return status.state == STORE_OK && status.written_bytes > WRITTEN_LEAST;
}

static bool put_all_kept(struct store *store)
{
	static uint8_t value[4000];

	store_closing(store);
	for (uint32_t i = 0; i < CAPACITY_A; i++) {
		struct kept_row row = { .table = TABLE_A,
					.layout = 7,
					.used = i,
					.key = { (const uint8_t *)&i, sizeof(i) },
					.value = { value, sizeof(value) } };

		if (!store_put_kept(store, &row))
			return false;
	}
	store_kept_done(store);
	return true;
}

static int live_sealed(struct scratch *s)
{
	struct store *store = scratch_start(s);
	struct guard_report report = { 0 };
	int fds[STORE_DESCRIPTORS_MAX + 2] = { STDOUT_FILENO, STDERR_FILENO };
	size_t count = 2 + store_descriptors(store, fds + 2);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    guard_seal(fds, count, &report, s->problem) != ERR_OK)
		return 2;
	if (open("/tmp/hinomi-not-to-be", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
		return FAILED;
	if (!write_much(store) || !put_all_kept(store))
		return FAILED;
	return store_close(store, SCRATCH_NOW) == ERR_OK ? 0 : FAILED;
}

static void it_lives_behind_the_filter(void **state)
{
	struct scratch s;
	struct store *store;
	struct told told = { 0 };
	struct store_loaded loaded;
	struct store_life life;
	struct stat st;
	pid_t child;
	int status = 0;

	(void)state;
	scratch_make(&s);
	/* More than a day may write, in a second. */
	s.config.daily_bytes = UINT64_C(8) << 30;
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(live_sealed(&s));
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status != 0)
		print_message("the sealed process ended with %#x\n", (unsigned)status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2) {
		print_message("skipped: no filter can be loaded here\n");
		scratch_remove(&s);
		skip();
	}
	assert_int_equal(status, 0);
	/* The log began anew each time. */
	assert_int_equal(stat(scratch_path(&s, "cases.db-wal"), &st), 0);
	assert_true(st.st_size <= 2 << 20);
	store = scratch_open(&s);
	assert_true(store_last_life(store, &life) && life.stopped_clean);
	assert_int_equal(store_load_cases(store, tell_case, &told), ERR_OK);
	assert_int_equal(told.count, CASES);
	assert_int_equal(store_load_kept(store, tell_kept, &told, &loaded), ERR_OK);
	assert_int_equal(loaded.rows, CAPACITY_A);
	assert_int_equal(store_close(store, SCRATCH_NOW), ERR_OK);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(it_lives_behind_the_filter) };

	return cmocka_run_group_tests_name("store_sealed", tests, NULL, NULL);
}
