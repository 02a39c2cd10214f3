/* Days of an office in some seconds: how many bytes are written, and whether they stay bounded. */
#include "tests/unit/store/failing_vfs.h"
#include "tests/unit/store/rig.h"

#include "sensor/store/store_pace.h"

#include <sqlite3.h>

enum { MINUTES_A_DAY = 24 * 60, SCATTERED = 8000, SCATTERED_BYTES = 300 };

static void pace_bounds_any_day(void **state)
{
	struct store_pace pace;
	uint64_t spent = 0;

	(void)state;
	store_pace_start(&pace, 80000, 0, 0, 5);
	/* Whoever takes all that there is at every second. */
	for (nanotime second = 0; second <= 86400; second++) {
		store_pace_pass(&pace, 5 + second * NANOTIME_SECOND);
		if (store_pace_has_any(&pace)) {
			store_pace_spend(&pace, 1);
			spent++;
		}
	}
	assert_in_range(spent, 74900, 80000);
	store_pace_start(&pace, 80000, 0, 0, 5);
	/* A debt of what half a day brings, besides what the bucket held. */
	store_pace_spend(&pace, (uint64_t)(pace.level_bytes + pace.bytes_a_second * 43200));
	store_pace_pass(&pace, 5 + NANOTIME_DAY / 2 - NANOTIME_MINUTE);
	assert_false(store_pace_has_any(&pace));
	store_pace_pass(&pace, 5 + NANOTIME_DAY / 2 + NANOTIME_MINUTE);
	assert_true(store_pace_has_any(&pace));
	assert_false(store_pace_has_plenty(&pace));
	/* A day that was used up in an earlier life begins with nothing. */
	store_pace_start(&pace, 80000, 90000, 0, 5);
	assert_false(store_pace_has_any(&pace));
	/* … and so does the next day, whatever it was. */
	store_pace_start(&pace, 80000, 900000, NANOTIME_DAY / 2, 5);
	store_pace_pass(&pace, 5 + NANOTIME_DAY / 2 - NANOTIME_MINUTE);
	assert_false(store_pace_has_any(&pace));
	store_pace_pass(&pace, 5 + NANOTIME_DAY / 2 + NANOTIME_MINUTE);
	assert_true(store_pace_has_any(&pace));
}

/* A start gives nothing that the day has not. */
static void pace_bounds_a_day_of_restarts(void **state)
{
	struct store_pace pace;
	uint64_t spent = 0;

	(void)state;
	for (nanotime second = 0; second <= 86400; second++) {
		if (second % 3600 == 0)
			store_pace_start(&pace, 80000, spent, second * NANOTIME_SECOND,
					 second * NANOTIME_SECOND);
		store_pace_pass(&pace, second * NANOTIME_SECOND);
		if (store_pace_has_any(&pace)) {
			store_pace_spend(&pace, 1);
			spent++;
		}
	}
	assert_in_range(spent, 74900, 80000);
}

struct load {
	unsigned cases_an_hour;
	unsigned case_bytes;
	unsigned devices; /* with each round */
	unsigned kept;    /* with each round */
	unsigned kept_bytes;
};

static void put_cases(struct rig *rig, const struct load *load, unsigned second)
{
	char id[32];

	for (unsigned i = 0; i < load->cases_an_hour; i++) {
		if (i * 3600 / load->cases_an_hour != second % 3600)
			continue;
		(void)snprintf(id, sizeof(id), "case%u", i % 20);
		rig_change_record((uint8_t)second);
		(void)rig_put_case(rig, id, second, load->case_bytes);
	}
}

static void end_round(struct rig *rig)
{
	atomic_store(&rig->sides.kept_wanted, STORE_KEPT_NONE);
	atomic_fetch_add(&rig->sides.kept_rounds, 1);
}

/* As the judge does: hands over what there is room for, and goes on later. */
static void put_round(struct rig *rig, const struct load *load, unsigned *next)
{
	if (atomic_load(&rig->sides.kept_wanted) == STORE_KEPT_NONE)
		return;
	while (*next < load->kept &&
	       rig_put_sized(rig, STORE_KEPT, LANE_KEPT, *next, load->kept_bytes))
		(*next)++;
	if (*next < load->kept)
		return;
	for (unsigned i = 0; i < load->devices; i++)
		(void)rig_put_sized(rig, STORE_DEVICES, LANE_NOTES, i, 500);
	*next = 0;
	end_round(rig);
}

static uint64_t run_day(struct rig *rig, const struct load *load)
{
	uint64_t before = atomic_load(&rig->sides.written_bytes);
	unsigned next = 0;

	for (unsigned second = 0; second < MINUTES_A_DAY * 60; second++) {
		put_cases(rig, load, second);
		put_round(rig, load, &next);
		rig_run(rig, 1);
	}
	return atomic_load(&rig->sides.written_bytes) - before;
}

