#include "sensor/decode/udp_tunnel.h"

#include "sensor/decode/ethertype.h"
#include "sensor/decode/l2tp_tunnel.h"
#include "sensor/decode/link_layer.h"
#include "sensor/decode/transport_layer.h"
#include "sensor/decode/wire_header.h"

enum {
	VXLAN_POLICY = 0x80, /* the G flag: a group stands in what else is 0 */
	VXLAN_VALID = 0x08,
	VXLAN_NEXT_PROTOCOL = 0x04,
	VXLAN_POLICY_FLAGS = 0x48, /* do not learn, applied */

	GENEVE_VERSION = 0xc0,
	GENEVE_OPTIONS_WORDS = 0x3f,
	GENEVE_RESERVED = 0x3f,

	TZSP_VERSION = 1,
	TZSP_RECEIVED = 0,
	TZSP_TRANSMITTED = 1,
	TZSP_ETHERNET = 1,
	TZSP_TAG_PADDING = 0,
	TZSP_TAG_END = 1,
	TZSP_TAGS_MAX = 32,

	TEREDO_AUTHENTICATION = 0x0001,
	TEREDO_ORIGIN = 0x0000,
	TEREDO_NONCE_LEN = 9, /* with the confirmation byte: RFC 4380 5.1.1 */
	TEREDO_ORIGIN_LEN = 6,
};

/* 2001:0::/32, and what routers are asked from. */
static const uint32_t teredo_prefix = 0x20010000;
static const uint32_t link_local_prefix = 0xfe800000;

static bool carry_frame(struct cursor in, struct tunnel *out)
{
	out->content = NETWORK_FRAME;
	out->carries_frames = true;
	out->payload = in.rest;
	return cursor_ok(&in) && link_layer_is_frame(in.rest);
}

static bool carry_network(uint16_t content, struct cursor in, struct tunnel *out)
{
	out->content = content;
	out->payload = in.rest;
	return cursor_ok(&in);
}

/* What a generic VXLAN header names; TUNNEL_UNREADABLE for what we do not read. */
static uint16_t vxlan_next_type(uint8_t next)
{
	static const uint16_t types[] = { TUNNEL_UNREADABLE, NETWORK_IPV4,      NETWORK_IPV6,
					  NETWORK_FRAME,     TUNNEL_UNREADABLE, ETHERTYPE_MPLS };

	return next < sizeof(types) / sizeof(types[0]) ? types[next] : TUNNEL_UNREADABLE;
}

static bool read_vxlan(struct cursor in, struct tunnel *out)
{
	uint8_t flags = cursor_u8(&in);
	uint32_t between = cursor_be24(&in);
	uint32_t network_id = cursor_be24(&in);
	uint8_t last = cursor_u8(&in);

	out->kind = TUNNEL_VXLAN;
	out->has_network_id = true;
	out->network_id = network_id;
	if (!cursor_ok(&in) || last != 0)
		return false;
	switch (flags) {
	case VXLAN_VALID:
		return between == 0 && carry_frame(in, out);
	case VXLAN_VALID | VXLAN_POLICY:
		return (between >> 16 & ~(uint32_t)VXLAN_POLICY_FLAGS) == 0 && carry_frame(in, out);
	case VXLAN_VALID | VXLAN_NEXT_PROTOCOL:
		if (between > UINT8_MAX)
			return false;
		if (vxlan_next_type((uint8_t)between) == NETWORK_FRAME)
			return carry_frame(in, out);
		return carry_network(vxlan_next_type((uint8_t)between), in, out);
	default:
		return false;
	}
}

static bool read_geneve(struct cursor in, struct tunnel *out)
{
	uint8_t version_and_words = cursor_u8(&in);
	uint8_t flags = cursor_u8(&in);
	uint16_t type = cursor_be16(&in);

	out->kind = TUNNEL_GENEVE;
	out->has_network_id = true;
	out->network_id = cursor_be24(&in);

	uint8_t last = cursor_u8(&in);

	cursor_skip(&in, (size_t)(version_and_words & GENEVE_OPTIONS_WORDS) * 4);
	if (!cursor_ok(&in) || (version_and_words & GENEVE_VERSION) != 0 ||
	    (flags & GENEVE_RESERVED) != 0 || last != 0 || type < ETHERTYPE_FIRST)
		return false;
	return type == NETWORK_FRAME ? carry_frame(in, out) : carry_network(type, in, out);
}

