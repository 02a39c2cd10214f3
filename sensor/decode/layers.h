/*
 * The way down a frame to its innermost IP packet, or what it has instead: IP headers and the
 * tunnels between them.
 *
 * Bounds: four tunnels in one another, so five IP headers. Plain values, the caller's; spans borrow
 * from the frame.
 */
#pragma once

#include "sensor/decode/link_layer.h"
#include "sensor/decode/network_layer.h"
#include "sensor/decode/tunnel.h"

enum {
	TUNNELS_MAX = 4,
	NETWORKS_MAX = TUNNELS_MAX + 1,
};

/* What stands behind the headers that were read so far. */
struct layers_end {
	struct link_layer link;    /* of the innermost frame; its payload is what is innermost */
	uint32_t link_payload_len; /* on the wire */
	unsigned inner_frame_at;   /* the first of the IP headers in a frame in a tunnel, or 0 */
	uint16_t context;          /* of the flow key, for what is innermost */
};

struct layers {
	struct layers_end end;
	unsigned count;        /* IP headers, outermost first */
	unsigned tunnel_count; /* with one that holds nothing known, if any */
	enum tunnel_kind tunnels[TUNNELS_MAX];
	uint16_t contexts[NETWORKS_MAX]; /* of the flow key, for each of `networks` */
	struct network_layer networks[NETWORKS_MAX];
};

/*
 * From `layers->end.link`, which the caller has read, with `wire_len` bytes of payload, in a
 * network whose context is `context`. Sets all else, also when it fails: what was read until then.
 * A packet of a tunnel whose content cannot be read is taken for no tunnel, where it may be none.
 */
MUST_USE enum decode_result layers_read(struct layers *layers, uint32_t wire_len, uint16_t context);

/*
 * In ARP, LLDP or CDP. Then the innermost IP header is of the packet that brought it, if there is
 * one.
 */
static inline bool layers_end_without_ip(const struct layers *layers)
{
	return layers->end.link.protocol != NETWORK_IPV4 &&
	       layers->end.link.protocol != NETWORK_IPV6;
}

/* Only where there is one. */
static inline const struct network_layer *layers_innermost(const struct layers *layers)
{
	return &layers->networks[layers->count - 1];
}
