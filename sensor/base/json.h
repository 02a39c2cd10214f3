/*
 * Writes one JSON text (RFC 8259) straight to a stream: no tree, no allocation. The caller opens
 * and closes in order; commas and escapes are the writer's. Numbers are written so that the same
 * value gives the same bytes on every machine.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	unsigned depth;
	bool has_members[16]; /* at each depth: a comma is due */
};

struct json json_to(FILE *out);

/* `name` is NULL inside an array and at the top. */
void json_object_begin(struct json *j, const char *name);
void json_object_end(struct json *j);
void json_array_begin(struct json *j, const char *name);
void json_array_end(struct json *j);

/* UTF-8; what is not valid UTF-8 is written as U+FFFD. */
void json_string(struct json *j, const char *name, const char *value);
void json_uint(struct json *j, const char *name, uint64_t value);
void json_bool(struct json *j, const char *name, bool value);
void json_null(struct json *j, const char *name);

/* With at most three decimals; what is not finite is null. */
void json_decimal(struct json *j, const char *name, double value);

/* As text: RFC 3339 with microseconds; RFC 5952 and dotted decimal. */
void json_time(struct json *j, const char *name, nanotime value);
void json_address(struct json *j, const char *name, const struct address *value);

/* Ends the text with a newline: one JSON text a line. */
void json_line_end(struct json *j);
