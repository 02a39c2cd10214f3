/*
 * What owners and rangers read: sentences in English and Japanese, made from the measured values by
 * fixed templates. Never a word that the evidence does not carry ("infected"), never "switch off".
 */
#pragma once

#include "sensor/base/language.h"
#include "sensor/base/text.h"
#include "sensor/case/case.h"

enum { WORDS_STEPS_MAX = 3, WORDS_TEXT_LEN = 1024 };

/* A headline, without the device. */
const char *words_title(enum signal_kind kind, enum language language);

/*
 * One to three sentences: who, what, for how long, and where the space allows what else it could
 * be. They claim what the signal's reasons, direction and outcome carry, and no more.
 */
void words_sentence(const struct finding *finding, const struct device *device,
		    enum language language, struct text *out);

/* Whom the device dealt with: a name or address as it is, "port 445/tcp", the office network. */
void words_object(const struct signal *signal, enum language language, struct text *out);

/*
 * How many, without the unit. Many different things are counted by a sketch (statistics.h): then
 * the number is about right, and says so.
 */
void words_count(const struct signal *signal, enum language language, struct text *out);

/* Whether a reason says something to people who know no statistics; JSON carries them all. */
bool words_is_plain(enum reason_code code);

/* "check_ins" …: a reason's code in JSON. */
const char *words_reason_name(enum reason_code code);

/* For rangers, in English: what `count` counts, and how far it got. */
const char *words_unit(const struct signal *signal);
const char *words_outcome(const struct signal *signal);

/* Why a harmless explanation was set aside, or that nothing is known of it: a sentence. */
void words_considered(const struct consideration *c, enum language language, struct text *out);

/* One measured value: "contacts: 41 (at least 16)". */
void words_reason(const struct reason *reason, enum language language, struct text *out);

/*
 * Where in the world it is: "Netherlands, AS64500 Example Hosting (database of 2026-11-01)";
 * nothing where that is not known. `when` the database was asked: one that was old then says so.
 */
void words_place(const struct place *place, nanotime when, enum language language,
		 struct text *out);

/* When a condition would not have held: "contacts: less than 16". */
void words_opposite(const struct reason *reason, enum language language, struct text *out);

/* What a device is to the office: a sentence. */
const char *words_standing(enum standing bit, enum language language);

/* "Suppressed by X, …" of a finding that is told all the same; nothing where none covers it. */
void words_suppression(const struct finding *finding, enum language language, struct text *out);

/* Why a case is in the digest. */
const char *words_digest(enum language language);

/* What it means that a case is quiet. */
const char *words_quiet(enum language language);

/* What to do first, at most WORDS_STEPS_MAX of them; NULL beyond the last. */
const char *words_step(enum signal_kind kind, size_t i, enum language language);

/* What else would look like this and be harmless: a clause that goes on from "harmless if". */
const char *words_benign(enum signal_kind kind, enum language language);

/* What the sensor could not know or see. */
void words_unknown(const struct case_view *view, enum language language, struct text *out);
