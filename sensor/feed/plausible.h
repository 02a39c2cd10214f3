/*
 * What no feed may blame, whoever publishes it: what everybody visits, what strangers share, and
 * what is nobody's. One thread.
 */
#pragma once

#include "sensor/intel/intel_item.h"
#include "sensor/intel/suffix_rules.h"

struct plausible;

/* `suffixes` is borrowed. */
MUST_USE enum err plausible_new(struct plausible **out, const struct suffix_rules *suffixes);
void plausible_free(struct plausible *plausible);

/* A name of a popular list: 8 bytes each. */
MUST_USE enum err plausible_note_popular(struct plausible *plausible,
					 const struct intel_item *name);

/* A phrase for the report; NULL: the item may be listed. */
const char *plausible_why_not(struct plausible *plausible, const struct intel_item *item);

/* The same for a warning list, which may name all of these but not everything at once. */
const char *plausible_why_no_place(const struct intel_item *item);
