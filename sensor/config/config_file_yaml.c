#include "sensor/config/yaml_faults.h"

#include <errno.h>
#include <string.h>

enum { NAME_MAX_LEN = 128, VALUE_MAX_LEN = 64 * CONFIG_PREFIXES_MAX };

/* Where a `module: { option: value }` document has got to. */
enum place { PLACE_TOP, PLACE_MODULE, PLACE_VALUE };

struct reading {
	struct config *config;
	struct yaml_faults faults;
	enum place place;
	unsigned depth;   /* of mappings */
	unsigned skipped; /* of what is passed over, in which it stands */
	bool is_void;     /* what comes next belongs to a name that has no meaning */
	char module[NAME_MAX_LEN / 2];
	char name[NAME_MAX_LEN]; /* module.option */
	yaml_mark_t name_at;
};

static void refuse(struct reading *r, const yaml_mark_t *mark, const char *why)
{
	yaml_faults_at(&r->faults, mark, why);
}

/* A name or a value is behind it. What follows a name that was none is passed over too. */
static void end_node(struct reading *r, bool is_void)
{
	bool is_name = r->depth == 1 ? r->place == PLACE_TOP : r->place == PLACE_MODULE;

	r->is_void = is_name && is_void;
	if (r->depth == 1)
		r->place = is_name ? PLACE_MODULE : PLACE_TOP;
	else if (r->depth == 2)
		r->place = is_name ? PLACE_VALUE : PLACE_MODULE;
}

static void take_name(struct reading *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;

	r->name_at = event->start_mark;
	if (r->depth == 1)
		(void)snprintf(r->module, sizeof(r->module), "%.63s", text);
	else
		(void)snprintf(r->name, sizeof(r->name), "%s.%.60s", r->module, text);
}

static void take_value(struct reading *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	char why[CONFIG_PROBLEM_LEN];
	enum err err = config_set(r->config, r->name, text, why);

	if (err == ERR_MISSING) /* it is the name that is wrong */
		refuse(r, &r->name_at, why);
	else if (err != ERR_OK)
		refuse(r, &event->start_mark, why);
}

static void take_scalar(struct reading *r, const yaml_event_t *event)
{
	bool is_empty = event->data.scalar.length == 0;
	bool is_fault = false;

	if (r->is_void) {
		/* Its name has been told of. */
	} else if (event->data.scalar.length >= VALUE_MAX_LEN) {
		refuse(r, &event->start_mark, "a text is too long");
		is_fault = true;
	} else if (r->depth == 2 && r->place == PLACE_VALUE) {
		take_value(r, event);
	} else if (r->depth == 2 || (r->depth == 1 && r->place == PLACE_TOP)) {
		take_name(r, event);
	} else if (!is_empty) {
		refuse(r, &event->start_mark, "expected 'module:' with options below it");
	} /* else "module:" whose options are all commented out; or an empty document */
	end_node(r, is_fault);
}

/* A mapping or a list: one that has no place here is passed over, whatever is in it. */
static void begin_node(struct reading *r, const yaml_event_t *event, bool is_mapping)
{
	bool has_place = r->depth == 0 || (r->depth == 1 && r->place == PLACE_MODULE);

	if (r->skipped > 0) {
		r->skipped++;
		return;
	}
	if (is_mapping && has_place && !r->is_void) {
		r->depth++;
		r->place = r->depth == 1 ? PLACE_TOP : PLACE_MODULE;
		return;
	}
	if (!r->is_void)
		refuse(r, &event->start_mark,
		       is_mapping ? "options are not nested that deep"
				  : "lists and aliases have no meaning here");
	r->skipped = 1;
}

static void end_of_node(struct reading *r)
{
	if (r->skipped == 0) {
		r->depth--;
		r->place = PLACE_TOP;
	} else if (--r->skipped == 0) {
		end_node(r, true);
	}
}

static void take_event(struct reading *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_MAPPING_START_EVENT:
		begin_node(r, event, true);
		break;
	case YAML_SEQUENCE_START_EVENT:
		begin_node(r, event, false);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		end_of_node(r);
		break;
	case YAML_SCALAR_EVENT:
		if (r->skipped == 0)
			take_scalar(r, event);
		break;
	case YAML_ALIAS_EVENT:
		if (r->skipped > 0)
			break;
		if (!r->is_void)
			refuse(r, &event->start_mark, "lists and aliases have no meaning here");
		end_node(r, true);
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

static void read_events(yaml_parser_t *parser, struct reading *r, FILE *file)
{
	bool is_last = false;

	while (!is_last) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			yaml_faults_parser(&r->faults, parser, file);
			return;
		}
		is_last = event.type == YAML_STREAM_END_EVENT;
		take_event(r, &event);
		yaml_event_delete(&event);
	}
}

enum err config_read(struct config *config, const char *path, config_fault_fn *told, void *arg)
{
	struct config changed = *config; /* taken over only when the whole file is good */
	struct reading r = { .config = &changed, .faults = { .told = told, .arg = arg } };
	yaml_parser_t parser;
	FILE *file = fopen(path, "rbe");

	if (!file) {
		yaml_faults_note(&r.faults, ERR_IO, strerror(errno));
		return r.faults.err;
	}
	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_file(&parser, file);
		read_events(&parser, &r, file);
		yaml_parser_delete(&parser);
	} else {
		yaml_faults_note(&r.faults, ERR_MEMORY, err_text(ERR_MEMORY));
	}
	(void)fclose(file);
	yaml_faults_end(&r.faults);
	if (r.faults.err == ERR_OK)
		*config = changed;
	return r.faults.err;
}
