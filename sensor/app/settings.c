#include "sensor/app/settings.h"

#include <stdio.h>
#include <string.h>

enum { NAME_LEN = 64 };

bool settings_read(struct config *config, const char *path)
{
	char problem[CONFIG_PROBLEM_LEN];

	if (config_read(config, path, problem) == ERR_OK)
		return true;
	(void)fprintf(stderr, "hinomi: %s: %s\n", path, problem);
	return false;
}

bool settings_set(struct config *config, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	size_t len = equals ? (size_t)(equals - assignment) : 0;
	char problem[CONFIG_PROBLEM_LEN];
	char name[NAME_LEN];

	if (!equals || len >= sizeof(name)) {
		(void)fprintf(stderr, "hinomi: --set takes NAME=VALUE, not '%s'\n", assignment);
		return false;
	}
	memcpy(name, assignment, len);
	name[len] = '\0';
	if (config_set(config, name, equals + 1, problem) == ERR_OK)
		return true;
	(void)fprintf(stderr, "hinomi: %s\n", problem);
	return false;
}
