#include "tests/bench/frame_layout.h"

#include "dissectors/cursor.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_VLAN = 0x8100,
	ETHER_QINQ = 0x88a8,
	TAGS_MAX = 2,
	MACS_LEN = 12,
	WORD = 4,
	IPV4_WORDS = 5,
	NO_FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
};

struct ends {
	struct address source;
	struct address destination;
	uint8_t protocol;
	bool is_fragment;
	bool has_more_headers;
	size_t body_len; /* as the header says */
};

static uint16_t read_ethernet(struct cursor *in, bool *has_tags)
{
	cursor_skip(in, MACS_LEN);
	uint16_t type = cursor_be16(in);

	for (int i = 0; i < TAGS_MAX && (type == ETHER_VLAN || type == ETHER_QINQ); i++) {
		*has_tags = true;
		cursor_skip(in, 2);
		type = cursor_be16(in);
	}
	return type;
}

static bool read_ipv4(struct cursor *in, struct ends *out)
{
	uint8_t bytes[WORD] = { 0 };
	uint8_t first = cursor_u8(in);
	size_t header_len = (size_t)(first & 0xf) * WORD;

	cursor_skip(in, 1);
	size_t total_len = cursor_be16(in);
	cursor_skip(in, 2);
	out->is_fragment = (cursor_be16(in) & NO_FRAGMENT_MASK) != 0;
	cursor_skip(in, 1);
	out->protocol = cursor_u8(in);
	cursor_skip(in, 2);
	cursor_copy(in, bytes, sizeof(bytes));
	out->source = address_v4(bytes);
	cursor_copy(in, bytes, sizeof(bytes));
	out->destination = address_v4(bytes);
	if (first >> 4 != 4 || first < (4 << 4 | IPV4_WORDS) || total_len < header_len)
		return false;
	cursor_skip(in, header_len - (size_t)IPV4_WORDS * WORD);
	out->has_more_headers = header_len != (size_t)IPV4_WORDS * WORD;
	out->body_len = total_len - header_len;
	return cursor_ok(in);
}

static bool read_ipv6(struct cursor *in, struct ends *out)
{
	uint8_t bytes[ADDRESS_LEN] = { 0 };
	uint8_t first = cursor_u8(in);

	cursor_skip(in, 3);
	out->body_len = cursor_be16(in);
	out->protocol = cursor_u8(in);
	cursor_skip(in, 1);
	cursor_copy(in, bytes, sizeof(bytes));
	out->source = address_v6(bytes);
	cursor_copy(in, bytes, sizeof(bytes));
	out->destination = address_v6(bytes);
	return first >> 4 == 6 && cursor_ok(in);
}

/* The ports, and for TCP what a tail must go on from; false when the header is not all there. */
static bool read_transport(struct cursor *in, uint8_t protocol, uint16_t ports[2],
			   struct frame_layout *layout)
{
	ports[0] = cursor_be16(in);
	ports[1] = cursor_be16(in);
	if (protocol == IP_UDP) {
		cursor_skip(in, 4);
		return cursor_ok(in);
	}
	layout->tcp_sequence = cursor_be32(in);
	layout->tcp_acknowledged = cursor_be32(in);
	size_t header_len = (size_t)(cursor_u8(in) >> 4) * WORD;

	layout->tcp_flags = cursor_u8(in);
	cursor_skip(in, 6);
	if (header_len < (size_t)IPV4_WORDS * WORD)
		return false;
	cursor_skip(in, header_len - (size_t)IPV4_WORDS * WORD);
	return cursor_ok(in);
}

bool frame_layout_of(const uint8_t *frame, size_t len, struct frame_layout *out)
{
	struct cursor whole = cursor_over(frame, len);
	struct cursor in = whole;
	struct frame_layout layout = { 0 };
	struct ends ends = { 0 };
	bool has_tags = false;
	uint16_t type = read_ethernet(&in, &has_tags);
	uint16_t ports[2] = { 0, 0 };

	layout.ip = cursor_offset(&in, &whole);
	if (type == ETHER_IPV4 ? !read_ipv4(&in, &ends)
			       : type != ETHER_IPV6 || !read_ipv6(&in, &ends))
		return false;
	layout.is_plain = !has_tags && !ends.has_more_headers && cursor_left(&in) >= ends.body_len;
	if (!ends.is_fragment)
		layout.transport = cursor_offset(&in, &whole);
	if (!ends.is_fragment && (ends.protocol == IP_TCP || ends.protocol == IP_UDP)) {
		struct cursor body = { .rest = cursor_take_up_to(&in, ends.body_len) };

		layout.has_transport = read_transport(&body, ends.protocol, ports, &layout);
		layout.payload_len = cursor_left(&body);
		layout.payload = len - cursor_left(&in) - layout.payload_len;
	}
	if (!layout.has_transport)
		ports[0] = ports[1] = 0;
	layout.key = flow_key_of(&ends.source, ports[0], &ends.destination, ports[1],
				 &layout.source_is_low);
	layout.key.protocol = ends.protocol;
	layout.key.ip_version = type == ETHER_IPV4 ? 4 : 6;
	*out = layout;
	return true;
}
