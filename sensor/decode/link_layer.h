/*
 * What stands before the IP header: Ethernet (IEEE 802.3, RFC 894, RFC 1042), tags (802.1Q,
 * 802.1ad), PPPoE (RFC 2516), PPP (RFC 1661) and the pseudo headers of captures
 * (tcpdump.org/linktypes.html).
 *
 * Length fields of these layers are skipped: IP has its own, and padding is cut off by that.
 */
#pragma once

#include "sensor/decode/decode.h"

/* What a link carries; values are EtherTypes. */
enum network_protocol {
	NETWORK_IPV4 = 0x0800,
	NETWORK_ARP = 0x0806,
	NETWORK_IPV6 = 0x86dd,
};

struct link_layer {
	struct mac destination; /* zero where the link has none */
	struct mac source;
	uint16_t vlan; /* outermost id that is not 0 */
	enum network_protocol protocol;
	struct span payload; /* as much as was captured */
};

/* `*out` is of meaning only on DECODE_OK; the payload borrows from the frame. */
MUST_USE enum decode_result link_layer_read(const struct frame *frame, struct link_layer *out);
