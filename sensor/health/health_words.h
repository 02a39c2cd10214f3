/*
 * What an owner reads of a finding: one sentence that says what is seen and not more, and the one
 * setting to change. English and Japanese, by fixed templates with the measured values in them.
 */
#pragma once

#include "sensor/base/language.h"
#include "sensor/base/text.h"
#include "sensor/health/health_finding.h"

enum { HEALTH_WORDS_LEN = 1024 };

/* `interface` is its name, "" for a capture file or where there is none. */
void health_words_sentence(const struct health_finding *finding, const char *interface,
			   enum language language, struct text *out);
void health_words_setting(const struct health_finding *finding, const char *interface,
			  enum language language, struct text *out);
