/* What countries are called: ISO 3166-1's codes in words. Pure. */
#pragma once

#include "sensor/base/language.h"

/* The name; the code itself where there is none. Borrowed: for ever, or as long as `code`. */
const char *country_name(const char *code, enum language language);
