/* `hinomi intel`: makes signed sets of indicators from feeds, and says what is in them. */
#include "sensor/app/intel_command.h"
#include "sensor/app/output.h"

static const struct {
	const char *name;
	enum exit_code (*run)(int argc, char **argv);
	const char *usage;
} parts[] = {
	{ "build", intel_build, "build -o SET --key SECRET FEED…  makes a signed set of feeds" },
	{ "key", intel_key, "key NAME                          makes NAME.key (secret), NAME.pub" },
	{ "show", intel_show,
	  "show --key PUBLIC SET [ITEM]      what is known of a name, address …" },
	{ "diff", intel_diff, "diff --key PUBLIC OLD NEW         what is new, and what is gone" },
	{ "install", intel_install,
	  "install --key PUBLIC SET FOLDER   puts a set where sensors read it" },
};

static void print_help(FILE *out)
{
	(void)fputs("hinomi intel: known-bad and known-good, compiled into one signed file\n\n"
		    "Usage:\n",
		    out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		(void)fprintf(out, "  hinomi intel %s\n", parts[i].usage);
	(void)fputs("\n'hinomi intel build --help' tells which feeds are understood.\n"
		    "Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
		    out);
}

static enum exit_code run(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(argv[1], parts[i].name) == 0)
			return parts[i].run(argc - 1, argv + 1);
	}
	(void)fprintf(stderr,
		      "hinomi: intel has no '%s'; 'hinomi intel --help' lists what it has\n",
		      output_text(argv[1]).chars);
	return EXIT_USAGE;
}

const struct command command_intel = {
	.name = "intel",
	.summary = "makes signed sets of indicators from feeds, and shows what is in them",
	.run = run,
};
