#include "dissectors/netbios_name.h"

enum {
	ENCODED_LEN = 32, /* two letters for each of the sixteen bytes */
	LABEL_LEN_MAX = 63,
	LABEL_KIND_POINTER = 0xc0,
};

/* Two letters A to P, the high half first. */
static bool decode_byte(struct cursor *encoded, uint8_t *byte)
{
	uint8_t high = cursor_u8(encoded);
	uint8_t low = cursor_u8(encoded);

	if (high < 'A' || high > 'P' || low < 'A' || low > 'P')
		return false;
	*byte = (uint8_t)((high - 'A') << 4 | (low - 'A'));
	return true;
}

static bool decode_name(struct cursor encoded, struct netbios_name *name)
{
	size_t len = 0;

	for (size_t i = 0; i < NETBIOS_NAME_LEN; i++) {
		uint8_t byte = 0;

		if (!decode_byte(&encoded, &byte))
			return false;
		name->text[i] = (char)byte;
		if (byte != ' ' && byte != '\0')
			len = i + 1;
	}
	memset(&name->text[len], '\0', sizeof(name->text) - len);
	return decode_byte(&encoded, &name->suffix);
}

enum dissect netbios_name_skip_labels(struct cursor *in)
{
	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(in);

		if (len > LABEL_LEN_MAX && len < LABEL_KIND_POINTER)
			return DISSECT_MALFORMED;
		cursor_skip(in, len > LABEL_LEN_MAX ? 1 : len);
		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (len == 0 || len > LABEL_LEN_MAX)
			return DISSECT_OK;
	}
}

enum dissect netbios_name_read(struct cursor *in, struct netbios_name *out)
{
	struct netbios_name name = { 0 };
	uint8_t len = cursor_u8(in);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (len != ENCODED_LEN)
		return DISSECT_MALFORMED;

	struct cursor encoded = cursor_sub(in, ENCODED_LEN);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (!decode_name(encoded, &name))
		return DISSECT_MALFORMED;

	enum dissect got = netbios_name_skip_labels(in);

	if (got == DISSECT_OK)
		*out = name;
	return got;
}
