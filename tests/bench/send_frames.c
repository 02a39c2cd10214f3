#include "tests/bench/send_frames.h"

#include "sensor/base/flow_key.h"
#include "tests/bench/draw.h"

#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OFFICE = 10 << 24 | 20 << 16, /* 10.20.0.0 */
	CLIENTS = 60000,
	OUTSIDE = 93 << 24, /* 93.0.0.0, and the servers behind it */
	SERVERS = 1 << 22,
	FIRST_PORT = 1024,
	PORTS = 64000,
	PLAIN_TCP = 45000, /* no service's */
	PAYLOAD_LEN = 64,
	CONNECTION_FRAMES = 4,
	IPV4_AT = 14,
	SOURCE_AT = IPV4_AT + 12,
	IPV4_HEADER_LEN = 20,
};

/* A frame of a capture. */
struct kept {
	uint8_t *bytes;
	size_t len;
};

struct frame_source {
	size_t (*next)(struct frame_source *self, uint8_t *out);
	unsigned per_flow;
	struct draw draw;
	struct frame_head head; /* of the flow at hand */
	uint32_t ours, theirs;
	unsigned step;
	struct kept *kept; /* NULL: not a capture */
	size_t kept_count, at;
	uint32_t round;
};

static struct frame_head drawn_head(struct draw *draw, uint16_t server_port, uint8_t protocol)
{
	uint32_t client = OFFICE + 1 + draw_below(draw, CLIENTS);
	uint32_t server = OUTSIDE + draw_below(draw, SERVERS);

	return frame_head_v4(client, (uint16_t)(FIRST_PORT + draw_below(draw, PORTS)), server,
			     server_port, protocol);
}

static size_t write_frame(struct frame_source *self, uint8_t *out, const struct frame_head *head,
			  const struct frame_segment *segment)
{
	return frame_write(out, head, segment, (uint16_t)draw_word(&self->draw));
}

static size_t write_syn(struct frame_source *self, uint8_t *out)
{
	const struct frame_segment syn = { .sequence = (uint32_t)draw_word(&self->draw),
					   .flags = FRAME_SYN,
					   .has_options = true };

	return write_frame(self, out, &self->head, &syn);
}

static size_t next_syn(struct frame_source *self, uint8_t *out)
{
	self->head = drawn_head(&self->draw, PLAIN_TCP, IP_TCP);
	return write_syn(self, out);
}

/* From anywhere to one host of the office. */
static size_t next_syn_to_one(struct frame_source *self, uint8_t *out)
{
	uint32_t source = OUTSIDE + draw_below(&self->draw, SERVERS);

	self->head = frame_head_v4(source, (uint16_t)(FIRST_PORT + draw_below(&self->draw, PORTS)),
				   OFFICE + 5, PLAIN_TCP, IP_TCP);
	return write_syn(self, out);
}

static void draw_payload(struct frame_source *self, uint64_t words[PAYLOAD_LEN / sizeof(uint64_t)])
{
	for (size_t i = 0; i < PAYLOAD_LEN / sizeof(uint64_t); i++)
		words[i] = draw_word(&self->draw);
}

static size_t next_datagram(struct frame_source *self, uint8_t *out)
{
	uint64_t noise[PAYLOAD_LEN / sizeof(uint64_t)];
	const struct frame_segment datagram = { .payload = (const uint8_t *)noise,
						.payload_len = PAYLOAD_LEN };

	draw_payload(self, noise);
	self->head = drawn_head(&self->draw,
				(uint16_t)(FIRST_PORT + draw_below(&self->draw, PORTS)), IP_UDP);
	return write_frame(self, out, &self->head, &datagram);
}

