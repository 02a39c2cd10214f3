#include "sensor/config/yaml_faults.h"

#include "sensor/base/text.h"

#include <errno.h>
#include <string.h>

void yaml_faults_note(struct yaml_faults *faults, enum err err, const char *fault)
{
	if (faults->err == ERR_OK)
		faults->err = err;
	if (faults->count++ < CONFIG_FAULTS_MAX)
		faults->told(faults->arg, fault);
}

void yaml_faults_at(struct yaml_faults *faults, const yaml_mark_t *mark, const char *why)
{
	char fault[CONFIG_PROBLEM_LEN];
	char clean[CONFIG_PROBLEM_LEN];

	(void)snprintf(fault, sizeof(fault), "line %zu, column %zu: %.150s", mark->line + 1,
		       mark->column + 1, why);
	/* It may hold anything that the file does, cut anywhere. */
	(void)text_from_wire((struct span){ (const uint8_t *)fault, strlen(fault) }, clean,
			     sizeof(clean));
	yaml_faults_note(faults, ERR_SYNTAX, clean);
}

/* Where the byte at `offset` stands. */
static yaml_mark_t mark_of(FILE *file, size_t offset)
{
	yaml_mark_t mark = { 0 };

	rewind(file);
	for (size_t i = 0; i < offset; i++) {
		mark.column++;
		if (getc(file) == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

void yaml_faults_parser(struct yaml_faults *faults, const yaml_parser_t *parser, FILE *file)
{
	yaml_mark_t at = parser->problem_mark;

	if (ferror(file)) {
		yaml_faults_note(faults, ERR_IO, strerror(errno));
		return;
	}
	/* Of bytes that are not UTF-8 the offset alone is told. */
	if (parser->error == YAML_READER_ERROR)
		at = mark_of(file, parser->problem_offset);
	yaml_faults_at(faults, &at, parser->problem ? parser->problem : "not YAML");
}

void yaml_faults_end(struct yaml_faults *faults)
{
	char line[CONFIG_PROBLEM_LEN];

	if (faults->count <= CONFIG_FAULTS_MAX)
		return;
	(void)snprintf(line, sizeof(line), "and %zu more faults",
		       faults->count - CONFIG_FAULTS_MAX);
	faults->told(faults->arg, line);
}
