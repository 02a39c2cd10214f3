/*
 * What the flow table must answer, from an array that is searched from end to end. Says again, in
 * other words, what flow_update.c and flow_table.c do; shares nothing with them but the types.
 *
 * The order of ends is part of the answer: each flow has the tick it was last armed for, and a
 * number that tells which of a tick was armed first.
 */
#pragma once

#include "sensor/flow/flow_table.h"

#include "tests/support/cmocka.h"

enum { ORACLE_FLOWS = 400, ORACLE_ENDS = 2 * ORACLE_FLOWS };

struct oracle_flow {
	struct flow_key key;
	nanotime first;
	nanotime last;
	nanotime client_payload_at;
	uint64_t bytes[2];
	uint64_t packets[2];
	uint64_t armed_tick;
	uint64_t armed_number;
	uint32_t next[2];
	unsigned payload_packets;
	unsigned retransmitted;
	enum flow_class class;
	int client;
	uint16_t initial;
	uint8_t seen[2];
	uint8_t icmp_error;
	bool is_live, is_closed, is_midstream, is_known, has_client_payload;
	bool spoke[2];
};

struct oracle_end {
	struct oracle_flow flow;
	nanotime when;
	enum flow_end reason;
};

struct oracle {
	struct flow_config config;
	struct oracle_flow flows[ORACLE_FLOWS];
	struct oracle_end ends[ORACLE_ENDS];
	size_t ends_made, ends_taken;
	uint32_t capacity, live;
	nanotime clock;
	uint64_t armed_count;
	uint64_t tick_seconds[FLOW_CLASSES];
};

/* A wheel of 1024 ticks must reach the timeout and two ticks more. */
static inline uint64_t oracle_tick_seconds(nanotime timeout)
{
	uint64_t seconds = 1;

	while ((timeout / NANOTIME_SECOND + 1) / seconds + 2 >= 1024)
		seconds *= 2;
	return seconds;
}

static inline void oracle_init(struct oracle *o, const struct flow_config *config,
			       uint32_t capacity)
{
	nanotime answered =
		config->established > config->datagram ? config->established : config->datagram;

	assert_true(capacity <= ORACLE_FLOWS);
	*o = (struct oracle){ .config = *config, .capacity = capacity };
	o->tick_seconds[FLOW_EMBRYONIC] = oracle_tick_seconds(config->embryonic);
	o->tick_seconds[FLOW_UNANSWERED] = oracle_tick_seconds(config->unanswered);
	o->tick_seconds[FLOW_ESTABLISHED] = oracle_tick_seconds(answered);
}

static inline bool oracle_is_over(const struct oracle_flow *f)
{
	return f->is_closed &&
	       (f->payload_packets == 0 || (f->seen[0] & f->seen[1] & TCP_FIN) != 0);
}

static inline nanotime oracle_deadline(const struct oracle *o, const struct oracle_flow *f)
{
	nanotime idle = f->class == FLOW_UNANSWERED ? o->config.unanswered : o->config.embryonic;

	if (f->class != FLOW_ESTABLISHED && oracle_is_over(f) && o->config.closed < idle)
		return f->last + o->config.closed;
	if (f->class == FLOW_UNANSWERED)
		return f->last + o->config.unanswered;
	if (f->class == FLOW_ESTABLISHED && f->key.protocol == IP_TCP)
		return f->last + o->config.established;
	if (f->class == FLOW_ESTABLISHED)
		return f->last + o->config.datagram;
	return f->last + o->config.embryonic;
}

static inline uint64_t oracle_tick(const struct oracle *o, const struct oracle_flow *f)
{
	return oracle_deadline(o, f) / NANOTIME_SECOND / o->tick_seconds[f->class];
}

static inline void oracle_arm(struct oracle *o, struct oracle_flow *f)
{
	f->armed_tick = oracle_tick(o, f);
	f->armed_number = ++o->armed_count;
}

/* The end that the table should tell next; NULL when it should tell none. */
static inline const struct oracle_end *oracle_next_end(struct oracle *o)
{
	if (o->ends_taken == o->ends_made)
		return NULL;
	return &o->ends[o->ends_taken++];
}

static inline void oracle_end(struct oracle *o, struct oracle_flow *f, nanotime when,
			      enum flow_end reason)
{
	if (o->ends_taken == o->ends_made)
		o->ends_taken = o->ends_made = 0;
	assert_true(o->ends_made < ORACLE_ENDS);
	o->ends[o->ends_made++] = (struct oracle_end){ .flow = *f, .when = when, .reason = reason };
	f->is_live = false;
	o->live--;
}

static inline struct oracle_flow *oracle_find(struct oracle *o, const struct flow_key *key)
{
	for (uint32_t i = 0; i < o->capacity; i++)
		if (o->flows[i].is_live && flow_key_equal(&o->flows[i].key, key))
			return &o->flows[i];
	return NULL;
}

static inline uint64_t oracle_armed_end(const struct oracle *o, const struct oracle_flow *f)
{
	return (f->armed_tick + 1) * o->tick_seconds[f->class];
}

