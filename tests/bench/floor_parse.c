#include "tests/bench/floor_parse.h"

#include "sensor/base/flow_key.h"

#include <string.h>

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_VLAN = 0x8100,
	ETHER_QINQ = 0x88a8,
	TAGS_MAX = 4,
	ETHERNET_LEN = 14,
	IPV4_LEN = 20,
	IPV6_LEN = 40,
	TCP_LEN = 20,
	UDP_LEN = 8,
	EXTENSIONS_MAX = 4,
	EXTENSION_UNIT = 8,
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	DESTINATION_OPTIONS = 60,
	OFFSET_MASK = 0x1fff,
};

/* From here on as the wire has it: source first; canonical at the end. */
struct ends {
	uint64_t source[2];
	uint64_t destination[2];
	uint16_t ports[2];
	uint16_t vlan;
	uint8_t protocol;
	uint8_t version;
	bool is_later_fragment;
};

/*
 * A header of a length that the compiler knows: one check, and none for each field. That is 100
 * instructions a packet, without which this would be no floor.
 */
static inline bool take_header(struct cursor *in, size_t len, struct cursor *header)
{
	struct span bytes = cursor_take(in, len);

	if (bytes.len != len)
		return false;
	*header = cursor_over(bytes.data, len);
	return true;
}

static inline bool read_ipv4(struct cursor *in, struct ends *ends, struct floor_parsed *out)
{
	struct cursor whole = *in;
	struct cursor header;

	if (!take_header(in, IPV4_LEN, &header))
		return false;
	uint8_t first = cursor_u8(&header);
	size_t header_len = (size_t)(first & 0xf) * 4;

	cursor_skip(&header, 1);
	size_t total_len = cursor_be16(&header);
	cursor_skip(&header, 2);
	ends->is_later_fragment = (cursor_be16(&header) & OFFSET_MASK) != 0;
	cursor_skip(&header, 1);
	ends->protocol = cursor_u8(&header);
	cursor_skip(&header, 2);
	ends->source[0] = ends->destination[0] = 0;
	ends->source[1] = cursor_be32(&header);
	ends->destination[1] = cursor_be32(&header);
	if (first >> 4 != 4 || header_len < IPV4_LEN || total_len < header_len)
		return false;
	ends->version = 4;
	out->ip = cursor_take_up_to(&whole, total_len);
	*in = (struct cursor){ .rest = out->ip };
	cursor_skip(in, header_len);
	return cursor_ok(in);
}

static inline uint64_t read_word(struct cursor *in)
{
	uint64_t high = cursor_be32(in);

	return high << 32 | cursor_be32(in);
}

/* Returns the protocol behind the extension headers. */
static uint8_t skip_extensions(struct cursor *in, uint8_t next, struct ends *ends)
{
	for (int i = 0; i < EXTENSIONS_MAX && (next == HOP_BY_HOP || next == ROUTING ||
					       next == FRAGMENT || next == DESTINATION_OPTIONS);
	     i++) {
		uint8_t own = next;

		next = cursor_u8(in);
		size_t units = cursor_u8(in);
		uint16_t offset = cursor_be16(in);

		cursor_skip(in, EXTENSION_UNIT - 4);
		if (own == FRAGMENT)
			ends->is_later_fragment = offset >> 3 != 0;
		else
			cursor_skip(in, units * EXTENSION_UNIT);
	}
	return next;
}

static inline bool read_ipv6(struct cursor *in, struct ends *ends, struct floor_parsed *out)
{
	struct cursor header;

	out->ip = in->rest;
	if (!take_header(in, IPV6_LEN, &header))
		return false;
	uint8_t first = cursor_u8(&header);

	cursor_skip(&header, 5);
	uint8_t next = cursor_u8(&header);

	cursor_skip(&header, 1);
	for (int i = 0; i < 2; i++)
		ends->source[i] = read_word(&header);
	for (int i = 0; i < 2; i++)
		ends->destination[i] = read_word(&header);
	ends->is_later_fragment = false;
	ends->protocol = skip_extensions(in, next, ends);
	ends->version = 6;
	return first >> 4 == 6 && cursor_ok(in);
}

static inline bool read_transport(struct cursor *in, struct ends *ends, struct floor_parsed *out)
{
	struct cursor header;

	out->payload_len = cursor_left(in);
	if (ends->protocol == IP_TCP) {
		if (!take_header(in, TCP_LEN, &header))
			return false;
		ends->ports[0] = cursor_be16(&header);
		ends->ports[1] = cursor_be16(&header);
		cursor_skip(&header, 8);
		size_t header_len = (size_t)(cursor_u8(&header) >> 4) * 4;

		out->packet.tcp_flags = cursor_u8(&header);
		out->payload_len =
			header_len <= out->payload_len ? out->payload_len - header_len : 0;
	} else if (ends->protocol == IP_UDP) {
		if (!take_header(in, UDP_LEN, &header))
			return false;
		ends->ports[0] = cursor_be16(&header);
		ends->ports[1] = cursor_be16(&header);
		out->payload_len -= UDP_LEN;
	}
	return true;
}

static inline int compare_ends(const struct ends *ends)
{
	for (int i = 0; i < 2; i++) {
		if (ends->source[i] != ends->destination[i])
			return ends->source[i] < ends->destination[i] ? -1 : 1;
	}
	return ends->ports[0] > ends->ports[1] ? 1 : -1;
}

static inline void set_key(struct floor_parsed *out, const struct ends *ends)
{
	bool from_high = compare_ends(ends) > 0;
	const uint64_t *low = from_high ? ends->destination : ends->source;
	const uint64_t *high = from_high ? ends->source : ends->destination;

	out->packet.key = (struct floor_key){
		.low = { low[0], low[1] },
		.high = { high[0], high[1] },
		.ports = (uint32_t)ends->ports[from_high] << 16 | ends->ports[!from_high],
		.protocol = ends->protocol,
		.version = ends->version,
		.vlan = ends->vlan,
	};
	out->packet.from_high = from_high;
}

bool floor_parse(const uint8_t *frame, size_t len, struct floor_parsed *out)
{
	struct cursor in = cursor_over(frame, len);
	struct cursor header;
	struct ends ends;

	if (!take_header(&in, ETHERNET_LEN, &header))
		return false;
	cursor_skip(&header, ETHERNET_LEN - 2);
	uint16_t type = cursor_be16(&header);

	ends.vlan = ends.ports[0] = ends.ports[1] = 0;
	for (int i = 0; i < TAGS_MAX && (type == ETHER_VLAN || type == ETHER_QINQ); i++) {
		ends.vlan = cursor_be16(&in) & 0xfff;
		type = cursor_be16(&in);
	}
	if (type == ETHER_IPV4 ? !read_ipv4(&in, &ends, out)
			       : type != ETHER_IPV6 || !read_ipv6(&in, &ends, out))
		return false;
	out->packet.tcp_flags = 0;
	if (!ends.is_later_fragment && !read_transport(&in, &ends, out))
		return false;
	set_key(out, &ends);
	return true;
}
