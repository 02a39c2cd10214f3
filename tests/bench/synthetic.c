#include "tests/bench/synthetic.h"

#include "sensor/base/flow_key.h"
#include "tests/bench/draw.h"
#include "tests/bench/frame_out.h"

#include <stdio.h>
#include <string.h>

enum {
	CLIENTS = 250,
	OFFICE = 10 << 24 | 20 << 16, /* 10.20.0.0 */
	OUTSIDE = 93 << 24,           /* 93.0.0.0 */
	RESOLVERS = 0x08080801,       /* 8.8.8.1 and on */
	RESOLVER_COUNT = 4,
	RESOLVER_STEP = 16,
	DNS = 53,
	HTTP = 80,
	PLAIN_TCP = 45000, /* no service's: no dissector's interest */
	MICE_GAP_US = 600,
	FLOOD_GAP_US = 10,
	STEP_US = 20000000,
	NOISE_LEN = 64,
	TEXT_MAX = 400,
	NAMES = 20000,
	LABEL_MIN = 4,
	LABEL_SPREAD = 12,
	FIRST_PORT = 1024,
	PORTS = 64000,
};

/* A frame at a time, so that each kind reads like the list of packets it is. */
struct sender {
	struct capture_out *out;
	struct draw draw;
};

static void send_segment(struct sender *s, uint64_t at_us, const struct frame_head *head,
			 const struct frame_segment *segment)
{
	uint8_t frame[FRAME_OUT_MAX];
	size_t len = frame_write(frame, head, segment, (uint16_t)draw_word(&s->draw));

	capture_out_add(s->out, at_us, frame, len, len);
}

static void send_flags(struct sender *s, uint64_t at_us, const struct frame_head *head,
		       uint32_t sequence, uint32_t acknowledged, uint8_t flags)
{
	struct frame_segment segment = { .sequence = sequence,
					 .acknowledged = acknowledged,
					 .flags = flags,
					 .has_options = (flags & FRAME_SYN) != 0 };

	send_segment(s, at_us, head, &segment);
}

static size_t put_label(uint8_t *to, const char *text, size_t len)
{
	to[0] = (uint8_t)len;
	memcpy(to + 1, text, len);
	return len + 1;
}

/* www.xqzvbnm.com and the like, out of NAMES; returns the length. */
static size_t put_name(uint8_t *to, uint64_t drawn)
{
	static const char *const hosts[] = { "www", "api",    "cdn",   "mail",
					     "img", "static", "login", "update" };
	static const char *const tops[] = { "com", "net", "org", "de", "io", "co" };
	const char *host = hosts[drawn % 8];
	const char *top = tops[(drawn >> 8) % 6];
	uint64_t number = (drawn >> 3) % NAMES;
	char label[LABEL_MIN + LABEL_SPREAD];
	size_t label_len = LABEL_MIN + number % LABEL_SPREAD;

	for (size_t i = 0; i < label_len; i++)
		label[i] = (char)('a' + draw_mix(number + i * 7919) % 26);

	size_t len = put_label(to, host, strlen(host));

	len += put_label(to + len, label, label_len);
	len += put_label(to + len, top, strlen(top));
	to[len++] = 0;
	return len;
}

