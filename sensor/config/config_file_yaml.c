#include "sensor/config/config.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

enum { NAME_MAX_LEN = 128, VALUE_MAX_LEN = 64 * CONFIG_PREFIXES_MAX };

/* Where a `module: { option: value }` document has got to. */
enum place { PLACE_TOP, PLACE_MODULE, PLACE_VALUE };

struct reading {
	struct config *config;
	enum place place;
	unsigned depth; /* of mappings */
	char module[NAME_MAX_LEN / 2];
	char name[NAME_MAX_LEN]; /* module.option */
	char *problem;
};

static enum err refuse(struct reading *r, const yaml_mark_t *mark, const char *why)
{
	(void)snprintf(r->problem, CONFIG_PROBLEM_LEN, "line %zu: %.150s", mark->line + 1, why);
	return ERR_SYNTAX;
}

static enum err take_scalar(struct reading *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	char why[CONFIG_PROBLEM_LEN];

	if (event->data.scalar.length >= VALUE_MAX_LEN)
		return refuse(r, &event->start_mark, "a text is too long");
	/* "module:" whose options are all commented out; or an empty document. */
	if (event->data.scalar.length == 0 &&
	    (r->depth == 0 || (r->depth == 1 && r->place == PLACE_MODULE))) {
		r->place = PLACE_TOP;
		return ERR_OK;
	}
	if (r->depth == 1 && r->place == PLACE_TOP) {
		(void)snprintf(r->module, sizeof(r->module), "%.63s", text);
		r->place = PLACE_MODULE;
		return ERR_OK;
	}
	if (r->depth != 2)
		return refuse(r, &event->start_mark, "expected 'module:' with options below it");
	if (r->place != PLACE_VALUE) {
		(void)snprintf(r->name, sizeof(r->name), "%s.%.60s", r->module, text);
		r->place = PLACE_VALUE;
		return ERR_OK;
	}
	r->place = PLACE_MODULE;
	if (config_set(r->config, r->name, text, why) != ERR_OK)
		return refuse(r, &event->start_mark, why);
	return ERR_OK;
}

static enum err take_event(struct reading *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_MAPPING_START_EVENT:
		if (r->depth == 2 || (r->depth == 1 && r->place != PLACE_MODULE))
			return refuse(r, &event->start_mark, "options are not nested that deep");
		r->depth++;
		return ERR_OK;
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		r->place = PLACE_TOP;
		return ERR_OK;
	case YAML_SCALAR_EVENT:
		return take_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_ALIAS_EVENT:
		return refuse(r, &event->start_mark, "lists and aliases have no meaning here");
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		break;
	}
	return ERR_OK;
}

static size_t lines_before(FILE *file, size_t offset)
{
	size_t lines = 0;

	rewind(file);
	for (size_t i = 0; i < offset; i++)
		lines += getc(file) == '\n';
	return lines;
}

static enum err refuse_yaml(struct reading *r, yaml_parser_t *parser, FILE *file)
{
	yaml_mark_t at = parser->problem_mark;

	if (ferror(file)) {
		(void)snprintf(r->problem, CONFIG_PROBLEM_LEN, "%s", strerror(errno));
		return ERR_IO;
	}
	/* Of bytes that are not UTF-8 the offset alone is told. */
	if (parser->error == YAML_READER_ERROR)
		at.line = lines_before(file, parser->problem_offset);
	return refuse(r, &at, parser->problem ? parser->problem : "not YAML");
}

static enum err read_events(yaml_parser_t *parser, struct reading *r, FILE *file)
{
	for (;;) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return refuse_yaml(r, parser, file);

		bool is_last = event.type == YAML_STREAM_END_EVENT;
		enum err err = take_event(r, &event);

		yaml_event_delete(&event);
		if (err != ERR_OK || is_last)
			return err;
	}
}

enum err config_read(struct config *config, const char *path,
		     char problem[static CONFIG_PROBLEM_LEN])
{
	struct config changed = *config; /* taken over only when the whole file is good */
	struct reading r = { .config = &changed, .problem = problem };
	yaml_parser_t parser;
	FILE *file = fopen(path, "rbe");

	if (!file) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN, "%s", strerror(errno));
		return ERR_IO;
	}
	if (!yaml_parser_initialize(&parser)) {
		(void)fclose(file);
		(void)snprintf(problem, CONFIG_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	yaml_parser_set_input_file(&parser, file);

	enum err err = read_events(&parser, &r, file);

	yaml_parser_delete(&parser);
	(void)fclose(file);
	if (err == ERR_OK)
		*config = changed;
	return err;
}
