#include "sensor/base/text.h"

#include "sensor/base/utf8.h"

#include <stdio.h>
#include <string.h>

struct text text_over(char *chars, size_t size)
{
	chars[0] = '\0';
	return (struct text){ .chars = chars, .size = size };
}

/* Steps back to the start of the UTF-8 character that a cut at `len` would split. */
static size_t whole_characters(const char *chars, size_t len)
{
	size_t start = len;

	while (start > 0 && ((unsigned char)chars[start] & 0xc0) == 0x80)
		start--;
	return start;
}

void text_add(struct text *t, const char *more)
{
	size_t len = strlen(more);
	size_t room = t->size - t->len - 1;

	if (t->is_cut)
		return;
	if (len > room) {
		t->is_cut = true;
		len = whole_characters(more, room);
	}
	memcpy(t->chars + t->len, more, len);
	t->len += len;
	t->chars[t->len] = '\0';
}

void text_add_char(struct text *t, char c)
{
	const char one[2] = { c, '\0' };

	text_add(t, one);
}

/* The same where what was behind the cut is gone: the first byte of a character tells its size. */
static size_t whole_characters_of_cut(const char *chars, size_t len)
{
	size_t start = len;

	while (start > 0 && ((unsigned char)chars[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return len;

	unsigned char first = (unsigned char)chars[start - 1];
	size_t want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;

	return len - (start - 1) < want ? start - 1 : len;
}

void text_format(struct text *t, const char *format, ...)
{
	char *end = t->chars + t->len;
	size_t room = t->size - t->len - 1;
	va_list args;

	if (t->is_cut)
		return;
	va_start(args, format);
	int len = vsnprintf(end, room + 1, format, args);

	va_end(args);
	t->is_cut = len < 0 || (size_t)len > room;
	if (!t->is_cut)
		t->len += (size_t)len;
	else if (len > 0)
		t->len += whole_characters_of_cut(end, room);
	t->chars[t->len] = '\0';
}

/*
 * Adds the character that `in` begins with, cleaned; false when it does not fit behind `len`.
 * What is no character loses one byte at a time.
 */
static bool add_character(struct cursor *in, char *out, size_t size, size_t *len)
{
	static const char replacement[] = UTF8_REPLACEMENT;
	size_t found = utf8_length(in->rest);
	struct span taken = cursor_take(in, found > 0 ? found : 1);
	struct cursor shown = { .rest = taken };

	if (found == 0 || !utf8_is_shown(taken))
		shown = cursor_over(replacement, strlen(replacement));

	size_t shown_len = cursor_left(&shown);

	if (shown_len >= size - *len)
		return false;
	cursor_copy(&shown, (uint8_t *)out + *len, shown_len);
	*len += shown_len;
	return true;
}

/* Nearly all text is plain: eight bytes at a time it costs a twentieth. */
static size_t copy_plain(struct cursor *in, char *out, size_t room)
{
	size_t len = 0;
	uint64_t word;

	while (cursor_left(in) >= sizeof(word) && room - len > sizeof(word)) {
		struct cursor rest = *in;

		memcpy(&word, cursor_take(&rest, sizeof(word)).data, sizeof(word));
		if (!utf8_word_is_ascii(word))
			break;
		memcpy(out + len, &word, sizeof(word));
		len += sizeof(word);
		*in = rest;
	}
	return len;
}

bool text_from_wire(struct span bytes, char *out, size_t size)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	size_t len = copy_plain(&in, out, size);
	bool fits = true;

	while (fits && cursor_left(&in) > 0) {
		uint8_t first = in.rest.data[0];

		if (first >= ' ' && first < 0x7f && size - len > 1) {
			out[len++] = (char)cursor_u8(&in);
			continue;
		}
		fits = add_character(&in, out, size, &len);
		if (fits)
			len += copy_plain(&in, out + len, size - len);
	}
	out[len] = '\0';
	return fits;
}

void text_to_lower(char *text)
{
	for (char *c = text; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
}

bool text_host_from_wire(struct span bytes, char *out, size_t size)
{
	bool is_whole = text_from_wire(bytes, out, size);

	text_to_lower(out);
	return is_whole;
}

void text_host_copy(const char *host, char *out, size_t size)
{
	size_t len = strlen(host);

	while (len >= size) {
		const char *dot = strchr(host, '.');

		/* A single label that long is no host name: its end is as good as any part. */
		host = dot ? dot + 1 : host + (len - size + 1);
		len = strlen(host);
	}
	memcpy(out, host, len + 1);
}

bool text_host_under(const char *host, const char *suffix)
{
	size_t host_len = strlen(host);
	size_t suffix_len = strlen(suffix);

	if (suffix_len == 0 || host_len < suffix_len)
		return false;

	const char *tail = host + (host_len - suffix_len);

	return strcmp(tail, suffix) == 0 && (tail == host || tail[-1] == '.');
}
