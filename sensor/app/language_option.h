/* --lang, which commands that speak to people take alike. */
#pragma once

#include "sensor/base/language.h"

#include <stdbool.h>

/* The languages that something is said in: `count` of them, from `first` on. */
struct language_choice {
	enum language first;
	unsigned count;
};

/* "en", "ja" or "both"; false for anything else, and `*out` is as it was. */
bool language_choice_read(const char *name, struct language_choice *out);
