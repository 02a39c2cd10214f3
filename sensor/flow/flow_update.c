#include "sensor/flow/flow_update.h"

#include "sensor/flow/flow_count.h"

enum {
	WELL_KNOWN_PORTS = 1024, /* RFC 6335 6 */
};

/* RFC 7323 2.3: no window is larger, so what lies further off is another numbering. */
#define SEQUENCE_WINDOW (UINT32_C(1) << 30)

bool flow_is_reopened_by(const struct flow_record *flow, const struct packet *p)
{
	enum flow_side server = flow_side_other(flow->client_side);

	if (!packet_has_transport(p, IP_TCP) ||
	    (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if ((flow->flags & FLOW_CLOSED) != 0)
		return true;
	if (flow->packets[server] == 0)
		return false;
	return (flow->flags & FLOW_MIDSTREAM) != 0 || packet_sender(p) == server ||
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
	return is_answer ? flow_side_other(packet_sender(p)) : packet_sender(p);
}

/*
 * What is zero at first is stored by the word: a third of the instructions, and a reader loads it
 * by the word as well.
 */
void flow_start(struct flow_record *flow, const struct packet *p, nanotime now)
{
	shared_store8(&flow->client_side, (uint8_t)guess_client(p));
	shared_store32(&flow->client_payload_ms, 0);
	shared_store64(&flow->first, now);
	shared_store64(&flow->last, now);
	shared_clear_from(flow, offsetof(struct flow_record, bytes));
	if (p->key.protocol == IP_TCP)
		shared_store8(&flow->flags, FLOW_MIDSTREAM);
}

/*
 * A SYN, with or without ACK: tells the client, and where its numbering began. The client's own SYN
 * is believed before what an answer acknowledges: a server that lies there could have us look for
 * the client's words in the wrong place.
 */
static void note_handshake(struct flow_record *flow, const struct packet *p)
{
	bool is_answer = (p->tcp_flags & TCP_ACK) != 0;
	enum flow_side client = is_answer ? flow_side_other(packet_sender(p)) : packet_sender(p);
	uint32_t initial = is_answer ? p->tcp_acknowledged - 1 : p->tcp_sequence;

	if ((flow->flags & FLOW_CLIENT_KNOWN) == 0) {
		uint8_t flags = (uint8_t)(flow->flags & ~FLOW_MIDSTREAM) | FLOW_CLIENT_KNOWN;

		if (flow->client_side != client)
			shared_store32(&flow->client_payload_ms, 0);
		shared_store8(&flow->client_side, (uint8_t)client);
		shared_store8(&flow->flags, flags);
	} else if (flow->client_side != client || flow->packets[flow_side_other(client)] > 0 ||
		   (is_answer && (flow->tcp_flags[client] & TCP_SYN) != 0)) {
		return;
	}
	/* A client that nobody answered may try again with other numbers: the last one counts. */
	shared_store16(&flow->initial_sequence, (uint16_t)initial);
}

/*
 * For what may not begin where its sender left off: returns whether payload of `p` lies below
 * that. Only what takes up numbers moves them on: a RST or an ACK may carry any number.
 */
static inline bool follow_jump(struct flow_record *flow, const struct packet *p,
			       enum flow_side side)
{
	uint32_t end = p->tcp_sequence + p->payload_len + packet_has_tcp_flag(p, TCP_SYN) +
		       packet_has_tcp_flag(p, TCP_FIN);
	bool is_start = packet_has_tcp_flag(p, TCP_SYN) || flow->tcp_flags[side] == 0;
	uint32_t next = flow->next_sequence[side];
	bool starts_below = !is_start && next - p->tcp_sequence - 1 < SEQUENCE_WINDOW;
	bool ends_below = starts_below && next - end < SEQUENCE_WINDOW;

	if (is_start || (end != p->tcp_sequence && !ends_below))
		shared_store32(&flow->next_sequence[side], end);
	if (!starts_below || p->payload_len == 0)
		return false;
	shared_store8(&flow->retransmitted, flow_count_up(flow->retransmitted));
	return true;
}

/* SYN, FIN and RST; the flags of `p` are already in the record. */
static inline void note_signals(struct flow_record *flow, const struct packet *p,
				enum flow_side side)
{
	if (packet_has_tcp_flag(p, TCP_SYN))
		note_handshake(flow, p);
	if (packet_has_tcp_flag(p, TCP_RST) ||
	    (flow->tcp_flags[side] & flow->tcp_flags[flow_side_other(side)] & TCP_FIN) != 0)
		shared_store8(&flow->flags, flow->flags | FLOW_CLOSED);
}

bool flow_count_tcp_rare(struct flow_record *flow, const struct packet *p, enum flow_side side)
{
	bool is_again = follow_jump(flow, p, side);

	shared_store8(&flow->tcp_flags[side], flow->tcp_flags[side] | p->tcp_flags);
	if ((p->tcp_flags & FLOW_TCP_SIGNALS) != 0)
		note_signals(flow, p, side);
	return is_again;
}
