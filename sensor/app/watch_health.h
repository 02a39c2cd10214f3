/*
 * How the sensor itself is: what happens to its interfaces, clock, store and queues, and whether it
 * sees what it should. Told to the journal at once, and as cases of health to the store.
 *
 * The capture thread alone.
 */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/capture/live_capture.h"
#include "sensor/health/health_cases.h"
#include "sensor/service/journal.h"
#include "sensor/store/store.h"

struct watch_health;

struct watch_health_setup {
	const struct config *config;
	struct journal *journal;
	struct store *store;
};

/* All in `setup` is borrowed, the struct itself is not. */
MUST_USE enum err watch_health_new(struct watch_health **out,
				   const struct watch_health_setup *setup);
void watch_health_free(struct watch_health *self);

/* What the pipeline counts into. */
struct health *watch_health_counters(struct watch_health *self);

/* A live_event_fn. */
void watch_health_event(void *arg, const struct live_event *event);

/* The sensor did not run between these two. A case, but for a brief stop that was asked for. */
void watch_health_gap(struct watch_health *self, nanotime from, nanotime until, bool was_asked);

/* How old is what the sensor judges by, from now on; copied. */
void watch_health_lists(struct watch_health *self, const struct health_lists *lists);

/* Once a second: ends a window when its time has come. */
void watch_health_second(struct watch_health *self, const struct live_capture *live,
			 const struct pipeline *pipeline);

/* Before the store is closed: tells what waited to be told together. */
void watch_health_end(struct watch_health *self);
