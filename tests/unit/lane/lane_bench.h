/*
 * One lane, frames that it is given through the flow table, and the facts that come out. For the
 * tests in this folder; everything is freed by stop().
 */
#pragma once

#include "sensor/lane/lane.h"
#include "tests/support/facts.h"
#include "tests/unit/lane/lane_feed.h"

#include <stdio.h>

enum {
	FACTS_MAX = 256,
	CLIENT_FIRST = 1000,
	SERVER_FIRST = 5000,
	FIN = 0x01,
	SYN = 0x02,
	RST = 0x04,
	ACK = 0x10,
};

#define BYTES(s) (s), sizeof(s) - 1

struct trial {
	struct lane_feed feed;
	struct lane *lane;
	uint64_t sequence;
	double seconds; /* of the next frame */
	double step;    /* until the one after it */
	size_t count;
	struct fact facts[FACTS_MAX];
};

static inline void keep(void *arg, const struct fact *fact)
{
	struct trial *t = arg;

	assert_true(t->count < FACTS_MAX);
	memset(&t->facts[t->count], 0, sizeof(*fact));
	memcpy(&t->facts[t->count++], fact, fact_size(fact));
	assert_true(fact->sequence == t->sequence);
}

/* Each in a block of exactly its size, so that reading past them shows. */
static inline void take(void *arg, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct trial *t = arg;
	size_t size = lane_record_size((enum lane_record_kind)record->kind);
	struct lane_record *exact = malloc(size);
	uint8_t *copy = malloc(bytes.len + 1); /* never none: the address must be one of its own */

	(void)lane;
	assert_true(exact && copy);
	record->sequence = ++t->sequence;
	memcpy(exact, record, size);
	if (bytes.len > 0)
		memcpy(copy + 1, bytes.data, bytes.len);
	assert_true(lane_is_ready(t->lane, exact));
	lane_take(t->lane, exact, (struct span){ copy + 1, bytes.len });
	free(copy);
	free(exact);
}

static inline void prepare(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	t->step = 0.1;
	lane_feed_prepare(&t->feed, take, t);
}

static inline void start_prepared(struct trial *t)
{
	lane_feed_start(&t->feed);
	assert_int_equal(
		lane_new(&t->lane, &t->feed.config.lane, lane_feed_slots(&t->feed), keep, t),
		ERR_OK);
}

static inline void start(struct trial *t)
{
	prepare(t);
	start_prepared(t);
}

/* Of how many different flows the facts of this kind are. */
static inline size_t flows_in(const struct trial *t, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++) {
		bool is_again = t->facts[i].kind != kind;

		for (size_t k = 0; k < i && !is_again; k++)
			is_again = t->facts[k].kind == kind &&
				   t->facts[k].flow.id == t->facts[i].flow.id;
		count += !is_again;
	}
	return count;
}

/* Every flow ends, and once. */
static inline void stop(struct trial *t)
{
	size_t ended = 0;

	lane_feed_end(&t->feed);
	for (size_t i = 0; i < t->count; i++)
		ended += t->facts[i].kind == FACT_FLOW_ENDED;
	assert_int_equal(ended, flows_in(t, FACT_FLOW_ENDED));
	assert_int_equal(ended, flow_table_stats(t->feed.flows).opened);
	lane_free(t->lane);
	lane_feed_free(&t->feed);
}

static inline size_t count_of(const struct trial *t, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++)
		count += t->facts[i].kind == kind;
	return count;
}

static const struct fact *nth(const struct trial *t, enum fact_kind kind, size_t n)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->facts[i].kind == kind && n-- == 0)
			return &t->facts[i];
	}
	fail_msg("no such fact");
	return NULL;
}

static inline void send(struct trial *t, struct test_packet *p)
{
	lane_feed_frame(&t->feed, p, test_after_seconds(t->seconds));
	t->seconds += t->step;
}

/* One end of a TCP connection; the other is 203.0.113.5:443. */
struct tcp_end {
	uint16_t port;
	uint16_t server_port;
};

static const struct tcp_end web = { 40000, 443 };

static inline void tcp(struct trial *t, const struct tcp_end *end, bool from_client, uint8_t flags,
		       uint32_t sequence, struct span payload)
{
	const char *const client = "192.168.1.10";
	const char *const server = "203.0.113.5";
	const struct test_tcp header = {
		.source_port = from_client ? end->port : end->server_port,
		.destination_port = from_client ? end->server_port : end->port,
		.sequence = sequence,
		.acknowledged = from_client ? SERVER_FIRST + 1 : CLIENT_FIRST + 1,
		.flags = flags,
		.window = 65535,
	};
	const struct test_ipv4 ip = { .source = from_client ? client : server,
				      .destination = from_client ? server : client,
				      .protocol = TEST_TCP };
	struct test_packet p;

	test_packet_payload(&p, payload.len > 0 ? payload.data : (const void *)"", payload.len);
	test_packet_tcp(&p, &header);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}

static inline void handshake(struct trial *t, const struct tcp_end *end)
{
	tcp(t, end, true, SYN, CLIENT_FIRST, (struct span){ 0 });
	tcp(t, end, false, SYN | ACK, SERVER_FIRST, (struct span){ 0 });
	tcp(t, end, true, ACK, CLIENT_FIRST + 1, (struct span){ 0 });
}

/* `len` bytes of the client's stream from `at` on. */
static inline void say(struct trial *t, const struct tcp_end *end, const void *stream, size_t at,
		       size_t len)
{
	tcp(t, end, true, ACK, (uint32_t)(CLIENT_FIRST + 1 + at),
	    (struct span){ (const uint8_t *)stream + at, len });
}

static inline void answer(struct trial *t, const struct tcp_end *end, uint32_t at,
			  const char *words)
{
	tcp(t, end, false, ACK, SERVER_FIRST + 1 + at,
	    (struct span){ (const uint8_t *)words, strlen(words) });
}

struct udp_case {
	const char *source;
	uint16_t source_port;
	const char *destination;
	uint16_t destination_port;
};

static inline void udp(struct trial *t, const struct udp_case *way, const void *payload, size_t len)
{
	const struct test_ipv4 ip = { .source = way->source,
				      .destination = way->destination,
				      .protocol = TEST_UDP };
	struct test_packet p;

	test_packet_payload(&p, payload, len);
	test_packet_udp(&p, way->source_port, way->destination_port);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}
