#include "sensor/app/settings.h"

#include "sensor/app/output.h"

#include <string.h>

enum { NAME_LEN = 64 };

bool settings_add_file(struct settings *settings, const char *path)
{
	if (settings->file_count == SETTINGS_FILES_MAX) {
		(void)fprintf(stderr, "hinomi: at most %d times --config\n", SETTINGS_FILES_MAX);
		return false;
	}
	settings->files[settings->file_count++] = path;
	return true;
}

bool settings_add(struct settings *settings, const char *assignment)
{
	if (settings->assignment_count == SETTINGS_ASSIGNMENTS_MAX) {
		(void)fprintf(stderr, "hinomi: at most %d times --set\n", SETTINGS_ASSIGNMENTS_MAX);
		return false;
	}
	settings->assignments[settings->assignment_count++] = assignment;
	return true;
}

static bool read_file(struct config *config, const char *path)
{
	char problem[CONFIG_PROBLEM_LEN];

	if (config_read(config, path, problem) == ERR_OK)
		return true;
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, problem);
	return false;
}

static bool assign(struct config *config, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	size_t len = equals ? (size_t)(equals - assignment) : 0;
	char problem[CONFIG_PROBLEM_LEN];
	char name[NAME_LEN];

	if (!equals || len >= sizeof(name)) {
		(void)fprintf(stderr, "hinomi: --set takes NAME=VALUE, not '%s'\n",
			      output_text(assignment).chars);
		return false;
	}
	memcpy(name, assignment, len);
	name[len] = '\0';
	if (config_set(config, name, equals + 1, problem) == ERR_OK)
		return true;
	(void)fprintf(stderr, "hinomi: %s\n", problem);
	return false;
}

bool settings_apply(const struct settings *settings, struct config *config)
{
	config_defaults(config);
	for (size_t i = 0; i < settings->file_count; i++) {
		if (!read_file(config, settings->files[i]))
			return false;
	}
	for (size_t i = 0; i < settings->assignment_count; i++) {
		if (!assign(config, settings->assignments[i]))
			return false;
	}
	return true;
}
