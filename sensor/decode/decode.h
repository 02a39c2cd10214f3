/*
 * One frame in, its innermost IP packet (or ARP, LLDP, CDP) out.
 *
 * Owner: the capture thread. Memory is fixed in decoder_new(); after that no call allocates.
 * Bounds: four tunnels in one another; in each, and in the frame itself, two frames in one another,
 * four tags, eight labels, eight extension headers. 512 fragmented packets at a time.
 *
 * A packet that brings one or a frame through a tunnel (tunnel.h) is not told of itself: only what
 * is innermost becomes a packet. MACs and tag are then those of the innermost frame.
 *
 * Checksums are not checked: with offloading, a capture on the sending host holds packets whose
 * checksum the card has yet to fill in. That a packet with a false one is read by us and dropped by
 * its receiver is accepted.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"
#include "sensor/decode/packet.h"
#include "sensor/decode/tunnel_kind.h"

/* What became of a frame. All but the first two are hostile, broken or cut bytes. */
enum decode_result {
	DECODE_OK,
	DECODE_OTHER_PROTOCOL,      /* none of those: spanning tree ... */
	DECODE_UNKNOWN_LINK,        /* a link type that decode does not read */
	DECODE_TRUNCATED_LINK,      /* ended inside the link header or a tag */
	DECODE_TRUNCATED_NETWORK,   /* ended inside an IP or extension header */
	DECODE_BAD_NETWORK,         /* an IP version, header length or total length that lies */
	DECODE_JUMBOGRAM,           /* RFC 2675 */
	DECODE_TOO_MANY_EXTENSIONS, /* IPv6 extension headers */
	DECODE_TOO_DEEP,            /* tags in tags, tunnels in tunnels */
	DECODE_FRAGMENT_ORPHAN,     /* a later fragment, its first not seen in the last 10 s */
	DECODE_FRAGMENT_BAD, /* overlapping the first, oversize, or too small for the header */
	DECODE_TRUNCATED_TRANSPORT, /* ended inside the transport header */
	DECODE_BAD_TRANSPORT,       /* a transport header that cannot be true */
	DECODE_RESULTS,
};

struct decode_stats {
	uint64_t count[DECODE_RESULTS];
	uint64_t tunnels[TUNNEL_KINDS]; /* headers of each kind that were taken off */
};

struct decoder;

/* ERR_MEMORY. `*out` is set only on ERR_OK and owned by the caller. */
MUST_USE enum err decoder_new(struct decoder **out);

/* NULL is fine. */
void decoder_free(struct decoder *decoder);

/*
 * Reads `frame`, the `number`th. `*out` is of meaning only on DECODE_OK, its spans borrowing from
 * the frame.
 * A later fragment has the key of its first one. Every answer is counted.
 */
MUST_USE enum decode_result decoder_decode(struct decoder *decoder, const struct frame *frame,
					   uint64_t number, struct packet *out);

/* As decoder_decode(), without its short cut for plain packets: what tests compare that with. */
MUST_USE enum decode_result decoder_decode_layers(struct decoder *decoder,
						  const struct frame *frame, uint64_t number,
						  struct packet *out);

/* Borrowed for the decoder's life; the counts go on. */
const struct decode_stats *decoder_stats(const struct decoder *decoder);

/* "ok", "other_protocol" ...: the name in reports. */
const char *decode_result_name(enum decode_result result);
