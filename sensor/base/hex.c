#include "sensor/base/hex.h"

#include "sensor/base/digits.h"

#include <string.h>

void hex_text(const uint8_t *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		out = digits_hex_byte(out, bytes[i]);
	*out = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_bytes(const char *text, uint8_t *out, size_t len)
{
	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = digit_value(text[2 * i]);
		int low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
