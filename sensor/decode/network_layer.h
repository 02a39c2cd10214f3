/*
 * One IPv4 (RFC 791) or IPv6 (RFC 8200) header with what hangs on it: options and extension headers
 * skipped, fragments (RFC 791, RFC 8200 4.5) told apart. Skipped: traffic class, flow label,
 * checksum (see decode.h), every option.
 *
 * Lengths come from the headers. A capture that ends earlier is fine as long as it has the headers;
 * that it should be longer than its frame is no lie that we can tell from a short capture.
 */
#pragma once

#include "sensor/decode/decode.h"

struct network_layer {
	struct address source;
	struct address destination;
	uint8_t ip_version;
	uint8_t protocol; /* behind the extension headers; in a later fragment what the header says
			   */
	uint8_t ttl;
	bool is_fragment; /* atomic fragments (RFC 6946) are not */

	uint32_t ip_len; /* on the wire, header included */
	uint32_t payload_len;
	uint32_t id_and_fragment; /* for packet_identity() */
	struct span ip;           /* this and `payload`: as much as was captured */
	struct span payload;

	/* Of meaning only in a fragment. */
	uint32_t fragment_id;
	uint32_t fragment_offset;  /* in bytes */
	uint32_t fragment_len;     /* with the extension headers that were cut up along */
	uint8_t fragment_protocol; /* of the IPv4 header; 0 in IPv6 */
	bool more_fragments;
};

/*
 * `bytes` start with the header, of a packet that has `wire_len` bytes of room on the wire: a
 * sender that leaves segmentation to its card writes a length of 0, and means that. `*out` is of
 * meaning only on DECODE_OK.
 */
MUST_USE enum decode_result network_layer_read_v4(struct span bytes, uint32_t wire_len,
						  struct network_layer *out);
MUST_USE enum decode_result network_layer_read_v6(struct span bytes, uint32_t wire_len,
						  struct network_layer *out);

/* A fragment that has no transport header. */
static inline bool network_layer_is_fragment_rest(const struct network_layer *network)
{
	return network->is_fragment && network->fragment_offset > 0;
}
