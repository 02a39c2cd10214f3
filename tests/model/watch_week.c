/*
 * A week of a quiet office of 30 devices, and one with a busy hour a day, through everything that
 * `hinomi watch` is made of: pipeline, judge, store, health. Only the clock is the test's, and what
 * the live capture says. The sensor is stopped and started again each day; it goes on where it was,
 * and every bound is kept. In the quiet office nothing ever waits for the day's bytes.
 *
 * Two days each; WATCH_WEEK_DAYS=7 in the environment is the week.
 */
#include "sensor/app/watch_health.h"
#include "sensor/app/watch_judge.h"
#include "tests/model/week_office.h"
#include "tests/model/week_store.h"
#include "tests/support/cmocka.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	DEVICES = 30,
	DAYS = 2,
	DAYS_MOST = 31,
	DAY = 86400,
	HOUR = 3600,
	RESTART_AT = 3 * HOUR, /* of each day */
	DOWN_SECONDS = 20,
	QUIET_EVERY = 180, /* seconds between two visits of one device, on average */
	BUSY_EVERY = 9,
	BUSY_HOUR = 10,
	GUESTS = 24, /* devices a day that come once */
	GUEST_FIRST = 100,
	RESIDENT_KIB = 200 << 10, /* what the sensor promises */
	GROWTH_KIB = 4096,        /* in a day, while its tables fill */
	QUIET_BYTES = 120 << 20,  /* a day of the quiet office */
};

/* 2026-10-05T00:00:00Z, a Monday. */
static const nanotime week_start = UINT64_C(1791158400) * NANOTIME_SECOND;

static nanotime now;      /* of every clock */
static uint64_t received; /* by the interface that there seems to be */

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left);
size_t __wrap_live_capture_count(const struct live_capture *live);
struct live_stats __wrap_live_capture_stats(const struct live_capture *live, size_t i);
nanotime __wrap_live_capture_now(const struct live_capture *live);
enum health_answer __wrap_surroundings_of_clock(void);

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
	(void)clock;
	out->tv_sec = (time_t)(now / NANOTIME_SECOND);
	out->tv_nsec = (long)(now % NANOTIME_SECOND);
	return 0;
}

/* Who waits for the store's thread gives it its turn. */
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)wanted;
	(void)left;
	week_store_step(now);
	return 0;
}

size_t __wrap_live_capture_count(const struct live_capture *live)
{
	(void)live;
	return 1;
}

struct live_stats __wrap_live_capture_stats(const struct live_capture *live, size_t i)
{
	(void)live;
	(void)i;
	return (struct live_stats){
		.name = "cap0", .state = LIVE_STATE_UP, .has_carrier = true, .received = received
	};
}

nanotime __wrap_live_capture_now(const struct live_capture *live)
{
	(void)live;
	return now;
}

