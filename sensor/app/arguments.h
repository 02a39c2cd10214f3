/*
 * How every command takes what stands behind its name. --help, --config and --set mean the same
 * everywhere; the rest each takes for itself.
 */
#pragma once

#include "sensor/app/command.h"
#include "sensor/app/settings.h"

#include <getopt.h>

struct arguments {
	const char *command;        /* "devices label": whose --help tells more */
	const struct option *table; /* up to a row of zeros; 'h' is --help … */
	const char *letters;        /* options of one letter, as getopt() wants them */
	struct settings *settings;  /* … and 'c' --config, 's' --set; NULL: it has neither */
	bool *is_help;              /* set when it is asked for */
	/* Any other option, its value in `optarg`; false after a line on standard error. */
	bool (*take)(void *options, int given);
};

/* All options; `optind` then is the first argument that is none. False after a line. */
bool arguments_take(const struct arguments *arguments, int argc, char **argv, void *options);

/* Says `why` and `what`, a word from outside or "", and where help is. Always false. */
bool arguments_refuse(const char *command, const char *why, const char *what);

/* --state over store.folder; NULL was not given. False after a line when it is too long. */
bool arguments_use_state(const char *command, const char *state, struct config *config);

/* What --help comes to. */
enum exit_code arguments_help(const char *help);
