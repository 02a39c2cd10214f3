/* What befalls a sensor, and which of it is a case of health. Clock, capture and packets are the
 * test's. */
#include "sensor/app/watch_health.h"
#include "sensor/store/store_view.h"

#include "tests/unit/store/scratch.h"

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

static nanotime now;
static enum health_answer clock_is;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
nanotime __wrap_pipeline_clock(const struct pipeline *pipeline);
uint64_t __wrap_pipeline_shed(const struct pipeline *pipeline);
const struct flow_table *__wrap_pipeline_flows(const struct pipeline *pipeline);
size_t __wrap_live_capture_count(const struct live_capture *live);
struct live_stats __wrap_live_capture_stats(const struct live_capture *live, size_t i);
nanotime __wrap_live_capture_now(const struct live_capture *live);
enum health_answer __wrap_surroundings_of_clock(void);

nanotime __wrap_pipeline_clock(const struct pipeline *pipeline)
{
	(void)pipeline;
	return now;
}

uint64_t __wrap_pipeline_shed(const struct pipeline *pipeline)
{
	(void)pipeline;
	return 0;
}

const struct flow_table *__wrap_pipeline_flows(const struct pipeline *pipeline)
{
	(void)pipeline;
	return NULL;
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
	return (struct live_stats){ .name = "cap0", .state = LIVE_STATE_UP, .has_carrier = true };
}

nanotime __wrap_live_capture_now(const struct live_capture *live)
{
	(void)live;
	return now;
}

enum health_answer __wrap_surroundings_of_clock(void)
{
	return clock_is;
}
/* NOLINTEND(bugprone-reserved-identifier) */

struct life {
	struct scratch scratch;
	struct store *store;
	struct config config;
	struct journal journal;
	struct watch_health *health;
};

static void begin(struct life *life, enum health_answer clock)
{
	*life = (struct life){ .journal.fd = -1 };
	scratch_make(&life->scratch);
	life->store = scratch_open(&life->scratch);
	config_defaults(&life->config);
	life->config.capture.interfaces.count = 1;

	const struct watch_health_setup setup = { &life->config, &life->journal, life->store };

	now = T0;
	clock_is = clock;
	assert_int_equal(watch_health_new(&life->health, &setup), ERR_OK);
	assert_int_equal(store_start(life->store, SCRATCH_NOW), ERR_OK);
	watch_health_second(life->health, NULL, NULL);
}

static void pass_second(struct life *life)
{
	now += NANOTIME_SECOND;
	watch_health_second(life->health, NULL, NULL);
}

/* A store_health_fn: the codes, one behind the other. */
static bool add_code(void *arg, const struct store_health *row)
{
	struct text *codes = arg;

	text_add(codes, row->code);
	text_add_char(codes, ' ');
	return true;
}

static void expect_cases(struct life *life, const char *want)
{
	struct store_view *view = NULL;
	char chars[128];
	struct text codes = text_over(chars, sizeof(chars));

	watch_health_end(life->health);
	watch_health_free(life->health);
	scratch_close(life->store);
	assert_int_equal(store_view_open(&view, life->scratch.config.folder, life->scratch.problem),
			 ERR_OK);
	assert_int_equal(store_view_health(view, add_code, &codes), ERR_OK);
	store_view_close(view);
	assert_string_equal(chars, want);
	scratch_remove(&life->scratch);
}

static void set_clock(struct life *life, int64_t seconds)
{
	const struct live_event step = { .kind = LIVE_CLOCK_STEP,
					 .name = "",
					 .from = now,
					 .to = now,
					 .step_nanoseconds = seconds * (int64_t)NANOTIME_SECOND,
					 .reason = "" };

	watch_health_event(life->health, &step);
}

/* A machine without a clock of its own has started: time servers answer only then. */
static void a_clock_that_is_set_for_the_first_time_is_no_case(void **state)
{
	struct life life;

	(void)state;
	begin(&life, HEALTH_NO);
	set_clock(&life, 3600);
	clock_is = HEALTH_YES;
	pass_second(&life);
	pass_second(&life);
	expect_cases(&life, "");
}

static void a_clock_that_was_right_and_is_set_is_one(void **state)
{
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	set_clock(&life, -3600);
	clock_is = HEALTH_NO; /* as the kernel says of a clock that was set by hand */
	pass_second(&life);
	expect_cases(&life, "clock_step ");
}

static void a_brief_stop_that_was_asked_for_is_no_case(void **state)
{
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	watch_health_gap(life.health, T0 - 59 * NANOTIME_SECOND, T0, true);
	pass_second(&life);
	expect_cases(&life, "");
}

static void a_long_one_is_one(void **state)
{
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	watch_health_gap(life.health, T0 - NANOTIME_MINUTE, T0, true);
	pass_second(&life);
	expect_cases(&life, "gap ");
}

static void a_sensor_that_died_is_one(void **state)
{
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	watch_health_gap(life.health, T0 - NANOTIME_SECOND, T0, false);
	pass_second(&life);
	expect_cases(&life, "gap ");
}

/* At once, and for as long as the one before is used. */
static void a_list_that_is_refused_is_one(void **state)
{
	const struct health_lists refused = { .entries = 7, .has_refused = true };
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	watch_health_lists(life.health, &refused);
	pass_second(&life);
	expect_cases(&life, "list_refused ");
}

static void a_list_that_has_expired_is_one(void **state)
{
	const struct health_lists expired = { .entries = 7, .made = 1, .expires = T0 };
	struct life life;

	(void)state;
	begin(&life, HEALTH_YES);
	watch_health_lists(life.health, &expired);
	pass_second(&life);
	expect_cases(&life, "list_expired ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_is_set_for_the_first_time_is_no_case),
		cmocka_unit_test(a_clock_that_was_right_and_is_set_is_one),
		cmocka_unit_test(a_brief_stop_that_was_asked_for_is_no_case),
		cmocka_unit_test(a_long_one_is_one),
		cmocka_unit_test(a_list_that_is_refused_is_one),
		cmocka_unit_test(a_list_that_has_expired_is_one),
		cmocka_unit_test(a_sensor_that_died_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