/* A handshake, and a packet that says something nobody knows; nothing ends it. */
static size_t next_of_connection(struct frame_source *self, uint8_t *out)
{
	uint64_t noise[PAYLOAD_LEN / sizeof(uint64_t)];
	struct frame_segment segment = { .acknowledged = self->theirs + 1, .flags = FRAME_ACK };
	struct frame_head reply;

	switch (self->step++ % CONNECTION_FRAMES) {
	case 0:
		self->head = drawn_head(&self->draw, PLAIN_TCP, IP_TCP);
		self->ours = (uint32_t)draw_word(&self->draw);
		self->theirs = (uint32_t)draw_word(&self->draw);
		segment = (struct frame_segment){ .sequence = self->ours,
						  .flags = FRAME_SYN,
						  .has_options = true };
		return write_frame(self, out, &self->head, &segment);
	case 1:
		reply = frame_head_reversed(&self->head);
		segment = (struct frame_segment){ .sequence = self->theirs,
						  .acknowledged = self->ours + 1,
						  .flags = FRAME_SYN | FRAME_ACK,
						  .has_options = true };
		return write_frame(self, out, &reply, &segment);
	case 2:
		segment.sequence = self->ours + 1;
		return write_frame(self, out, &self->head, &segment);
	default:
		draw_payload(self, noise);
		segment.sequence = self->ours + 1;
		segment.flags = FRAME_ACK | FRAME_PUSH;
		segment.payload = (const uint8_t *)noise;
		segment.payload_len = PAYLOAD_LEN;
		return write_frame(self, out, &self->head, &segment);
	}
}

static uint32_t number_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/*
 * What one address gains the other loses: each round's flows are others, and no checksum changes.
 * The greater one loses, so that both directions of a flow stay one.
 */
static void move_addresses(uint8_t *frame, uint32_t round)
{
	uint8_t *source = frame + SOURCE_AT;
	uint8_t *destination = source + 4;
	uint32_t from = number_at(source);
	uint32_t to = number_at(destination);
	uint32_t by = from > to ? -round : round;

	frame_put32(source, from + by);
	frame_put32(destination, to - by);
}

static bool is_ipv4(const struct kept *frame)
{
	return frame->len >= IPV4_AT + IPV4_HEADER_LEN && frame->bytes[12] == 8 &&
	       frame->bytes[13] == 0;
}

static size_t next_kept(struct frame_source *self, uint8_t *out)
{
	const struct kept *frame = &self->kept[self->at];

	memcpy(out, frame->bytes, frame->len);
	if (is_ipv4(frame))
		move_addresses(out, self->round);
	if (++self->at == self->kept_count) {
		self->at = 0;
		self->round++;
	}
	return frame->len;
}

struct kind {
	const char *name;
	unsigned per_flow;
	size_t (*next)(struct frame_source *self, uint8_t *out);
};

static const struct kind kinds[] = {
	{ "connections", CONNECTION_FRAMES, next_of_connection },
	{ "datagrams", 1, next_datagram },
	{ "syns", 1, next_syn },
	{ "syns_to_one", 1, next_syn_to_one },
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static void *must(void *memory)
{
	if (!memory) {
		(void)fputs("out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

static void keep(struct frame_source *self, const u_char *bytes, size_t len)
{
	size_t count = self->kept_count;

	if ((count & (count - 1)) == 0)
		self->kept =
			must(realloc(self->kept, (count ? 2 * count : 1) * sizeof(*self->kept)));
	self->kept[count] = (struct kept){ .bytes = must(malloc(len)), .len = len };
	memcpy(self->kept[count].bytes, bytes, len);
	self->kept_count++;
}

static void load(struct frame_source *self, const char *path)
{
	char words[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *bytes;
	pcap_t *pcap = pcap_open_offline(path, words);

	if (!pcap)
		return;
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		if (header->caplen == header->len && header->len < SEND_FRAME_MAX)
			keep(self, bytes, header->len);
	}
	pcap_close(pcap);
}

struct frame_source *frame_source_new(const char *what)
{
	struct frame_source *self = must(calloc(1, sizeof(*self)));

	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kinds[i].name, what) == 0) {
			self->next = kinds[i].next;
			self->per_flow = kinds[i].per_flow;
			return self;
		}
	}
	self->next = next_kept;
	load(self, what);
	if (self->kept_count > 0)
		return self;
	frame_source_free(self);
	return NULL;
}

void frame_source_free(struct frame_source *self)
{
	for (size_t i = 0; i < self->kept_count; i++)
		free(self->kept[i].bytes);
	free(self->kept);
	free(self);
}

unsigned frame_source_per_flow(const struct frame_source *self)
{
	return self->per_flow;
}

const char *frame_source_kinds(void)
{
	return "connections  a handshake and one packet of payload each: four frames\n"
	       "datagrams    one each, of flows that are all new\n"
	       "syns         one each, from the office to hosts outside\n"
	       "syns_to_one  one each, from hosts outside to one host of the office\n";
}

size_t frame_source_next(struct frame_source *self, uint8_t out[static SEND_FRAME_MAX])
{
	return self->next(self, out);
}
