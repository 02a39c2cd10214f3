/*
 * An entry of a set as one line of text, its fields between tabs: purpose, kind, item, with
 * subdomains (1 or 0), class, confidence, days of listing and confirmation since 1970, family,
 * sources. Capsules hold the entries of a verdict so, and a replay makes a set of them again.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/intel/intel_sets.h"

enum { INTEL_LINE_LEN = 2048 };

/* Finds `item` (as intel_match has it) in the sets of that purpose; false when it is not there. */
bool intel_line_write(const struct intel_sets *sets, enum intel_purpose purpose, const char *item,
		      struct text *out);

/*
 * The sets that lines were of, each ended by a newline, with nothing else in them. `*out` is the
 * caller's; NULL without lines. ERR_SYNTAX: no such lines.
 */
MUST_USE enum err intel_lines_read(struct span lines, struct intel_sets **out);
