#include "sensor/capture/live_clock.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

/*
 * A sensor that reads its clocks and its ring every 100 ms while a frame is stamped every 10 ms.
 * Times of this test are milliseconds.
 */
enum {
	TICK = 10,
	POLL = 100,
	SETS_MAX = 3,
	DELAYS_MAX = 4,
	SLOP = 1,        /* of rounding */
	SHIFT_SLOP = 25, /* and of the moment at which a step is seen */
};

#define SECONDS(n) ((n)*INT64_C(1000))
#define MINUTES(n) (60 * SECONDS(n))
#define HOURS(n)   (60 * MINUTES(n))
#define YEARS(n)   (365 * 24 * HOURS(n))
#define THEN       YEARS(56)

struct clock_case {
	const char *name;
	int64_t wall; /* at the start */
	struct {
		int64_t at; /* since the start; between two readings of the clocks */
		int64_t by;
	} sets[SETS_MAX];
	enum live_step want[SETS_MAX];
	int64_t seconds;    /* how long it goes on */
	int64_t want_shift; /* packet time minus wall at its end */
};

static struct clock_case cases[] = {
	{ "an even clock is packet time", THEN, { { 0 } }, { 0 }, 10, 0 },
	{ "less than half a second is no step", THEN, { { 1010, 499 } }, { 0 }, 5, 0 },
	{ "nor is it back", THEN, { { 1010, -499 } }, { 0 }, 5, 0 },
	{ "half a second forward wears off",
	  THEN,
	  { { 1010, 500 } },
	  { LIVE_STEP_SMOOTHED },
	  10,
	  0 },
	{ "half a second back wears off", THEN, { { 1010, -500 } }, { LIVE_STEP_SMOOTHED }, 10, 0 },
	{ "two minutes forward near it by a tenth",
	  THEN,
	  { { 1010, MINUTES(2) } },
	  { LIVE_STEP_SMOOTHED },
	  21,
	  -MINUTES(2) + SECONDS(2) },
	{ "two minutes back near it by a tenth",
	  THEN,
	  { { 1010, -MINUTES(2) } },
	  { LIVE_STEP_SMOOTHED },
	  21,
	  MINUTES(2) - SECONDS(2) },
	{ "five minutes forward wear off",
	  THEN,
	  { { 1010, MINUTES(5) } },
	  { LIVE_STEP_SMOOTHED },
	  11,
	  -MINUTES(5) + SECONDS(1) },
	{ "more is adopted", THEN, { { 1010, MINUTES(5) + 1000 } }, { LIVE_STEP_ADOPTED }, 11, 0 },
	{ "an hour back wears off, for behind us time cannot go back",
	  THEN,
	  { { 1010, -HOURS(1) } },
	  { LIVE_STEP_SMOOTHED },
	  11,
	  HOURS(1) - SECONDS(1) },
	{ "more than an hour back is adopted",
	  THEN,
	  { { 1010, -HOURS(1) - 1000 } },
	  { LIVE_STEP_ADOPTED },
	  11,
	  0 },
	{ "a clock without a battery is set for the first time",
	  SECONDS(5),
	  { { 1010, YEARS(56) } },
	  { LIVE_STEP_ADOPTED },
	  10,
	  0 },
	{ "and back to the epoch", THEN, { { 1010, -THEN + 500 } }, { LIVE_STEP_ADOPTED }, 10, 0 },
	{ "two that are too much together",
	  THEN,
	  { { 1010, MINUTES(3) }, { 5010, MINUTES(3) } },
	  { LIVE_STEP_SMOOTHED, LIVE_STEP_ADOPTED },
	  10,
	  0 },
	{ "forward and back again",
	  THEN,
	  { { 1010, MINUTES(2) }, { 1510, -MINUTES(2) } },
	  { LIVE_STEP_SMOOTHED, LIVE_STEP_SMOOTHED },
	  10,
	  0 },
	{ "three within one settling",
	  THEN,
	  { { 1010, SECONDS(20) }, { 1110, -SECONDS(50) }, { 1210, SECONDS(10) } },
	  { LIVE_STEP_SMOOTHED, LIVE_STEP_SMOOTHED, LIVE_STEP_SMOOTHED },
	  11,
	  SECONDS(19) + 30 },
	{ "a smooth one after one that was adopted",
	  THEN,
	  { { 1010, YEARS(1) }, { 3010, -MINUTES(1) } },
	  { LIVE_STEP_ADOPTED, LIVE_STEP_SMOOTHED },
	  13,
	  MINUTES(1) - SECONDS(1) },
};

