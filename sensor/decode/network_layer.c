#include "sensor/decode/network_layer.h"

#include "sensor/decode/wire_header.h"

#include <string.h>

enum {
	IP_LEN_MAX = 65535,
	EXTENSIONS_MAX = 8,

	FRAGMENT_UNIT = 8,
	FRAGMENT6_OFFSET = 0xfff8, /* IPv6's is in bytes: the low bits are flags */
	FRAGMENT6_MORE = 0x0001,

	/* Extension headers, by their IANA protocol number. */
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_FRAGMENT = 44,
	EXTENSION_AUTHENTICATION = 51,
	EXTENSION_NONE = 59,
	EXTENSION_DESTINATION = 60,
};

/* Without what follows the packet: an Ethernet frame is padded to 60 bytes. */
static inline struct cursor captured_of(struct span bytes, uint32_t ip_len)
{
	return cursor_over(bytes.data, bytes.len < ip_len ? bytes.len : ip_len);
}

/*
 * Refuses what no sender makes (RFC 791 3.2, RFC 8200 4.5). A fragment that more are to follow
 * should be a multiple of 8 long; receivers cut it to that and go on, and so do we.
 */
static enum decode_result begin_fragment(struct network_layer *network)
{
	uint32_t len = network->payload_len;

	network->fragment_len = network->more_fragments ? len - len % FRAGMENT_UNIT : len;
	if (len == 0 || network->fragment_offset + len > IP_LEN_MAX)
		return DECODE_FRAGMENT_BAD;
	return DECODE_OK;
}

static enum decode_result read_fragment_header(struct cursor *in, struct network_layer *network)
{
	cursor_skip(in, 1); /* reserved */

	uint16_t offset_and_flags = cursor_be16(in);
	uint32_t id = cursor_be32(in);

	if (!cursor_ok(in))
		return DECODE_TRUNCATED_NETWORK;
	if (network->is_fragment)
		return DECODE_FRAGMENT_BAD; /* a fragment of a fragment needs a tunnel */

	network->fragment_offset = offset_and_flags & FRAGMENT6_OFFSET;
	network->more_fragments = offset_and_flags & FRAGMENT6_MORE;
	network->is_fragment = network->fragment_offset > 0 || network->more_fragments;
	network->fragment_id = id;
	network->id_and_fragment = (id & UINT16_MAX) << 16 | offset_and_flags;
	return DECODE_OK;
}

/* In bytes; `len` is the header's own field, which each kind counts in its way. */
static uint32_t extension_len(uint8_t kind, uint8_t len)
{
	if (kind == EXTENSION_FRAGMENT)
		return 8;
	if (kind == EXTENSION_AUTHENTICATION)
		return (len + 2U) * 4;
	return (len + 1U) * 8;
}

static enum decode_result skip_extension(struct network_layer *network)
{
	uint8_t kind = network->protocol;
	struct cursor rest = cursor_over(network->payload.data, network->payload.len);
	struct cursor peek = rest;
	uint8_t next = cursor_u8(&peek);
	uint8_t len_field = cursor_u8(&peek);
	uint32_t len = extension_len(kind, len_field);
	struct cursor header = cursor_sub(&rest, len);

	if (!cursor_ok(&peek) || !cursor_ok(&header)) {
		if (network->payload_len >= len)
			return DECODE_TRUNCATED_NETWORK;
		return network->is_fragment ? DECODE_FRAGMENT_BAD : DECODE_BAD_NETWORK;
	}

	network->protocol = next;
	network->payload = rest.rest;
	network->payload_len -= len;
	if (kind != EXTENSION_FRAGMENT)
		return DECODE_OK;

	cursor_skip(&header, 1); /* next header */

	enum decode_result result = read_fragment_header(&header, network);

	if (result == DECODE_OK && network->is_fragment)
		result = begin_fragment(network);
	return result;
}

static bool is_extension(uint8_t protocol)
{
	return protocol == EXTENSION_HOP_BY_HOP || protocol == EXTENSION_ROUTING ||
	       protocol == EXTENSION_FRAGMENT || protocol == EXTENSION_AUTHENTICATION ||
	       protocol == EXTENSION_DESTINATION;
}

static enum decode_result skip_extensions_v6(struct network_layer *network)
{
	for (unsigned count = 0; is_extension(network->protocol); count++) {
		if (count == EXTENSIONS_MAX)
			return DECODE_TOO_MANY_EXTENSIONS;
		/* RFC 8200 4.1: first or not at all. */
		if (network->protocol == EXTENSION_HOP_BY_HOP && count > 0)
			return DECODE_BAD_NETWORK;

		enum decode_result result = skip_extension(network);

		if (result != DECODE_OK || network_layer_is_fragment_rest(network))
			return result;
	}
	return DECODE_OK;
}

