/* The signals of the detector `logins`, from what guess.h counts. */
#pragma once

#include "sensor/detect/guess.h"

enum guess_growth { GROWTH_WHILE_OBSERVING, GROWTH_AT_THE_END };

/* Emits LOGIN_GUESSING or LOGIN_SPRAYING when what was refused suffices, and notes it as told. */
void guessing_tell(const struct logins_config *config, const struct guess_key *key,
		   struct guess *guess, enum guess_growth growth, struct signal_sink *sink);

/* Emits LOGIN_GUESSED, once for each time that guessing was told. */
void guessed_tell(const struct guess_key *key, struct guess *guess, struct signal_sink *sink);

/* Emits EXPOSED_SERVICE: at the first answer, at the first login, and again after a day. */
void exposure_tell(const struct guess_key *key, struct guess *guess, const struct fact_flow *flow,
		   struct signal_sink *sink);
