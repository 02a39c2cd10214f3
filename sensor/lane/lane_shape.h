/*
 * Who speaks in the lane's live flows, and how: what a fact says in struct fact_shape. Of one lane;
 * one thread. LANE_SHAPES flows at a time: the one longest unheard makes room, and is not known any
 * more.
 */
#pragma once

#include "sensor/base/slab.h"
#include "sensor/lane/lane_record.h"
#include "sensor/lane/lane_slot.h"

enum { LANE_SHAPES = 8192 };

struct lane_shapes {
	struct slab *all; /* struct lane_shape */
	struct lane_slot *slots;
};

/* `slots` are borrowed. ERR_MEMORY. */
MUST_USE enum err lane_shapes_start(struct lane_shapes *shapes, struct lane_slot *slots);
void lane_shapes_release(struct lane_shapes *shapes);

/* A packet with payload that the lane is shown, of the flow in slot `record->ref.index`. */
void lane_shapes_packet(struct lane_shapes *shapes, const struct packet *packet,
			const struct lane_packet *record);

/* The same of a packet in a TCP flow that no reader of ours knows: is it a shell's text? */
void lane_shapes_listen(struct lane_shapes *shapes, const struct lane_slot *slot,
			struct span payload, bool from_client);

/* An opening that it is not shown. */
void lane_shapes_opening(struct lane_shapes *shapes, const struct lane_flow_news *news);

/* What is known of the flow in `slot` now; `out` is all zero. */
void lane_shapes_tell(const struct lane_shapes *shapes, const struct lane_slot *slot,
		      const struct flow_record *flow, struct fact_shape *out);

/* Its flow has ended. */
void lane_shapes_drop(struct lane_shapes *shapes, struct lane_slot *slot);