enum health_answer __wrap_surroundings_of_clock(void)
{
	return HEALTH_YES;
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* What one life of the sensor holds, as in watch_inside.h. */
struct life {
	struct store *store;
	struct watch_health *health;
	struct watch_judge *judge;
	struct pipeline *pipeline;
};

/* An office, and what was seen of its sensor. */
struct office {
	struct week_office does;
	uint64_t day_bytes[DAYS_MOST];
	uint64_t most_flows;
	unsigned waits; /* of baselines, for the day's bytes */
};

static struct config config;
static struct journal journal = { .fd = -1 };
static const struct read_report report = { .as_json = true };

/* A frame_take_fn. */
static void take(void *arg, const struct frame *frame)
{
	struct life *life = arg;

	received++;
	pipeline_take(life->pipeline, frame);
}

/* Baselines may wait for the next day's bytes, again and again; nothing else is to be said. */
static void say(void *arg, const char *line)
{
	struct office *office = arg;

	if (!strstr(line, "baselines wait"))
		fail_msg("%s", line);
	office->waits++;
}

static void restore(struct office *office, struct life *life)
{
	struct keeper_room rooms[STORE_TABLES_MAX];
	struct store_table tables[STORE_TABLES_MAX];
	size_t count = judge_keep_tables(watch_judge_of(life->judge), rooms, STORE_TABLES_MAX);
	char problem[STORE_PROBLEM_LEN] = "";

	for (size_t i = 0; i < count; i++)
		tables[i] = (struct store_table){ rooms[i].name, rooms[i].layout, rooms[i].rows };

	const struct store_setup setup = { .config = &config.store,
					   .tables = tables,
					   .table_count = count,
					   .now = now,
					   .say = say,
					   .say_arg = office };

	if (store_open(&life->store, &setup, problem) != ERR_OK)
		fail_msg("%s", problem);
	assert_int_equal(watch_judge_restore(life->judge, life->store), ERR_OK);
}

static void begin(struct office *office, struct life *life)
{
	const struct watch_judge_setup judge = { .config = &config,
						 .report = &report,
						 .journal = &journal };
	struct watch_health_setup health = { .config = &config, .journal = &journal };

	assert_int_equal(watch_judge_new(&life->judge, &judge), ERR_OK);
	restore(office, life);
	health.store = life->store;
	assert_int_equal(watch_health_new(&life->health, &health), ERR_OK);
	week_store_begin(life->store, now);

	const struct pipeline_setup pipeline = { .config = &config,
						 .judge = watch_judge_of(life->judge),
						 .is_live = true,
						 .health = watch_health_counters(life->health),
						 .between = watch_judge_between,
						 .between_arg = life->judge };

	assert_int_equal(pipeline_new(&life->pipeline, &pipeline), ERR_OK);
	assert_int_equal(pipeline_begin(life->pipeline), ERR_OK);
}

/* Returns how many devices were known. */
static uint32_t end(struct life *life)
{
	struct pipeline_totals totals;
	uint32_t devices;

	pipeline_finish(life->pipeline);
	totals = pipeline_totals(life->pipeline);
	devices = judge_totals(watch_judge_of(life->judge)).devices;
	store_closing(life->store);
	watch_judge_keep_all(life->judge, &totals);
	assert_true(week_store_end(now));
	pipeline_free(life->pipeline);
	watch_health_free(life->health);
	watch_judge_free(life->judge);
	return devices;
}

static void each_second(struct office *office, struct life *life)
{
	struct pipeline_totals totals;
	struct store_status status;

	pipeline_pass_time(life->pipeline, now);
	pipeline_settle(life->pipeline);
	totals = pipeline_totals(life->pipeline);
	watch_judge_note(life->judge, &totals);
	store_alive(life->store, now);
	watch_health_second(life->health, NULL, life->pipeline);
	week_store_step(now);
	store_status(life->store, &status);
	assert_int_equal(status.state, STORE_OK);
	office->day_bytes[(now - week_start) / NANOTIME_DAY] = status.written_today;
	if (totals.flows.live > office->most_flows)
		office->most_flows = totals.flows.live;
}

static void live_second(struct office *office, struct life *life, unsigned day, unsigned second)
{
	bool is_busy = office->does.has_busy_hour && second / HOUR == BUSY_HOUR;

	now = week_start + ((nanotime)day * DAY + second) * NANOTIME_SECOND;
	for (unsigned device = 1; device <= DEVICES; device++) {
		if (week_draw(&office->does, is_busy ? BUSY_EVERY : QUIET_EVERY) == 0)
			week_visit(&office->does, device);
	}
	if (second % (DAY / GUESTS) == DAY / GUESTS / 2)
		week_visit(&office->does, GUEST_FIRST + day * GUESTS + second / (DAY / GUESTS));
	each_second(office, life);
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	long kib = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (file)
		(void)fclose(file);
	return kib;
}

/* The sensor is stopped and starts again: it knows what it knew. */
static void restart(struct office *office, struct life *life)
{
	uint32_t before = end(life);

	now += DOWN_SECONDS * NANOTIME_SECOND;
	begin(office, life);
	assert_int_equal(judge_totals(watch_judge_of(life->judge)).devices, before);
}

static void check(const struct office *office, struct life *life, unsigned days,
		  const long resident[])
{
	struct judge_totals judged = judge_totals(watch_judge_of(life->judge));
	struct pipeline_totals totals = pipeline_totals(life->pipeline);
	struct store_status status;

	store_status(life->store, &status);
	for (size_t i = 0; i < STORE_CLASSES; i++)
		assert_int_equal(status.dropped[i], 0);
	assert_int_equal(pipeline_shed(life->pipeline), 0);
	assert_int_equal(totals.flows.evicted, 0);
	assert_true(judged.devices >= DEVICES);
	for (unsigned day = 0; day < days; day++) {
		print_message("%s, day %u: %.1f MiB written, %ld KiB resident\n", office->does.name,
			      day + 1, (double)office->day_bytes[day] / (1 << 20), resident[day]);
		assert_in_range(office->day_bytes[day], 1,
				office->does.has_busy_hour ? config.store.daily_bytes
							   : QUIET_BYTES);
		assert_in_range(resident[day], 1, RESIDENT_KIB);
		if (day > 0)
			assert_true(resident[day] - resident[day - 1] <= GROWTH_KIB);
	}
	print_message("%s: %" PRIu64 " visits, at most %" PRIu64 " flows at once, %u devices, "
		      "%" PRIu64 " signals, %u cases, baselines waited %u times\n",
		      office->does.name, office->does.visits, office->most_flows, judged.devices,
		      judged.signals, judged.cases, office->waits);
	assert_int_equal(judged.cases, 0);
	assert_true(office->does.has_busy_hour || office->waits == 0);
}

static void check_size(void)
{
	char path[CONFIG_PATH_LEN + 16];
	struct stat file;

	(void)snprintf(path, sizeof(path), "%s/cases.db", config.store.folder);
	assert_int_equal(stat(path, &file), 0);
	print_message("cases.db: %.1f MiB\n", (double)file.st_size / (1 << 20));
	assert_true((uint64_t)file.st_size <= config.store.size_bytes);
}

static void make_folder(void)
{
	const char *base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";

	config_defaults(&config);
	(void)snprintf(config.store.folder, sizeof(config.store.folder), "%s/hinomi-week-XXXXXX",
		       base);
	assert_non_null(mkdtemp(config.store.folder));
}

static void remove_folder(void)
{
	DIR *folder = opendir(config.store.folder);

	assert_non_null(folder);
	for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), e->d_name, 0);
	}
	(void)closedir(folder);
	(void)rmdir(config.store.folder);
}

