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

/*
 * A path or another word from outside, for a message of one line, cleaned as text from the wire
 * is. `output_text(path).chars` lives until the end of the statement.
 */
static inline struct output_text output_text(const char *words)
{
	struct output_text shown;

	(void)text_from_wire((struct span){ (const uint8_t *)words, strlen(words) }, shown.chars,
			     sizeof(shown.chars));
	return shown;
}
