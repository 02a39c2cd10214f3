/* A program or command that consists of others: its help, and which of them is meant. */
#pragma once

#include "sensor/app/command.h"

#include <stddef.h>

struct command_group {
	const char *title;
	const char *words; /* what stands before the names: "hinomi intel" */
	const struct command *const *list;
	size_t count;
	int width;         /* of the names in the help */
	const char *after; /* what else the help says */
};

/* Runs the one that argv[1] names, which is then its argv[0]; or says what there is. */
enum exit_code command_group_run(const struct command_group *group, int argc, char **argv);
