/*
 * What the sensor counts in a day, for the store's table of counters: handed over once a minute, as
 * what came since. The capture thread alone.
 */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/store/store.h"

enum { WATCH_COUNTS = 7 };

struct watch_counts {
	uint64_t put[WATCH_COUNTS]; /* what the store has been told of each */
};

/* What the store has no room for now goes with the next minute. `clock` is packet time. */
void watch_counts_put(struct watch_counts *counts, struct store *store,
		      const struct pipeline_totals *totals, uint64_t shed, nanotime clock);
