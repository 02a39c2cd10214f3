#include "sensor/capture/live_clock.h"

#include <stdlib.h>
#include <time.h>

enum {
	WEARS_OFF = 10, /* one part in so many: 100 ms a second */
	READ_TRIES = 8,
};

/* Between the two readings of one clock; more, and the other stood still in between. */
static const nanotime read_within = NANOTIME_MILLISECOND;

static nanotime nanotime_of(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t);
	return (nanotime)t.tv_sec * NANOTIME_SECOND + (nanotime)t.tv_nsec;
}

bool live_clock_read(struct live_reading *out)
{
	for (int i = 0; i < READ_TRIES; i++) {
		nanotime before = nanotime_of(CLOCK_BOOTTIME);
		nanotime wall = nanotime_of(CLOCK_REALTIME);
		nanotime after = nanotime_of(CLOCK_BOOTTIME);

		*out = (struct live_reading){ wall, after };
		if (after - before <= read_within)
			return true;
	}
	return false;
}

/* There is no time before the epoch. */
static nanotime moved(nanotime t, int64_t by)
{
	if (by < 0)
		return nanotime_between(-(nanotime)by, t);
	return t + (nanotime)by;
}

static int64_t difference(nanotime from, nanotime to)
{
	return (int64_t)(to - from);
}

/* A stamp alone tells how much has worn off: so packet time rises with the stamps. */
static int64_t shift_at(const struct live_clock *clock, nanotime stamp)
{
	if (clock->shift == 0)
		return 0;

	int64_t worn = (int64_t)(nanotime_between(clock->shifted_at, stamp) / WEARS_OFF);

	if (worn >= llabs(clock->shift))
		return 0;
	return clock->shift > 0 ? clock->shift - worn : clock->shift + worn;
}

static nanotime packet_time(const struct live_clock *clock, nanotime stamp)
{
	return moved(stamp, shift_at(clock, stamp));
}

void live_clock_start(struct live_clock *clock, struct live_reading now)
{
	*clock = (struct live_clock){ .last = now };
}

static bool is_settling(const struct live_clock *clock)
{
	return clock->last.since_boot < clock->settled_at;
}

static bool wears_off(int64_t shift)
{
	return shift > 0 ? (nanotime)shift <= LIVE_CLOCK_BEHIND
			 : -(nanotime)shift <= LIVE_CLOCK_AHEAD;
}

static struct live_clock_step take_step(struct live_clock *clock, nanotime expected_wall)
{
	struct live_reading now = clock->last;
	struct live_clock_step step = {
		.kind = LIVE_STEP_SMOOTHED,
		.nanoseconds = difference(expected_wall, now.wall),
		.before = packet_time(clock, expected_wall),
	};

	clock->shift = difference(now.wall, step.before);
	if (!wears_off(clock->shift)) {
		clock->shift = 0;
		step.kind = LIVE_STEP_ADOPTED;
	}
	clock->shifted_at = now.wall;
	clock->settled_at = now.since_boot + LIVE_CLOCK_LATENESS;
	step.after = packet_time(clock, now.wall);
	if (step.after < step.before)
		clock->latest = 0;
	clock->floor = clock->latest;
	return step;
}

struct live_clock_step live_clock_measure(struct live_clock *clock, struct live_reading now)
{
	nanotime elapsed = nanotime_between(clock->last.since_boot, now.since_boot);
	nanotime expected_wall = clock->last.wall + elapsed;

	clock->last = now;
	if ((nanotime)llabs(difference(expected_wall, now.wall)) < LIVE_STEP_LEAST)
		return (struct live_clock_step){ .kind = LIVE_STEP_NONE };
	return take_step(clock, expected_wall);
}

bool live_clock_doubts(const struct live_clock *clock, nanotime stamp)
{
	nanotime t = packet_time(clock, stamp);

	return !is_settling(clock) && (t >= live_clock_now(clock) + LIVE_STEP_LEAST ||
				       t + LIVE_STEP_LEAST <= clock->latest);
}

nanotime live_clock_time(struct live_clock *clock, nanotime stamp)
{
	nanotime t = packet_time(clock, stamp);
	nanotime now = live_clock_now(clock);

	/* A frame may be of before the step, which its stamp does not tell. */
	if (is_settling(clock) && t > now)
		t = now;
	if (t < clock->floor)
		t = clock->floor;
	if (t > clock->latest)
		clock->latest = t;
	if (is_settling(clock))
		clock->floor = clock->latest;
	return t;
}

nanotime live_clock_now(const struct live_clock *clock)
{
	return packet_time(clock, clock->last.wall);
}

nanotime live_clock_passed(const struct live_clock *clock, nanotime lateness)
{
	return is_settling(clock) ? 0 : nanotime_between(lateness, live_clock_now(clock));
}
