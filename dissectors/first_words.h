/*
 * What the first packet of a program to its server shows of who wrote it, in protocols that nobody
 * specified: frames that programs for remote control have in common, whatever they are called.
 */
#pragma once

#include "dissectors/cursor.h"

enum first_words {
	/* A word of a few bytes, the length of all and the length when unpacked in 32 bits each,
	 * then zlib: Gh0st's, and of the many made from it, which change the word alone. */
	FIRST_WORDS_PACKED = 1,
	/* As many bytes as a decimal number in front says, which a zero ends: njRAT's, XWorm's. */
	FIRST_WORDS_COUNTED = 2,
	/* IRC: a nickname in fields, with a number that sets one copy apart from another. */
	FIRST_WORDS_BOT_NICK = 4,
};

/* The signs in one packet's payload; 0 is none. Looks at FIRST_WORDS_MOST bytes at most. */
unsigned first_words_signs(struct span payload);

enum { FIRST_WORDS_MOST = 64 };
