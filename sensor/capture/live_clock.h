/*
 * Packet time of live frames: the kernel's stamp, carried on through steps of the wall clock.
 *
 * While the wall clock runs evenly, packet time is the stamp itself, so that a file of the same
 * packets has the same times. When it is set, packet time goes on from where it was, and the
 * difference wears off by at most 100 ms a second; one too great for that is adopted at once.
 *
 * Pure values: what the clocks say is given to it, so each case can be tested. One thread.
 */
#pragma once

#include "sensor/base/nanotime.h"

/* The wall clock moving by less than this between two readings is no step. */
#define LIVE_STEP_LEAST (500 * NANOTIME_MILLISECOND)
/*
 * What wears off, else it is adopted: wall ahead of packet time, and behind it. Behind is more,
 * because the pipeline can take a time that goes back only as a new age, from an hour on.
 */
#define LIVE_CLOCK_AHEAD  (5 * NANOTIME_MINUTE)
#define LIVE_CLOCK_BEHIND NANOTIME_HOUR
/*
 * Within this a frame is read after its stamp, once the ring was found empty: the kernel hands a
 * block over at the second tick of its 100 ms timer at the latest, and 300 ms are slack.
 */
#define LIVE_CLOCK_LATENESS (500 * NANOTIME_MILLISECOND)
/* … and within this once the kernel says that it keeps none either: on their way to the ring. */
#define LIVE_CLOCK_TRANSIT (100 * NANOTIME_MILLISECOND)

/* Both clocks at one moment. `since_boot` counts sleep too, or waking up would look like a step. */
struct live_reading {
	nanotime wall;
	nanotime since_boot;
};

struct live_clock {
	struct live_reading last;
	nanotime shifted_at; /* the wall clock when `shift` began to wear off */
	int64_t shift;       /* packet time minus wall, then */
	nanotime latest;     /* packet time given out, since time last went back */
	nanotime floor;      /* none is given out below, since the last step */
	nanotime settled_at; /* since boot: no stamp of before the last step comes any more */
};

enum live_step {
	LIVE_STEP_NONE,
	LIVE_STEP_SMOOTHED, /* packet time goes on, and nears the wall clock slowly */
	LIVE_STEP_ADOPTED,  /* packet time is the wall clock from here on */
};

/* What a reading told. */
struct live_clock_step {
	enum live_step kind;
	int64_t nanoseconds; /* by how much the wall clock was set; below zero is back */
	nanotime before;     /* packet time as it would be without, and as it is */
	nanotime after;
};

/*
 * Reads both clocks; the one place that does. False when it was interrupted between the two again
 * and again, so that they may differ by as much: no reading to measure a step by.
 */
bool live_clock_read(struct live_reading *out);

void live_clock_start(struct live_clock *clock, struct live_reading now);

/* To be called before frames are taken, some times a second. `now` is never before the last. */
struct live_clock_step live_clock_measure(struct live_clock *clock, struct live_reading now);

/* Whether the stamp hints at a step that was not measured yet: measure, then ask its time. */
bool live_clock_doubts(const struct live_clock *clock, nanotime stamp);

/*
 * Packet time of a frame. Stamps that go back by little, as those of several processors do, stay
 * as they are. For half a second after a step no time runs ahead of now, and none goes back.
 */
nanotime live_clock_time(struct live_clock *clock, nanotime stamp);

/* Packet time of the last reading. */
nanotime live_clock_now(const struct live_clock *clock);

/*
 * Of a ring that was found empty after the last reading: no frame comes from it with an earlier
 * time, when frames are at most `lateness` late. 0 shortly after a step, when nothing of the kind
 * can be said.
 */
nanotime live_clock_passed(const struct live_clock *clock, nanotime lateness);
