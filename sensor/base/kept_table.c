#include "sensor/base/kept_table.h"

#include "sensor/base/text.h"

#include <string.h>

enum { TEXT_MOST = 512 };

bool kept_are_flags(const bool *flags, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t byte;

		memcpy(&byte, &flags[i], sizeof(byte));
		if (byte > 1)
			return false;
	}
	return true;
}

bool kept_is_text(const char *text, size_t size)
{
	char shown[TEXT_MOST];
	size_t len = strnlen(text, size);
	struct span bytes = { .data = (const uint8_t *)text, .len = len };

	return len < size && text_from_wire(bytes, shown, sizeof(shown)) && strlen(shown) == len &&
	       memcmp(shown, text, len) == 0;
}

void kept_tidy_text(char *text, size_t size)
{
	size_t len = strnlen(text, size);

	memset(text + len, 0, size - len);
}