static void run(void **state)
{
	struct office *office = *state;
	const char *wanted = getenv("WATCH_WEEK_DAYS");
	unsigned days = wanted ? (unsigned)strtoul(wanted, NULL, 10) : DAYS;
	long resident[DAYS_MOST] = { 0 };
	struct life life;

	assert_in_range(days, 1, DAYS_MOST);
	make_folder();
	now = week_start;
	office->does.now = &now;
	office->does.take = take;
	office->does.take_arg = &life;
	begin(office, &life);
	for (unsigned day = 0; day < days; day++) {
		for (unsigned second = 0; second < DAY; second++) {
			if (second == RESTART_AT) {
				restart(office, &life);
				second += DOWN_SECONDS;
			}
			live_second(office, &life, day, second);
		}
		resident[day] = resident_kib();
	}
	check(office, &life, days, resident);
	(void)end(&life);
	check_size();
	remove_folder();
}

int main(void)
{
	static struct office quiet = { .does = { .name = "a quiet office", .random = 1 } };
	static struct office busy = {
		.does = { .name = "a busy hour a day", .has_busy_hour = true, .random = 2 }
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(run, &quiet),
		cmocka_unit_test_prestate(run, &busy),
	};

	return cmocka_run_group_tests_name("watch_week", tests, NULL, NULL);
}