/* Of the flows whose armed tick has passed: the earliest, lowest, first armed. */
static inline struct oracle_flow *oracle_passed(struct oracle *o)
{
	struct oracle_flow *best = NULL;

	for (uint32_t i = 0; i < o->capacity; i++) {
		struct oracle_flow *f = &o->flows[i];
		uint64_t end = oracle_armed_end(o, f);

		if (!f->is_live || end > o->clock / NANOTIME_SECOND)
			continue;
		if (best == NULL || end < oracle_armed_end(o, best) ||
		    (end == oracle_armed_end(o, best) &&
		     (f->class < best->class ||
		      (f->class == best->class && f->armed_number < best->armed_number))))
			best = f;
	}
	return best;
}

static inline void oracle_advance(struct oracle *o, nanotime now)
{
	struct oracle_flow *f;

	if (now > o->clock)
		o->clock = now;
	while ((f = oracle_passed(o)) != NULL) {
		if (oracle_tick(o, f) > f->armed_tick)
			oracle_arm(o, f);
		else
			oracle_end(o, f, oracle_deadline(o, f), FLOW_END_IDLE);
	}
}

static inline uint32_t oracle_class_size(const struct oracle *o, enum flow_class class)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < o->capacity; i++)
		count += o->flows[i].is_live && o->flows[i].class == class;
	return count;
}

/* Embryonic flows go first, unless there are few of them and more of those with payload. */
static inline enum flow_class oracle_victim_class(const struct oracle *o)
{
	uint32_t embryonic = oracle_class_size(o, FLOW_EMBRYONIC);
	uint32_t unanswered = oracle_class_size(o, FLOW_UNANSWERED);

	if (embryonic != 0 && (embryonic >= unanswered || embryonic >= o->capacity / 8))
		return FLOW_EMBRYONIC;
	return unanswered != 0 ? FLOW_UNANSWERED : FLOW_ESTABLISHED;
}

/* The flow of `class` that is armed for the earliest, once that is its deadline's tick. */
static inline struct oracle_flow *oracle_earliest(struct oracle *o, enum flow_class class)
{
	for (;;) {
		struct oracle_flow *best = NULL;

		for (uint32_t i = 0; i < o->capacity; i++) {
			struct oracle_flow *f = &o->flows[i];

			if (f->is_live && f->class == class &&
			    (best == NULL || f->armed_tick < best->armed_tick ||
			     (f->armed_tick == best->armed_tick &&
			      f->armed_number < best->armed_number)))
				best = f;
		}
		if (best == NULL || oracle_tick(o, best) == best->armed_tick)
			return best;
		oracle_arm(o, best);
	}
}

static inline void oracle_end_all(struct oracle *o, enum flow_end reason)
{
	struct oracle_flow *f;

	for (int class = 0; class < FLOW_CLASSES; class ++)
		while ((f = oracle_earliest(o, (enum flow_class) class)) != NULL)
			oracle_end(o, f, f->last, reason);
	o->clock = 0;
}

static inline bool oracle_is_handshake(const struct packet *p)
{
	return p->key.protocol == IP_TCP && !p->is_fragment_rest && (p->tcp_flags & TCP_SYN) != 0;
}

static inline bool oracle_reopens(const struct oracle_flow *f, const struct packet *p)
{
	int side = p->source_is_low ? 0 : 1;

	if (!oracle_is_handshake(p) || (p->tcp_flags & (TCP_ACK | TCP_RST)) != 0)
		return false;
	if (f->is_closed)
		return true;
	if (f->packets[1 - f->client] == 0)
		return false;
	return f->is_midstream || side != f->client || f->initial != p->tcp_sequence % 65536;
}

static inline void oracle_evict(struct oracle *o)
{
	struct oracle_flow *f = oracle_earliest(o, oracle_victim_class(o));

	if (f == NULL)
		return;

	nanotime deadline = oracle_deadline(o, f);

	if (deadline < o->clock)
		oracle_end(o, f, deadline, FLOW_END_IDLE);
	else
		oracle_end(o, f, o->clock, FLOW_END_EVICTED);
}

static inline struct oracle_flow *oracle_open(struct oracle *o, const struct packet *p)
{
	int side = p->source_is_low ? 0 : 1;
	unsigned from = packet_source_port(p);
	unsigned to = packet_destination_port(p);
	bool from_server = p->key.protocol == IP_TCP ? from < to : from < 1024 && to >= 1024;
	uint32_t at = 0;

	if (o->live == o->capacity)
		oracle_evict(o);
	while (o->flows[at].is_live)
		at++;
	o->flows[at] = (struct oracle_flow){ .key = p->key,
					     .first = o->clock,
					     .client = from_server ? 1 - side : side,
					     .is_midstream = p->key.protocol == IP_TCP,
					     .is_live = true };
	o->live++;
	return &o->flows[at];
}

