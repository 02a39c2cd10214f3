/*
 * Members of JSON objects, read so that a missing one and one of another type are the same: for
 * bodies whose form was held already, and of which a privacy table may have left something out.
 * Borrows from the object. Any thread.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

/* "" when it is missing or no text. Valid UTF-8 without a NUL: jansson takes nothing else. */
const char *member_text(const json_t *object, const char *name);

/* 0 when it is missing, no whole number, or negative. */
uint64_t member_uint(const json_t *object, const char *name);

/* The texts of an array, at most `room`, into `out`; how many. */
size_t member_texts(const json_t *object, const char *name, const char **out, size_t room);

/* One JSON object; NULL when it is none. The caller's, for json_decref(). */
json_t *member_root(const char *body, size_t len);
