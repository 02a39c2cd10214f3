/* The templates that health_words.h fills: for each finding, in each language. */
#pragma once

#include "sensor/base/language.h"
#include "sensor/health/health_finding.h"

/*
 * %I is the interface, %0 to %3 the finding's figures (shares in per cent), %F and %U the ends of a
 * gap.
 */
struct health_phrases {
	const char *sentence[LANGUAGES];
	const char *setting[LANGUAGES];
};

/* Never NULL. */
const struct health_phrases *health_phrases_of(const struct health_finding *finding);

/* The same for what is of files (health_code_is_of_files()): the part in health_dated_phrases.c. */
const struct health_phrases *health_dated_phrases_of(const struct health_finding *finding);
