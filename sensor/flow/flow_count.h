/*
 * What one packet does to the record of its flow, as far as every packet does it: inline, as
 * calls would be a tenth of it. What few packets do is in flow_update.c.
 *
 * The caller holds the record's seqlock open.
 */
#pragma once

#include "sensor/flow/flow_seqlock.h"
#include "sensor/flow/flow_update.h"

enum { FLOW_TCP_SIGNALS = TCP_SYN | TCP_FIN | TCP_RST };

static inline uint8_t flow_count_up(uint8_t count)
{
	return count == UINT8_MAX ? count : (uint8_t)(count + 1);
}

static inline bool packet_has_transport(const struct packet *p, uint8_t protocol)
{
	return p->key.protocol == protocol && !p->is_fragment_rest;
}

static inline bool packet_has_tcp_flag(const struct packet *p, enum tcp_flag flag)
{
	return (p->tcp_flags & flag) != 0;
}

static inline enum flow_side packet_sender(const struct packet *p)
{
	return p->source_is_low ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;
}

/*
 * For the TCP packets that do not just go on where their sender left off, with what they change.
 * Returns whether the payload was seen before.
 */
bool flow_count_tcp_rare(struct flow_record *flow, const struct packet *p, enum flow_side side);

/* Returns whether its payload was seen before. */
static inline bool flow_count_tcp(struct flow_record *flow, const struct packet *p,
				  enum flow_side side)
{
	uint8_t seen = flow->tcp_flags[side];

	if (seen == 0 || (p->tcp_flags & FLOW_TCP_SIGNALS) != 0 ||
	    p->tcp_sequence != flow->next_sequence[side])
		return flow_count_tcp_rare(flow, p, side);
	shared_store32(&flow->next_sequence[side], p->tcp_sequence + p->payload_len);
	shared_store8(&flow->tcp_flags[side], seen | p->tcp_flags);
	return false;
}

/*
 * Notes client payload at `now`, and returns whether it is a check-in. Counted modulo 2^32: a
 * silence of 50 days wraps, a flow of 50 days does not matter.
 */
static inline bool flow_note_client_payload(struct flow_record *flow, nanotime now,
					    nanotime silence)
{
	uint32_t before = flow->client_payload_ms;
	uint32_t at = (uint32_t)((now - flow->first) / NANOTIME_MILLISECOND) + 1;

	if (at == 0)
		at = 1;
	shared_store32(&flow->client_payload_ms, at);
	return before == 0 || (at - before) * NANOTIME_MILLISECOND >= silence;
}

/*
 * One byte that was sent before (RFC 9293 3.8.4): the system's doing, not the program's, so it
 * ends no silence. Longer repetitions do, or a forged sequence number could hide check-ins.
 */
static inline bool flow_is_keep_alive(const struct packet *p, bool is_retransmission)
{
	return is_retransmission && p->payload_len == 1;
}

/*
 * Counts `p` at packet time `now` and says so in `touch`, but for `ref` and `is_new`. The flow's
 * class is left to the caller. Always inline: it has two callers, one for new flows.
 */
static inline __attribute__((always_inline)) void flow_count(struct flow_record *flow,
							     const struct packet *p, nanotime now,
							     const struct flow_config *config,
							     struct flow_touch *touch)
{
	enum flow_side side = packet_sender(p);
	bool is_again = packet_has_transport(p, IP_TCP) && flow_count_tcp(flow, p, side);
	bool from_client = side == flow->client_side;
	bool is_check_in = false;
	uint32_t packets = flow->packets[side];
	uint8_t payload_packets = flow->payload_packets;

	touch->last_before = flow->last;
	shared_store64(&flow->last, now);
	shared_store64(&flow->bytes[side], flow->bytes[side] + p->ip_len);
	if (packets != UINT32_MAX)
		shared_store32(&flow->packets[side], packets + 1);
	if (p->payload_len > 0 && !p->is_fragment_rest) {
		uint8_t spoke = side == FLOW_SIDE_LOW ? FLOW_LOW_SPOKE : FLOW_HIGH_SPOKE;

		shared_store8(&flow->payload_packets, flow_count_up(payload_packets));
		shared_store8(&flow->flags, flow->flags | spoke);
		if (from_client && !flow_is_keep_alive(p, is_again))
			is_check_in = flow_note_client_payload(flow, now, config->check_in_silence);
	}
	touch->from_client = from_client;
	touch->is_check_in = is_check_in;
	touch->payload_packets_before = payload_packets;
	touch->is_retransmission = is_again;
	touch->wanted = flow->flags >> FLOW_WANTED_AT;
}