/* How long frames lie in the ring before they are handed over. */
static const int64_t delays[DELAYS_MAX] = { 0, 50, 200, 400 };

struct run {
	const struct clock_case *c;
	struct live_clock clock;
	nanotime latest;   /* of frames, since time last went back */
	nanotime promised; /* likewise */
	nanotime now;
	int64_t may_go_back;
	size_t steps;
};

static int64_t wall_at(const struct clock_case *c, int64_t t)
{
	int64_t wall = c->wall + t;

	for (size_t i = 0; i < SETS_MAX; i++)
		if (c->sets[i].at != 0 && t >= c->sets[i].at)
			wall += c->sets[i].by;
	return wall;
}

static nanotime nanoseconds(int64_t milliseconds)
{
	return (nanotime)milliseconds * NANOTIME_MILLISECOND;
}

static int64_t milliseconds(nanotime t)
{
	return (int64_t)(t / NANOTIME_MILLISECOND);
}

static void read_clocks(struct run *run, int64_t t)
{
	struct live_reading reading = { nanoseconds(wall_at(run->c, t)), nanoseconds(t) };
	struct live_clock_step step = live_clock_measure(&run->clock, reading);
	nanotime now = live_clock_now(&run->clock);
	int64_t moved = milliseconds(now) - milliseconds(run->now);

	if (step.kind != LIVE_STEP_NONE) {
		assert_true(run->steps < SETS_MAX);
		assert_int_equal(step.kind, run->c->want[run->steps]);
		assert_int_equal(milliseconds((nanotime)llabs(step.nanoseconds)),
				 llabs(run->c->sets[run->steps].by));
		assert_int_equal(step.nanoseconds < 0, run->c->sets[run->steps].by < 0);
		assert_int_equal(step.after, now);
		run->steps++;
	}
	if (step.kind == LIVE_STEP_ADOPTED) {
		assert_int_equal(now, reading.wall);
		if (step.after < step.before)
			run->latest = run->promised = 0;
	} else if (run->may_go_back == 0) {
		/* No faster and no slower than by a tenth. */
		assert_in_range(moved, POLL - POLL / 10 - SLOP, POLL + POLL / 10 + SLOP);
	}
	run->now = now;
}

static void take_frame(struct run *run, int64_t t)
{
	nanotime stamp = nanoseconds(wall_at(run->c, t));
	nanotime time = live_clock_time(&run->clock, stamp);

	assert_true(time + nanoseconds(run->may_go_back) >= run->latest);
	assert_true(time <= run->now + nanoseconds(run->may_go_back));
	assert_true(time + nanoseconds(run->may_go_back) >= run->promised);
	if (time > run->latest)
		run->latest = time;
}

static size_t wanted_steps(const struct clock_case *c)
{
	size_t count = 0;

	for (size_t i = 0; i < SETS_MAX; i++)
		count += c->want[i] != LIVE_STEP_NONE;
	return count;
}

