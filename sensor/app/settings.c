#include "sensor/app/settings.h"

#include "sensor/app/output.h"

#include <string.h>
#include <unistd.h>

enum { NAME_LEN = 64, LINE_LEN = 1024 };

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

/* Who is told of faults, and in which file. */
struct telling {
	settings_say_fn *say;
	void *arg;
	const char *path;
};

/* A config_fault_fn. */
static void tell_fault(void *arg, const char *fault)
{
	const struct telling *to = arg;
	char line[LINE_LEN];

	(void)snprintf(line, sizeof(line), "%.*s: %s", LINE_LEN - CONFIG_PROBLEM_LEN - 4,
		       output_text(to->path).chars, fault);
	to->say(to->arg, line);
}

static bool assign(struct config *config, const char *assignment, const struct telling *to)
{
	const char *equals = strchr(assignment, '=');
	size_t len = equals ? (size_t)(equals - assignment) : 0;
	char line[LINE_LEN];
	char problem[CONFIG_PROBLEM_LEN];
	char name[NAME_LEN];

	if (!equals || len >= sizeof(name)) {
		(void)snprintf(line, sizeof(line), "--set takes NAME=VALUE, not '%.500s'",
			       output_text(assignment).chars);
		to->say(to->arg, line);
		return false;
	}
	memcpy(name, assignment, len);
	name[len] = '\0';
	if (config_set(config, name, equals + 1, problem) == ERR_OK)
		return true;
	to->say(to->arg, problem);
	return false;
}

/* Where there is no such file the sensor was not enrolled, which is no fault. */
static bool read_enrolled(struct config *config, const char *folder, struct telling *to)
{
	char path[CONFIG_PATH_LEN + sizeof(SETTINGS_ENROLLED) + 1];

	(void)snprintf(path, sizeof(path), "%s/" SETTINGS_ENROLLED, folder);
	if (access(path, F_OK) != 0)
		return true;
	to->path = path;
	return config_read(config, path, tell_fault, to) == ERR_OK;
}

static bool read_files(const struct settings *settings, struct config *config, struct telling *to)
{
	bool is_good = true;

	for (size_t i = 0; i < settings->file_count; i++) {
		to->path = settings->files[i];
		is_good &= config_read(config, to->path, tell_fault, to) == ERR_OK;
	}
	for (size_t i = 0; i < settings->assignment_count; i++)
		is_good &= assign(config, settings->assignments[i], to);
	return is_good;
}

static void begin(const struct settings *settings, struct config *config)
{
	config_defaults(config);
	if (settings->is_capture)
		config->judge.learning = 0;
}

bool settings_read(const struct settings *settings, struct config *config, settings_say_fn *say,
		   void *arg)
{
	struct telling to = { .say = say, .arg = arg };
	char folder[CONFIG_PATH_LEN];
	bool is_good;

	begin(settings, config);
	is_good = read_files(settings, config, &to);
	if (!settings->is_enrolled || !is_good)
		return is_good;
	/* Only the files know where the folder is, and they go over what stands there. */
	memcpy(folder, config->courier.folder, sizeof(folder));
	begin(settings, config);
	return read_enrolled(config, folder, &to) && read_files(settings, config, &to);
}

static void say_on_standard_error(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi: %s\n", line);
}

bool settings_assign(const struct settings *settings, struct config *config)
{
	const struct telling to = { .say = say_on_standard_error };
	bool is_good = true;

	for (size_t i = 0; i < settings->assignment_count; i++)
		is_good &= assign(config, settings->assignments[i], &to);
	return is_good;
}

bool settings_apply(const struct settings *settings, struct config *config)
{
	return settings_read(settings, config, say_on_standard_error, NULL);
}
