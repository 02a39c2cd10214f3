/*
 * One lane: reads the packets of its share of the flows and turns them into facts.
 *
 * A lane belongs to one thread at a time and shares nothing with other lanes but the array of
 * slots, in which each flow's slot is one lane's. It is given records in the order of the packets;
 * what it says depends on those records alone. All memory is taken in lane_new(), but for nDPI's
 * module, which is built when it is first needed, and what nDPI hangs onto the flows it looks at.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/fact/fact.h"
#include "sensor/lane/lane_record.h"
#include "sensor/lane/lane_slot.h"

enum { LANE_HANDSHAKE_PACKETS = 16 }; /* payload packets of a flow that are looked into */

struct lane;

/* `fact` is borrowed for the call. */
typedef void lane_emit_fn(void *arg, const struct fact *fact);

struct lane_stats {
	uint64_t malformed;       /* messages against their specification */
	uint64_t dpi_evicted;     /* flows settled early because too many were looked at */
	uint64_t windows_evicted; /* handshakes given up for the same reason */
	uint64_t conflicting;     /* handshakes whose bytes came twice and differed */
	uint64_t agents_refused;  /* User-Agents not kept because too many different ones were */
	uint64_t dpi_off; /* 1 when there was no memory for nDPI's module: protocols stay unknown */
	uint64_t dpi_heap_exceeded; /* flows settled early for the memory that nDPI took for them */
};

/*
 * `slots`, one for each flow of the table and zeroed, are borrowed for the lane's life. Calls must
 * not run at the same time (nDPI's start). ERR_MISSING when the nDPI library is not the one
 * compiled for.
 */
MUST_USE enum err lane_new(struct lane **out, const struct lane_config *config,
			   struct lane_slot *slots, lane_emit_fn *emit, void *arg);
void lane_free(struct lane *lane);

/*
 * False while another lane still has the slot of a flow that `record` opens: it will be ready when
 * that lane has taken all that was put before.
 */
bool lane_is_ready(const struct lane *lane, const struct lane_record *record);

/* `copy` holds the bytes of the packet in `record`, if there is one; borrowed for the call. */
void lane_take(struct lane *lane, const struct lane_record *record, struct span copy);

struct lane_stats lane_stats(const struct lane *lane);
