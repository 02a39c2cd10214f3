/*
 * Text of bounded length. Bytes from the wire become text here and nowhere else.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A text under construction in the caller's array: always NUL-terminated, cut when it would not
 * fit (at a character, not inside one), `is_cut` says so.
 */
struct text {
	char *chars;
	size_t size; /* of the array */
	size_t len;
	bool is_cut;
};

/* `size` is at least 1. */
struct text text_over(char *chars, size_t size);

void text_add(struct text *t, const char *more);
void text_add_char(struct text *t, char c);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Copies bytes from the wire as UTF-8 that may be shown anywhere: each byte that is no character,
 * and each character that utf8_is_shown() refuses, becomes U+FFFD. Cut between characters;
 * returns whether all of `bytes` fitted into `size`, which is at least 1.
 */
bool text_from_wire(struct span bytes, char *out, size_t size);

/* ASCII letters in place. */
void text_to_lower(char *text);

/* text_from_wire() with ASCII in lower case, for host names. */
bool text_host_from_wire(struct span bytes, char *out, size_t size);

/*
 * Copies a host name. One too long for `size` loses labels from its left: what is kept are the
 * labels that say whose it is.
 */
void text_host_copy(const char *host, char *out, size_t size);

/* Whether `host` is `suffix` or ends in ".suffix". */
bool text_host_under(const char *host, const char *suffix);
