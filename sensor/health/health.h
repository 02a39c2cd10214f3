/*
 * Is the sensor seeing what it should? What the capture thread counts for that.
 *
 * Owner: the pipeline, its capture thread. Memory is fixed in health_new(); after that no call
 * allocates. Each frame costs a count; HEALTH_LOOKS frames of an interface and window are looked
 * into, and of those beyond every HEALTH_LOOK_EVERYth. Which ones follows from the frames alone.
 *
 * What the counts mean is said by health_check.h.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"
#include "sensor/flow/flow_table.h"
#include "sensor/health/health_counts.h"

#include <stddef.h>

#define HEALTH_WINDOW (3 * NANOTIME_MINUTE)

enum {
	HEALTH_LOOKS = 4096,
	HEALTH_LOOK_EVERY = 64,
	HEALTH_OWN_MACS_MAX = 16,
};

struct health_parts; /* health.c alone knows them */

/* What health_frame() touches of one interface: as little as can be. */
struct health_meter {
	uint32_t until_look; /* frames, with the one that is looked into; at least 1 */
	uint32_t interval;   /* … from the last look on */
	uint64_t frames;     /* up to the last look, copies apart */
	uint64_t copies;     /* all of them */
	uint64_t copies_unicast;
};

struct health {
	struct health_meter meters[INTERFACES_MAX];
	struct health_parts *parts;
};

/*
 * `own` are the MACs of this machine's cards, copied; those beyond HEALTH_OWN_MACS_MAX are left
 * out. None for a capture file, and none at a gateway, where every packet bears one. ERR_MEMORY.
 * `*out` is set only on ERR_OK.
 */
MUST_USE enum err health_new(struct health **out, const struct mac *own, size_t own_count);

/* NULL is fine. */
void health_free(struct health *health);

/* The rest of health_frame(), for frames that are looked into. */
void health_look(struct health *health, const struct frame *frame, const struct packet *packet);

/* An interface beyond the last counts as that. */
static inline unsigned health_interface_of(const struct frame *frame)
{
	return frame->interface < INTERFACES_MAX ? frame->interface : INTERFACES_MAX - 1;
}

/*
 * One frame, and what decode made of it; NULL when it refused it. Not for a copy that the duplicate
 * filter knows: that goes to health_copy().
 */
static inline void health_frame(struct health *health, const struct frame *frame,
				const struct packet *packet)
{
	struct health_meter *meter = &health->meters[health_interface_of(frame)];

	if (--meter->until_look == 0)
		health_look(health, frame, packet);
}

/*
 * A frame whose packet came before (duplicate_filter.h). Copies of what goes to many are none of a
 * mirror's wiring: where the sensor's port is in the office's VLAN it gets them of itself too.
 */
static inline void health_copy(struct health *health, const struct frame *frame,
			       const struct packet *packet)
{
	struct health_meter *meter = &health->meters[health_interface_of(frame)];

	meter->copies++;
	meter->copies_unicast += !mac_is_group(&packet->destination_mac);
}

/* A flow that has ended; also what health_live_flows() does with each that has not. */
void health_flow(struct health *health, const struct flow_record *flow);

/*
 * All flows of `table` that are live and had a packet since `since`: at the end of a window.
 * About 30 instructions for each slot of the table.
 */
void health_live_flows(struct health *health, const struct flow_table *table, nanotime since);

/* What `interface` (0 … INTERFACES_MAX-1) saw in this window so far; a copy. */
void health_counts(const struct health *health, unsigned interface, struct health_counts *out);
struct health_flows health_flows(const struct health *health);

/* A new window: all begins at 0 but what is lasting. */
void health_next_window(struct health *health);
