/*
 * UTF-8 (RFC 3629): which bytes are one character, and which characters may be shown. Any thread.
 */
#pragma once

#include "dissectors/cursor.h"

enum { UTF8_MAX = 4 }; /* bytes of one character */

/* What stands for bytes that are no character, or one that is not shown: U+FFFD. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/*
 * Whether all eight bytes are ASCII that is shown. Each term sets the top bit of a byte that is
 * not; a borrow may set that of one above it too, never where all are.
 */
static inline bool utf8_word_is_ascii(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (((word - ones * ' ') | (word + ones) | word) & ones * 0x80) == 0;
}

/* How many bytes the well-formed character has that `bytes` begins with; 0 when it has none. */
size_t utf8_length(struct span bytes);

/*
 * Whether the character, whole and well-formed, is one to show: no control character of ASCII or
 * ISO 8859-1, nothing that turns the direction of writing (Unicode's Trojan Source, UTS 55), has
 * no width, ends a line or is no character at all.
 */
bool utf8_is_shown(struct span character);
