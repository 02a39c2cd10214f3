/*
 * What every command owes its user: to notice when the result was not written, and not to play
 * the control characters of a file's name to the terminal.
 */
#pragma once

#include "sensor/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { OUTPUT_TEXT_LEN = 4096 }; /* the longest path that can be opened */

struct output_text {
	char chars[OUTPUT_TEXT_LEN];
};

/*
 * Standard output may be a full disk or closed: each command asks this last of all. False after
 * one line on standard error.
 */
static inline bool output_is_written(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	(void)fprintf(stderr, "hinomi: writing the result: %s\n",
		      errno != 0 ? strerror(errno) : "a write failed");
	return false;
}

/* Of ASCII, and of ISO 8859-1 as UTF-8 has them (U+0080 to U+009F): some terminals obey both. */
static inline bool output_is_control(unsigned char before, unsigned char c)
{
	return c < ' ' || c == 0x7f || (before == 0xc2 && c >= 0x80 && c < 0xa0);
}

/*
 * A path or another word from outside, for a message of one line: control characters become '?',
 * other UTF-8 stays. `output_text(path).chars` lives until the end of the statement.
 */
static inline struct output_text output_text(const char *words)
{
	struct output_text shown;
	struct text text = text_over(shown.chars, sizeof(shown.chars));
	unsigned char before = 0;
	size_t len = 0;

	text_add(&text, words);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)shown.chars[i];

		if (!output_is_control(before, c)) {
			shown.chars[len++] = (char)c;
		} else {
			len -= c >= 0x80; /* the first byte of the two */
			shown.chars[len++] = '?';
		}
		before = c;
	}
	shown.chars[len] = '\0';
	return shown;
}
