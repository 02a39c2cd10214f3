/* What a reader of feeds makes of a text, as text: a line for each row, "!" and why for a refusal.
 */
#pragma once

#include "sensor/feed/feed_form.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { FEED_SHOWN_LEN = 16384 };

struct feed_shown {
	char text[FEED_SHOWN_LEN];
	size_t len;
	size_t rows;
	size_t refused;
};

static inline void feed_show(struct feed_shown *s, const char *text)
{
	size_t len = strlen(text);

	if (s->len + len >= sizeof(s->text))
		return;
	memcpy(s->text + s->len, text, len + 1);
	s->len += len;
}

static inline void feed_show_day(struct feed_shown *s, const char *label, nanotime day)
{
	char text[NANOTIME_TEXT_LEN];

	if (day == 0)
		return;
	nanotime_text(day, text);
	text[10] = '\0';
	feed_show(s, label);
	feed_show(s, text);
}

static inline enum err feed_show_row(void *arg, const struct feed_row *row)
{
	static const char *const kinds[] = { "any ", "name ",  "net ",  "url ",   "ja4 ",
					     "ja3 ", "hassh ", "sha1 ", "sha256 " };
	struct feed_shown *s = arg;
	char percent[16];

	s->rows++;
	feed_show(s, kinds[row->kind]);
	feed_show(s, row->text);
	feed_show(s, row->has_subdomains ? " and below" : "");
	if (row->family[0] != '\0') {
		feed_show(s, " (");
		feed_show(s, row->family);
		feed_show(s, ")");
	}
	feed_show_day(s, " since ", row->listed);
	feed_show_day(s, " seen ", row->confirmed);
	feed_show_day(s, " until ", row->until);
	if (row->confidence != FEED_CONFIDENCE_UNTOLD) {
		(void)snprintf(percent, sizeof(percent), " %d%%", row->confidence);
		feed_show(s, percent);
	}
	if (row->trust != 0) {
		(void)snprintf(percent, sizeof(percent), " of %u", row->trust);
		feed_show(s, percent);
	}
	feed_show(s, row->is_offline ? " offline\n" : "\n");
	return ERR_OK;
}

static inline void feed_show_refusal(void *arg, unsigned line, const char *text, const char *why)
{
	struct feed_shown *s = arg;

	(void)line;
	(void)text;
	assert_true(why[0] != '\0');
	s->refused++;
	feed_show(s, "! ");
	feed_show(s, why);
	feed_show(s, "\n");
}

static inline enum err feed_shown_read(struct feed_shown *s, const void *bytes, size_t len)
{
	const struct feed_sink sink = { feed_show_row, feed_show_refusal, s };
	FILE *from =
		len > 0 ? fmemopen((void *)(uintptr_t)bytes, len, "r") : fopen("/dev/null", "r");
	enum err err;

	memset(s, 0, sizeof(*s));
	assert_non_null(from);
	err = feed_read(from, "stem", &sink);
	(void)fclose(from);
	return err;
}
