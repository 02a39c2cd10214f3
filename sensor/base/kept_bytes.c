#include "sensor/base/kept_bytes.h"

#include <string.h>

enum { ZEROS_LEAST = 4, PLAIN_MOST = UINT8_MAX, ZEROS_MOST = UINT16_MAX };

static size_t count_zeros(const uint8_t *value, size_t len, size_t most)
{
	size_t zeros = 0;

	while (zeros < len && zeros < most && value[zeros] == 0)
		zeros++;
	return zeros;
}

/* Up to zeros that are worth the three bytes of another piece, or to the end. */
static size_t count_plain(const uint8_t *value, size_t len)
{
	size_t at = 0;

	while (at < len && at < PLAIN_MOST) {
		size_t zeros = count_zeros(value + at, len - at, ZEROS_LEAST);

		if (zeros == ZEROS_LEAST || at + zeros == len)
			break;
		at += zeros + 1;
	}
	return at < PLAIN_MOST ? at : PLAIN_MOST;
}

size_t kept_pack(const uint8_t *value, size_t len, uint8_t *out)
{
	size_t at = 0;
	size_t written = 0;

	while (at < len) {
		size_t plain = count_plain(value + at, len - at);
		size_t zeros;

		out[written++] = (uint8_t)plain;
		memcpy(out + written, value + at, plain);
		written += plain;
		at += plain;
		zeros = count_zeros(value + at, len - at, ZEROS_MOST);
		out[written++] = (uint8_t)zeros;
		out[written++] = (uint8_t)(zeros >> 8);
		at += zeros;
	}
	return written;
}

bool kept_unpack(struct span packed, uint8_t *out, size_t len)
{
	struct cursor in = { .rest = packed };
	size_t at = 0;

	while (cursor_left(&in) > 0) {
		struct span plain = cursor_take(&in, cursor_u8(&in));
		size_t zeros = cursor_le16(&in);

		if (!cursor_ok(&in) || plain.len > len - at || zeros > len - at - plain.len)
			return false;
		if (plain.len > 0)
			memcpy(out + at, plain.data, plain.len);
		memset(out + at + plain.len, 0, zeros);
		at += plain.len + zeros;
	}
	return at == len;
}
