#include "sensor/lane/syn_shape.h"

enum {
	IPV4_HEADER_LEN = 20,
	IPV6_HEADER_LEN = 40,
	TCP_HEADER_LEN = 20,
	IHL_MASK = 0x0f,
	DONT_FRAGMENT_BIT = 46, /* of struct packet's identity */
	TTL_STEP = 32,          /* hosts begin with multiples, and lose a few on their way */
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_TIMESTAMP = 8, /* another value each time */
};

/* The top bits of a product depend on all bits of both. */
static inline uint64_t mix(uint64_t shape, uint64_t value)
{
	return (shape ^ value) * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

static inline uint64_t mix_options(uint64_t shape, struct cursor in)
{
	while (cursor_left(&in) > 0) {
		uint8_t kind = cursor_u8(&in);

		shape = mix(shape, kind);
		if (kind == OPTION_NOP)
			continue;

		uint8_t len = cursor_u8(&in);
		struct cursor value = cursor_sub(&in, len >= 2 ? len - 2U : SIZE_MAX);

		if (kind == OPTION_TIMESTAMP || !cursor_ok(&in))
			continue;
		while (cursor_left(&value) > 0)
			shape = shape << 8 ^ cursor_u8(&value);
	}
	return shape;
}

__attribute__((flatten)) uint32_t syn_shape(const struct packet *packet)
{
	struct cursor in = cursor_over(packet->ip.data, packet->ip.len);
	bool is_v4 = packet->key.ip_version == 4;
	uint64_t shape = (uint64_t)packet->tcp_window << 32 | (uint64_t)packet->tcp_flags << 16 |
			 (uint64_t)packet->ttl / TTL_STEP << 8 | is_v4;
	struct cursor peek = in;
	size_t headers = IPV6_HEADER_LEN;

	if ((packet->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
	    packet->key.protocol != IP_TCP || packet->is_fragment_rest)
		return 0;
	if (is_v4)
		headers = (cursor_u8(&peek) & IHL_MASK) * sizeof(uint32_t);
	cursor_skip(&in, headers + TCP_HEADER_LEN);
	if (!cursor_ok(&in))
		return 0;

	struct cursor options = cursor_sub(&in, cursor_left(&in) - packet->payload.len);

	shape = mix(shape,
		    (packet->identity >> DONT_FRAGMENT_BIT & 1) << 1 | (cursor_left(&in) > 0));
	shape = mix_options(shape, options);
	return (uint32_t)(shape >> 32) | 1;
}
