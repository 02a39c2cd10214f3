#include "dissectors/chunked.h"

enum { HEX_BITS = 4, DECIMAL_DIGITS = 10 };

static bool read_hex(uint8_t byte, uint8_t *value)
{
	if (byte >= '0' && byte <= '9')
		*value = (uint8_t)(byte - '0');
	else if (byte >= 'a' && byte <= 'f')
		*value = (uint8_t)(byte - 'a' + DECIMAL_DIGITS);
	else if (byte >= 'A' && byte <= 'F')
		*value = (uint8_t)(byte - 'A' + DECIMAL_DIGITS);
	else
		return false;
	return true;
}

static void next_line(struct chunked *body, enum chunked_state state)
{
	body->state = state;
	body->line_len = 0;
}

/* The blank before ';' that old servers pad their sizes with is taken too. */
static void eat_size(struct chunked *body, uint8_t byte)
{
	uint8_t digit;

	if (read_hex(byte, &digit) && body->left <= UINT64_MAX >> HEX_BITS) {
		body->left = body->left << HEX_BITS | digit;
		return;
	}
	if (body->line_len <= 1 ||
	    (byte != ';' && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')) {
		body->state = CHUNKED_BROKEN;
		return;
	}
	body->state = CHUNKED_EXTENSION;
}

static void eat_extension(struct chunked *body, uint8_t byte)
{
	if (byte != '\n')
		return;
	next_line(body, body->left > 0 ? CHUNKED_CONTENT : CHUNKED_TRAILER);
}

static void eat_content_end(struct chunked *body, uint8_t byte)
{
	if (byte == '\n')
		next_line(body, CHUNKED_SIZE);
	else if (byte != '\r' || body->line_len > 1)
		body->state = CHUNKED_BROKEN;
}

/* A line of nothing but its end is the last one; a carriage return is no length. */
static void eat_trailer(struct chunked *body, uint8_t byte)
{
	if (byte == '\r')
		body->line_len--;
	if (byte != '\n')
		return;
	if (body->line_len <= 1)
		body->state = CHUNKED_ENDED;
	else if (++body->trailers > CHUNKED_TRAILERS_MAX)
		body->state = CHUNKED_BROKEN;
	else
		next_line(body, CHUNKED_TRAILER);
}

static void eat(struct chunked *body, uint8_t byte)
{
	if (++body->line_len > CHUNKED_LINE_MAX) {
		body->state = CHUNKED_BROKEN;
		return;
	}
	switch (body->state) {
	case CHUNKED_SIZE:
		eat_size(body, byte);
		if (body->state == CHUNKED_EXTENSION)
			eat_extension(body, byte);
		break;
	case CHUNKED_EXTENSION:
		eat_extension(body, byte);
		break;
	case CHUNKED_CONTENT_END:
		eat_content_end(body, byte);
		break;
	case CHUNKED_TRAILER:
		eat_trailer(body, byte);
		break;
	case CHUNKED_CONTENT:
	case CHUNKED_ENDED:
	case CHUNKED_BROKEN:
		break;
	}
}

/* As much of a chunk as there is. */
static struct span take_content(struct chunked *body, struct cursor *in)
{
	size_t len = cursor_left(in);

	if (body->left < len)
		len = (size_t)body->left;
	body->left -= len;
	if (body->left == 0)
		next_line(body, CHUNKED_CONTENT_END);
	return cursor_take(in, len);
}

enum dissect chunked_take(struct chunked *body, struct cursor *in, struct span *content)
{
	for (;;) {
		if (body->state == CHUNKED_ENDED) {
			*content = (struct span){ 0 };
			return DISSECT_OK;
		}
		if (body->state == CHUNKED_BROKEN)
			return DISSECT_MALFORMED;
		if (cursor_left(in) == 0)
			return DISSECT_TRUNCATED;
		if (body->state == CHUNKED_CONTENT) {
			*content = take_content(body, in);
			return DISSECT_OK;
		}
		eat(body, cursor_u8(in));
	}
}
