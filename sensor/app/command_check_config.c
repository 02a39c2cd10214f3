#include "sensor/app/command.h"
#include "sensor/app/settings.h"

#include <getopt.h>

static const char help[] =
	"Usage: hinomi check-config [--config FILE] [--set NAME=VALUE]...\n\n"
	"Prints every option with its value, its meaning and its limits, as a file that --config\n"
	"takes; or says in one line what is wrong.\n";

static enum exit_code run(int argc, char **argv)
{
	static const struct option options_table[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct config config;
	int given;

	config_defaults(&config);
	while ((given = getopt_long(argc, argv, "h", options_table, NULL)) != -1) {
		bool is_good = given != '?';

		if (given == 'h') {
			(void)fputs(help, stdout);
			return EXIT_DONE;
		}
		if (given == 'c')
			is_good = settings_read(&config, optarg);
		else if (given == 's')
			is_good = settings_set(&config, optarg);
		if (!is_good)
			return EXIT_USAGE;
	}
	config_print(&config, stdout);
	return EXIT_DONE;
}

const struct command command_check_config = {
	.name = "check-config",
	.summary = "print the effective configuration, or what is wrong with it",
	.run = run,
};
