#include "dissectors/base64.h"

#include "dissectors/line.h"

enum {
	SEXTET_BITS = 6,
	BYTE_BITS = 8,
	LOWER_AT = 26,
	DIGITS_AT = 52,
	PLUS = 62,
	SLASH = 63,
	NO_SEXTET = 64,
};

static uint8_t sextet_of(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (uint8_t)(byte - 'A');
	if (byte >= 'a' && byte <= 'z')
		return (uint8_t)(byte - 'a' + LOWER_AT);
	if (ascii_is_digit(byte))
		return (uint8_t)(byte - '0' + DIGITS_AT);
	if (byte == '+')
		return PLUS;
	return byte == '/' ? SLASH : NO_SEXTET;
}

bool base64_decode(struct span text, uint8_t *out, size_t max, size_t *len)
{
	uint32_t bits = 0;
	unsigned bit_count = 0;
	size_t written = 0;
	bool is_padded = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t sextet = sextet_of(text.data[i]);

		is_padded |= text.data[i] == '=';
		if (is_padded && text.data[i] != '=')
			return false;
		if (is_padded)
			continue;
		if (sextet == NO_SEXTET)
			return false;
		bits = (bits << SEXTET_BITS | sextet) & UINT16_MAX;
		bit_count += SEXTET_BITS;
		if (bit_count < BYTE_BITS)
			continue;
		bit_count -= BYTE_BITS;
		if (written < max)
			out[written++] = (uint8_t)(bits >> bit_count);
	}
	*len = written;
	return true;
}
