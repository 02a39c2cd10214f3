/*
 * Makes an intel set of items from any number of sources: the same items of the same sources give
 * the same bytes, in whatever order they come. For tools: it takes heap by the item (24 bytes),
 * which the sensor never does.
 *
 * One thread.
 */
#pragma once

#include "sensor/intel/intel_item.h"
#include "sensor/intel/intel_set.h"

struct intel_builder;

MUST_USE enum err intel_builder_new(struct intel_builder **out, enum intel_purpose purpose);
void intel_builder_free(struct intel_builder *builder);

/* The bit of a source, a new one for a new name; ERR_FULL beyond INTEL_SOURCES_MAX. */
MUST_USE enum err intel_builder_source(struct intel_builder *builder, const char *name,
				       unsigned *bit);

/* What a source says of an item. */
struct intel_note {
	unsigned source;
	const char *family; /* "" is not known */
	nanotime listed;    /* 0 is not known */
	nanotime confirmed;
	uint8_t confidence; /* 0 … 100; of prevalence: offices */
	enum intel_class class;
	bool has_subdomains;
	bool is_harmless;
};

/*
 * An item that is there already gains a source: its confidence grows as that of independent
 * witnesses, the earliest listing and the latest confirmation count, the family is that of the
 * source that was named first, of one source's the first by its letters. ERR_FULL beyond
 * FUSE_KEYS_MAX items.
 */
MUST_USE enum err intel_builder_add(struct intel_builder *builder, const struct intel_item *item,
				    const struct intel_note *note);

/* How many different items there are, when all were added: it joins what is said of each. */
size_t intel_builder_count(struct intel_builder *builder);

/* The set's bytes without a signature, the caller's to free. Nothing is added afterwards. */
MUST_USE enum err intel_builder_make(struct intel_builder *builder, uint8_t **bytes, size_t *len);
