/*
 * TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792) and ICMPv6 (RFC 4443). Of any other protocol (ESP,
 * GRE, SCTP ...) all is payload and the ports are 0.
 *
 * The ports of ICMP are those of Community ID: the type, and the type that answers it, so that a
 * request and its reply are one flow; where none does, type and code. Skipped: checksums, TCP
 * options, urgent pointer.
 */
#pragma once

#include "sensor/decode/network_layer.h"

struct ports {
	uint16_t source;
	uint16_t destination;
};

struct udp_datagram {
	struct ports ports;
	uint16_t checksum;
	uint32_t payload_len; /* on the wire */
	struct span payload;  /* as much as was captured */
};

/* The datagram that `network` carries, whose protocol is UDP. `*out` is set only on DECODE_OK. */
MUST_USE enum decode_result transport_layer_read_udp(const struct network_layer *network,
						     struct udp_datagram *out);

/*
 * Reads what `network` carries, which is not the rest of a fragmented packet: of `out` the identity
 * and the TCP, ICMP and payload fields, the others being left alone. Both results are set only on
 * DECODE_OK. TCP options may be cut by a short capture: the payload is empty then.
 */
MUST_USE enum decode_result transport_layer_read(const struct network_layer *network,
						 struct packet *out, struct ports *ports);

/*
 * The ports alone, of a packet that an ICMP error quotes: four bytes are enough (RFC 792 promises
 * eight). False when they are not there; `*out` is set only on true.
 */
MUST_USE bool transport_layer_quoted_ports(const struct network_layer *network, struct ports *out);

/* Does an ICMP message of this type quote the packet that it is about? */
static inline bool transport_layer_is_icmp_error(uint8_t protocol, uint8_t icmp_type)
{
	if (protocol == IP_ICMPV6)
		return icmp_type >= 1 && icmp_type <= 4;
	if (protocol != IP_ICMP)
		return false;
	/* Unreachable, source quench, redirect, time exceeded, parameter problem. */
	return icmp_type == 3 || icmp_type == 4 || icmp_type == 5 || icmp_type == 11 ||
	       icmp_type == 12;
}
