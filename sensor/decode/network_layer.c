#include "sensor/decode/network_layer.h"

#include <string.h>

enum {
	IPV4_HEADER_LEN = 20,
	IPV6_HEADER_LEN = 40,
	IP_LEN_MAX = 65535,
	EXTENSIONS_MAX = 8,

	FRAGMENT_MORE = 0x2000, /* IPv4's flags and offset, in units of 8 bytes */
	FRAGMENT_OFFSET = 0x1fff,
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

/* address_v4(), in line. */
static inline void set_v4(struct address *a, const uint8_t *bytes)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	memcpy(a->bytes, mapped, sizeof(mapped));
	memcpy(a->bytes + sizeof(mapped), bytes, 4);
}

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

static enum decode_result read_fragment_v4(uint16_t flags_and_offset, uint16_t id,
					   struct network_layer *network)
{
	network->is_fragment = true;
	network->fragment_id = id;
	network->fragment_protocol = network->protocol;
	network->fragment_offset = (flags_and_offset & FRAGMENT_OFFSET) * (uint32_t)FRAGMENT_UNIT;
	network->more_fragments = flags_and_offset & FRAGMENT_MORE;
	return begin_fragment(network);
}

enum decode_result network_layer_read_v4(struct span bytes, uint32_t wire_len,
					 struct network_layer *out)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct cursor header = cursor_sub(&in, IPV4_HEADER_LEN);

	if (cursor_left(&header) < IPV4_HEADER_LEN)
		return DECODE_TRUNCATED_NETWORK;

	uint8_t version_and_len = cursor_u8(&header);

	cursor_skip(&header, 1); /* type of service */

	uint32_t ip_len = cursor_be16(&header);
	uint16_t id = cursor_be16(&header);
	uint16_t flags_and_offset = cursor_be16(&header);

	out->ip_version = 4;
	out->ttl = cursor_u8(&header);
	out->protocol = cursor_u8(&header);
	cursor_skip(&header, 2); /* checksum */
	set_v4(&out->source, cursor_take(&header, 4).data);
	set_v4(&out->destination, cursor_take(&header, 4).data);

	uint32_t header_len = (version_and_len & 0x0fU) * 4;

	if (ip_len == 0)
		ip_len = wire_len;
	if (version_and_len >> 4 != 4 || header_len < IPV4_HEADER_LEN || ip_len < header_len)
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

	if ((flags_and_offset & (FRAGMENT_MORE | FRAGMENT_OFFSET)) != 0) {
		enum decode_result result = read_fragment_v4(flags_and_offset, id, out);

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
	struct cursor header = cursor_sub(&in, IPV6_HEADER_LEN);

	if (cursor_left(&header) < IPV6_HEADER_LEN)
		return DECODE_TRUNCATED_NETWORK;

	uint32_t version_class_label = cursor_be32(&header);
	uint16_t len_field = cursor_be16(&header);

	out->ip_version = 6;
	out->protocol = cursor_u8(&header);
	out->ttl = cursor_u8(&header);
	memcpy(out->source.bytes, cursor_take(&header, ADDRESS_LEN).data, ADDRESS_LEN);
	memcpy(out->destination.bytes, cursor_take(&header, ADDRESS_LEN).data, ADDRESS_LEN);
	if (version_class_label >> 28 != 6)
		return DECODE_BAD_NETWORK;

	enum decode_result result =
		payload_len_v6(len_field, out->protocol, wire_len, &out->payload_len);

	if (result != DECODE_OK)
		return result;

	out->ip_len = IPV6_HEADER_LEN + out->payload_len;

	struct cursor packet = captured_of(bytes, out->ip_len);

	out->ip = packet.rest;
	cursor_skip(&packet, IPV6_HEADER_LEN);
	out->payload = packet.rest;
	out->is_fragment = false;
	out->fragment_protocol = 0;
	return skip_extensions_v6(out);
}
