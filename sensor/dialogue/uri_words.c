#include "sensor/dialogue/uri_words.h"

#include "dissectors/line.h"

#include <string.h>

/*
 * Of "scheme://user:password@host/path" what stands before the password, and in `*behind` what
 * stands behind it and its '@'; empty when there is none.
 */
static struct span before_password(struct span uri, struct span *behind)
{
	struct span rest = uri;
	struct cursor in = cursor_over(uri.data, uri.len);
	struct span authority;
	const uint8_t *at;

	if (!span_eat(&rest, "http://") && !span_eat(&rest, "https://") &&
	    !span_eat(&rest, "ftp://"))
		return (struct span){ 0 };
	authority = span_until(&rest, '/');
	(void)span_until(&authority, ':');
	/* The ':' of a port has no '@' behind it; a password may hold one itself. */
	at = authority.len > 0 ? memrchr(authority.data, '@', authority.len) : NULL;
	if (!at)
		return (struct span){ 0 };

	struct cursor tail = cursor_over(uri.data, uri.len);

	cursor_skip(&tail, (size_t)(at - uri.data) + 1);
	*behind = tail.rest;
	return cursor_take(&in, (size_t)(authority.data - uri.data));
}

static void add_clean(struct text *text, struct span bytes)
{
	char piece[ATTRIBUTE_TEXT_MAX];

	(void)text_from_wire(bytes, piece, sizeof(piece));
	text_add(text, piece);
}

void uri_add(struct attributes *said, enum attribute attribute, struct span uri)
{
	struct span behind;
	struct span before = before_password(uri, &behind);
	char chars[ATTRIBUTE_TEXT_MAX];
	struct text clean = text_over(chars, sizeof(chars));

	if (before.len == 0) {
		attributes_add_wire(said, attribute, uri);
		return;
	}
	add_clean(&clean, before);
	text_add(&clean, "***@");
	add_clean(&clean, behind);
	attributes_add_built(said, attribute, &clean);
	attributes_add_flag(said, ATTRIBUTE_PASSWORD);
}
