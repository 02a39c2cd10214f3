#include "tests/bench/office_mix.h"

#include "tests/bench/draw.h"
#include "tests/bench/frame_layout.h"
#include "tests/bench/frame_out.h"
#include "tests/bench/office_client.h"
#include "tests/bench/source_capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SPREAD_US = 600000000, /* copies begin anywhere in ten minutes */
	FLOW_PACKETS_MIN = 6,  /* shorter flows have no tail */
	TAIL_LEAST = 30,       /* Pareto of shape 1: most tails are short, a few are huge */
	TAIL_MOST = 20000,
	TAIL_DELAY_US = 1500,
	MIX_ACK_EVERY = 4,
	MIX_GAP_US = 400,
	MIX_GAP_SPREAD_US = 2000,
	ELEPHANTS = 8,
	ELEPHANT_ACK_EVERY = 16,
	ELEPHANT_GAP_US = 1000,
	ELEPHANT_START_US = 10000,
	TLS_SEGMENT = 1400,
	TLS_RECORD_SEGMENTS = 11,
	TLS_RECORD_HEAD = 5,
	QUIC_DATA = 1250,
	QUIC_ACK = 35,
	ACK_DELAY_US = 20,
	FIN_DELAY_US = 300,
};

static const uint64_t mix_seed = 77;

/* A download behind a flow: the server sends, the client acknowledges now and then. */
struct tail {
	struct capture_out *out;
	struct draw *draw;
	uint64_t seed; /* of the client's new address */
	uint64_t at_us;
	bool is_quic;
	uint32_t ack_every;
	uint32_t gap_us;
	struct frame_head heads[2]; /* the client's, the server's */
	uint32_t next_sequence[2];
};

static void draw_bytes(struct draw *draw, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t word = draw_word(draw);

		memcpy(to + i, &word, len - i < sizeof(word) ? len - i : sizeof(word));
	}
}

static void tail_send(struct tail *tail, int from, uint8_t flags, const uint8_t *payload,
		      size_t len)
{
	uint8_t frame[FRAME_OUT_MAX];
	struct frame_segment segment = { .sequence = tail->next_sequence[from],
					 .acknowledged = tail->next_sequence[!from],
					 .flags = flags,
					 .payload = payload,
					 .payload_len = len };
	size_t frame_len =
		frame_write(frame, &tail->heads[from], &segment, (uint16_t)draw_word(tail->draw));

	office_client_rewrite(frame, frame_len, tail->seed);
	capture_out_add(tail->out, tail->at_us, frame, frame_len, frame_len);
	tail->next_sequence[from] += (uint32_t)len + (flags & FRAME_FIN ? 1 : 0);
}

static void tail_send_data(struct tail *tail, uint64_t index)
{
	uint8_t payload[FRAME_PAYLOAD_MAX];
	size_t len = tail->is_quic ? QUIC_DATA : TLS_SEGMENT;

	draw_bytes(tail->draw, payload, len);
	if (tail->is_quic) {
		payload[0] = (uint8_t)(0x40 | (payload[0] & 0x3f)); /* a short header */
	} else if (index % TLS_RECORD_SEGMENTS == 0) {
		static const uint8_t application_data[] = { 0x17, 3, 3 };

		memcpy(payload, application_data, sizeof(application_data));
		frame_put16(payload + sizeof(application_data),
			    TLS_RECORD_SEGMENTS * TLS_SEGMENT - TLS_RECORD_HEAD);
	}
	tail_send(tail, 1, FRAME_ACK, payload, len);
}

static void tail_run(struct tail *tail, uint64_t packets)
{
	uint8_t ack[QUIC_ACK];

	for (uint64_t i = 0; i < packets; i++) {
		tail_send_data(tail, i);
		tail->at_us += tail->gap_us / 2 + draw_below(tail->draw, tail->gap_us);
		if (i % tail->ack_every != tail->ack_every - 1)
			continue;
		draw_bytes(tail->draw, ack, sizeof(ack));
		ack[0] = (uint8_t)(0x40 | (ack[0] & 0x3f));
		tail_send(tail, 0, FRAME_ACK, ack, tail->is_quic ? sizeof(ack) : 0);
		tail->at_us += ACK_DELAY_US;
	}
	if (tail->is_quic)
		return;
	for (int step = 0; step < 3; step++) {
		tail_send(tail, step % 2, step < 2 ? FRAME_FIN | FRAME_ACK : FRAME_ACK, NULL, 0);
		tail->at_us += FIN_DELAY_US;
	}
}

/* Goes on where `flow` ended; what its heads look like is taken from the client's own packet. */
static void tail_begin(struct tail *tail, const struct source_capture *source,
		       const struct source_flow *flow)
{
	const struct source_packet *packet = &source->packets[flow->client_packet];
	struct frame_head head = { .protocol = flow->key.protocol,
				   .ip_len = flow->key.ip_version == 4 ? 20 : 40 };

	memcpy(head.bytes, packet->bytes, FRAME_ETHERNET_LEN + (size_t)head.ip_len);
	head.source_port = flow->client_is_low ? flow->key.low_port : flow->key.high_port;
	head.destination_port = flow->client_is_low ? flow->key.high_port : flow->key.low_port;
	tail->heads[0] = head;
	tail->heads[1] = frame_head_reversed(&head);
	tail->next_sequence[0] = flow->next_sequence[0];
	tail->next_sequence[1] = flow->next_sequence[1];
	tail->is_quic = flow->is_quic;
	tail->at_us += source->packets[flow->last].at_us + TAIL_DELAY_US;
}

