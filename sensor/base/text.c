#include "sensor/base/text.h"

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

static char printable(uint8_t byte)
{
	if (byte < 0x20 || byte > 0x7e)
		return '?';
	return (char)byte;
}

bool text_from_wire(struct span bytes, char *out, size_t size)
{
	size_t len = bytes.len < size ? bytes.len : size - 1;

	for (size_t i = 0; i < len; i++)
		out[i] = printable(bytes.data[i]);
	out[len] = '\0';
	return len == bytes.len;
}

bool text_host_from_wire(struct span bytes, char *out, size_t size)
{
	bool is_whole = text_from_wire(bytes, out, size);

	for (char *c = out; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
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
