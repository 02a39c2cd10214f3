#include "sensor/app/command.h"
#include "sensor/app/output.h"
#include "sensor/app/settings.h"

#include <getopt.h>

static const char help[] =
	"Usage: hinomi check-config [--config FILE]... [--set NAME=VALUE]...\n\n"
	"Prints every option with its value, its meaning and its limits, as a file that --config\n"
	"takes; or says in one line what is wrong. --set goes over --config, wherever it stands.\n";

static enum exit_code run(int argc, char **argv)
{
	static const struct option options_table[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct settings settings = { 0 };
	struct config config;
	bool is_help = false;
	int given;

	while ((given = getopt_long(argc, argv, "h", options_table, NULL)) != -1) {
		bool is_good = given != '?';

		if (given == 'h')
			is_help = true;
		else if (given == 'c')
			is_good = settings_add_file(&settings, optarg);
		else if (given == 's')
			is_good = settings_add(&settings, optarg);
		if (!is_good)
			return EXIT_USAGE;
	}
	if (!is_help && optind < argc) {
		(void)fprintf(stderr,
			      "hinomi: check-config takes no '%s'; a file goes behind --config\n",
			      output_text(argv[optind]).chars);
		return EXIT_USAGE;
	}
	if (is_help)
		(void)fputs(help, stdout);
	else if (settings_apply(&settings, &config))
		config_print(&config, stdout);
	else
		return EXIT_USAGE;
	return output_is_written() ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_check_config = {
	.name = "check-config",
	.summary = "print the effective configuration, or what is wrong with it",
	.run = run,
};
