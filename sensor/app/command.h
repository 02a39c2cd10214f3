/* The subcommands. Each gets its own arguments, argv[0] being its name, and gives an exit code. */
#pragma once

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2, /* also a configuration that is wrong */
};

struct command {
	const char *name;
	const char *summary;
	enum exit_code (*run)(int argc, char **argv);
};

extern const struct command command_read;
extern const struct command command_check_config;
extern const struct command command_watch;
extern const struct command command_cases;
extern const struct command command_explain;
extern const struct command command_replay;
extern const struct command command_devices;
extern const struct command command_health;
extern const struct command command_suppressions;
extern const struct command command_feedback;
extern const struct command command_flows;
extern const struct command command_doctor;
extern const struct command command_intel;
extern const struct command command_verify;
