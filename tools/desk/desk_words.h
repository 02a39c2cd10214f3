/* The page's words, in English and Japanese. */
#pragma once

#include "sensor/base/language.h"
#include "tools/desk/desk_state.h"

enum desk_word {
	DESK_WORD_TITLE,
	DESK_WORD_NEEDS_YOU,
	DESK_WORD_ALL_WELL,
	DESK_WORD_SENSORS,
	DESK_WORD_OFFICE,
	DESK_WORD_SENSOR,
	DESK_WORD_LAST_WORD,
	DESK_WORD_STATE,
	DESK_WORD_MISSING,
	DESK_WORD_PACKETS,
	DESK_WORD_DROPPED,
	DESK_WORD_FEEDS,
	DESK_WORD_CASES,
	DESK_WORD_NO_CASES,
	DESK_WORD_PRIORITY,
	DESK_WORD_DO_FIRST,
	DESK_WORD_HARMLESS_IF,
	DESK_WORD_NOT_KNOWN,
	DESK_WORD_WHY,
	DESK_WORD_CONSIDERED,
	DESK_WORD_BACK,
	DESK_WORDS,
};

const char *desk_word(enum desk_word word, enum language language);
/* DESK_TROUBLES: there is none. */
const char *desk_word_of_trouble(enum desk_trouble trouble, enum language language);