static void a_quiet_office_costs_little(void **state)
{
	static const struct load quiet = {
		.cases_an_hour = 2,
		.case_bytes = 6000,
		.devices = 50,
		.kept = 150,
		.kept_bytes = 300,
	};
	struct rig rig;
	uint64_t bytes;

	(void)state;
	rig_make(&rig);
	bytes = run_day(&rig, &quiet);
	print_message("a quiet day: %llu KiB\n", (unsigned long long)bytes >> 10);
	assert_true(bytes < 100 << 20);
	assert_int_equal(atomic_load(&rig.sides.is_saving), false);
	assert_string_equal(rig.scratch.said, "");
	/* All of a case's revisions reached the disk. */
	assert_int_equal(atomic_load(&rig.sides.durable), rig.ticket);
	rig_free(&rig);
}

static void make_room(struct rig *rig, uint32_t rows)
{
	store_writer_free(rig->writer);
	rig->scratch.tables[0].capacity = rows;
	assert_int_equal(store_writer_new(&rig->writer, &rig->sides, &rig->scratch.setup, 1 << 18,
					  rig->scratch.problem),
			 ERR_OK);
	store_writer_begin(rig->writer, SCRATCH_NOW, rig->now);
}

static void put_scattered(struct rig *rig, unsigned number)
{
	while (!rig_put_sized(rig, STORE_KEPT, LANE_KEPT, number, SCATTERED_BYTES))
		rig_run(rig, 1);
}

