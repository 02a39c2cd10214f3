#include "dissectors/first_words.h"

#include <string.h>

enum {
	WORD_LEAST = 3,
	WORD_MOST = 16,
	NUMBER_MOST = 7,
	COUNTED_LEAST = 16,
	NICK_MOST = 40,
	NICK_DIGITS = 3
};

/* RFC 1950: deflate with a window of 32 KiB, and a check that makes a multiple of 31. */
static bool is_zlib(uint16_t head)
{
	enum { DEFLATE_32K = 0x78, CHECK = 31 };

	return head >> 8 == DEFLATE_32K && head % CHECK == 0;
}

/* In either byte order: both are in use. */
static bool is_length(struct cursor at, size_t length)
{
	struct cursor other = at;

	return cursor_le32(&at) == length || cursor_be32(&other) == length;
}

static bool is_packed(struct span payload)
{
	struct cursor whole = cursor_over(payload.data, payload.len);

	for (size_t word = WORD_LEAST; word <= WORD_MOST; word++) {
		struct cursor length = cursor_at(whole, word);
		struct cursor in = cursor_at(whole, word + 2 * sizeof(uint32_t));
		uint16_t head = cursor_be16(&in);

		if (!cursor_ok(&in))
			return false;
		if (is_zlib(head) && is_length(length, payload.len))
			return true;
	}
	return false;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_counted(struct span payload)
{
	struct cursor in = cursor_over(payload.data, payload.len);
	size_t count = 0;

	for (unsigned digits = 0; digits <= NUMBER_MOST && cursor_ok(&in); digits++) {
		uint8_t c = cursor_u8(&in);

		if (c == '\0' && cursor_ok(&in))
			return digits > 0 && count >= COUNTED_LEAST && count == cursor_left(&in);
		if (!is_digit(c))
			return false;
		count = 10 * count + (size_t)(c - '0');
	}
	return false;
}

/* People's have marks, too, and numbers: both, between fields, are a program's. */
static bool is_bot_nick(struct span payload)
{
	static const char greeting[] = "NICK ";
	struct cursor in = cursor_over(payload.data, payload.len);
	struct span first = cursor_take_up_to(&in, sizeof(greeting) - 1);
	struct span nick = cursor_take_up_to(&in, NICK_MOST);
	unsigned digits = 0;
	bool has_fields = false;

	if (first.len < sizeof(greeting) - 1 || memcmp(first.data, greeting, first.len) != 0)
		return false;
	in = cursor_over(nick.data, nick.len);
	while (cursor_left(&in) > 0) {
		uint8_t c = cursor_u8(&in);

		if (c <= ' ')
			break;
		digits += is_digit(c);
		has_fields |= c == '|' || c == '[' || c == '{';
	}
	return has_fields && digits >= NICK_DIGITS;
}

unsigned first_words_signs(struct span payload)
{
	unsigned signs = 0;

	if (is_packed(payload))
		signs |= FIRST_WORDS_PACKED;
	if (is_counted(payload))
		signs |= FIRST_WORDS_COUNTED;
	if (is_bot_nick(payload))
		signs |= FIRST_WORDS_BOT_NICK;
	return signs;
}
