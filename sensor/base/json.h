/*
 * Writes JSON texts (RFC 8259) to a stream, one a line: no tree, no allocation. The caller opens
 * and closes in order; commas and escapes are the writer's. Numbers are written so that the same
 * value gives the same bytes on every machine.
 *
 * Bytes gather in the struct and go to the stream when it is full and at json_flush(). Errors of
 * writing stay in the stream (ferror). One thread.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/digits.h"
#include "sensor/base/nanotime.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
	JSON_ROOM = 16384,
	JSON_SLACK = 512, /* more than one call writes without asking for room */
	JSON_TEXT_MAX = 256,
	JSON_WORD_MAX = 96,
};

/*
 * A comma follows every value as soon as it is written; the bracket that closes, and the end of
 * the line, take the last one back. So no level has to remember whether it has members. Between
 * calls JSON_SLACK bytes are free behind `at`.
 */
struct json {
	FILE *out;
	char *at; /* in `room`, where the next byte goes */
	unsigned depth;
	struct nanotime_texts times;
	char room[JSON_ROOM + JSON_SLACK];
};

/* `out` is borrowed until the last json_flush(). The struct must not move while it is used. */
void json_start(struct json *j, FILE *out);

/* Ends one JSON text with a newline. */
void json_line_end(struct json *j);

/* Gives the stream everything up to here; between lines. */
void json_flush(struct json *j);

/*
 * `name` is one of our own words, below JSON_WORD_MAX: it is copied as it stands, without escapes.
 * NULL inside an array and at the top.
 */
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

/*
 * The same for records that are written by the hundred thousand. The key is a literal and known to
 * the compiler with its quotes and colon: a member costs 8 instructions besides its value, where
 * measuring and copying its name takes 60. "" is no key.
 */
#define JSON_KEY(name)  "\"" name "\":"
#define JSON_WORD(word) "\"" word "\""

/* A member that is always the same, written in one piece with the key of the one that follows. */
#define JSON_SAME(name, word) JSON_KEY(name) JSON_WORD(word) ","

#define JSON_INLINE static inline __attribute__((always_inline))

/* For what stands here: sends on all but the last byte, which may be a comma to take back. */
void json_make_room(struct json *j);
/* The value alone: in quotes, with escapes, and the comma. */
void json_put_string(struct json *j, const char *value);

JSON_INLINE void json_advance(struct json *j, char *at)
{
	j->at = at;
	if (__builtin_expect(at > j->room + JSON_ROOM, 0))
		json_make_room(j);
}

JSON_INLINE char *json_copy(char *at, const char *chars, size_t len)
{
	memcpy(at, chars, len);
	return at + len;
}

JSON_INLINE void json_put_rest(struct json *j, char *at, const char *rest)
{
	json_advance(j, json_copy(at, rest, strlen(rest)));
}

JSON_INLINE char *json_put_key(struct json *j, const char *key)
{
	size_t len = strlen(key);

	assert(len <= JSON_WORD_MAX + sizeof(JSON_KEY("")));
	return json_copy(j->at, key, len);
}

/* As it stands, and a comma: a member that is always the same, a bracket that opens. */
JSON_INLINE void json_put_literal(struct json *j, const char *literal)
{
	char *at = json_put_key(j, literal);

	*at = ',';
	json_advance(j, at + 1);
}

JSON_INLINE void json_put_begin(struct json *j, const char *key)
{
	char *at = json_put_key(j, key);

	*at = '{';
	j->depth++;
	json_advance(j, at + 1);
}

JSON_INLINE void json_put_close(struct json *j, char bracket)
{
	char *at = j->at;

	at -= at[-1] == ',';
	at[0] = bracket;
	at[1] = ',';
	j->depth--;
	json_advance(j, at + 2);
}

JSON_INLINE void json_put_end(struct json *j)
{
	json_put_close(j, '}');
}

/* `chars` are ours, known to hold nothing that must be escaped, and at most JSON_WORD_MAX. */
JSON_INLINE void json_put_chars(struct json *j, const char *key, const char *chars, size_t len)
{
	char *at = json_put_key(j, key);

	assert(len <= JSON_WORD_MAX);
	*at++ = '"';
	json_put_rest(j, json_copy(at, chars, len), "\",");
}

JSON_INLINE void json_put_uint(struct json *j, const char *key, uint64_t value)
{
	char *at = json_put_key(j, key);

	/* A third of a flow's numbers have one digit: 5 instructions instead of 25. */
	if (value < 10)
		*at++ = (char)('0' + value);
	else
		at = digits_uint(at, value);
	*at = ',';
	json_advance(j, at + 1);
}

JSON_INLINE void json_put_bool(struct json *j, const char *key, bool value)
{
	char *at = json_put_key(j, key);

	if (value)
		json_put_rest(j, at, "true,");
	else
		json_put_rest(j, at, "false,");
}

JSON_INLINE void json_put_text(struct json *j, const char *key, const char *value)
{
	j->at = json_put_key(j, key);
	json_put_string(j, value);
}

JSON_INLINE void json_put_time(struct json *j, const char *key, nanotime value)
{
	char *at = json_put_key(j, key);

	*at++ = '"';
	at += nanotime_text_kept(value, &j->times, at);
	json_put_rest(j, at, "\",");
}

JSON_INLINE void json_put_address(struct json *j, const char *key, const struct address *value)
{
	char *at = json_put_key(j, key);

	*at++ = '"';
	at += address_text(value, at);
	json_put_rest(j, at, "\",");
}
