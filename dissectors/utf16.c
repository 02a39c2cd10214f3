#include "dissectors/utf16.h"

enum {
	REPLACEMENT = 0xfffd,
	HIGH_SURROGATE = 0xd800,
	LOW_SURROGATE = 0xdc00,
	SURROGATE_MASK = 0xfc00,
	SURROGATE_BITS = 10,
	SUPPLEMENTARY = 0x10000,
};

/* RFC 3629 3: the last character of each length, what marks it, and six bits a byte behind. */
enum {
	ONE_BYTE_END = 0x80,
	TWO_BYTES_END = 0x800,
	CONTINUED = 0x80,
	CONTINUED_BITS = 6,
	CONTINUED_MASK = 0x3f,
	UTF8_MAX = 4,
};

static uint32_t take_character(struct cursor *in)
{
	uint16_t unit = cursor_le16(in);

	if ((unit & SURROGATE_MASK) == LOW_SURROGATE)
		return REPLACEMENT;
	if ((unit & SURROGATE_MASK) != HIGH_SURROGATE)
		return unit;

	struct cursor ahead = *in;
	uint16_t low = cursor_le16(&ahead);

	if ((low & SURROGATE_MASK) != LOW_SURROGATE)
		return REPLACEMENT;
	*in = ahead;
	return SUPPLEMENTARY + ((uint32_t)(unit - HIGH_SURROGATE) << SURROGATE_BITS) +
	       (low - LOW_SURROGATE);
}

static size_t encode(uint32_t character, uint8_t bytes[UTF8_MAX])
{
	static const uint8_t lead[UTF8_MAX + 1] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = 4;

	if (character < ONE_BYTE_END)
		len = 1;
	else if (character < TWO_BYTES_END)
		len = 2;
	else if (character < SUPPLEMENTARY)
		len = 3;
	for (size_t i = len - 1; i > 0; i--) {
		bytes[i] = (uint8_t)(CONTINUED | (character & CONTINUED_MASK));
		character >>= CONTINUED_BITS;
	}
	bytes[0] = (uint8_t)(lead[len] | character);
	return len;
}

size_t utf16_to_utf8(struct span text, char *out, size_t size)
{
	struct cursor in = { .rest = text };
	size_t used = 0;

	while (cursor_left(&in) >= sizeof(uint16_t)) {
		uint8_t bytes[UTF8_MAX];
		uint32_t character = take_character(&in);
		size_t len = encode(character, bytes);

		if (character == 0 || len >= size - used)
			break;
		memcpy(&out[used], bytes, len);
		used += len;
	}
	out[used] = '\0';
	return used;
}
