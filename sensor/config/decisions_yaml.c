#include "sensor/config/decisions_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MOST = 4 << 20 };

static void refuse(struct decisions_reading *r, const yaml_node_t *at, const char *why)
{
	yaml_faults_at(&r->faults, &at->start_mark, why);
}

static const char *text_of(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

/* The field, or DECISION_FIELDS_MAX after a line about it. */
static size_t find_field(struct decisions_reading *r, const struct decision_section *section,
			 const yaml_node_t *key, const bool *seen)
{
	char why[CONFIG_PROBLEM_LEN];

	for (size_t i = 0; i < section->field_count; i++) {
		if (strcmp(section->fields[i].name, text_of(key)) != 0)
			continue;
		if (!seen[i])
			return i;
		(void)snprintf(why, sizeof(why), "%s: stands there twice", section->fields[i].name);
		refuse(r, key, why);
		return DECISION_FIELDS_MAX;
	}
	(void)snprintf(why, sizeof(why), "%.40s: %s have no such field", text_of(key),
		       section->name);
	refuse(r, key, why);
	return DECISION_FIELDS_MAX;
}

static void read_field(struct decisions_reading *r, const struct decision_section *section,
		       const yaml_node_pair_t *pair, bool *seen)
{
	const yaml_node_t *key = yaml_document_get_node(r->document, pair->key);
	const yaml_node_t *value = yaml_document_get_node(r->document, pair->value);
	size_t i = find_field(r, section, key, seen);
	char line[CONFIG_PROBLEM_LEN];
	const char *why;

	if (i == DECISION_FIELDS_MAX)
		return;
	seen[i] = true;
	if (value->type != YAML_SCALAR_NODE)
		why = "takes one text, no list or mapping";
	else if (strlen(text_of(value)) != value->data.scalar.length)
		why = "holds characters that cannot be shown";
	else
		why = section->fields[i].take(r, text_of(value));
	if (!why)
		return;
	(void)snprintf(line, sizeof(line), "%s: '%.60s' %s", section->fields[i].name,
		       text_of(value), why);
	refuse(r, value, line);
}

static void begin_entry(struct decisions_reading *r)
{
	r->tally = (struct rule_tally){ 0 };
	r->suppression = (struct suppression){ 0 };
	r->verdict = (struct case_verdict){ 0 };
	r->device = (struct device_decision){ 0 };
}

static void read_entry(struct decisions_reading *r, const struct decision_section *section,
		       const yaml_node_t *entry)
{
	bool seen[DECISION_FIELDS_MAX] = { false };
	size_t faults = r->faults.count;
	char line[CONFIG_PROBLEM_LEN];
	const char *why;

	if (entry->type != YAML_MAPPING_NODE) {
		refuse(r, entry, "an entry is a mapping, 'name: value' …");
		return;
	}
	begin_entry(r);
	for (const yaml_node_pair_t *pair = entry->data.mapping.pairs.start;
	     pair < entry->data.mapping.pairs.top; pair++)
		read_field(r, section, pair, seen);
	for (size_t i = 0; i < section->field_count; i++) {
		if (seen[i] || section->fields[i].is_optional)
			continue;
		(void)snprintf(line, sizeof(line), "'%s' is missing", section->fields[i].name);
		refuse(r, entry, line);
	}
	if (r->faults.count > faults)
		return;
	why = section->end(r);
	if (!why)
		return;
	(void)snprintf(line, sizeof(line), "this entry %s", why);
	refuse(r, entry, line);
}

static void read_section(struct decisions_reading *r, const yaml_node_pair_t *pair)
{
	const yaml_node_t *key = yaml_document_get_node(r->document, pair->key);
	const yaml_node_t *list = yaml_document_get_node(r->document, pair->value);
	const struct decision_section *section = NULL;

	for (size_t i = 0; i < decision_section_count; i++) {
		if (strcmp(decision_sections[i].name, text_of(key)) == 0)
			section = &decision_sections[i];
	}
	if (!section) {
		refuse(r, key, "expected suppressions, feedback, verdicts or devices");
		return;
	}
	if (list->type == YAML_SCALAR_NODE && list->data.scalar.length == 0)
		return; /* whose entries are all commented out */
	if (list->type != YAML_SEQUENCE_NODE) {
		refuse(r, list, "expected a list of entries, each with '- ' before it");
		return;
	}
	for (const yaml_node_item_t *item = list->data.sequence.items.start;
	     item < list->data.sequence.items.top; item++)
		read_entry(r, section, yaml_document_get_node(r->document, *item));
}

static void read_document(struct decisions_reading *r)
{
	const yaml_node_t *top = yaml_document_get_root_node(r->document);

	if (top->type == YAML_SCALAR_NODE && top->data.scalar.length == 0)
		return;
	if (top->type != YAML_MAPPING_NODE) {
		refuse(r, top, "expected 'suppressions:' and the like, with a list below");
		return;
	}
	for (const yaml_node_pair_t *pair = top->data.mapping.pairs.start;
	     pair < top->data.mapping.pairs.top; pair++)
		read_section(r, pair);
}

static void read_stream(struct decisions_reading *r, yaml_parser_t *parser, FILE *file)
{
	bool is_last = false;

	while (!is_last) {
		yaml_document_t document;

		if (!yaml_parser_load(parser, &document)) {
			yaml_faults_parser(&r->faults, parser, file);
			return;
		}
		is_last = yaml_document_get_root_node(&document) == NULL;
		r->document = &document;
		if (!is_last)
			read_document(r);
		yaml_document_delete(&document);
		r->document = NULL;
	}
}

static void read_open_file(struct decisions_reading *r, FILE *file)
{
	struct stat status;
	yaml_parser_t parser;

	if (fstat(fileno(file), &status) != 0) {
		yaml_faults_note(&r->faults, ERR_IO, strerror(errno));
	} else if (status.st_size > FILE_BYTES_MOST) {
		yaml_faults_note(&r->faults, ERR_RANGE, "larger than 4 MiB");
	} else if (!yaml_parser_initialize(&parser)) {
		yaml_faults_note(&r->faults, ERR_MEMORY, err_text(ERR_MEMORY));
	} else {
		yaml_parser_set_input_file(&parser, file);
		read_stream(r, &parser, file);
		yaml_parser_delete(&parser);
	}
}

static void read_file(struct decisions_reading *r, const char *path)
{
	FILE *file = fopen(path, "rbe");

	if (!file) {
		yaml_faults_note(&r->faults, ERR_IO, strerror(errno));
		return;
	}
	read_open_file(r, file);
	(void)fclose(file);
}

enum err decisions_read(struct decisions **out, const char *path, const char *also,
			const struct decisions_words *words, config_fault_fn *told, void *arg)
{
	struct decisions_reading r = { .decisions = calloc(1, sizeof(struct decisions)),
				       .words = words,
				       .faults = { .told = told, .arg = arg } };

	if (!r.decisions) {
		yaml_faults_note(&r.faults, ERR_MEMORY, err_text(ERR_MEMORY));
	} else {
		read_file(&r, path);
		if (also)
			read_file(&r, also);
	}
	yaml_faults_end(&r.faults);
	if (r.faults.err == ERR_OK) {
		decisions_add_verdicts(r.decisions);
		*out = r.decisions;
	} else {
		decisions_free(r.decisions);
	}
	return r.faults.err;
}