static void send_lookup(struct sender *s, uint64_t at_us, uint32_t client, uint16_t port)
{
	static const uint8_t question_head[] = { 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	static const uint8_t question_tail[] = { 0, 1, 0, 1 };
	static const uint8_t answer[] = { 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4 };
	uint32_t resolver = RESOLVERS + draw_below(&s->draw, RESOLVER_COUNT) * RESOLVER_STEP;
	struct frame_head head = frame_head_v4(client, port, resolver, DNS, IP_UDP);
	struct frame_head reply = frame_head_reversed(&head);
	uint8_t message[TEXT_MAX];
	size_t len = 2 + sizeof(question_head);

	frame_put16(message, (uint16_t)draw_word(&s->draw));
	memcpy(message + 2, question_head, sizeof(question_head));
	len += put_name(message + len, draw_word(&s->draw));
	memcpy(message + len, question_tail, sizeof(question_tail));
	len += sizeof(question_tail);

	struct frame_segment segment = { .payload = message, .payload_len = len };

	send_segment(s, at_us, &head, &segment);
	frame_put16(message + 2, 0x8180); /* an answer, recursion available */
	frame_put16(message + 6, 1);
	memcpy(message + len, answer, sizeof(answer));
	len += sizeof(answer);
	frame_put32(message + len, OUTSIDE + draw_below(&s->draw, UINT16_MAX));
	segment.payload_len = len + 4;
	send_segment(s, at_us + 8000 + draw_below(&s->draw, 9000), &reply, &segment);
}

static void send_knock(struct sender *s, uint64_t at_us, uint32_t client, uint16_t port,
		       bool is_open)
{
	static const uint16_t ports[] = { 80, 443, 22, 25, 3389, 445, 8080, 993 };
	uint32_t server = OUTSIDE + draw_below(&s->draw, 1 << 22);
	uint16_t server_port = ports[draw_below(&s->draw, 8)];
	struct frame_head head = frame_head_v4(client, port, server, server_port, IP_TCP);
	struct frame_head reply = frame_head_reversed(&head);
	uint32_t ours = (uint32_t)draw_word(&s->draw);
	uint32_t theirs = (uint32_t)draw_word(&s->draw);
	uint64_t later_us = at_us + 5000 + draw_below(&s->draw, 20000);

	send_flags(s, at_us, &head, ours, 0, FRAME_SYN);
	if (!is_open) {
		send_flags(s, later_us, &reply, 0, ours + 1, FRAME_RST | FRAME_ACK);
		return;
	}
	send_flags(s, later_us, &reply, theirs, ours + 1, FRAME_SYN | FRAME_ACK);
	send_flags(s, later_us + 50, &head, ours + 1, theirs + 1, FRAME_ACK);
	send_flags(s, later_us + 9000, &head, ours + 1, theirs + 1, FRAME_RST | FRAME_ACK);
}

void synthetic_mice(struct capture_out *out, uint64_t flows)
{
	struct sender s = { .out = out };

	for (uint64_t i = 0; i < flows; i++) {
		uint32_t client = OFFICE + 1 + (uint32_t)(i % CLIENTS);
		uint16_t port = (uint16_t)(FIRST_PORT + i / CLIENTS % PORTS);
		uint32_t percent = draw_below(&s.draw, 100);

		if (percent < 60)
			send_lookup(&s, i * MICE_GAP_US, client, port);
		else
			send_knock(&s, i * MICE_GAP_US, client, port, percent < 90);
	}
}

/* Not a private, looped, multicast or reserved address. */
static uint32_t draw_public(struct draw *draw)
{
	for (;;) {
		uint32_t a = (uint32_t)draw_word(draw);
		uint32_t first = a >> 24;

		if (first != 0 && first != 10 && first != 127 && first < 224 && a >> 20 != 0xac1 &&
		    a >> 16 != 0xc0a8 && a >> 16 != 0xa9fe)
			return a;
	}
}

void synthetic_syn_flood(struct capture_out *out, uint64_t packets)
{
	struct sender s = { .out = out };

	for (uint64_t i = 0; i < packets; i++) {
		uint32_t source = draw_public(&s.draw);
		uint16_t port = (uint16_t)(FIRST_PORT + draw_below(&s.draw, PORTS));
		struct frame_head head = frame_head_v4(source, port, OFFICE + 5, HTTP, IP_TCP);

		send_flags(&s, i * FLOOD_GAP_US, &head, (uint32_t)draw_word(&s.draw), 0, FRAME_SYN);
	}
}

static struct frame_head alive_head(uint64_t i, uint16_t server_port, uint8_t protocol)
{
	uint32_t client = OFFICE + 1 + (uint32_t)(i % CLIENTS);
	uint32_t server = OUTSIDE + (uint32_t)(i / CLIENTS) * 13;
	uint16_t port = (uint16_t)(20000 + i % 30011);

	return frame_head_v4(client, port, server, server_port, protocol);
}

static uint32_t first_sequence(uint64_t flow, bool of_client)
{
	return (uint32_t)draw_mix(flow * 2 + of_client);
}

static uint64_t step_time(uint64_t step, uint64_t i, uint64_t flows)
{
	return step * STEP_US + i * STEP_US / flows;
}

static void send_handshakes(struct sender *s, uint64_t flows, uint16_t server_port)
{
	for (uint64_t i = 0; i < flows; i++) {
		struct frame_head head = alive_head(i, server_port, IP_TCP);
		struct frame_head reply = frame_head_reversed(&head);
		uint32_t ours = first_sequence(i, true);
		uint32_t theirs = first_sequence(i, false);

		send_flags(s, step_time(0, i, flows), &head, ours, 0, FRAME_SYN);
		send_flags(s, step_time(1, i, flows), &reply, theirs, ours + 1,
			   FRAME_SYN | FRAME_ACK);
		send_flags(s, step_time(2, i, flows), &head, ours + 1, theirs + 1, FRAME_ACK);
	}
}

void synthetic_alive_tcp(struct capture_out *out, uint64_t flows, uint64_t packets)
{
	struct sender s = { .out = out };

	send_handshakes(&s, flows, PLAIN_TCP);
	for (uint64_t i = 0; i < packets; i++) {
		uint64_t flow = draw_word(&s.draw) % flows;
		struct frame_head head = alive_head(flow, PLAIN_TCP, IP_TCP);
		uint32_t ours = first_sequence(flow, true);
		uint32_t theirs = first_sequence(flow, false);

		/* What is acknowledged rises, so that none looks like a packet seen twice. */
		send_flags(&s, step_time(3, i, packets), &head, ours + 1, theirs + 2 + (uint32_t)i,
			   FRAME_ACK);
	}
}

void synthetic_alive_http(struct capture_out *out, uint64_t flows)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nServer: nginx\r\n"
				     "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
	struct sender s = { .out = out };

	send_handshakes(&s, flows, HTTP);
	for (uint64_t i = 0; i < flows; i++) {
		struct frame_head head = alive_head(i, HTTP, IP_TCP);
		struct frame_head reply = frame_head_reversed(&head);
		char request[TEXT_MAX];
		int len = snprintf(request, sizeof(request),
				   "GET /p/%llu HTTP/1.1\r\nHost: h%llu.example.com\r\n"
				   "User-Agent: Mozilla/5.0 (X11)\r\nAccept: */*\r\n\r\n",
				   (unsigned long long)i, (unsigned long long)i % 5000);
		struct frame_segment segment = { .sequence = first_sequence(i, true) + 1,
						 .acknowledged = first_sequence(i, false) + 1,
						 .flags = FRAME_PUSH | FRAME_ACK,
						 .payload = (const uint8_t *)request,
						 .payload_len = (size_t)len };

		send_segment(&s, step_time(3, i, flows), &head, &segment);
		segment = (struct frame_segment){ .sequence = segment.acknowledged,
						  .acknowledged = segment.sequence + (uint32_t)len,
						  .flags = segment.flags,
						  .payload = (const uint8_t *)answer,
						  .payload_len = sizeof(answer) - 1 };
		send_segment(&s, step_time(4, i, flows), &reply, &segment);
	}
}

void synthetic_alive_udp(struct capture_out *out, uint64_t flows)
{
	struct sender s = { .out = out };

	for (uint64_t i = 0; i < flows; i++) {
		struct frame_head head = alive_head(i, (uint16_t)(40000 + i % 9973), IP_UDP);
		uint64_t noise[NOISE_LEN / sizeof(uint64_t)];

		for (size_t w = 0; w < NOISE_LEN / sizeof(uint64_t); w++)
			noise[w] = draw_word(&s.draw);

		struct frame_segment segment = { .payload = (const uint8_t *)noise,
						 .payload_len = sizeof(noise) };

		send_segment(&s, step_time(0, i, flows), &head, &segment);
	}
}
