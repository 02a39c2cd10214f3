/*
 * Ethernet frames for generated captures: IPv4 or IPv6, TCP or UDP, checksums right (Suricata looks
 * at them). Plain functions on the caller's buffers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FRAME_OUT_MAX = 2048,
	FRAME_ETHERNET_LEN = 14,
	FRAME_HEAD_MAX = 54, /* Ethernet and IPv6 */
	FRAME_PAYLOAD_MAX = 1460,
};

enum {
	FRAME_FIN = 0x01,
	FRAME_SYN = 0x02,
	FRAME_RST = 0x04,
	FRAME_PUSH = 0x08,
	FRAME_ACK = 0x10,
};

/* One direction of a flow: what stands in front of each of its segments. */
struct frame_head {
	uint8_t bytes[FRAME_HEAD_MAX]; /* Ethernet and IP, as in a packet; lengths are set later */
	uint8_t ip_len;                /* 20 or 40: no options, no extension headers */
	uint8_t protocol;              /* IP_TCP or IP_UDP */
	uint16_t source_port;
	uint16_t destination_port;
};

struct frame_segment {
	uint32_t sequence;
	uint32_t acknowledged;
	uint8_t flags;
	bool has_options; /* those of a SYN: MSS, SACK permitted, timestamps, window scale */
	const uint8_t *payload;
	size_t payload_len; /* at most FRAME_PAYLOAD_MAX */
};

/* IPv4 addresses as numbers: 10.20.0.1 is 0x0a140001. */
struct frame_head frame_head_v4(uint32_t source, uint16_t source_port, uint32_t destination,
				uint16_t destination_port, uint8_t protocol);

/* The other direction. */
struct frame_head frame_head_reversed(const struct frame_head *head);

/* Writes the whole frame, padded to 60 bytes; returns its length. `ip_id` is IPv4's. */
size_t frame_write(uint8_t out[static FRAME_OUT_MAX], const struct frame_head *head,
		   const struct frame_segment *segment, uint16_t ip_id);

/* Puts `len` (even) new bytes into `field`, and what that changes into `checksum` (RFC 1624). */
void frame_replace(uint8_t *field, const uint8_t *with, size_t len, uint8_t *const checksums[2]);

void frame_put16(uint8_t *to, uint32_t value);
void frame_put32(uint8_t *to, uint32_t value);
