/*
 * One more verdict in the file of judge.decisions, as a YAML document of its own at its end, so
 * that whatever people wrote before stays as it is.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/config/decisions.h"

struct verdict_note {
	const struct case_record *about;
	enum verdict verdict;
	const char *owner; /* clean texts that fit */
	const char *reason;
	nanotime when;
};

enum { BENIGN_DAYS = 90, APPEND_PROBLEM_LEN = 512 };

/*
 * Appends to `path`, which is made when it is not there. What is benign as the office expects is
 * suppressed too, finding by finding, for BENIGN_DAYS; `known` (NULL is none) are the decisions in
 * the file, whose ids are taken. `*suppressed` is how many. On failure the file is as before, and
 * `problem` says why.
 */
MUST_USE bool decisions_append(const char *path, const struct verdict_note *note,
			       const struct decisions *known, unsigned *suppressed,
			       char problem[static APPEND_PROBLEM_LEN]);
