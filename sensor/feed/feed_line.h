/* A feed's lines, one at a time, whatever their length: what does not fit is refused and told. */
#pragma once

#include "sensor/feed/feed_row.h"

struct feed_lines {
	FILE *from;
	const struct feed_sink *sink;
	unsigned line;
	char text[FEED_LINE_LEN]; /* without white space at both ends */
};

/* The next line that is not empty; false at the end. */
bool feed_next_line(struct feed_lines *lines);

/*
 * Hands on a word that is an item as plain lists write them, or refuses it. Changes the text, and
 * what `row` says of it.
 */
MUST_USE enum err feed_take_item(char *item, struct feed_row *row, const struct feed_sink *sink);

/* Cuts white space off both ends, in place; where the text begins. */
char *feed_trim(char *text);
