#include "sensor/courier/commands.h"

#include <stdio.h>
#include <string.h>

enum { DONE, FAILED, USAGE };

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "run", command_run, "deliver what the sensor finds, until stopped" },
	{ "once", command_once, "deliver what waits, and end" },
	{ "status", command_status, "what waits where, and what is wrong" },
	{ "enrol", command_enrol, "make this sensor known to its rangers, by a code" },
	{ "rotate-key", command_rotate_key, "sign with a new key from now on" },
	{ "privacy", command_privacy, "all that may leave the office" },
};

static int print_help(FILE *out)
{
	(void)fputs("hinomi-courier: delivers what the sensor finds to those who look after it\n\n"
		    "Usage:\n",
		    out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		(void)fprintf(out, "  hinomi-courier %-12s %s\n", commands[i].name,
			      commands[i].summary);
	(void)fputs("  hinomi-courier --version\n\n"
		    "'hinomi-courier COMMAND --help' tells more.\n"
		    "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.\n",
		    out);
	return fflush(out) == 0 ? DONE : FAILED;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		(void)print_help(stderr);
		return USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_help(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return puts("hinomi-courier " HINOMI_VERSION) >= 0 ? DONE : FAILED;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	(void)fprintf(stderr, "hinomi-courier: no command '%.40s'; --help lists them\n", argv[1]);
	return USAGE;
}
