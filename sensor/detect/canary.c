#include "sensor/detect/canary.h"

#include <string.h>

enum {
	TOKEN_DIGITS = CANARY_TOKEN_LEN - 1,
	DNS_HEADER = 12,
};

static const char hex_digits[] = "0123456789abcdef";
static const char after[] = "." CANARY_LABEL ".";

bool canary_token(const char *name, char token[static CANARY_TOKEN_LEN])
{
	if (strspn(name, hex_digits) != TOKEN_DIGITS ||
	    strncmp(name + TOKEN_DIGITS, after, sizeof(after) - 1) != 0)
		return false;
	memcpy(token, name, TOKEN_DIGITS);
	token[TOKEN_DIGITS] = '\0';
	return true;
}

/* The first question stands behind the header: two labels of known lengths. */
bool canary_may_be(struct span payload)
{
	static const char second[] = "\x0d" CANARY_LABEL;
	size_t at = DNS_HEADER + 1 + TOKEN_DIGITS;

	return payload.len >= at + sizeof(second) - 1 && payload.data[DNS_HEADER] == TOKEN_DIGITS &&
	       memcmp(payload.data + at, second, sizeof(second) - 1) == 0;
}
