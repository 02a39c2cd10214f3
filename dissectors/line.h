/* Lines as text protocols send them (RFC 5321 2.3.8, RFC 9112 2.2): CRLF, or LF alone. */
/*
 * What the dissectors of text protocols share: a line, its words, names in either case, decimals.
 * Case is ASCII's alone; strcasecmp's depends on the locale.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

/*
 * Eats a line with its end; `line` comes without it. DISSECT_TRUNCATED while it has no end,
 * DISSECT_MALFORMED once it is longer than `max` bytes; nothing is eaten then.
 */
MUST_USE static inline enum dissect line_take(struct cursor *in, size_t max, struct span *line)
{
	struct cursor ahead = *in;
	struct span got = cursor_take_until(&ahead, '\n');

	if (!cursor_ok(&ahead))
		return cursor_left(in) > max ? DISSECT_MALFORMED : DISSECT_TRUNCATED;
	if (got.len > max)
		return DISSECT_MALFORMED;
	if (got.len > 0 && got.data[got.len - 1] == '\r')
		got.len--;
	*line = got;
	*in = ahead;
	return DISSECT_OK;
}

static inline uint8_t ascii_lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

static inline bool ascii_is_letter(uint8_t byte)
{
	return ascii_lower(byte) >= 'a' && ascii_lower(byte) <= 'z';
}

static inline bool ascii_is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Whether `text` begins with `lower`, which is given in lower case, in whatever case. */
static inline bool span_begins(struct span text, const char *lower)
{
	size_t at = 0;

	while (at < text.len && lower[at] != '\0' &&
	       ascii_lower(text.data[at]) == (uint8_t)lower[at])
		at++;
	return lower[at] == '\0';
}

static inline bool span_is(struct span text, const char *lower)
{
	return text.len == strlen(lower) && span_begins(text, lower);
}

/* The same where `text` may go on: false once it differs from `lower`. */
static inline bool span_may_become(struct span text, const char *lower)
{
	for (size_t i = 0; i < text.len && lower[i] != '\0'; i++) {
		if (ascii_lower(text.data[i]) != (uint8_t)lower[i])
			return false;
	}
	return true;
}

/* Eats `lower` and is true, or eats nothing. */
static inline bool span_eat(struct span *text, const char *lower)
{
	struct cursor in = { .rest = *text };

	if (!span_begins(*text, lower))
		return false;
	cursor_skip(&in, strlen(lower));
	*text = in.rest;
	return true;
}

/* Eats what stands before the next `end` and `end` itself, or all of it when there is none. */
static inline struct span span_until(struct span *text, uint8_t end)
{
	struct cursor in = { .rest = *text };
	struct span before = cursor_take_until(&in, end);

	if (!cursor_ok(&in)) {
		before = *text;
		in.rest = (struct span){ 0 };
	}
	*text = in.rest;
	return before;
}

/*
 * A word of 1 to `most` bytes that `is_of_it` accepts, and the one blank behind it. DISSECT_OTHER
 * for anything else.
 */
static inline enum dissect line_word(struct cursor *in, size_t most, bool (*is_of_it)(uint8_t),
				     struct span *word)
{
	struct cursor start = *in;
	size_t len = 0;
	uint8_t byte = cursor_u8(in);

	while (len < most && is_of_it(byte)) {
		len++;
		byte = cursor_u8(in);
	}
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (len == 0 || byte != ' ')
		return DISSECT_OTHER;
	*word = cursor_take(&start, len);
	return DISSECT_OK;
}

/* Eats the next word and the blanks around it; empty at the end. */
static inline struct span span_word(struct span *text)
{
	struct span all = span_trim(*text);
	size_t len = 0;

	while (len < all.len && all.data[len] != ' ' && all.data[len] != '\t')
		len++;

	struct cursor in = { .rest = all };
	struct span word = cursor_take(&in, len);

	*text = span_trim(in.rest);
	return word;
}

/* The whole of `digits` as a number; false when there is none, or it does not fit. */
MUST_USE static inline bool span_decimal(struct span digits, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.len; i++) {
		uint8_t digit = (uint8_t)(digits.data[i] - '0');

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (digits.len == 0)
		return false;
	*out = value;
	return true;
}

/*
 * The name that begins a command: `min` to `max` letters, then digits and '-' too, before a blank
 * or the line's end. DISSECT_OTHER as soon as it is none.
 */
MUST_USE static inline enum dissect verb_read(struct cursor in, size_t min, size_t max,
					      struct span *name)
{
	struct cursor start = in;
	size_t len = 0;
	uint8_t byte = cursor_u8(&in);

	while (len < max &&
	       (ascii_is_letter(byte) || (len > 0 && (ascii_is_digit(byte) || byte == '-')))) {
		len++;
		byte = cursor_u8(&in);
	}
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (len < min || (byte != ' ' && byte != '\r' && byte != '\n'))
		return DISSECT_OTHER;
	*name = cursor_take(&start, len);
	return DISSECT_OK;
}

/* Which of `count` names in lower case it is; 0, which stands for none of them, when it is none. */
static inline size_t verb_find(struct span name, const char *const *verbs, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (span_is(name, verbs[i]))
			return i;
	}
	return 0;
}
