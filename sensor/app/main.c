#include "sensor/app/command_group.h"
#include "sensor/app/output.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_read,         &command_watch,  &command_cases,        &command_explain,
	&command_devices,      &command_health, &command_suppressions, &command_feedback,
	&command_check_config, &command_flows,  &command_doctor,       &command_replay,
	&command_intel,        &command_verify,
};

int main(int argc, char **argv)
{
	static const struct command_group group = {
		.title = "hinomi: watches an office's network and says what a person should look "
			 "at",
		.words = "hinomi",
		.list = commands,
		.count = sizeof(commands) / sizeof(commands[0]),
		.width = 14,
		.after = "  hinomi --version\n\n"
			 "'hinomi COMMAND --help' tells more.\n"
			 "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.\n",
	};

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		(void)puts("hinomi " HINOMI_VERSION);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	return (int)command_group_run(&group, argc, argv);
}
