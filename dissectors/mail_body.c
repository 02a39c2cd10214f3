#include "dissectors/mail_body.h"

enum line_is {
	LINE_NEW,
	LINE_DOT,
	LINE_DOT_RETURN,
	LINE_TEXT,
};

static enum line_is after(enum line_is line, uint8_t byte)
{
	if (byte == '\n')
		return LINE_NEW;
	if (line == LINE_NEW && byte == '.')
		return LINE_DOT;
	return line == LINE_DOT && byte == '\r' ? LINE_DOT_RETURN : LINE_TEXT;
}

enum dissect mail_body_take(struct mail_body *body, struct cursor *in)
{
	while (cursor_left(in) > 0) {
		enum line_is line = (enum line_is)body->line_is;
		uint8_t byte = cursor_u8(in);

		body->len++;
		body->line_is = (uint8_t)after(line, byte);
		if (byte == '\n' && (line == LINE_DOT || line == LINE_DOT_RETURN))
			return DISSECT_OK;
	}
	return DISSECT_TRUNCATED;
}
