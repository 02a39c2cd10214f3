/* The signals of the detector `logins`, from what guess.h counts. */
#pragma once

#include "sensor/detect/guess.h"

enum guess_growth { GROWTH_WHILE_OBSERVING, GROWTH_AT_THE_END };

/* Emits LOGIN_GUESSING or LOGIN_SPRAYING when what was refused suffices, and notes it as told. */
void guessing_tell(const struct logins_config *config, const struct guess_key *key,
		   struct guess *guess, enum guess_growth growth, struct signal_sink *sink);

/* Emits LOGIN_GUESSED, once for each time that guessing was told. */
void guessed_tell(const struct guess_key *key, struct guess *guess, struct signal_sink *sink);

/* From outside, without a login that can be read: what was sent there after any greeting. */
enum { EXPOSED_BYTES = 20000 };

/*
 * Emits EXPOSED_SERVICE: at the first answer, at the first login, and again after a day. `fact`
 * tells of a login or is the end of a flow with at least EXPOSED_BYTES down.
 */
void exposure_tell(const struct guess_key *key, struct guess *guess, const struct fact *fact,
		   struct signal_sink *sink);