static int rows_in(const struct rig *rig, const char *what)
{
	char sql[80];
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int count;

	(void)snprintf(sql, sizeof(sql), "SELECT count(%s) FROM kept", what);
	assert_int_equal(sqlite3_open(scratch_path(&rig->scratch, "cases.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return count;
}

/* Some rows of a large table in each round, each where it was written long ago. */
static void scattered_rows_cost_what_they_hold(void **state)
{
	enum { A_ROUND = 150, DAYS = 2 };
	uint64_t random = 1;
	uint64_t bytes = 0;
	struct rig rig;

	(void)state;
	rig_make(&rig);
	make_room(&rig, SCATTERED);
	for (unsigned i = 0; i < SCATTERED; i++)
		put_scattered(&rig, i);
	for (unsigned round = 0; round < DAYS * MINUTES_A_DAY / 15; round++) {
		if (round == (DAYS - 1) * MINUTES_A_DAY / 15)
			bytes = atomic_load(&rig.sides.written_bytes);
		for (unsigned i = 0; i < A_ROUND; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			put_scattered(&rig, (unsigned)(random % SCATTERED));
		}
		end_round(&rig);
		rig_run(&rig, 15 * 60);
	}
	bytes = atomic_load(&rig.sides.written_bytes) - bytes;
	print_message("a day of scattered rows: %llu KiB\n", (unsigned long long)bytes >> 10);
	/* One by one, each makes a page dirty, twice: 14,400 of them are more than 110 MiB. */
	assert_true(bytes < 60 << 20);
	assert_string_equal(rig.scratch.said, "");
	/* What they took the place of is gone, or will be. */
	assert_int_equal(rows_in(&rig, "DISTINCT key"), SCATTERED);
	assert_in_range(rows_in(&rig, "*"), SCATTERED, 2 * SCATTERED + 2 * A_ROUND);
	rig_free(&rig);
}

/* Baselines wait, cases do not: bounded, and said. */
static void a_loud_day_is_bounded(void **state)
{
	static const struct load loud = {
		.cases_an_hour = 60,
		.case_bytes = 6000,
		.devices = 100,
		.kept = 200,
		.kept_bytes = 30000,
	};
	struct rig rig;
	uint64_t bytes;

	(void)state;
	rig_make(&rig);
	bytes = run_day(&rig, &loud);
	print_message("a loud day: %llu KiB\n", (unsigned long long)bytes >> 10);
	assert_in_range(bytes, 150 << 20, 200 << 20);
	assert_true(lines_with(&rig, "baselines wait to be written") > 0);
	rig_run(&rig, 300); /* as long as one waits at most where the log was just folded in */
	assert_int_equal(atomic_load(&rig.sides.durable), rig.ticket);
	rig_free(&rig);
}

/* Urgent cases at every second: at once while the day's bytes last, then together. */
static void a_flood_of_cases_is_bounded(void **state)
{
	static const struct load flood = { .cases_an_hour = 3600, .case_bytes = 6000 };
	struct rig rig;
	uint64_t bytes;

	(void)state;
	rig_make(&rig);
	bytes = run_day(&rig, &flood);
	print_message("a flood of cases: %llu KiB\n", (unsigned long long)bytes >> 10);
	assert_in_range(bytes, 150 << 20, 200 << 20);
	rig_run(&rig, 600);
	assert_int_equal(atomic_load(&rig.sides.durable), rig.ticket);
	rig_free(&rig);
}

/* What the day's counter says, also after a restart. */
static void the_day_is_counted(void **state)
{
	static const struct load some = { .cases_an_hour = 60, .case_bytes = 3000 };
	struct rig rig;
	uint64_t first;

	(void)state;
	rig_make_with(&rig, scratch_base(), FAILING_VFS);
	for (unsigned second = 0; second < 3600; second++) {
		put_cases(&rig, &some, second);
		rig_run(&rig, 1);
	}
	first = atomic_load(&rig.sides.written_today);
	assert_int_equal(first, atomic_load(&rig.sides.written_bytes));
	/* The last batch too, and folding in what the log holds. */
	for (unsigned i = 0; i < 4; i++)
		assert_true(rig_put_sized(&rig, STORE_DEVICES, LANE_NOTES, i, 30000));
	atomic_store(&failing_bytes, 0);
	assert_true(store_writer_end(rig.writer, SCRATCH_NOW + rig.now, rig.now));
	store_writer_free(rig.writer);
	first += (uint64_t)atomic_load(&failing_bytes);
	assert_int_equal(store_writer_new(&rig.writer, &rig.sides, &rig.scratch.setup, 1 << 18,
					  rig.scratch.problem),
			 ERR_OK);
	store_writer_begin(rig.writer, SCRATCH_NOW + rig.now, rig.now);
	print_message("%llu of %llu bytes\n",
		      (unsigned long long)atomic_load(&rig.sides.written_today),
		      (unsigned long long)first);
	assert_true(atomic_load(&rig.sides.written_today) >= first);
	/* A new day begins with nothing. */
	rig.now += NANOTIME_DAY;
	rig_run(&rig, 120);
	assert_true(atomic_load(&rig.sides.written_today) < 200 << 10);
	rig_free(&rig);
}

/* A sensor that starts and dies again and again writes what the day allows by then, and then
 * nothing.
 */
static void a_crash_loop_is_bounded(void **state)
{
	struct rig rig;
	uint64_t written = 0;
	uint64_t last = 1;
	unsigned lives = 0;

	(void)state;
	rig_make(&rig);
	written += atomic_load(&rig.sides.written_bytes);
	while (last > 0 && lives++ < 5000) {
		store_writer_free(rig.writer);
		rig.scratch.config.daily_bytes = 4 << 20;
		assert_int_equal(store_writer_new(&rig.writer, &rig.sides, &rig.scratch.setup,
						  1 << 18, rig.scratch.problem),
				 ERR_OK);
		store_writer_begin(rig.writer, SCRATCH_NOW, rig.now);
		last = atomic_load(&rig.sides.written_bytes);
		written += last;
	}
	print_message("%u lives, %llu KiB\n", lives, (unsigned long long)written >> 10);
	assert_true(lives > 5 && lives < 5000);
	assert_true(written <= 4 << 20);
	rig_free(&rig);
}

/* The kernel's own count of this process, where it keeps one. */
static int64_t kernel_bytes(void)
{
	FILE *io = fopen("/proc/self/io", "re");
	char line[80];
	long long bytes = -1;

	while (io && fgets(line, sizeof(line), io)) {
		if (strncmp(line, "write_bytes: ", 13) == 0)
			bytes = strtoll(line + 13, NULL, 10);
	}
	if (io)
		(void)fclose(io);
	return bytes;
}

static void the_count_is_the_kernels(void **state)
{
	struct rig rig;
	int64_t before;
	int64_t kernel;
	int64_t ours;

	(void)state;
	rig_make_with(&rig, "/var/tmp", NULL);
	rig_run(&rig, 1);
	before = kernel_bytes();
	ours = (int64_t)atomic_load(&rig.sides.written_bytes);
	for (unsigned i = 0; i < 300; i++) {
		/* Other bytes each time: SQLite leaves a page alone that stays as it is. */
		rig_change_record((uint8_t)i);
		assert_true(rig_put_case(&rig, i % 2 ? "one" : "two", i, 20000));
		rig_run(&rig, 1);
	}
	kernel = kernel_bytes() - before;
	ours = (int64_t)atomic_load(&rig.sides.written_bytes) - ours;
	rig_free(&rig);
	if (before < 0 || kernel == 0) {
		print_message("skipped: the kernel counts no writes to this folder\n");
		skip();
	}
	print_message("counted %lld KiB, by the kernel %lld KiB\n", (long long)ours >> 10,
		      (long long)kernel >> 10);
	assert_in_range(ours, kernel * 8 / 10, kernel * 13 / 10);
}

int main(void)
{
	failing_register();

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pace_bounds_any_day),
		cmocka_unit_test(pace_bounds_a_day_of_restarts),
		cmocka_unit_test(a_quiet_office_costs_little),
		cmocka_unit_test(scattered_rows_cost_what_they_hold),
		cmocka_unit_test(a_loud_day_is_bounded),
		cmocka_unit_test(a_flood_of_cases_is_bounded),
		cmocka_unit_test(the_day_is_counted),
		cmocka_unit_test(a_crash_loop_is_bounded),
		cmocka_unit_test(the_count_is_the_kernels),
	};

	return cmocka_run_group_tests_name("store_daily", tests, NULL, NULL);
}
