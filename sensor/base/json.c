#include "sensor/base/json.h"

#include "sensor/base/utf8.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { CHARACTER_MAX = 6 }; /* one as it is written: "\\u001f" */

_Static_assert(sizeof(JSON_KEY("")) + JSON_WORD_MAX + JSON_TEXT_MAX + CHARACTER_MAX < JSON_SLACK,
	       "a key and a text fit without a look at the room");

void json_start(struct json *j, FILE *out)
{
	j->out = out;
	j->at = j->room;
	j->depth = 0;
	nanotime_texts_start(&j->times);
}

void json_make_room(struct json *j)
{
	(void)fwrite(j->room, 1, (size_t)(j->at - j->room) - 1, j->out);
	j->room[0] = j->at[-1];
	j->at = j->room + 1;
}

void json_line_end(struct json *j)
{
	assert(j->depth == 0);
	assert(j->at > j->room);
	j->at[-1] = '\n'; /* over the comma */
}

void json_flush(struct json *j)
{
	(void)fwrite(j->room, 1, (size_t)(j->at - j->room), j->out);
	j->at = j->room;
}

static void put_name(struct json *j, const char *name)
{
	if (!name)
		return;

	size_t len = strlen(name);

	assert(len <= JSON_WORD_MAX);
	j->at[0] = '"';
	json_put_rest(j, json_copy(j->at + 1, name, len), "\":");
}

void json_object_begin(struct json *j, const char *name)
{
	put_name(j, name);
	json_put_begin(j, "");
}

void json_object_end(struct json *j)
{
	assert(j->depth > 0);
	json_put_close(j, '}');
}

void json_array_begin(struct json *j, const char *name)
{
	put_name(j, name);
	j->at[0] = '[';
	j->depth++;
	json_advance(j, j->at + 1);
}

void json_array_end(struct json *j)
{
	assert(j->depth > 0);
	json_put_close(j, ']');
}

/* Written as it is: ASCII but for control characters and the two that JSON gives a meaning. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The same of eight bytes: the top bit of one that is either of the two is set. */
static bool are_plain(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = word ^ ones * '"';
	uint64_t backslash = word ^ ones * '\\';

	return utf8_word_is_ascii(word) &&
	       (((quote - ones) | (backslash - ones)) & ones * 0x80) == 0;
}

/* Copies up to the first byte that is not plain, or all; returns how many. */
static size_t copy_plain(char *out, const char *value, size_t len)
{
	size_t done = 0;
	uint64_t word;

	for (; len - done >= sizeof(word); done += sizeof(word)) {
		memcpy(&word, value + done, sizeof(word));
		if (!are_plain(word))
			break;
		memcpy(out + done, &word, sizeof(word));
	}
	for (; done < len && is_plain((unsigned char)value[done]); done++)
		out[done] = value[done];
	return done;
}

static char *put_escape(char *at, unsigned char c)
{
	*at++ = '\\';
	if (c == '"' || c == '\\') {
		*at++ = (char)c;
		return at;
	}
	return digits_hex_byte(json_copy(at, "u00", 3), c);
}

static char *put_character(char *at, const unsigned char *s, size_t len)
{
	if (len == 1 && !is_plain(*s))
		return put_escape(at, *s);
	if (len == 0)
		return json_copy(at, UTF8_REPLACEMENT, strlen(UTF8_REPLACEMENT));
	return json_copy(at, (const char *)s, len);
}

void json_put_string(struct json *j, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	size_t len = strlen(value);

	*j->at++ = '"';
	/* Nearly always that is all; seldom a name that somebody chose to be odd, or Japanese. */
	if (len <= JSON_TEXT_MAX) {
		size_t done = copy_plain(j->at, value, len);

		j->at += done;
		s += done;
	}
	while (*s) {
		size_t bytes = utf8_length((struct span){ s, strnlen((const char *)s, UTF8_MAX) });

		json_advance(j, put_character(j->at, s, bytes));
		s += bytes > 0 ? bytes : 1;
	}
	json_put_rest(j, j->at, "\",");
}

void json_string(struct json *j, const char *name, const char *value)
{
	put_name(j, name);
	json_put_string(j, value);
}

void json_uint(struct json *j, const char *name, uint64_t value)
{
	put_name(j, name);
	json_put_uint(j, "", value);
}

void json_bool(struct json *j, const char *name, bool value)
{
	put_name(j, name);
	json_put_bool(j, "", value);
}

void json_null(struct json *j, const char *name)
{
	put_name(j, name);
	json_put_literal(j, "null");
}

void json_decimal(struct json *j, const char *name, double value)
{
	char text[64];

	if (!isfinite(value)) {
		json_null(j, name);
		return;
	}
	if (fabs(value) < 0.0005)
		value = 0; /* never "-0" */
	int len = snprintf(text, sizeof(text), "%.3f", value);

	if (len < 0 || (size_t)len >= sizeof(text)) {
		(void)snprintf(text, sizeof(text), "%.15g", value);
	} else {
		while (text[len - 1] == '0')
			text[--len] = '\0';
		if (text[len - 1] == '.')
			text[--len] = '\0';
	}
	put_name(j, name);
	json_put_literal(j, text);
}

void json_time(struct json *j, const char *name, nanotime value)
{
	put_name(j, name);
	json_put_time(j, "", value);
}

void json_address(struct json *j, const char *name, const struct address *value)
{
	put_name(j, name);
	json_put_address(j, "", value);
}
