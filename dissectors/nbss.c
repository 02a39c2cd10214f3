#include "dissectors/nbss.h"

/* RFC 1002 4.3.2 to 4.3.6. A name is 32 letters with a length before and a scope behind. */
enum {
	ENCODED_NAME_LEN = 32,
	NAME_MIN = 1 + ENCODED_NAME_LEN + 1,
	NAME_MAX = 255,
	NEGATIVE_LEN = 1,
	RETARGET_LEN = 6,
};

static bool is_length_possible(uint8_t kind, uint32_t length)
{
	switch (kind) {
	case NBSS_MESSAGE:
		return true;
	case NBSS_SESSION_REQUEST:
		return length >= 2 * NAME_MIN && length <= 2 * NAME_MAX;
	case NBSS_NEGATIVE_RESPONSE:
		return length == NEGATIVE_LEN;
	case NBSS_RETARGET_RESPONSE:
		return length == RETARGET_LEN;
	case NBSS_POSITIVE_RESPONSE:
	case NBSS_KEEP_ALIVE:
		return length == 0;
	default:
		return false;
	}
}

/* RFC 1001 14.1: each byte is two letters from 'A' to 'P'. */
static bool decode_byte(struct cursor *encoded, uint8_t *byte)
{
	enum { HALF_BITS = 4, HALF_MAX = 15 };
	unsigned high = cursor_u8(encoded) - (unsigned)'A';
	unsigned low = cursor_u8(encoded) - (unsigned)'A';

	*byte = (uint8_t)(high << HALF_BITS | low);
	return high <= HALF_MAX && low <= HALF_MAX;
}

static bool read_name(struct cursor *in, struct nbss_name *name)
{
	uint8_t label = cursor_u8(in);
	struct cursor encoded = cursor_sub(in, ENCODED_NAME_LEN);
	size_t len = 0;

	if (label != ENCODED_NAME_LEN)
		return false;
	for (size_t i = 0; i < NBSS_NAME_LEN; i++) {
		uint8_t byte;

		if (!decode_byte(&encoded, &byte))
			return false;
		name->text[i] = (char)byte;
		if (byte != ' ' && byte != '\0')
			len = i + 1;
	}
	memset(&name->text[len], 0, sizeof(name->text) - len);
	if (!decode_byte(&encoded, &name->suffix))
		return false;
	do { /* the labels of the scope; each turn eats a length */
		label = cursor_u8(in);
		cursor_skip(in, label);
	} while (cursor_ok(in) && label > 0);
	return cursor_ok(in);
}

enum dissect dissect_nbss(struct cursor *stream, struct nbss *out)
{
	struct cursor in = *stream;
	struct nbss frame = { 0 };
	uint8_t kind = cursor_u8(&in);

	if (cursor_ok(&in) && kind != NBSS_MESSAGE &&
	    (kind < NBSS_SESSION_REQUEST || kind > NBSS_KEEP_ALIVE))
		return DISSECT_OTHER;
	frame.length = cursor_be24(&in);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (!is_length_possible(kind, frame.length))
		return DISSECT_OTHER;

	frame.kind = kind;
	frame.message.rest = cursor_take_up_to(&in, frame.length);
	frame.missing = frame.length - (uint32_t)cursor_left(&frame.message);
	if (kind != NBSS_MESSAGE && frame.missing > 0)
		return DISSECT_TRUNCATED;

	struct cursor body = frame.message;

	if (kind == NBSS_NEGATIVE_RESPONSE)
		frame.error = cursor_u8(&body);
	if (kind == NBSS_SESSION_REQUEST &&
	    (!read_name(&body, &frame.called) || !read_name(&body, &frame.calling)))
		return DISSECT_MALFORMED;

	*stream = in;
	*out = frame;
	return DISSECT_OK;
}
