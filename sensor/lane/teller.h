/*
 * What the capture thread tells the lanes: which packets they are shown, which flows they hear of
 * and when, whom the wire showed. It is decided from packets, flow records and configuration
 * alone, so that what the lanes say never depends on how fast they are.
 *
 * A flow is told of with its first payload, or at its end when it had none. One thread.
 */
#pragma once

#include "sensor/dialogue/session.h"
#include "sensor/lane/lane.h"
#include "sensor/lane/services.h"

struct teller;

/* As lanes_put(): takes a record for `lane`. Record and bytes are borrowed for the call. */
typedef void teller_put_fn(void *arg, unsigned lane, struct lane_record *record, struct span bytes);

/* `config` is borrowed. */
MUST_USE enum err teller_new(struct teller **out, const struct config *config, teller_put_fn *put,
			     void *arg);
void teller_free(struct teller *teller);

/* A packet of no flow: ARP, LLDP, CDP. */
void teller_link(struct teller *teller, const struct packet *packet);

/*
 * Whether `syn` is only counted: its target is flooded, it belongs to no flow, and what is never
 * answered need not take the place of one. An answer still opens a flow.
 */
bool teller_passes_over(struct teller *teller, const struct flow_table *flows,
			const struct packet *syn, uint64_t hash);

/* By what its lane wants of the flow, first packets and check-ins apart. */
static inline bool teller_is_wanted(const struct flow_touch *touch)
{
	return touch->wanted != FLOW_WANTED_NONE &&
	       (touch->wanted != FLOW_WANTED_DIALOGUE || touch->payload_packets_before < UINT8_MAX);
}

/* Half a second has begun since the packet before: for all but slow flows, seldom so. */
static inline bool teller_may_have_news(const struct packet *packet, const struct flow_touch *touch)
{
	return (packet->time ^ touch->last_before) >> LANE_SILENCE_BITS != 0;
}

/*
 * Whether there is anything to tell of a packet that the table has just counted. Most packets of a
 * long flow end here, so it stands in line.
 */
static inline bool teller_wants(const struct packet *packet, const struct flow_touch *touch)
{
	if (touch->is_new || teller_may_have_news(packet, touch))
		return true;
	if (packet->payload_len == 0 || packet->is_fragment_rest)
		return false;
	return touch->payload_packets_before < LANE_HANDSHAKE_PACKETS || touch->is_check_in ||
	       teller_is_wanted(touch) || session_may_begin_with(packet->payload);
}

/*
 * A packet for which teller_wants(). Its bytes are looked into only when there is payload or it is
 * a SYN: those of others may be gone.
 */
void teller_packet(struct teller *teller, struct flow_table *flows, const struct packet *packet,
		   const struct flow_touch *touch);

/* The frame at hand when a flow ends: neither number nor time goes back within an epoch. */
struct teller_place {
	uint64_t number;
	nanotime now;
};

/* A flow that ends at packet time `when`, at `place` or before it. */
void teller_flow_ended(struct teller *teller, struct teller_place place, struct flow_ref ref,
		       const struct flow_record *flow, nanotime when, enum flow_end reason);

/* Time jumps to that of `place`; all flows have ended. */
void teller_epoch(struct teller *teller, struct teller_place place);

/* Nothing more will come; all flows have ended. */
void teller_finish(struct teller *teller, struct teller_place place);
