/*
 * The live flows of a running sensor that are worth a line: the greatest by one measure, of those
 * that a filter lets through.
 *
 * Owner: the command. One thread; the sensor is another process and never waits. A scan looks at
 * each slot of the table once and keeps no more than `limit` flows in a heap. To tell what passed
 * between two scans the counters of the last one are kept: 24 bytes for each slot.
 */
#pragma once

#include "sensor/capture/key_filter.h"
#include "sensor/flow/flow_view.h"
#include "sensor/lane/lane_slot.h"

enum live_order {
	LIVE_BY_BYTES, /* of both directions */
	LIVE_BY_RATE,
	LIVE_BY_AGE, /* the oldest first */
};

enum { LIVE_FLOWS_MAX = 1000000 };

struct live_flow {
	struct flow_record record;
	uint32_t index;   /* of its slot */
	uint64_t bytes;   /* since the scan before; without one, in the flow's life */
	uint64_t packets; /* likewise */
	uint64_t weight;  /* the more, the earlier in the list */
};

struct live_totals {
	uint32_t flows;   /* live, without the busy ones */
	uint32_t matched; /* of them, those that the filter lets through */
	uint32_t busy;    /* the sensor wrote to them whenever they were read: left out this time */
	nanotime clock;   /* packet time, as late as anything in the table */
	nanotime elapsed; /* packet time since the scan before; 0 without one */
	bool is_since_scan; /* rates are over `elapsed`; else over each flow's life */
};

struct live_flows;

struct live_setup {
	struct flow_view *view;    /* borrowed for its life, as is `filter` */
	struct key_filter *filter; /* NULL lets all through */
	size_t limit;              /* 1 to LIVE_FLOWS_MAX */
	bool is_repeated;          /* rates are from scan to scan */
};

MUST_USE enum err live_flows_new(struct live_flows **out, const struct live_setup *setup);

/* NULL is fine. */
void live_flows_free(struct live_flows *live);

/* Looks at every slot once. */
void live_flows_scan(struct live_flows *live, enum live_order order);

/* What the last scan found. */
struct live_totals live_flows_totals(const struct live_flows *live);
size_t live_flows_count(const struct live_flows *live);

/* The `i`th of the last scan, greatest first; borrowed until the next one. */
const struct live_flow *live_flows_at(const struct live_flows *live, size_t i);

/*
 * What its lane knows of `flow` by name, as printable ASCII: empty where it knows nothing, or when
 * the flow has ended since the scan.
 */
struct lane_slot_view live_flows_names(const struct live_flows *live, const struct live_flow *flow);

/*
 * What `count` bytes or packets of `flow` make a second: since the scan before, or in the flow's
 * life, which is never taken for shorter than a second.
 */
double live_rate(const struct live_totals *totals, const struct live_flow *flow, uint64_t count);

/* Whether the process that writes the table is still there. */
bool live_flows_have_sensor(const struct live_flows *live);
