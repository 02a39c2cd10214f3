/*
 * Judges a capsule's fact again: a new judge, the rows put back through the checks that a restart
 * has, the fact taken, and the verdict compared with the capsule's. Nothing in a capsule is
 * trusted.
 *
 * One thread. A replay takes a judge's memory for as long as it lasts.
 */
#pragma once

#include "sensor/config/decisions.h"
#include "sensor/intel/intel_sets.h"
#include "sensor/judge/capsule.h"
#include "sensor/judge/capsule_verdict.h"

enum replay_outcome {
	REPLAY_SAME,
	REPLAY_DIFFERS, /* the case came up, and something about it is another */
	REPLAY_NOTHING, /* no such case came up */
};

struct replay_answer {
	enum replay_outcome outcome;
	struct capsule_difference first; /* of REPLAY_DIFFERS */
	uint32_t rows_refused;           /* of another layout, or unsound … */
	char refused[CAPSULE_TABLE_LEN]; /* … the first one's table */
};

struct replay_setup {
	const struct config *config;
	const struct intel_sets *indicators;     /* NULL is none */
	const struct decisions *decisions;       /* likewise */
	struct place_databases *place_databases; /* NULL: what the capsule holds of them */
};

/* ERR_MALFORMED: its fact is none of this version's. ERR_MEMORY. */
MUST_USE enum err capsule_replay(const struct capsule *capsule, const struct replay_setup *setup,
				 struct replay_answer *out);
