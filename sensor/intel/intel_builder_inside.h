/* What intel_builder.c gathers and intel_layout.c lays out. */
#pragma once

#include "sensor/intel/intel_builder.h"
#include "sensor/intel/intel_form.h"

struct intel_entry {
	uint64_t key;
	struct intel_passport passport;
};

struct intel_network {
	struct address first;
	struct address last;
	struct intel_passport passport;
};

struct intel_builder {
	enum intel_purpose purpose;
	struct intel_entry *entries;
	size_t entry_count;
	size_t entry_room;
	bool is_sorted; /* the entries are, and each is different */
	struct intel_network *networks;
	size_t network_count;
	size_t network_room;
	char *texts;
	size_t text_len;
	size_t text_room;
	uint32_t *families; /* where in the texts, in the order of the texts */
	size_t family_count;
	size_t family_room;
	uint32_t sources[INTEL_SOURCES_MAX];
};

enum { INTEL_FAMILIES_MAX = 1 << 16 }; /* a further one is not told */

/* `array` with room for one more than `count`; NULL without memory: then it is as it was. */
void *intel_grown(void *array, size_t count, size_t *room, size_t size);

/* intel_texts.c: copies a text; where a family's name is, 0 for "". */
MUST_USE enum err intel_text_add(struct intel_builder *builder, const char *text, uint32_t *at);
MUST_USE enum err intel_family_of(struct intel_builder *builder, const char *name, uint32_t *out);

/* Puts the texts in an order of their own, whatever the order in which they came. */
bool intel_texts_settle(struct intel_builder *builder);

/* Texts settled, entries in the order of their keys, each key once; false without memory. */
bool intel_builder_sort(struct intel_builder *builder);

/* Makes networks that lie in one another ranges that do not; `*out` is the caller's. */
MUST_USE enum err intel_flatten(const struct intel_builder *builder, struct intel_network **out,
				size_t *out_count);

/* Adds what another source says of the same item. */
void intel_passport_join(const struct intel_builder *builder, struct intel_passport *passport,
			 const struct intel_passport *other);

/* The order in which passports of one item are joined, by what they say. */
int intel_passport_order(const struct intel_passport *a, const struct intel_passport *b);
