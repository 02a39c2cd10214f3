#include "sensor/decode/tunnel.h"

#include "sensor/decode/gre_tunnel.h"
#include "sensor/decode/l2tp_tunnel.h"
#include "sensor/decode/link_layer.h"
#include "sensor/decode/udp_tunnel.h"

#include <assert.h>

enum {
	PROTOCOL_GRE = 47,
	PROTOCOL_L2TP = 115,
};

static const char *const kind_names[TUNNEL_KINDS] = {
	[TUNNEL_IP_IN_IP] = "ip_in_ip", [TUNNEL_GRE] = "gre",       [TUNNEL_PPTP] = "pptp",
	[TUNNEL_ERSPAN] = "erspan",     [TUNNEL_VXLAN] = "vxlan",   [TUNNEL_GENEVE] = "geneve",
	[TUNNEL_TZSP] = "tzsp",         [TUNNEL_TEREDO] = "teredo", [TUNNEL_L2TP] = "l2tp",
};

const char *tunnel_kind_name(enum tunnel_kind kind)
{
	assert(kind < TUNNEL_KINDS);
	return kind_names[kind];
}

static bool read_ip_in_ip(enum network_protocol content, struct cursor in, struct tunnel *out)
{
	out->kind = TUNNEL_IP_IN_IP;
	out->content = (uint16_t)content;
	out->payload = in.rest;
	return true;
}

/*
 * The same both ways. PPTP and L2TP number their sessions in each direction anew (RFC 2637 4.1, RFC
 * 2661 3.1), so that the ends are all that is common to both.
 */
static uint32_t ends_number(const struct network_layer *outer)
{
	struct cursor source = cursor_over(outer->source.bytes, ADDRESS_LEN);
	struct cursor destination = cursor_over(outer->destination.bytes, ADDRESS_LEN);
	uint32_t number = 0;

	while (cursor_left(&source) > 0) {
		uint32_t sum = cursor_be32(&source) + cursor_be32(&destination);

		number = (number << 5 | number >> 27) ^ sum;
	}
	return number;
}

static bool read_by_protocol(const struct network_layer *outer, struct cursor *whole,
			     struct tunnel *out)
{
	*whole = cursor_over(outer->payload.data, outer->payload.len);
	out->payload_len = outer->payload_len;
	switch (outer->protocol) {
	case IP_IPIP:
		return read_ip_in_ip(NETWORK_IPV4, *whole, out);
	case IP_IPV6:
		return read_ip_in_ip(NETWORK_IPV6, *whole, out);
	case PROTOCOL_GRE:
		return gre_tunnel_read(*whole, out);
	case IP_UDP:
		return udp_tunnel_read(outer, whole, out);
	case PROTOCOL_L2TP:
		return l2tp_tunnel_read_ip(*whole, out);
	default:
		return false;
	}
}

bool tunnel_read(const struct network_layer *outer, struct tunnel *out)
{
	struct cursor whole;

	*out = (struct tunnel){ 0 };
	if (!read_by_protocol(outer, &whole, out))
		return false;
	/* What the header took of the bytes it took of the length as well. */
	out->payload_len -= (uint32_t)(cursor_left(&whole) - out->payload.len);
	if (out->kind == TUNNEL_PPTP || out->kind == TUNNEL_L2TP) {
		out->has_network_id = true;
		out->network_id = ends_number(outer);
	}
	return true;
}

uint16_t tunnel_context(const struct tunnel *tunnel, uint16_t outside)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */

	if (!tunnel->has_network_id)
		return outside;

	uint64_t mixed = ((uint64_t)tunnel->kind << 16 | outside) * odd + tunnel->network_id + 1;

	mixed = (mixed ^ mixed >> 32) * odd;
	return (uint16_t)(mixed >> 48 != 0 ? mixed >> 48 : 1);
}
