/* The table of name_model.c, which tools/name_model.py writes. No one else includes this. */
#pragma once

enum {
	NAME_MODEL_SYMBOLS = 29, /* letters, any digit, '-', and the beginning and end */
	NAME_MODEL_SQUARE = NAME_MODEL_SYMBOLS * NAME_MODEL_SYMBOLS,
};

/* By the first symbol, then by second and third: ']' for 0 bits, each character on a third more. */
extern const char name_model_levels[NAME_MODEL_SYMBOLS][NAME_MODEL_SQUARE + 1];
