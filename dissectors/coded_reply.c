#include "dissectors/coded_reply.h"

#include "dissectors/line.h"

enum {
	CODE_DIGITS = 3,
	CODE_MIN = 100,
	CODE_MAX = 659, /* RFC 2228 adds 6yz */
	CODE_MIDDLE_MAX = 5,
};

/* "ddd " or "ddd-", or "ddd" alone; `mark` is what follows the code. */
static enum dissect read_code(struct cursor *in, uint16_t *code, uint8_t *mark)
{
	struct span digits = cursor_take_up_to(in, CODE_DIGITS);
	uint64_t value = 0;

	if (digits.len > 0 && !span_decimal(digits, &value))
		return DISSECT_OTHER;
	if (digits.len < CODE_DIGITS || cursor_left(in) == 0)
		return DISSECT_TRUNCATED;
	if (value < CODE_MIN || value > CODE_MAX || value / 10 % 10 > CODE_MIDDLE_MAX)
		return DISSECT_OTHER;
	*code = (uint16_t)value;
	*mark = in->rest.data[0];
	if (*mark != ' ' && *mark != '-' && *mark != '\r' && *mark != '\n')
		return DISSECT_OTHER;
	return DISSECT_OK;
}

/* Whether a line is the last one of a reply with that code (RFC 959 4.2). */
static bool is_last_line(struct span line, uint16_t code)
{
	struct cursor in = { .rest = line };
	uint64_t value = 0;

	if (!span_decimal(cursor_take(&in, CODE_DIGITS), &value) || value != code)
		return false;
	return cursor_left(&in) == 0 || cursor_u8(&in) == ' ';
}

static enum dissect read_more_lines(struct cursor *in, uint16_t code)
{
	for (int i = 1; i < CODED_REPLY_LINES_MAX; i++) {
		struct span line = { 0 };
		enum dissect got = line_take(in, CODED_REPLY_LINE_MAX, &line);

		if (got != DISSECT_OK || is_last_line(line, code))
			return got;
	}
	return DISSECT_MALFORMED;
}

enum dissect dissect_coded_reply(struct cursor in, struct coded_reply *out)
{
	const struct cursor start = in;
	struct cursor whole = in;
	struct coded_reply msg = { 0 };
	struct span line = { 0 };
	uint8_t mark = 0;
	enum dissect got = read_code(&in, &msg.code, &mark);

	if (got == DISSECT_OK)
		got = line_take(&in, CODED_REPLY_LINE_MAX, &line);
	if (got == DISSECT_OK && mark == '-')
		got = read_more_lines(&in, msg.code);
	if (got != DISSECT_OK)
		return got;

	struct cursor text = { .rest = line };

	(void)cursor_take_up_to(&text, 1);
	msg.is_multiline = mark == '-';
	msg.text = span_trim(text.rest);
	msg.consumed = cursor_offset(&in, &start);
	msg.all = span_trim(cursor_take(&whole, msg.consumed - 1));

	*out = msg;
	return DISSECT_OK;
}
