/* `hinomi intel`: makes signed sets of indicators from feeds, and says what is in them. */
#include "sensor/app/command_group.h"
#include "sensor/app/intel_command.h"

static const struct command build = {
	.name = "build",
	.summary = "-o SET --key SECRET FEED…  makes a signed set of feeds",
	.run = intel_build,
};
static const struct command key = {
	.name = "key",
	.summary = "NAME                          makes NAME.key (secret), NAME.pub",
	.run = intel_key,
};
static const struct command show = {
	.name = "show",
	.summary = "--key PUBLIC SET [ITEM]      what is known of a name, address …",
	.run = intel_show,
};
static const struct command diff = {
	.name = "diff",
	.summary = "--key PUBLIC OLD NEW         what is new, and what is gone",
	.run = intel_diff,
};
static const struct command install = {
	.name = "install",
	.summary = "--key PUBLIC SET FOLDER   puts a set where sensors read it",
	.run = intel_install,
};

static const struct command *const parts[] = { &build, &key, &show, &diff, &install };

static enum exit_code run(int argc, char **argv)
{
	static const struct command_group group = {
		.title = "hinomi intel: known-bad and known-good, compiled into one signed file",
		.words = "hinomi intel",
		.list = parts,
		.count = sizeof(parts) / sizeof(parts[0]),
		.after = "\n'hinomi intel build --help' tells which feeds are understood.\n"
			 "Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
	};

	return command_group_run(&group, argc, argv);
}

const struct command command_intel = {
	.name = "intel",
	.summary = "makes signed sets of indicators from feeds, and shows what is in them",
	.run = run,
};
