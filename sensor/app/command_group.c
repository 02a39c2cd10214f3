#include "sensor/app/command_group.h"

#include "sensor/app/output.h"

static void print_help(const struct command_group *group, FILE *out)
{
	(void)fprintf(out, "%s\n\nUsage:\n", group->title);
	for (size_t i = 0; i < group->count; i++)
		(void)fprintf(out, "  %s %-*s %s\n", group->words, group->width,
			      group->list[i]->name, group->list[i]->summary);
	(void)fputs(group->after, out);
}

enum exit_code command_group_run(const struct command_group *group, int argc, char **argv)
{
	if (argc < 2) {
		print_help(group, stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(group, stdout);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	for (size_t i = 0; i < group->count; i++) {
		if (strcmp(argv[1], group->list[i]->name) == 0)
			return group->list[i]->run(argc - 1, argv + 1);
	}
	(void)fprintf(stderr, "hinomi: no command '%s'; '%s --help' lists them\n",
		      output_text(argv[1]).chars, group->words);
	return EXIT_USAGE;
}
