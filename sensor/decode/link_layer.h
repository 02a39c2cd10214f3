/*
 * What stands before the IP header: Ethernet (IEEE 802.3, RFC 894, RFC 1042), tags (802.1Q,
 * 802.1ad), PPPoE (RFC 2516), PPP (RFC 1661), MPLS (RFC 3032) with the Ethernet pseudo-wires in it
 * (RFC 4448), frames in frames (802.1ah, FabricPath) and the pseudo headers of captures
 * (tcpdump.org/linktypes.html).
 *
 * Length fields of these layers are skipped: IP has its own, and padding is cut off by that. So are
 * the labels of MPLS: a label is of one hop, and tells no network from another.
 * Bounds: four tags a frame, eight labels a stack, two frames in one another.
 */
#pragma once

#include "sensor/decode/decode.h"

/* What a link carries; values are EtherTypes. */
enum network_protocol {
	NETWORK_IPV4 = 0x0800,
	NETWORK_ARP = 0x0806,
	NETWORK_CDP = 0x2000, /* Cisco's number behind SNAP, no EtherType; begins at LLC */
	NETWORK_IPV6 = 0x86dd,
	NETWORK_LLDP = 0x88cc,
	NETWORK_FRAME = 0x6558, /* an Ethernet frame again (RFC 1701): read on, never handed out */
};

struct link_layer {
	struct mac destination; /* of the innermost frame; zero where the link has none */
	struct mac source;
	uint16_t vlan; /* the outermost id of that frame that is not 0 */
	enum network_protocol protocol;
	struct span payload; /* as much as was captured */
};

/* `*out` is of meaning only on DECODE_OK; the payload borrows from the frame. */
MUST_USE enum decode_result link_layer_read(const struct frame *frame, struct link_layer *out);

/*
 * What a tunnel carries: `bytes` behind a field that says `type`, an EtherType. `*link` is what the
 * tunnel itself came over; what the content has no word of (addresses and tag, when it is no frame)
 * stays as it was. `*link` is of meaning only on DECODE_OK.
 */
MUST_USE enum decode_result link_layer_read_content(uint16_t type, struct span bytes,
						    struct link_layer *link);

/* Whether `bytes` begin as an Ethernet frame of a known type does: a check of guesses. */
bool link_layer_is_frame(struct span bytes);
