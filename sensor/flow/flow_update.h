/*
 * What one packet does to the record of its flow, and until when a flow lives. What every packet
 * does is in flow_count.h.
 *
 * Knows nothing of the table: the caller holds the record's seqlock open around the calls that
 * change it, and follows a change of class in its wheels.
 */
#pragma once

#include "sensor/flow/flow_table.h"

static inline nanotime flow_time_later(nanotime t, nanotime by)
{
	return t > UINT64_MAX - by ? UINT64_MAX : t + by;
}

/*
 * Nothing more is expected of it: refused, or let go by both sides. Not one that a RST alone ended
 * amid what was said: whoever forges a RST would have what follows look like another flow.
 */
static inline bool flow_is_over(const struct flow_record *flow)
{
	return (flow->flags & FLOW_CLOSED) != 0 &&
	       (flow->payload_packets == 0 ||
		(flow->tcp_flags[FLOW_SIDE_LOW] & flow->tcp_flags[FLOW_SIDE_HIGH] & TCP_FIN) != 0);
}

/*
 * The time that the flow still lives through. In a class it never moves back while packets come,
 * but when the flow is over.
 *
 * An embryonic flow has three packets at most, so a trickle cannot hold its slot for longer than
 * three idle times; nor can it where the flow is closed, once others need the slot.
 */
static inline nanotime flow_deadline(const struct flow_record *flow,
				     const struct flow_config *config)
{
	if (flow->class == FLOW_ESTABLISHED)
		return flow_time_later(flow->last, flow->key.protocol == IP_TCP
							   ? config->established
							   : config->datagram);

	nanotime idle = flow->class == FLOW_UNANSWERED ? config->unanswered : config->embryonic;

	if (flow_is_over(flow) && config->closed < idle)
		idle = config->closed;
	return flow_time_later(flow->last, idle);
}

enum { FLOW_TRICKLE = 4 /* packets of one side that are more than an attempt */ };

/*
 * Its client has not acknowledged the server's SYN. A port that is open answers each forged SYN, so
 * that this costs the sender no more than one that nobody answers.
 */
static inline bool flow_is_half_open(const struct flow_record *flow)
{
	return flow->key.protocol == IP_TCP && (flow->flags & FLOW_CLIENT_KNOWN) != 0 &&
	       (flow->tcp_flags[flow->client_side] & TCP_ACK) == 0;
}

/* The class that the flow belongs in by what has been counted. Established it stays until closed.
 */
static inline enum flow_class flow_class_of(const struct flow_record *flow)
{
	uint32_t low = flow->packets[FLOW_SIDE_LOW];
	uint32_t high = flow->packets[FLOW_SIDE_HIGH];

	if ((flow->flags & FLOW_CLOSED) != 0)
		return flow->payload_packets > 0 ? FLOW_UNANSWERED : FLOW_EMBRYONIC;
	if (flow->class == FLOW_ESTABLISHED)
		return FLOW_ESTABLISHED;
	if (low > 0 && high > 0)
		return flow_is_half_open(flow) ? FLOW_UNANSWERED : FLOW_ESTABLISHED;
	if (flow->payload_packets > 0 || low + high >= FLOW_TRICKLE)
		return FLOW_UNANSWERED;
	return FLOW_EMBRYONIC;
}

/* Most packets belong to a flow that is established and stays it. */
static inline bool flow_is_settled(const struct flow_record *flow)
{
	return flow->class == FLOW_ESTABLISHED && (flow->flags & FLOW_CLOSED) == 0;
}

/* `p` is a SYN that opens a new flow between the endpoints of `flow`. */
bool flow_is_reopened_by(const struct flow_record *flow, const struct packet *p);

/* Lines the record up for its first packet, which flow_count() then counts. The key is set. */
void flow_start(struct flow_record *flow, const struct packet *p, nanotime now);
