#include "sensor/app/command.h"
#include "sensor/app/output.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_read,         &command_watch,  &command_cases,        &command_explain,
	&command_devices,      &command_health, &command_suppressions, &command_feedback,
	&command_check_config, &command_flows,  &command_doctor,       &command_replay,
	&command_intel,
};

static void print_help(FILE *out)
{
	(void)fputs("hinomi: watches an office's network and says what a person should look at\n\n"
		    "Usage:\n",
		    out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		(void)fprintf(out, "  hinomi %-14s %s\n", commands[i]->name, commands[i]->summary);
	(void)fputs("  hinomi --version\n\n"
		    "'hinomi COMMAND --help' tells more.\n"
		    "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.\n",
		    out);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("hinomi " HINOMI_VERSION);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i]->name) == 0)
			return (int)commands[i]->run(argc - 1, argv + 1);
	}
	(void)fprintf(stderr, "hinomi: no command '%s'; 'hinomi --help' lists them\n",
		      output_text(argv[1]).chars);
	return EXIT_USAGE;
}