static bool skip_tzsp_tags(struct cursor *in)
{
	for (unsigned i = 0; i < TZSP_TAGS_MAX && cursor_ok(in); i++) {
		uint8_t tag = cursor_u8(in);

		if (tag == TZSP_TAG_END)
			return cursor_ok(in);
		if (tag != TZSP_TAG_PADDING)
			cursor_skip(in, cursor_u8(in));
	}
	return false;
}

static bool read_tzsp(struct cursor in, struct tunnel *out)
{
	uint8_t version = cursor_u8(&in);
	uint8_t type = cursor_u8(&in);
	uint16_t protocol = cursor_be16(&in);

	if (version != TZSP_VERSION || (type != TZSP_RECEIVED && type != TZSP_TRANSMITTED) ||
	    !skip_tzsp_tags(&in))
		return false;
	out->kind = TUNNEL_TZSP;
	if (protocol == TZSP_ETHERNET)
		return carry_frame(in, out);
	out->carries_frames = true;
	return carry_network(TUNNEL_UNREADABLE, in, out);
}

static bool is_teredo_address(struct span address)
{
	struct cursor in = cursor_over(address.data, address.len);
	uint32_t prefix = cursor_be32(&in);

	return prefix == teredo_prefix || prefix == link_local_prefix;
}

/* RFC 4380 5.1.1: a client's name, its authentication and where it was seen may stand before. */
static void skip_teredo_indications(struct cursor *in)
{
	struct cursor behind = *in;

	if (cursor_be16(&behind) == TEREDO_AUTHENTICATION) {
		uint8_t client_len = cursor_u8(&behind);
		uint8_t value_len = cursor_u8(&behind);

		cursor_skip(&behind, (size_t)client_len + value_len + TEREDO_NONCE_LEN);
		*in = behind;
	}
	behind = *in;
	if (cursor_be16(&behind) == TEREDO_ORIGIN) {
		cursor_skip(&behind, TEREDO_ORIGIN_LEN);
		*in = behind;
	}
}

static bool read_teredo(struct cursor in, struct tunnel *out)
{
	skip_teredo_indications(&in);

	struct cursor behind = in;
	struct span header;

	out->kind = TUNNEL_TEREDO;
	return header_take(&behind, IPV6_HEADER_LEN, &header) &&
	       ipv6_version_and_class(header) >> 4 == 6 &&
	       (is_teredo_address(ipv6_source(header)) ||
		is_teredo_address(ipv6_destination(header))) &&
	       carry_network(NETWORK_IPV6, in, out);
}

static bool read_either_port(uint16_t port, struct cursor in, struct tunnel *out)
{
	if (port == UDP_PORT_L2TP)
		return l2tp_tunnel_read_udp(in, out);
	return port == UDP_PORT_TEREDO && read_teredo(in, out);
}

/* VXLAN and Geneve spread their source ports; L2TP and Teredo answer from the port that is asked.
 */
static bool read_by_port(struct ports ports, struct cursor in, struct tunnel *out)
{
	switch (ports.destination) {
	case UDP_PORT_VXLAN:
	case UDP_PORT_VXLAN_GPE:
	case UDP_PORT_VXLAN_LINUX:
		return read_vxlan(in, out);
	case UDP_PORT_GENEVE:
		return read_geneve(in, out);
	case UDP_PORT_TZSP:
		return read_tzsp(in, out);
	default:
		return read_either_port(ports.destination, in, out) ||
		       read_either_port(ports.source, in, out);
	}
}

bool udp_tunnel_read(const struct network_layer *outer, struct cursor *datagram, struct tunnel *out)
{
	struct udp_datagram udp;

	if (transport_layer_read_udp(outer, &udp) != DECODE_OK)
		return false;
	out->is_guess = true;
	out->payload_len = udp.payload_len;
	*datagram = cursor_over(udp.payload.data, udp.payload.len);
	return read_by_port(udp.ports, *datagram, out);
}
