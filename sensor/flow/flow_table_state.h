/*
 * The flow table from inside: for flow_table.c, where packets open and find flows, and
 * flow_expiry.c, where flows end.
 */
#pragma once

#include "sensor/base/out_of_line.h"
#include "sensor/flow/flow_memory.h"
#include "sensor/flow/flow_table.h"
#include "sensor/flow/timing_wheel.h"

#define NO_FLOW FLOW_INDEX_NONE

/*
 * A slot rests until so many flows have ended after its own. In a full table each new flow takes
 * the slot of one that has just been ended: without a rest its lane would have to wait until that
 * one's lane has heard so, at every flow, and two workers would take turns record by record.
 */
enum { REST_MOST = 256, REST_SHARE = 64 };

enum { RECENT_FLOWS = 128, RECENT_SHIFT = 64 - 7 };

/* The hash of a flow that large packets came of. Zeroed it is no flow's. */
struct recent_flow {
	struct flow_key key;
	uint64_t hash;
};

struct flow_table {
	struct flow_memory memory;
	struct flow_record *records; /* the memory's */
	uint32_t free;               /* that ended first, when there is one; on by wheel_next */
	uint32_t free_last;          /* that ended last */
	uint32_t free_count;         /* of these, … */
	uint32_t rest;               /* … of which so many must rest: see REST_MOST */
	uint32_t unused;             /* slots from here on were never used */

	nanotime clock;     /* the latest packet time */
	nanotime next_turn; /* of the wheels */
	struct timing_wheel wheels[FLOW_CLASSES];
	struct flow_table_stats stats;

	struct flow_config config;
	nanotime shortest;      /* timeout of any class */
	struct hash_state hash; /* the keyed start of every key's hash */
	flow_ended_fn *ended;
	void *arg;

	struct recent_flow recent[RECENT_FLOWS];
};

static inline struct flow_ref flow_table_ref(const struct flow_table *table, uint32_t slot)
{
	return (struct flow_ref){ slot, table->records[slot].generation };
}

/* The flow in `slot` ends: it is told, and its slot is free. */
void flow_table_end(struct flow_table *table, uint32_t slot, nanotime when, enum flow_end reason);

/* Ends one flow of a full table. */
void flow_table_evict(struct flow_table *table);

/* For flow_table_advance(): ends what has passed by the table's clock. */
void flow_table_turn(struct flow_table *table);
