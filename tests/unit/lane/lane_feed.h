/*
 * Frames in, lane records out: what the capture thread does between decode and the rings, for
 * tests of lanes. One thread; the taker of the records decides where they go.
 */
#pragma once

#include "sensor/decode/decode.h"
#include "sensor/lane/lanes.h"
#include "sensor/lane/teller.h"
#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>
#include <string.h>

struct lane_feed {
	struct config config;
	struct decoder *decoder;
	struct flow_table *flows;
	struct teller *teller;
	struct teller_place at; /* of the frame at hand */
	teller_put_fn *take;
	void *arg;
};

static inline void lane_feed_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
				   nanotime when, enum flow_end reason)
{
	struct lane_feed *feed = arg;

	teller_flow_ended(feed->teller, feed->at, ref, flow, when, reason);
}

/* The configuration may be changed between prepare and start. */
static inline void lane_feed_prepare(struct lane_feed *feed, teller_put_fn *take, void *arg)
{
	memset(feed, 0, sizeof(*feed));
	config_defaults(&feed->config);
	feed->config.flow.budget_bytes = UINT64_C(1) << 20;
	feed->take = take;
	feed->arg = arg;
}

static inline void lane_feed_ignore_end(void *arg, struct flow_ref ref,
					const struct flow_record *flow, nanotime when,
					enum flow_end reason)
{
	(void)arg;
	(void)ref;
	(void)flow;
	(void)when;
	(void)reason;
}

/* The least budget, give or take a KiB, of a table that holds so many flows with their slots. */
static inline uint64_t lane_feed_budget(uint32_t flows)
{
	static const struct hash_key key = { 1, 2 };
	uint32_t capacity = 0;
	struct config config;

	config_defaults(&config);
	config.flow.budget_bytes = 0;
	while (capacity < flows) {
		struct flow_table *table;

		config.flow.budget_bytes += 1 << 10;
		if (flow_table_new(&table, &config.flow, sizeof(struct lane_slot), &key,
				   lane_feed_ignore_end, NULL) != ERR_OK)
			continue;
		capacity = flow_table_stats(table).capacity;
		flow_table_free(table);
	}
	return config.flow.budget_bytes;
}

static inline void lane_feed_start(struct lane_feed *feed)
{
	static const struct hash_key key = { 1, 2 };

	assert_int_equal(decoder_new(&feed->decoder), ERR_OK);
	assert_int_equal(flow_table_new(&feed->flows, &feed->config.flow, sizeof(struct lane_slot),
					&key, lane_feed_ended, feed),
			 ERR_OK);
	assert_int_equal(teller_new(&feed->teller, &feed->config, feed->take, feed->arg), ERR_OK);
}

static inline struct lane_slot *lane_feed_slots(const struct lane_feed *feed)
{
	return flow_table_slots(feed->flows);
}

static inline void lane_feed_packet(struct lane_feed *feed, const struct packet *packet)
{
	struct flow_ref ref;

	if (packet->has_quoted)
		(void)flow_table_note_icmp_error(feed->flows, &packet->quoted, packet->icmp_type,
						 &ref);

	struct flow_touch touch =
		flow_table_touch(feed->flows, packet, flow_table_hash(feed->flows, &packet->key));

	if (teller_wants(packet, &touch))
		teller_packet(feed->teller, feed->flows, packet, &touch);
}

static inline void lane_feed_frame(struct lane_feed *feed, const struct test_packet *p,
				   nanotime time)
{
	uint8_t *exact = test_packet_copy(p, p->len);
	const struct frame frame = { .time = time,
				     .bytes = { .data = exact, .len = p->len },
				     .wire_len = (uint32_t)p->len,
				     .link_type = LINK_ETHERNET };
	struct packet packet;

	feed->at.number++;
	feed->at.now = time;
	flow_table_advance(feed->flows, time);
	assert_int_equal(decoder_decode(feed->decoder, &frame, feed->at.number, &packet),
			 DECODE_OK);
	if (packet.kind != PACKET_IP)
		teller_link(feed->teller, &packet);
	else
		lane_feed_packet(feed, &packet);
	free(exact);
}

/* Every flow ends; what the lanes have of them must stay until they are done. */
static inline void lane_feed_end(struct lane_feed *feed)
{
	flow_table_end_all(feed->flows, FLOW_END_CAPTURE);
	teller_finish(feed->teller, feed->at);
}

/* When the lanes are freed. */
static inline void lane_feed_free(struct lane_feed *feed)
{
	teller_free(feed->teller);
	flow_table_free(feed->flows);
	decoder_free(feed->decoder);
}

/* A TLS client hello that names `host`, in one record; returns its length. */
static inline size_t lane_feed_hello(const char *host, uint8_t out[static 512])
{
	static const uint8_t body[] = { 3, 3 };
	static const uint8_t rest[] = { 0, 0, 2, 0x13, 1, 1, 0 }; /* no session, one cipher */
	size_t host_len = strlen(host);
	size_t sni_len = host_len + 5;
	size_t extensions_len = sni_len + 4;
	size_t message_len = sizeof(body) + 32 + sizeof(rest) + 2 + extensions_len;
	size_t at = 0;

	assert_true(message_len + 9 < 512 && host_len < 200);
	memset(out, 0, 512);
	out[at] = 0x16;
	out[at + 1] = 3;
	out[at + 2] = 1;
	out[at + 3] = (uint8_t)((message_len + 4) >> 8);
	out[at + 4] = (uint8_t)(message_len + 4);
	out[at + 5] = 1;
	out[at + 7] = (uint8_t)(message_len >> 8);
	out[at + 8] = (uint8_t)message_len;
	at += 9;
	memcpy(out + at, body, sizeof(body));
	at += sizeof(body) + 32;
	memcpy(out + at, rest, sizeof(rest));
	at += sizeof(rest);
	out[at + 1] = (uint8_t)extensions_len;
	out[at + 5] = (uint8_t)sni_len;
	out[at + 7] = (uint8_t)(host_len + 3);
	out[at + 10] = (uint8_t)host_len;
	at += 11;
	for (size_t i = 0; i < host_len; i++)
		out[at + i] = (uint8_t)host[i];
	return at + host_len;
}

/* A DNS question for an A record, with one answer when `answer` is four bytes. */
static inline size_t lane_feed_dns(const char *name, const uint8_t *answer, bool is_mdns,
				   uint8_t out[static 512])
{
	static const uint8_t question[] = { 0, 0, 1, 0, 1 };
	static const uint8_t record[] = { 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4 };
	size_t at = 12;

	memset(out, 0, 512);
	out[1] = 7;
	out[2] = answer ? 0x81 : 1;
	out[5] = is_mdns ? 0 : 1;
	out[7] = answer ? 1 : 0;
	while (*name) {
		size_t len = strcspn(name, ".");

		out[at++] = (uint8_t)len;
		memcpy(out + at, name, len);
		at += len;
		name += len + (name[len] == '.');
	}
	at++; /* the root */
	if (!is_mdns) {
		memcpy(out + at, question + 1, 4);
		at += 4;
	}
	if (answer) {
		if (!is_mdns) {
			out[at++] = 0xc0;
			out[at++] = 12;
		}
		memcpy(out + at, record, sizeof(record));
		at += sizeof(record);
		memcpy(out + at, answer, 4);
		at += 4;
	}
	return at;
}
