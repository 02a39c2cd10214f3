#include "sensor/flow/flow_update.h"

#include "sensor/flow/flow_seqlock.h"

enum {
	WELL_KNOWN_PORTS = 1024, /* RFC 6335 6 */
	TRICKLE = 4,             /* packets of one side that are more than an attempt */
};

/* What few packets need is kept out of what all do: inlined, it would take the registers. */
#define OUT_OF_LINE __attribute__((noinline))

/* RFC 7323 2.3: no window is larger, so what lies further off is another numbering. */
#define SEQUENCE_WINDOW (UINT32_C(1) << 30)

static inline uint8_t increased(uint8_t count)
{
	return count == UINT8_MAX ? count : (uint8_t)(count + 1);
}

static inline bool has_transport(const struct packet *p, uint8_t protocol)
{
	return p->key.protocol == protocol && !p->is_fragment_rest;
}

static inline enum flow_side sender_of(const struct packet *p)
{
	return p->source_is_low ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;
}

static inline enum flow_side other(enum flow_side side)
{
	return side == FLOW_SIDE_LOW ? FLOW_SIDE_HIGH : FLOW_SIDE_LOW;
}

bool flow_is_reopened_by(const struct flow_record *flow, const struct packet *p)
{
	enum flow_side server = other(flow->client_side);

	if (!has_transport(p, IP_TCP) || (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if ((flow->flags & FLOW_CLOSED) != 0)
		return true;
	if (flow->packets[server] == 0)
		return false;
	return (flow->flags & FLOW_MIDSTREAM) != 0 || sender_of(p) == server ||
	       (uint16_t)p->tcp_sequence != flow->initial_sequence;
}

/*
 * Who asked, as far as the first packet tells; a SYN or SYN-ACK says it better and later. TCP
 * servers have the lower port. Elsewhere the first to speak asks, unless it speaks from a port
 * where services live: then the question was not seen. ICMP has no ports.
 */
static enum flow_side guess_client(const struct packet *p)
{
	uint16_t from = packet_source_port(p);
	uint16_t to = packet_destination_port(p);
	bool is_answer = from < WELL_KNOWN_PORTS && to >= WELL_KNOWN_PORTS;

	if (p->key.protocol == IP_TCP)
		is_answer = from < to;
	if (p->key.protocol == IP_ICMP || p->key.protocol == IP_ICMPV6)
		is_answer = false;
	return is_answer ? other(sender_of(p)) : sender_of(p);
}

void flow_start(struct flow_record *flow, const struct packet *p, nanotime now)
{
	bool is_midstream = p->key.protocol == IP_TCP;

	shared_store8(&flow->class, FLOW_EMBRYONIC);
	shared_store8(&flow->client_side, (uint8_t)guess_client(p));
	shared_store32(&flow->client_payload_ms, 0);
	shared_store64(&flow->first, now);
	shared_store64(&flow->last, now);
	for (int side = 0; side < FLOW_SIDES; side++) {
		shared_store64(&flow->bytes[side], 0);
		shared_store32(&flow->packets[side], 0);
		shared_store8(&flow->tcp_flags[side], 0);
		shared_store32(&flow->next_sequence[side], 0);
	}
	shared_store8(&flow->flags, is_midstream ? FLOW_MIDSTREAM : 0);
	shared_store8(&flow->payload_packets, 0);
	shared_store16(&flow->initial_sequence, 0);
	shared_store8(&flow->retransmitted, 0);
	shared_store8(&flow->icmp_error, 0);
}

/* A SYN, with or without ACK: tells the client, and where its numbering began. */
static void note_handshake(struct flow_record *flow, const struct packet *p)
{
	bool is_answer = (p->tcp_flags & TCP_ACK) != 0;
	enum flow_side client = is_answer ? other(sender_of(p)) : sender_of(p);
	uint32_t initial = is_answer ? p->tcp_acknowledged - 1 : p->tcp_sequence;

	if ((flow->flags & FLOW_CLIENT_KNOWN) == 0) {
		uint8_t flags = (uint8_t)(flow->flags & ~FLOW_MIDSTREAM) | FLOW_CLIENT_KNOWN;

		if (flow->client_side != client)
			shared_store32(&flow->client_payload_ms, 0);
		shared_store8(&flow->client_side, (uint8_t)client);
		shared_store8(&flow->flags, flags);
	} else if (flow->client_side != client || flow->packets[other(client)] > 0) {
		return;
	}
	/* A client that nobody answered may try again with other numbers: the last one counts. */
	shared_store16(&flow->initial_sequence, (uint16_t)initial);
}

/*
 * For what may not begin where its sender left off: returns whether payload of `p` lies below
 * that. Only what takes up numbers moves them on: a RST or an ACK may carry any number.
 */
static OUT_OF_LINE bool follow_jump(struct flow_record *flow, const struct packet *p,
				    enum flow_side side)
{
	uint32_t end = p->tcp_sequence + p->payload_len + ((p->tcp_flags & TCP_SYN) != 0) +
		       ((p->tcp_flags & TCP_FIN) != 0);
	bool is_start = (p->tcp_flags & TCP_SYN) != 0 || flow->tcp_flags[side] == 0;
	uint32_t next = flow->next_sequence[side];
	bool starts_below = !is_start && next - p->tcp_sequence - 1 < SEQUENCE_WINDOW;
	bool ends_below = starts_below && next - end < SEQUENCE_WINDOW;

	if (is_start || (end != p->tcp_sequence && !ends_below))
		shared_store32(&flow->next_sequence[side], end);
	if (!starts_below || p->payload_len == 0)
		return false;
	shared_store8(&flow->retransmitted, increased(flow->retransmitted));
	return true;
}

/* SYN, FIN and RST; the flags of `p` are already in the record. */
static OUT_OF_LINE void note_signals(struct flow_record *flow, const struct packet *p,
				     enum flow_side side)
{
	if ((p->tcp_flags & TCP_SYN) != 0)
		note_handshake(flow, p);
	if ((p->tcp_flags & TCP_RST) != 0 ||
	    (flow->tcp_flags[side] & flow->tcp_flags[other(side)] & TCP_FIN) != 0)
		shared_store8(&flow->flags, flow->flags | FLOW_CLOSED);
}

/* Returns whether its payload was seen before. */
static inline bool count_tcp(struct flow_record *flow, const struct packet *p, enum flow_side side)
{
	uint8_t seen = flow->tcp_flags[side];
	bool has_signal = (p->tcp_flags & (TCP_SYN | TCP_RST | TCP_FIN)) != 0;
	bool is_again = false;

	if (seen != 0 && !has_signal && p->tcp_sequence == flow->next_sequence[side])
		shared_store32(&flow->next_sequence[side], p->tcp_sequence + p->payload_len);
	else
		is_again = follow_jump(flow, p, side);
	shared_store8(&flow->tcp_flags[side], seen | p->tcp_flags);
	if (has_signal)
		note_signals(flow, p, side);
	return is_again;
}

/*
 * Notes client payload at `now`, and returns whether it is a check-in. Counted modulo 2^32: a
 * silence of 50 days wraps, a flow of 50 days does not matter.
 */
static inline bool note_client_payload(struct flow_record *flow, nanotime now, nanotime silence)
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
static inline bool is_keep_alive(const struct packet *p, bool is_retransmission)
{
	return is_retransmission && p->payload_len == 1;
}

static enum flow_class class_of(const struct flow_record *flow)
{
	uint32_t low = flow->packets[FLOW_SIDE_LOW];
	uint32_t high = flow->packets[FLOW_SIDE_HIGH];

	if ((flow->flags & FLOW_CLOSED) != 0)
		return FLOW_UNANSWERED;
	if (low > 0 && high > 0)
		return FLOW_ESTABLISHED;
	if (flow->payload_packets > 0 || low >= TRICKLE || high >= TRICKLE)
		return FLOW_UNANSWERED;
	return FLOW_EMBRYONIC;
}

static OUT_OF_LINE void follow_class(struct flow_record *flow)
{
	shared_store8(&flow->class, (uint8_t)class_of(flow));
}

struct flow_touch flow_count(struct flow_record *flow, const struct packet *p, nanotime now,
			     const struct flow_config *config)
{
	enum flow_side side = sender_of(p);
	bool is_again = has_transport(p, IP_TCP) && count_tcp(flow, p, side);
	uint32_t packets = flow->packets[side];
	uint8_t payload_packets = flow->payload_packets;
	struct flow_touch touch = {
		.from_client = side == flow->client_side,
		.payload_packets_before = payload_packets,
		.is_retransmission = is_again,
	};

	shared_store64(&flow->last, now);
	shared_store64(&flow->bytes[side], flow->bytes[side] + p->ip_len);
	if (packets != UINT32_MAX)
		shared_store32(&flow->packets[side], packets + 1);
	if (p->payload_len > 0 && !p->is_fragment_rest) {
		uint8_t spoke = side == FLOW_SIDE_LOW ? FLOW_LOW_SPOKE : FLOW_HIGH_SPOKE;

		shared_store8(&flow->payload_packets, increased(payload_packets));
		shared_store8(&flow->flags, flow->flags | spoke);
		if (touch.from_client && !is_keep_alive(p, is_again))
			touch.is_check_in =
				note_client_payload(flow, now, config->check_in_silence);
	}

	/* Most packets belong to a flow that is established and stays it. */
	if (flow->class != FLOW_ESTABLISHED || (flow->flags & FLOW_CLOSED) != 0)
		follow_class(flow);
	return touch;
}