static bool can_have_tail(const struct source_flow *flow)
{
	return (flow->is_tls || flow->is_quic) && flow->client_packet != SIZE_MAX &&
	       flow->packet_count >= FLOW_PACKETS_MIN;
}

/* How many packets go behind a flow: none behind half of them. */
static uint32_t draw_tail(struct office_mix *mix, struct draw *draw, const struct source_flow *flow)
{
	if (!can_have_tail(flow) || draw_word(draw) % 2 == 0)
		return 0;

	uint32_t share = 1 + draw_below(draw, UINT32_MAX);
	uint64_t packets = ((uint64_t)TAIL_LEAST << 32) / share;

	if (packets > TAIL_MOST)
		packets = TAIL_MOST;
	if (packets > mix->tail_packets)
		return 0;
	mix->tail_packets -= packets;
	return (uint32_t)packets;
}

static void add_copied(struct capture_out *out, const struct source_packet *packet,
		       uint64_t start_us, uint64_t seed)
{
	static uint8_t frame[UINT16_MAX + FRAME_ETHERNET_LEN];

	memcpy(frame, packet->bytes, packet->len);
	office_client_rewrite(frame, packet->len, seed);
	capture_out_add(out, start_us + packet->at_us, frame, packet->len, packet->wire_len);
}

static void add_copy(struct office_mix *mix, const struct source_capture *source, uint64_t seed,
		     uint32_t *tails)
{
	struct draw draw = { .state = draw_mix(seed) };
	uint64_t start_us = draw_below(&draw, SPREAD_US);

	for (size_t i = 0; i < source->flow_count; i++)
		tails[i] = draw_tail(mix, &draw, &source->flows[i]);
	for (size_t i = 0; i < source->packet_count; i++) {
		size_t flow = source->packets[i].flow;

		/* The end of a flow that goes on is replaced by that of its tail. */
		if (flow != SOURCE_NO_FLOW && tails[flow] > 0 && i >= source->flows[flow].end)
			continue;
		add_copied(mix->out, &source->packets[i], start_us, seed);
	}
	for (size_t i = 0; i < source->flow_count; i++) {
		struct tail tail = { .out = mix->out,
				     .draw = &draw,
				     .seed = seed,
				     .at_us = start_us,
				     .ack_every = MIX_ACK_EVERY };

		if (tails[i] == 0)
			continue;
		tail.gap_us = MIX_GAP_US + draw_below(&draw, MIX_GAP_SPREAD_US);
		tail_begin(&tail, source, &source->flows[i]);
		tail_run(&tail, tails[i]);
	}
}

bool office_mix_add(struct office_mix *mix, const char *path, unsigned copies)
{
	struct source_capture source;

	if (!source_capture_load(&source, path))
		return false;

	uint32_t *tails = calloc(source.flow_count + 1, sizeof(*tails));

	if (!tails) {
		perror("office mix");
		exit(1);
	}
	mix->capture_count++;
	for (unsigned i = 0; i < copies; i++)
		add_copy(mix, &source, draw_mix(mix->capture_count << 20 | i) + mix_seed, tails);
	free(tails);
	source_capture_release(&source);
	return true;
}

static size_t first_tls_flow(const struct source_capture *source)
{
	for (size_t i = 0; i < source->flow_count; i++) {
		if (source->flows[i].is_tls && can_have_tail(&source->flows[i]))
			return i;
	}
	return SOURCE_NO_FLOW;
}

static void add_elephant(struct capture_out *out, const struct source_capture *source, size_t flow,
			 uint64_t number, uint64_t packets)
{
	uint64_t seed = draw_mix(number + mix_seed);
	struct draw draw = { .state = seed };
	struct tail tail = { .out = out,
			     .draw = &draw,
			     .seed = seed,
			     .at_us = number * ELEPHANT_START_US,
			     .ack_every = ELEPHANT_ACK_EVERY,
			     .gap_us = ELEPHANT_GAP_US };

	for (size_t i = 0; i < source->packet_count && i < source->flows[flow].end; i++) {
		if (source->packets[i].flow == flow)
			add_copied(out, &source->packets[i], tail.at_us, seed);
	}
	tail_begin(&tail, source, &source->flows[flow]);
	tail_run(&tail, packets);
}

bool elephants_add(struct capture_out *out, const char *path, uint64_t packets)
{
	struct source_capture source;

	if (!source_capture_load(&source, path))
		return false;

	size_t flow = first_tls_flow(&source);
	/* Acknowledgements are packets too. */
	uint64_t each = packets / ELEPHANTS * ELEPHANT_ACK_EVERY / (ELEPHANT_ACK_EVERY + 1);

	for (uint64_t i = 0; flow != SOURCE_NO_FLOW && i < ELEPHANTS; i++)
		add_elephant(out, &source, flow, i, each);
	source_capture_release(&source);
	return flow != SOURCE_NO_FLOW;
}
