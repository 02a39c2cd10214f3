/* One JSON text in memory: what a body is written to. One thread. */
#pragma once

#include "sensor/base/json.h"

struct memory_text {
	char *chars;
	size_t len;
	FILE *out;
};

/* Begins a JSON text; false without memory. `j` is ready for the first value. */
bool memory_text_open(struct memory_text *text, struct json *j);

/* The text, with a NUL behind and no newline; the caller's to free. NULL without memory. */
char *memory_text_close(struct memory_text *text, struct json *j, size_t *len);
