#include "sensor/app/arguments.h"

#include "sensor/app/output.h"

static bool take_one(const struct arguments *a, void *options, int given)
{
	if (given == '?')
		return false; /* getopt has said what */
	if (given == 'h') {
		*a->is_help = true;
		return true;
	}
	if (a->settings && given == 'c')
		return settings_add_file(a->settings, optarg);
	if (a->settings && given == 's')
		return settings_add(a->settings, optarg);
	return a->take && a->take(options, given);
}

bool arguments_take(const struct arguments *arguments, int argc, char **argv, void *options)
{
	int given;

	while ((given = getopt_long(argc, argv, arguments->letters, arguments->table, NULL)) !=
	       -1) {
		if (!take_one(arguments, options, given))
			return false;
	}
	return true;
}

bool arguments_refuse(const char *command, const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi %s --help' tells more\n", why,
		      output_text(what).chars, command);
	return false;
}

bool arguments_use_state(const char *command, const char *state, struct config *config)
{
	if (!state)
		return true;
	if (strlen(state) >= CONFIG_PATH_LEN)
		return arguments_refuse(command, "too long a path: ", state);
	memcpy(config->store.folder, state, strlen(state) + 1);
	return true;
}

enum exit_code arguments_help(const char *help)
{
	(void)fputs(help, stdout);
	return output_is_written() ? EXIT_DONE : EXIT_FAILED;
}
