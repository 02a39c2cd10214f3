#include "tests/bench/source_capture.h"

#include "sensor/base/hash.h"
#include "sensor/capture/capture_set.h"
#include "tests/bench/frame_layout.h"
#include "tests/bench/frame_out.h"

#include <stdlib.h>
#include <string.h>

enum {
	NANOSECONDS = 1000,
	SILENCE_MAX_US = 2000000,
	HTTPS = 443,
	QUIC_LEN_MIN = 1100,
	QUIC_LONG_HEADER = 0xc0,
	TLS_HANDSHAKE = 22,
	TLS_MAJOR = 3,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	MACS_LEN = 12,
	FRAME_BYTES_MAX = 65535,
};

static void *need(void *memory)
{
	if (!memory) {
		perror("source capture");
		exit(1);
	}
	return memory;
}

/* Bytes in front of the IP header, of the link types that become Ethernet; -1: not used. */
static int link_header_len(uint32_t link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
	case LINK_RAW:
	case LINK_IPV4:
	case LINK_IPV6:
		return 0;
	case LINK_NULL:
		return 4;
	case LINK_LINUX_SLL:
		return 16;
	default:
		return -1;
	}
}

/* Copies the frame; what is not Ethernet gets a header of two made-up cards. */
static bool copy_frame(struct source_packet *packet, const struct frame *frame)
{
	static const uint8_t macs[MACS_LEN] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };
	int skipped = link_header_len(frame->link_type);
	struct cursor in = { .rest = frame->bytes };

	if (skipped < 0)
		return false;
	cursor_skip(&in, (size_t)skipped);
	size_t len = cursor_left(&in);
	size_t added = frame->link_type == LINK_ETHERNET ? 0 : FRAME_ETHERNET_LEN;

	if (len == 0 || len > FRAME_BYTES_MAX)
		return false;
	packet->len = len + added;
	packet->wire_len = frame->wire_len - (size_t)skipped + added;
	packet->bytes = need(malloc(packet->len));
	cursor_copy(&in, packet->bytes + added, len);
	if (added > 0) {
		memcpy(packet->bytes, macs, sizeof(macs));
		frame_put16(packet->bytes + MACS_LEN,
			    packet->bytes[added] >> 4 == 6 ? 0x86dd : 0x0800);
	}
	return true;
}

static void load_packets(struct source_capture *source, struct capture_set *set)
{
	struct frame frame;
	nanotime last = 0;
	uint64_t at_us = 0;

	while (source->packet_count < SOURCE_PACKETS_MAX && capture_set_next(set, &frame)) {
		struct source_packet packet = { .flow = SOURCE_NO_FLOW };

		if (!copy_frame(&packet, &frame))
			continue;
		if (source->packet_count > 0 && frame.time > last) {
			uint64_t silence_us = (uint64_t)(frame.time - last) / NANOSECONDS;

			at_us += silence_us < SILENCE_MAX_US ? silence_us : SILENCE_MAX_US;
		}
		last = frame.time;
		packet.at_us = at_us;
		source->packets[source->packet_count++] = packet;
	}
}

/* The flow of `key`, made when new. `slots` holds index + 1 and has room for twice the packets. */
static size_t flow_of(struct source_capture *source, size_t *slots, size_t mask,
		      const struct frame_layout *layout)
{
	static const struct hash_key no_key;
	size_t slot = hash_bytes(&no_key, &layout->key, sizeof(layout->key)) & mask;

	for (; slots[slot] != 0; slot = (slot + 1) & mask) {
		if (flow_key_equal(&source->flows[slots[slot] - 1].key, &layout->key))
			return slots[slot] - 1;
	}
	source->flows[source->flow_count] = (struct source_flow){
		.key = layout->key,
		.client_is_low = layout->source_is_low,
		.client_packet = SIZE_MAX,
		.end = SIZE_MAX,
	};
	slots[slot] = ++source->flow_count;
	return source->flow_count - 1;
}

static void note_hello(struct source_flow *flow, struct span payload, bool from_client,
		       bool hello[2])
{
	struct cursor in = { .rest = payload };

	uint8_t record = cursor_u8(&in);
	uint8_t major = cursor_u8(&in);

	cursor_skip(&in, 3);
	if (record != TLS_HANDSHAKE || major != TLS_MAJOR)
		return;
	if (cursor_u8(&in) == (from_client ? TLS_CLIENT_HELLO : TLS_SERVER_HELLO))
		hello[from_client] = true;
	flow->is_tls = hello[0] && hello[1];
}

static void note_tcp(struct source_flow *flow, size_t index, const struct frame_layout *layout,
		     bool from_client)
{
	uint32_t next = layout->tcp_sequence + (uint32_t)layout->payload_len +
			(layout->tcp_flags & FRAME_SYN ? 1 : 0);
	uint32_t *known = &flow->next_sequence[from_client ? 0 : 1];

	if (flow->end == SIZE_MAX && (layout->tcp_flags & (FRAME_FIN | FRAME_RST)))
		flow->end = index;
	if (flow->end != SIZE_MAX)
		return;
	flow->last = index;
	if (*known == 0 || (int32_t)(next - *known) > 0)
		*known = next;
}

static void note_packet(struct source_capture *source, size_t index, size_t *slots, size_t mask,
			bool (*hellos)[2])
{
	struct source_packet *packet = &source->packets[index];
	struct frame_layout layout;

	if (!frame_layout_of(packet->bytes, packet->len, &layout) || !layout.has_transport)
		return;
	packet->flow = flow_of(source, slots, mask, &layout);

	struct source_flow *flow = &source->flows[packet->flow];
	bool from_client = layout.source_is_low == flow->client_is_low;
	struct span payload = { .data = packet->bytes + layout.payload, .len = layout.payload_len };

	flow->packet_count++;
	if (from_client && flow->client_packet == SIZE_MAX && layout.is_plain)
		flow->client_packet = index;
	if (layout.key.protocol == IP_TCP) {
		note_tcp(flow, index, &layout, from_client);
		note_hello(flow, payload, from_client, hellos[packet->flow]);
		return;
	}
	flow->last = index;
	if ((layout.key.low_port == HTTPS || layout.key.high_port == HTTPS) &&
	    payload.len > QUIC_LEN_MIN && (payload.data[0] & QUIC_LONG_HEADER) == QUIC_LONG_HEADER)
		flow->is_quic = true;
}

static void find_flows(struct source_capture *source)
{
	size_t slot_count = 2;

	while (slot_count < source->packet_count * 2)
		slot_count *= 2;

	size_t *slots = need(calloc(slot_count, sizeof(*slots)));
	bool(*hellos)[2] = need(calloc(source->packet_count, sizeof(*hellos)));

	source->flows = need(calloc(source->packet_count, sizeof(*source->flows)));
	for (size_t i = 0; i < source->packet_count; i++)
		note_packet(source, i, slots, slot_count - 1, hellos);
	free(hellos);
	free(slots);
}

bool source_capture_load(struct source_capture *out, const char *path)
{
	struct capture_set *set = NULL;
	struct source_capture source = { 0 };

	if (capture_set_new(&set, &path, 1) != ERR_OK)
		return false;
	source.packets = need(calloc(SOURCE_PACKETS_MAX, sizeof(*source.packets)));
	load_packets(&source, set);
	capture_set_free(set);
	if (source.packet_count == 0) {
		free(source.packets);
		return false;
	}
	find_flows(&source);
	*out = source;
	return true;
}

void source_capture_release(struct source_capture *source)
{
	for (size_t i = 0; i < source->packet_count; i++)
		free(source->packets[i].bytes);
	free(source->packets);
	free(source->flows);
}
