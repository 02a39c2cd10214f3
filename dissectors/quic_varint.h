/* QUIC's integers of variable length (RFC 9000 16): two bits say how many bytes there are. */
#pragma once

#include "dissectors/cursor.h"

static inline uint64_t quic_varint(struct cursor *c)
{
	enum { LENGTH_SHIFT = 6, VALUE_MASK = 0x3f, BYTE_BITS = 8 };
	uint8_t first = cursor_u8(c);
	uint64_t value = first & VALUE_MASK;

	for (unsigned more = (1U << (first >> LENGTH_SHIFT)) - 1; more > 0; more--)
		value = value << BYTE_BITS | cursor_u8(c);
	return cursor_ok(c) ? value : 0;
}

/* As many bytes as the integer before them says; the cursor fails when there are fewer. */
static inline struct span quic_take_counted(struct cursor *c)
{
	uint64_t len = quic_varint(c);

	return cursor_take(c, len < SIZE_MAX ? (size_t)len : SIZE_MAX);
}
