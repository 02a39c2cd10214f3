/*
 * The sets that a sensor judges by, asked as one: what is known to be bad, and what is common among
 * offices. Of several that know an item the one that is surest of it answers.
 *
 * Filled by one thread, then read by any number.
 */
#pragma once

#include "sensor/base/text.h"
#include "sensor/digest/digest.h"
#include "sensor/intel/intel_set.h"

enum {
	INTEL_SETS_MAX = 16,
	INTEL_TEXT_LEN = 256, /* of an item as it is told: a longer URL is cut */
};

struct intel_sets;

MUST_USE enum err intel_sets_new(struct intel_sets **out);
void intel_sets_free(struct intel_sets *sets);

/* The set is theirs from here on, also when it does not fit: ERR_FULL. */
MUST_USE enum err intel_sets_add(struct intel_sets *sets, struct intel_set *set);

/* How many there are, and each in the order they were added. */
size_t intel_sets_count(const struct intel_sets *sets);
const struct intel_set *intel_sets_at(const struct intel_sets *sets, size_t index);

/* A set that belongs to them could not be used: the one before it stands in its place. */
void intel_sets_note_refusal(struct intel_sets *sets);

/* How old they are, together. Times are 0 where no set says. */
struct intel_sets_age {
	uint64_t entries; /* of indicators */
	nanotime made;    /* of the oldest … */
	nanotime expires; /* … and of the one that does so first */
	bool has_refusal;
};

/* NULL is none. */
struct intel_sets_age intel_sets_age(const struct intel_sets *sets);

/* Which sets they are, as one digest: of what their makers signed, or of their bytes. */
void intel_sets_digest(const struct intel_sets *sets, uint8_t out[static SHA256_LEN]);

/* Whether any of that purpose and kind is in them: else nobody need ask. */
bool intel_sets_hold(const struct intel_sets *sets, enum intel_purpose purpose,
		     enum intel_kind kind);

struct intel_match {
	struct intel_hit hit;
	const struct intel_set *set;
	char item[INTEL_TEXT_LEN]; /* what is listed of what was asked, in its plain form */
};

/*
 * As intel_find_name() and its like, in all sets of `purpose`. What only a warning list names is
 * found where no set has anything worse to say.
 */
bool intel_sets_find_name(const struct intel_sets *sets, enum intel_purpose purpose,
			  const char *name, const char *registered, struct intel_match *out);
bool intel_sets_find_address(const struct intel_sets *sets, enum intel_purpose purpose,
			     const struct address *address, uint16_t port, struct intel_match *out);
/* `text` is the item's. */
bool intel_sets_find_item(const struct intel_sets *sets, enum intel_purpose purpose,
			  const struct intel_item *item, const char *text, struct intel_match *out);

/* "evil.example (AsyncRAT; urlhaus, threatfox; since 2026-03-01)", as far as it is known. */
void intel_match_text(const struct intel_match *match, struct text *out);
