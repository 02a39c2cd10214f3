/*
 * Frames in, lane records out: what the capture thread does between decode and the rings, for
 * tests of lanes. One thread; the taker of the records decides where they go.
 */
#pragma once

#include "sensor/decode/decode.h"
#include "sensor/lane/lanes.h"
#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>
#include <string.h>

/* `host` tells which lane: a flow's key, or NULL for a record of no flow. */
typedef void lane_feed_fn(void *arg, const struct flow_key *key, const struct mac *mac,
			  struct lane_record *record, struct span bytes);

struct lane_feed {
	struct config config;
	struct decoder *decoder;
	struct flow_table *flows;
	uint64_t number;
	lane_feed_fn *take;
	void *arg;
};

static inline void lane_feed_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
				   nanotime when, enum flow_end reason)
{
	struct lane_feed *feed = arg;
	struct lane_record record = {
		.number = feed->number,
		.time = when,
		.kind = LANE_FLOW_END,
		.end = { .ref = ref, .flow = *flow, .reason = (uint8_t)reason },
	};

	feed->take(feed->arg, &flow->key, NULL, &record, (struct span){ 0 });
}

/* The configuration may be changed between prepare and start. */
static inline void lane_feed_prepare(struct lane_feed *feed, lane_feed_fn *take, void *arg)
{
	memset(feed, 0, sizeof(*feed));
	config_defaults(&feed->config);
	feed->config.flow.budget_bytes = UINT64_C(1) << 20;
	feed->take = take;
	feed->arg = arg;
}

static inline void lane_feed_start(struct lane_feed *feed)
{
	static const struct hash_key key = { 1, 2 };

	assert_int_equal(decoder_new(&feed->decoder), ERR_OK);
	assert_int_equal(
		flow_table_new(&feed->flows, &feed->config.flow, &key, lane_feed_ended, feed),
		ERR_OK);
}

static inline uint32_t lane_feed_capacity(const struct lane_feed *feed)
{
	return flow_table_stats(feed->flows).capacity;
}

static inline void lane_feed_packet(struct lane_feed *feed, const struct packet *packet)
{
	struct flow_ref ref;

	if (packet->has_quoted)
		(void)flow_table_note_icmp_error(feed->flows, &packet->quoted, packet->icmp_type,
						 &ref);

	struct flow_touch touch = flow_table_touch(feed->flows, packet);
	const struct flow_record *flow = flow_table_get(feed->flows, touch.ref);

	if (!touch.is_new && !touch.is_check_in && !(packet->tcp_flags & TCP_SYN) &&
	    (packet->payload_len == 0 || touch.payload_packets_before >= LANE_HANDSHAKE_PACKETS))
		return;

	struct lane_record record = {
		.number = packet->number,
		.time = packet->time,
		.kind = LANE_PACKET,
		.packet = { .packet = *packet,
			    .ref = touch.ref,
			    .touch = touch,
			    .client_is_low = flow->client_side == FLOW_SIDE_LOW,
			    .is_midstream = (flow->flags & FLOW_MIDSTREAM) != 0,
			    .is_answered = flow->class == FLOW_ESTABLISHED,
			    .captured = (uint32_t)packet->ip.len,
			    .payload_at = (uint32_t)(packet->ip.len - packet->payload.len) },
	};

	feed->take(feed->arg, &flow->key, NULL, &record, packet->ip);
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

	feed->number++;
	flow_table_advance(feed->flows, time);
	assert_int_equal(decoder_decode(feed->decoder, &frame, feed->number, &packet), DECODE_OK);
	if (packet.kind == PACKET_ARP) {
		struct lane_record record = {
			.number = packet.number,
			.time = packet.time,
			.kind = LANE_LINK,
			.packet = { .packet = packet, .captured = (uint32_t)packet.payload.len },
		};

		feed->take(feed->arg, NULL, &packet.source_mac, &record, packet.payload);
	} else {
		lane_feed_packet(feed, &packet);
	}
	free(exact);
}

static inline void lane_feed_end(struct lane_feed *feed)
{
	flow_table_end_all(feed->flows, FLOW_END_CAPTURE);
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
