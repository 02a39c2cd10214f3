/*
 * What the DNS tunnel detector remembers of a device's dealings with one registered domain. Plain
 * values, in an LRU map of the detector's.
 */
#pragma once

#include "sensor/detect/signal.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>

enum { ZONE_SYMBOLS = 40, ZONE_SYMBOL_OTHER = 38, ZONE_WINDOWS = 3, ZONE_DAY = ZONE_WINDOWS - 1 };

/* A device and a registered domain, by its hash. */
struct zone_key {
	uint32_t device;
	uint32_t spare;
	uint64_t domain;
};

/* What was told to a zone in one stretch of time. */
struct zone_window {
	uint64_t label_bytes; /* below the registered domain, of each new-looking name */
	uint64_t names;
	uint64_t answers;
	uint64_t bulk_answers;
	uint32_t histogram[ZONE_SYMBOLS];
	struct distinct distinct;
};

struct zone {
	nanotime first;
	nanotime last;
	uint64_t told_at; /* distinct names when a signal was last emitted */
	bool is_answered;
	uint8_t flow_count;
	nanotime since[ZONE_WINDOWS]; /* when each window began; 0 is not yet */
	/*
	 * The shorter windows begin with the day and hold what it does until they are over: counted
	 * apart only from then on, which most zones never see.
	 */
	bool is_apart[ZONE_DAY];
	struct zone_window day;
	struct zone_window shorter[ZONE_DAY]; /* each once it is apart */
	/* From here on as many count as the head says; the domain is written first. */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char domain[FACT_NAME_LEN];
};

enum { ZONE_HEAD = offsetof(struct zone, shorter) };

/* For kept_table. */
void zone_tidy(void *value);
bool zone_is_sound(const void *key, const void *value);