static inline void oracle_handshake(struct oracle_flow *f, const struct packet *p, int side)
{
	bool has_ack = (p->tcp_flags & TCP_ACK) != 0;
	int client = has_ack ? 1 - side : side;
	uint32_t initial = has_ack ? p->tcp_acknowledged - 1 : p->tcp_sequence;

	if (!f->is_known) {
		f->has_client_payload = f->has_client_payload && client == f->client;
		f->client = client;
		f->is_known = true;
		f->is_midstream = false;
		f->initial = (uint16_t)initial;
	} else if (client == f->client && f->packets[1 - client] == 0 &&
		   !(has_ack && (f->seen[client] & TCP_SYN) != 0)) {
		f->initial = (uint16_t)initial;
	}
}

/* Signed distances in 64 bits, where the table has unsigned ones in 32. */
static inline bool oracle_tcp(struct oracle_flow *f, const struct packet *p, int side)
{
	const int64_t window = INT64_C(1) << 30;
	int64_t occupied = (int64_t)p->payload_len + ((p->tcp_flags & TCP_SYN) != 0) +
			   ((p->tcp_flags & TCP_FIN) != 0);
	int64_t ahead = (int32_t)(p->tcp_sequence - f->next[side]);
	bool is_first = f->seen[side] == 0 || (p->tcp_flags & TCP_SYN) != 0;
	bool is_below = !is_first && ahead < 0 && ahead >= -window;
	bool is_again = is_below && p->payload_len > 0;

	if (is_first || (occupied > 0 && !(is_below && ahead + occupied <= 0)))
		f->next[side] = p->tcp_sequence + (uint32_t)occupied;
	f->seen[side] |= p->tcp_flags;
	f->retransmitted += is_again && f->retransmitted < 255;
	if ((p->tcp_flags & TCP_SYN) != 0)
		oracle_handshake(f, p, side);
	if ((p->tcp_flags & TCP_RST) != 0 || (f->seen[0] & f->seen[1] & TCP_FIN) != 0)
		f->is_closed = true;
	return is_again;
}

static inline enum flow_class oracle_class(const struct oracle_flow *f)
{
	if (f->is_closed)
		return f->payload_packets != 0 ? FLOW_UNANSWERED : FLOW_EMBRYONIC;
	if (f->class == FLOW_ESTABLISHED)
		return FLOW_ESTABLISHED;
	if (f->packets[0] != 0 && f->packets[1] != 0)
		return f->is_known && (f->seen[f->client] & TCP_ACK) == 0 ? FLOW_UNANSWERED
									  : FLOW_ESTABLISHED;
	if (f->payload_packets != 0 || f->packets[0] + f->packets[1] >= 4)
		return FLOW_UNANSWERED;
	return FLOW_EMBRYONIC;
}

static inline bool oracle_check_in(struct oracle *o, struct oracle_flow *f)
{
	uint64_t now_ms = (o->clock - f->first) / NANOTIME_MILLISECOND;
	uint64_t before_ms = (f->client_payload_at - f->first) / NANOTIME_MILLISECOND;
	bool is_first = !f->has_client_payload;

	f->has_client_payload = true;
	f->client_payload_at = o->clock;
	return is_first ||
	       (now_ms - before_ms) * NANOTIME_MILLISECOND >= o->config.check_in_silence;
}

static inline struct flow_touch oracle_count(struct oracle *o, struct oracle_flow *f,
					     const struct packet *p)
{
	int side = p->source_is_low ? 0 : 1;
	bool has_payload = p->payload_len > 0 && !p->is_fragment_rest;
	struct flow_touch touch = { .payload_packets_before = (uint8_t)f->payload_packets };

	if (p->key.protocol == IP_TCP && !p->is_fragment_rest)
		touch.is_retransmission = oracle_tcp(f, p, side);
	touch.from_client = side == f->client;
	if (has_payload && touch.from_client && !(touch.is_retransmission && p->payload_len == 1))
		touch.is_check_in = oracle_check_in(o, f);
	f->last = o->clock;
	f->bytes[side] += p->ip_len;
	f->packets[side]++;
	f->payload_packets += has_payload && f->payload_packets < 255;
	f->spoke[side] |= has_payload;
	return touch;
}

static inline struct flow_touch oracle_touch(struct oracle *o, const struct packet *p)
{
	struct oracle_flow *f;

	oracle_advance(o, p->time);
	f = oracle_find(o, &p->key);
	if (f != NULL && oracle_deadline(o, f) < o->clock) {
		oracle_end(o, f, oracle_deadline(o, f), FLOW_END_IDLE);
		f = NULL;
	} else if (f != NULL && oracle_reopens(f, p)) {
		oracle_end(o, f, o->clock, FLOW_END_REUSED);
		f = NULL;
	}

	bool is_new = f == NULL;

	if (is_new)
		f = oracle_open(o, p);

	struct flow_touch touch = oracle_count(o, f, p);
	enum flow_class class = oracle_class(f);

	if (is_new || class != f->class || oracle_is_over(f)) {
		f->class = class;
		oracle_arm(o, f);
	}
	touch.is_new = is_new;
	return touch;
}

static inline bool oracle_note_icmp_error(struct oracle *o, const struct flow_key *key,
					  uint8_t icmp_type)
{
	struct oracle_flow *f = oracle_find(o, key);

	if (f == NULL || oracle_deadline(o, f) < o->clock)
		return false;
	f->icmp_error = icmp_type;
	return true;
}
