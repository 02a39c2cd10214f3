/*
 * Under which rules and with which data this program judges, as text that a capsule holds: one line
 * for each, so that what has changed can be named. Pure.
 */
#pragma once

#include "sensor/base/text.h"
#include "sensor/config/decisions.h"
#include "sensor/digest/digest.h"
#include "sensor/geo/place_databases.h"
#include "sensor/intel/intel_sets.h"

enum { CAPSULE_TERMS_LEN = 16 << 10, HEX_DIGEST_LEN = 2 * SHA256_LEN + 1 };

/* "BCN-1 beacon=1": rule, kind, version. */
void capsule_terms_rules(struct text *out);

/* What was in force besides options and rules. */
struct capsule_data {
	const struct intel_sets *indicators; /* NULL is none */
	const struct decisions *decisions;   /* likewise */
	const struct place_databases *place_databases;
};

/* "known_services=<digest>", "indicators=none" … */
void capsule_terms_data(const struct capsule_data *data, struct text *out);

void capsule_hex(const uint8_t digest[static SHA256_LEN], char out[static HEX_DIGEST_LEN]);

enum { CAPSULE_TERM_LEN = 128 };

/* What was one thing and is another now; "" is not there. */
struct capsule_term {
	char name[CAPSULE_TERM_LEN];
	char before[CAPSULE_TERM_LEN];
	char now[CAPSULE_TERM_LEN];
};

/* The next line of `before` from `*at`, which begins as 0, that `now` does not have so. */
bool capsule_next_term(struct span before, struct span now, size_t *at, struct capsule_term *out);
