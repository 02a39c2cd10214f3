/*
 * One lane: reads the packets of its share of the flows and turns them into facts.
 *
 * A lane belongs to one thread at a time and shares nothing with other lanes. It is given records
 * in the order of the packets; what it says depends on those records alone. All memory is taken in
 * lane_new(), but for what nDPI hangs onto the flows it is looking at.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/fact/fact.h"
#include "sensor/lane/lane_record.h"

enum { LANE_HANDSHAKE_PACKETS = 16 }; /* payload packets of a flow that are looked into */

struct lane;

/* `fact` is borrowed for the call. */
typedef void lane_emit_fn(void *arg, const struct fact *fact);

struct lane_stats {
	uint64_t malformed;       /* messages against their specification */
	uint64_t dpi_evicted;     /* flows settled early because too many were looked at */
	uint64_t windows_evicted; /* handshakes given up for the same reason */
	uint64_t conflicting;     /* handshakes whose bytes came twice and differed */
};

/*
 * `flow_capacity` is that of the flow table. Calls must not run at the same time (nDPI's start).
 * ERR_MISSING when the nDPI library is not the one compiled for.
 */
MUST_USE enum err lane_new(struct lane **out, const struct lane_config *config,
			   uint32_t flow_capacity, lane_emit_fn *emit, void *arg);
void lane_free(struct lane *lane);

void lane_take(struct lane *lane, const struct lane_record *record);

/* Services that a lane reads for as long as they speak; of others only the first words. */
bool lane_always_reads(const struct packet *packet);

struct lane_stats lane_stats(const struct lane *lane);
