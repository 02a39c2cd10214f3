/*
 * Tunnels over UDP: VXLAN (RFC 7348, with the group policy of draft-smith-vxlan-group-policy-05 and
 * the next protocol of draft-ietf-nvo3-vxlan-gpe-12), Geneve (RFC 8926), TZSP (as Wireshark and
 * RouterOS have it), Teredo (RFC 4380), L2TPv2 and v3 (RFC 2661, 3931).
 *
 * A port is no proof: a header that is not wholly as its specification says makes the packet an
 * ordinary datagram.
 */
#pragma once

#include "sensor/decode/tunnel.h"

enum udp_tunnel_port {
	UDP_PORT_L2TP = 1701,
	UDP_PORT_TEREDO = 3544,
	UDP_PORT_VXLAN = 4789,
	UDP_PORT_VXLAN_GPE = 4790,
	UDP_PORT_GENEVE = 6081,
	UDP_PORT_VXLAN_LINUX = 8472, /* before RFC 7348 */
	UDP_PORT_TZSP = 37008,
};

/*
 * May a datagram with this port at either end be a tunnel? Asked of each datagram. The ports above
 * all differ in their low byte; a new one that does not is a compiler's warning.
 */
static inline bool udp_tunnel_may_use(uint16_t port)
{
#define PORT(port) [(port) % 256] = (port)
	static const uint16_t by_low_byte[256] = {
		PORT(UDP_PORT_L2TP),      PORT(UDP_PORT_TEREDO), PORT(UDP_PORT_VXLAN),
		PORT(UDP_PORT_VXLAN_GPE), PORT(UDP_PORT_GENEVE), PORT(UDP_PORT_VXLAN_LINUX),
		PORT(UDP_PORT_TZSP),
	};
#undef PORT

	return by_low_byte[port % 256] == port;
}

/*
 * As tunnel_read(), of a packet whose protocol is UDP; `*datagram` becomes all that is behind the
 * UDP header, and `out->payload_len` its length on the wire.
 */
MUST_USE bool udp_tunnel_read(const struct network_layer *outer, struct cursor *datagram,
			      struct tunnel *out);
