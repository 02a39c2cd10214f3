#include "sensor/decode/l2tp_tunnel.h"

#include "sensor/decode/ethertype.h"
#include "sensor/decode/link_layer.h"
#include "sensor/decode/wire_header.h"

enum {
	L2TP_CONTROL = 0x8000,
	L2TP_LENGTH = 0x4000,
	L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200,
	L2TP_RESERVED = 0x34f0,
	L2TP_VERSION = 0x000f,

	/* A cookie of 0, 4 or 8 bytes and a sublayer of 0 or 4 (RFC 3931 4.1, 4.6). */
	COOKIE_AND_SUBLAYER_MAX = 12,
	COOKIE_AND_SUBLAYER_STEP = 4,

	ARP_ETHERNET_IPV4_LEN = 28,
};

/* Told from chance by their lengths, which are to fit what there is: `room` bytes on the wire. */
static bool is_ip(uint16_t type, struct cursor in, size_t room)
{
	struct span header;

	if (type == NETWORK_IPV4)
		return header_take(&in, IPV4_HEADER_LEN, &header) &&
		       ipv4_version_and_len(header) >> 4 == 4 &&
		       ipv4_len(header) >= IPV4_HEADER_LEN && ipv4_len(header) <= room;
	return type == NETWORK_IPV6 && header_take(&in, IPV6_HEADER_LEN, &header) &&
	       ipv6_version_and_class(header) >> 4 == 6 &&
	       (size_t)ipv6_payload_len(header) + IPV6_HEADER_LEN <= room;
}

static bool is_arp(uint16_t type, struct cursor in, size_t room)
{
	const uint32_t ethernet_and_ipv4 = 1U << 16 | NETWORK_IPV4;

	return type == NETWORK_ARP && room >= ARP_ETHERNET_IPV4_LEN &&
	       cursor_be32(&in) == ethernet_and_ipv4;
}

/* Whether `in`, behind which the capture left out `uncaptured` bytes, is a frame beyond doubt. */
static bool is_plain_frame(struct cursor in, size_t uncaptured)
{
	struct span header;

	if (!header_take(&in, ETHERNET_HEADER_LEN, &header))
		return false;

	size_t room = cursor_left(&in) + uncaptured;

	return is_ip(ethernet_type(header), in, room) || is_arp(ethernet_type(header), in, room);
}

static bool read_v3(struct cursor in, size_t uncaptured, struct tunnel *out)
{
	uint32_t session = cursor_be32(&in);

	/* Session 0 is control (RFC 3931 4.1.1.2). */
	if (!cursor_ok(&in) || session == 0)
		return false;
	for (size_t skip = 0; skip <= COOKIE_AND_SUBLAYER_MAX; skip += COOKIE_AND_SUBLAYER_STEP) {
		struct cursor frame = cursor_at(in, skip);

		if (!is_plain_frame(frame, uncaptured))
			continue;
		out->content = NETWORK_FRAME;
		out->payload = frame.rest;
		return true;
	}
	return false;
}

static bool read_v2(uint16_t flags, struct cursor in, struct tunnel *out)
{
	if ((flags & L2TP_LENGTH) != 0)
		cursor_skip(&in, 2);
	cursor_skip(&in, 4); /* tunnel, session */
	if ((flags & L2TP_SEQUENCE) != 0)
		cursor_skip(&in, 4);
	if ((flags & L2TP_OFFSET) != 0)
		cursor_skip(&in, cursor_be16(&in));
	out->content = ETHERTYPE_PPP;
	out->payload = in.rest;
	return cursor_ok(&in);
}

bool l2tp_tunnel_read_udp(struct cursor in, struct tunnel *out)
{
	size_t uncaptured = out->payload_len - cursor_left(&in);
	uint16_t flags = cursor_be16(&in);

	if (!cursor_ok(&in) || (flags & (L2TP_CONTROL | L2TP_RESERVED)) != 0)
		return false;
	out->kind = TUNNEL_L2TP;
	out->is_guess = true;
	switch (flags & L2TP_VERSION) {
	case 2:
		return read_v2(flags, in, out);
	case 3:
		cursor_skip(&in, 2); /* reserved */
		return read_v3(in, uncaptured, out);
	default:
		return false;
	}
}

bool l2tp_tunnel_read_ip(struct cursor in, struct tunnel *out)
{
	out->kind = TUNNEL_L2TP;
	out->is_guess = true;
	return read_v3(in, out->payload_len - cursor_left(&in), out);
}
