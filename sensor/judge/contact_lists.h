/*
 * What the sets in force say of a contact: the one place where it is held against them, now or a
 * month later. Borrowed, and not changed while they are read; any number of threads may read.
 */
#pragma once

#include "sensor/intel/intel_sets.h"
#include "sensor/intel/suffix_rules.h"
#include "sensor/judge/contact_block.h"

struct contact_lists {
	const struct intel_sets *sets;       /* NULL is none */
	const struct suffix_rules *suffixes; /* for registered domains */
};

/* Whether nothing in them is bad. */
bool contact_lists_are_empty(const struct contact_lists *lists);

/* False where nothing is known of it, or only that it is harmless. */
bool contact_lists_find(const struct contact_lists *lists, const struct contact *contact,
			struct intel_match *out);