/* IPsec without encryption (RFC 4302) is the only extension header of IPv4. */
static enum decode_result skip_authentication_v4(struct network_layer *network)
{
	for (unsigned count = 0; network->protocol == EXTENSION_AUTHENTICATION; count++) {
		if (count == EXTENSIONS_MAX)
			return DECODE_TOO_MANY_EXTENSIONS;

		enum decode_result result = skip_extension(network);

		if (result != DECODE_OK)
			return result;
	}
	return DECODE_OK;
}

static enum decode_result read_fragment_v4(struct network_layer *network)
{
	uint32_t flags_and_offset = network->id_and_fragment & UINT16_MAX;

	network->is_fragment = true;
	network->fragment_id = network->id_and_fragment >> 16;
	network->fragment_protocol = network->protocol;
	network->fragment_offset = (flags_and_offset & FRAGMENT_OFFSET) * FRAGMENT_UNIT;
	network->more_fragments = flags_and_offset & FRAGMENT_MORE;
	return begin_fragment(network);
}

enum decode_result network_layer_read_v4(struct span bytes, uint32_t wire_len,
					 struct network_layer *out)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct span header;

	if (!header_take(&in, IPV4_HEADER_LEN, &header))
		return DECODE_TRUNCATED_NETWORK;

	out->ip_version = 4;
	out->ttl = ipv4_ttl(header);
	out->protocol = ipv4_protocol(header);
	address_set_v4(&out->source, ipv4_source(header));
	address_set_v4(&out->destination, ipv4_destination(header));

	uint32_t header_len = (ipv4_version_and_len(header) & 0x0fU) * 4;
	uint32_t ip_len = ipv4_len(header) > 0 ? ipv4_len(header) : wire_len;

	if (ipv4_version_and_len(header) >> 4 != 4 || header_len < IPV4_HEADER_LEN ||
	    ip_len < header_len)
		return DECODE_BAD_NETWORK;

	struct cursor packet = captured_of(bytes, ip_len);

	out->ip = packet.rest;
	out->ip_len = ip_len;
	cursor_skip(&packet, header_len);
	if (!cursor_ok(&packet))
		return DECODE_TRUNCATED_NETWORK;
	out->payload = packet.rest;
	out->payload_len = ip_len - header_len;
	out->is_fragment = false;
	out->id_and_fragment = ipv4_id_and_fragment(header);

	if ((ipv4_id_and_fragment(header) & (FRAGMENT_MORE | FRAGMENT_OFFSET)) != 0) {
		enum decode_result result = read_fragment_v4(out);

		if (result != DECODE_OK || out->fragment_offset > 0)
			return result;
	}
	if (out->protocol == EXTENSION_AUTHENTICATION)
		return skip_authentication_v4(out);
	return DECODE_OK;
}

/* RFC 2675: a payload length of 0 with a hop-by-hop header. Without one the card was to fill it. */
static enum decode_result payload_len_v6(uint16_t field, uint8_t next, uint32_t wire_len,
					 uint32_t *len)
{
	*len = field;
	if (field > 0 || next == EXTENSION_NONE)
		return DECODE_OK;
	if (next == EXTENSION_HOP_BY_HOP)
		return DECODE_JUMBOGRAM;
	*len = wire_len > IPV6_HEADER_LEN ? wire_len - IPV6_HEADER_LEN : 0;
	return DECODE_OK;
}

enum decode_result network_layer_read_v6(struct span bytes, uint32_t wire_len,
					 struct network_layer *out)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct span header;

	if (!header_take(&in, IPV6_HEADER_LEN, &header))
		return DECODE_TRUNCATED_NETWORK;

	out->ip_version = 6;
	out->protocol = ipv6_next(header);
	out->ttl = ipv6_hop_limit(header);
	memcpy(out->source.bytes, ipv6_source(header).data, ADDRESS_LEN);
	memcpy(out->destination.bytes, ipv6_destination(header).data, ADDRESS_LEN);
	if (ipv6_version_and_class(header) >> 4 != 6)
		return DECODE_BAD_NETWORK;

	enum decode_result result = payload_len_v6(ipv6_payload_len(header), out->protocol,
						   wire_len, &out->payload_len);

	if (result != DECODE_OK)
		return result;

	out->ip_len = IPV6_HEADER_LEN + out->payload_len;

	struct cursor packet = captured_of(bytes, out->ip_len);

	out->ip = packet.rest;
	cursor_skip(&packet, IPV6_HEADER_LEN);
	out->payload = packet.rest;
	out->is_fragment = false;
	out->id_and_fragment = 0;
	out->fragment_protocol = 0;
	return skip_extensions_v6(out);
}
