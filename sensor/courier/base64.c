#include "sensor/courier/base64.h"

#include <stdlib.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_len(size_t len)
{
	return (len + 2) / 3 * 4;
}

char *base64_text(const uint8_t *bytes, size_t len)
{
	char *out = malloc(base64_len(len) + 1);
	char *at = out;

	if (!out)
		return NULL;
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;

		three |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
		three |= i + 2 < len ? bytes[i + 2] : 0;
		at[0] = letters[three >> 18];
		at[1] = letters[three >> 12 & 63];
		at[2] = letters[three >> 6 & 63];
		at[3] = letters[three & 63];
		if (i + 1 >= len)
			at[2] = '=';
		if (i + 2 >= len)
			at[3] = '=';
		at += 4;
	}
	*at = '\0';
	return out;
}
