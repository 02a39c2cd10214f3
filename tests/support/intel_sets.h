/* Intel sets of a few rows, made in memory. */
#pragma once

#include "sensor/intel/intel_builder.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

struct told {
	const char *source;
	const char *text;
	const char *family;
	unsigned listed; /* days since 2000; 0 is not told */
	unsigned confirmed;
	uint8_t confidence;
	enum intel_class class;
	bool has_subdomains;
	bool is_harmless;
};

struct made_set {
	uint8_t *bytes;
	size_t len;
	struct intel_set *set;
};

static inline nanotime told_day(unsigned day)
{
	return day == 0 ? 0 : (UINT64_C(10957) + day) * NANOTIME_DAY;
}

static inline void tell_builder(struct intel_builder *builder, const struct told *told)
{
	struct intel_item item;
	struct intel_note note = { .family = told->family ? told->family : "",
				   .listed = told_day(told->listed),
				   .confirmed = told_day(told->confirmed),
				   .confidence = told->confidence,
				   .class = told->class,
				   .has_subdomains = told->has_subdomains,
				   .is_harmless = told->is_harmless };

	assert_int_equal(intel_item_guess(told->text, &item), ERR_OK);
	assert_int_equal(intel_builder_source(builder, told->source, &note.source), ERR_OK);
	assert_int_equal(intel_builder_add(builder, &item, &note), ERR_OK);
}

static inline struct made_set make_set_for(enum intel_purpose purpose, const struct told *told,
					   size_t count)
{
	struct made_set made = { 0 };
	struct intel_builder *builder;

	assert_int_equal(intel_builder_new(&builder, purpose), ERR_OK);
	for (size_t i = 0; i < count; i++)
		tell_builder(builder, &told[i]);
	assert_int_equal(intel_builder_make(builder, &made.bytes, &made.len), ERR_OK);
	intel_builder_free(builder);
	assert_int_equal(intel_set_over(made.bytes, made.len, &made.set), INTEL_FINE);
	return made;
}

static inline struct made_set make_set(const struct told *told, size_t count)
{
	return make_set_for(INTEL_INDICATORS, told, count);
}

static inline void made_set_free(struct made_set *made)
{
	intel_set_free(made->set);
	free(made->bytes);
}
