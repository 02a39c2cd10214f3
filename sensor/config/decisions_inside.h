/*
 * How a file of decisions is read, for the two files that do it: decisions_yaml.c walks through the
 * documents, decisions_fields.c knows the sections and what their fields take. No one else includes
 * this.
 */
#pragma once

#include "sensor/config/decisions.h"
#include "sensor/config/yaml_faults.h"

enum { DECISION_FIELDS_MAX = 16 };

struct decisions_reading {
	struct decisions *decisions;
	const struct decisions_words *words;
	struct yaml_faults faults;
	yaml_document_t *document;
	/* Of the entry that is being read. */
	struct rule_tally tally;
	struct suppression suppression;
	struct case_verdict verdict;
	struct device_decision device;
};

struct decision_field {
	const char *name;
	/* NULL, or what is wrong: it goes on from the field and its value. */
	const char *(*take)(struct decisions_reading *r, const char *value);
	bool is_optional;
};

struct decision_section {
	const char *name;
	const struct decision_field *fields;
	size_t field_count;
	/* An entry without faults is whole: NULL, or what is wrong with it. */
	const char *(*end)(struct decisions_reading *r);
};

extern const struct decision_section decision_sections[];
extern const size_t decision_section_count;

/* After the last entry: what became of cases speaks for or against their rules. */
void decisions_add_verdicts(struct decisions *decisions);
