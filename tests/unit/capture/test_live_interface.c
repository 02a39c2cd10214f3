#include "sensor/capture/live_interface.h"

#include "tests/support/cmocka.h"

enum { EVENTS_MAX = 4 };

struct told {
	struct live_event events[EVENTS_MAX];
	size_t count;
};

static void remember(void *arg, const struct live_event *event)
{
	struct told *told = arg;

	assert_true(told->count < EVENTS_MAX);
	told->events[told->count++] = *event;
}

/* A world whose clock was last read `ago` before now, when it was `fast`. */
static struct live_world world_of(struct told *told, int64_t fast)
{
	struct live_world world = { .event = remember, .event_arg = told };
	struct live_reading now;

	for (int i = 0; i < 1000 && !live_clock_read(&now); i++)
		;
	now.wall += (nanotime)fast;
	live_clock_start(&world.clock, now);
	return world;
}

struct step_case {
	const char *name;
	int64_t fast; /* seconds that the wall clock was fast, and no longer is */
	bool want_adopted;
	unsigned want_age;
};

static struct step_case steps[] = {
	{ "set forward", -60, false, 0 },
	{ "set back", 60, false, 0 },
	{ "set forward by a day", -86400, true, 0 },
	{ "set back by a day", 86400, true, 1 },
};

static void a_step_is_told(void **state)
{
	const struct step_case *c = *state;
	struct told told = { 0 };
	int64_t fast = c->fast * (int64_t)NANOTIME_SECOND;
	struct live_world world = world_of(&told, fast);

	live_world_measure(&world);
	live_world_measure(&world);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.events[0].kind, LIVE_CLOCK_STEP);
	assert_string_equal(told.events[0].name, "");
	assert_string_equal(told.events[0].reason, "");
	assert_int_equal(told.events[0].is_adopted, c->want_adopted);
	/* To the millisecond, or nearly: two readings are never of one moment. */
	assert_true(llabs(told.events[0].step_nanoseconds + fast) < 100 * 1000 * 1000);
	assert_int_equal(told.events[0].to<told.events[0].from, c->want_age> 0);
	assert_int_equal(world.clock_steps, 1);
	assert_int_equal(world.age, c->want_age);
}

static void an_even_clock_tells_nothing(void **state)
{
	(void)state;
	struct told told = { 0 };
	struct live_world world = world_of(&told, 0);

	for (int i = 0; i < 1000; i++)
		live_world_measure(&world);
	assert_int_equal(told.count, 0);
	assert_int_equal(world.clock_steps, 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(an_even_clock_tells_nothing),
	};
	struct CMUnitTest tests[ARRAY_LEN(steps)];

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		tests[i] = (struct CMUnitTest){ .name = steps[i].name,
						.test_func = a_step_is_told,
						.initial_state = &steps[i] };
	return cmocka_run_group_tests_name("live_interface_steps", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("live_interface", others, NULL, NULL);
}
