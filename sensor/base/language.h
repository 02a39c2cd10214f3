/* The languages that people are spoken to in. Tables of words have a column for each. */
#pragma once

enum language { LANGUAGE_EN, LANGUAGE_JA, LANGUAGES };
