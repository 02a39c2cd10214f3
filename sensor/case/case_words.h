/*
 * What owners and rangers read: sentences in English and Japanese, made from the measured values by
 * fixed templates. Never a word that the evidence does not carry ("infected"), never "switch off".
 */
#pragma once

#include "sensor/base/text.h"
#include "sensor/case/case.h"

enum language { LANGUAGE_EN, LANGUAGE_JA, LANGUAGES };

enum { WORDS_STEPS_MAX = 3, WORDS_TEXT_LEN = 1024 };

/* A headline, without the device. */
const char *words_title(enum signal_kind kind, enum language language);

/* One or two sentences: who, what, since when, and what else it could be. */
void words_sentence(const struct finding *finding, const struct device *device,
		    enum language language, struct text *out);

/* Whether a reason says something to people who know no statistics; JSON carries them all. */
bool words_is_plain(enum reason_code code);

/* One measured value: "contacts: 41 (at least 16)". */
void words_reason(const struct reason *reason, enum language language, struct text *out);

/* What to do first, at most WORDS_STEPS_MAX of them; NULL beyond the last. */
const char *words_step(enum signal_kind kind, size_t i, enum language language);

/* What else would look like this, and so would make it harmless. */
const char *words_benign(enum signal_kind kind, enum language language);

/* What the sensor could not know or see. */
void words_unknown(const struct case_view *view, enum language language, struct text *out);
