#include "sensor/config/config_lines.h"

#include <string.h>

enum { NAME_ROOM = 64, VALUE_ROOM = 4096 };

static void load(const struct option *option, const struct config *config,
		 union option_value *value)
{
	memset(value, 0, sizeof(*value));
	memcpy(value, (const char *)config + option->offset, option_size(option->kind));
}

static void write_names(const struct interface_names *names, FILE *out)
{
	for (size_t i = 0; i < names->count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? " " : "", names->name[i]);
}

static void write_countries(const struct country_codes *codes, FILE *out)
{
	for (size_t i = 0; i < codes->count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? " " : "", codes->code[i]);
}

/* As option_parse() takes it: without YAML's quotes. */
static void write_value(const struct option *option, const union option_value *value, FILE *out)
{
	if (option->kind == OPTION_PATH)
		(void)fputs(value->path, out);
	else if (option->kind == OPTION_NAMES)
		write_names(&value->names, out);
	else if (option->kind == OPTION_COUNTRIES)
		write_countries(&value->countries, out);
	else
		option_print(option, value, out);
}

void config_lines_write(const struct config *config, FILE *out)
{
	for (size_t i = 0; i < options_count; i++) {
		union option_value value;

		load(&options[i], config, &value);
		(void)fprintf(out, "%s=", options[i].name);
		write_value(&options[i], &value, out);
		(void)fputc('\n', out);
	}
}

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < options_count; i++) {
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	}
	return NULL;
}

static void read_option(struct config *config, const char *name, const char *text,
			config_line_fn *told, void *arg)
{
	const struct option *option = find(name);
	char problem[CONFIG_PROBLEM_LEN];

	if (option && option->kind == OPTION_PATH)
		return;
	/* Of a capture, and below what anybody may ask for. */
	if (strcmp(name, "judge.learning") == 0 && strcmp(text, "0ms") == 0)
		config->judge.learning = 0;
	else if (!option)
		told(arg, name, "this version has no such option");
	else if (config_set(config, name, text, problem) != ERR_OK)
		told(arg, name, "this version does not take its value");
}

static bool copy_text(const char *from, const char *end, char *out, size_t room)
{
	size_t len = (size_t)(end - from);

	if (len >= room || memchr(from, '\0', len))
		return false;
	memcpy(out, from, len);
	out[len] = '\0';
	return true;
}

bool config_lines_read(struct config *config, const char *lines, size_t len, config_line_fn *told,
		       void *arg)
{
	const char *end = lines + len;

	while (lines < end) {
		const char *line = lines;
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *equals = newline ? memchr(line, '=', (size_t)(newline - line)) : NULL;
		char name[NAME_ROOM];
		char text[VALUE_ROOM];

		if (!equals || !copy_text(line, equals, name, sizeof(name)) ||
		    !copy_text(equals + 1, newline, text, sizeof(text)))
			return false;
		read_option(config, name, text, told, arg);
		lines = newline + 1;
	}
	return true;
}

const struct option *config_next_difference(const struct config *a, const struct config *b,
					    size_t *at)
{
	while (*at < options_count) {
		const struct option *o = &options[(*at)++];

		if (o->kind != OPTION_PATH &&
		    memcmp((const char *)a + o->offset, (const char *)b + o->offset,
			   option_size(o->kind)) != 0)
			return o;
	}
	return NULL;
}

void config_take_option(struct config *to, const struct config *from, const struct option *option)
{
	memcpy((char *)to + option->offset, (const char *)from + option->offset,
	       option_size(option->kind));
}

void config_option_text(const struct config *config, const struct option *option, char *out,
			size_t room)
{
	union option_value value;
	FILE *stream = fmemopen(out, room, "w");

	out[0] = '\0';
	if (!stream)
		return;
	load(option, config, &value);
	write_value(option, &value, stream);
	(void)fclose(stream);
	out[room - 1] = '\0';
}