static void run_with_delay(const struct clock_case *c, int64_t delay)
{
	struct run run = { .c = c };
	int64_t taken = 0;

	/* Below the threshold of a step the stamps are kept, and go back as the clock does. */
	for (size_t i = 0; i < SETS_MAX; i++)
		if (c->want[i] == LIVE_STEP_NONE && c->sets[i].by != 0)
			run.may_go_back = llabs(c->sets[i].by);
	live_clock_start(&run.clock, (struct live_reading){ nanoseconds(c->wall), 0 });
	run.now = live_clock_now(&run.clock);
	for (int64_t t = POLL; t <= SECONDS(c->seconds); t += POLL) {
		nanotime passed;

		read_clocks(&run, t);
		for (; taken <= t - delay; taken += TICK)
			take_frame(&run, taken);
		passed = live_clock_passed(&run.clock, LIVE_CLOCK_LATENESS);
		run.promised = passed > run.promised ? passed : run.promised;
	}
	int64_t shift = milliseconds(run.now) - wall_at(c, SECONDS(c->seconds));

	assert_int_equal(run.steps, wanted_steps(c));
	assert_true(llabs(shift - c->want_shift) <= SHIFT_SLOP);
	assert_true(run.promised > 0 || c->wall < HOURS(1));
}

static void run_case(void **state)
{
	for (size_t i = 0; i < DELAYS_MAX; i++)
		run_with_delay(*state, delays[i]);
}

static struct live_clock clock_at(int64_t wall)
{
	struct live_clock clock;

	live_clock_start(&clock, (struct live_reading){ nanoseconds(wall), nanoseconds(1000) });
	return clock;
}

static void a_stamp_that_hints_at_a_step_is_doubted(void **state)
{
	(void)state;
	struct live_clock clock = clock_at(THEN);

	assert_false(live_clock_doubts(&clock, nanoseconds(THEN)));
	assert_false(live_clock_doubts(&clock, nanoseconds(THEN + 499)));
	assert_true(live_clock_doubts(&clock, nanoseconds(THEN + 500)));
	assert_false(live_clock_doubts(&clock, nanoseconds(THEN - HOURS(2))));
	(void)live_clock_time(&clock, nanoseconds(THEN - 100));
	assert_false(live_clock_doubts(&clock, nanoseconds(THEN - 599)));
	assert_true(live_clock_doubts(&clock, nanoseconds(THEN - 600)));

	const struct live_reading later = { nanoseconds(THEN + MINUTES(1)), nanoseconds(1100) };

	assert_int_equal(live_clock_measure(&clock, later).kind, LIVE_STEP_SMOOTHED);
	assert_false(live_clock_doubts(&clock, nanoseconds(THEN - 600)));
}

/* Frames of a clock that jumped far ahead, before anybody measured it. */
static void a_doubted_stamp_measured_again_is_no_time_ahead(void **state)
{
	(void)state;
	struct live_clock clock = clock_at(THEN);
	nanotime stamp = nanoseconds(THEN + MINUTES(4) + 50);

	assert_true(live_clock_doubts(&clock, stamp));
	assert_int_equal(live_clock_measure(
				 &clock, (struct live_reading){ nanoseconds(THEN + MINUTES(4) + 60),
								nanoseconds(1060) })
				 .kind,
			 LIVE_STEP_SMOOTHED);
	assert_int_equal(milliseconds(live_clock_time(&clock, stamp)), THEN + 50);
}

static void stamps_that_go_back_by_little_are_kept(void **state)
{
	(void)state;
	struct live_clock clock = clock_at(THEN);

	assert_int_equal(live_clock_time(&clock, nanoseconds(THEN) + 7), nanoseconds(THEN) + 7);
	assert_int_equal(live_clock_time(&clock, nanoseconds(THEN) + 3), nanoseconds(THEN) + 3);
}

static void the_machine_has_clocks(void **state)
{
	(void)state;
	struct live_reading one = { 0 };
	struct live_reading other = { 0 };

	/* A busy machine may interrupt it, but not for ever. */
	for (int i = 0; i < 1000 && !live_clock_read(&one); i++)
		;
	for (int i = 0; i < 1000 && !live_clock_read(&other); i++)
		;
	assert_true(one.since_boot > 0 && other.since_boot >= one.since_boot);
	assert_true(one.wall > 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_stamp_that_hints_at_a_step_is_doubted),
		cmocka_unit_test(a_doubted_stamp_measured_again_is_no_time_ahead),
		cmocka_unit_test(stamps_that_go_back_by_little_are_kept),
		cmocka_unit_test(the_machine_has_clocks),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("live_clock", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("live_clock_others", others, NULL, NULL);
}
