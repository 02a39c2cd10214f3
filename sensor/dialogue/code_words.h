/* Enumerated values of protocols, told by the words that their documents have for them. */
#pragma once

#include "sensor/fact/attributes.h"

struct code_word {
	uint32_t code; /* of a set of flags: its bit */
	const char *word;
};

struct code_words {
	const struct code_word *rows;
	size_t count;
};

/* Over an array of struct code_word. */
#define CODE_WORDS(words)                                   \
	{                                                   \
		(words), sizeof(words) / sizeof((words)[0]) \
	}

/* Adds the word of `code`, or its decimal number where it has none. */
void code_words_say(const struct code_words *words, struct attributes *said,
		    enum attribute attribute, uint32_t code);

/* Adds the word of each of `flags` to a list; flags without one are left out. */
void code_words_say_flags(const struct code_words *words, struct attributes *said,
			  enum attribute attribute, uint32_t flags);
