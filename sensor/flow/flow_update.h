/*
 * What one packet does to the record of its flow, and until when a flow lives.
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
 * The time that the flow still lives through. In a class it never moves back while packets come.
 *
 * An embryonic flow has three packets at most, so a trickle cannot hold its slot for longer than
 * three idle times.
 */
static inline nanotime flow_deadline(const struct flow_record *flow,
				     const struct flow_config *config)
{
	if (flow->class == FLOW_ESTABLISHED)
		return flow_time_later(flow->last, flow->key.protocol == IP_TCP
							   ? config->established
							   : config->datagram);
	return flow_time_later(flow->last, flow->class == FLOW_UNANSWERED ? config->unanswered
									  : config->embryonic);
}

/* `p` is a SYN that opens a new flow between the endpoints of `flow`. */
bool flow_is_reopened_by(const struct flow_record *flow, const struct packet *p);

/* Lines the record up for its first packet, which flow_count() then counts. The key is set. */
void flow_start(struct flow_record *flow, const struct packet *p, nanotime now);

/* Counts `p` at packet time `now`. `ref` and `is_new` are left to the caller. */
struct flow_touch flow_count(struct flow_record *flow, const struct packet *p, nanotime now,
			     const struct flow_config *config);
