/* A line of JSON in memory, on its way into a row of the store. */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>
#include <stdio.h>

struct json_row {
	FILE *out; /* NULL: no memory, and nothing to write to */
	char *chars;
	size_t len;
};

/* False without memory: there is nothing to close or free. The struct must not move. */
bool json_row_open(struct json_row *row);

/* What was written to `row->out`, without a newline at its end; borrowed. Empty on a failure. */
struct span json_row_close(struct json_row *row);

void json_row_free(struct json_row *row);
