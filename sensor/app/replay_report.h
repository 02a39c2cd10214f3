/* What `hinomi replay` says of one capsule, on standard output. */
#pragma once

#include "sensor/app/settings.h"
#include "sensor/judge/capsule_replay.h"

struct replay_question {
	const char *path;
	const struct capsule *capsule;
	const struct settings *settings;         /* go over the capsule's options; found good */
	const struct intel_sets *indicators;     /* NULL: what the capsule holds of its list */
	const struct decisions *decisions;       /* NULL is none */
	struct place_databases *place_databases; /* NULL: what the capsule holds of them */
};

/* One line, and one more for each thing that has changed. Whether the verdict is the same. */
bool replay_tell(const struct replay_question *question);

/* All that it holds as text: head, options, rules, data, verdict. */
void replay_show(const struct capsule *capsule);
