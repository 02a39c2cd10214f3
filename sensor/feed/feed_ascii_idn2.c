#include "sensor/feed/feed_ascii.h"

#include <idn2.h>
#include <stdio.h>
#include <string.h>

enum { HOST_LEN = 512 };

enum err feed_to_ascii(const char *text, char *out, size_t size)
{
	const char *scheme = strstr(text, "://");
	const char *start = scheme ? scheme + 3 : text;
	size_t len = strcspn(start, "/?#:");
	char host[HOST_LEN];
	char *ascii = NULL;
	int written;

	if (len >= sizeof(host))
		return ERR_RANGE;
	memcpy(host, start, len);
	host[len] = '\0';
	if (idn2_to_ascii_8z(host, &ascii, IDN2_NONTRANSITIONAL) != IDN2_OK)
		return ERR_SYNTAX;
	written = snprintf(out, size, "%.*s%s%s", (int)(start - text), text, ascii, start + len);
	idn2_free(ascii);
	return written > 0 && (size_t)written < size ? ERR_OK : ERR_RANGE;
}
