/* --config and --set, which every command takes alike. */
#pragma once

#include "sensor/config/config.h"

#include <stdbool.h>

enum { SETTINGS_FILES_MAX = 16, SETTINGS_ASSIGNMENTS_MAX = 64 };

/*
 * What the command line gave, kept until all of it is known: --set goes over --config wherever it
 * stands. The texts are borrowed.
 */
struct settings {
	const char *files[SETTINGS_FILES_MAX];
	size_t file_count;
	const char *assignments[SETTINGS_ASSIGNMENTS_MAX];
	size_t assignment_count;
	bool is_capture; /* nothing is known of the days before: judge.learning is 0 unless given */
	/* What the rangers set when the sensor was enrolled goes below the files: the sensor's own
	 * commands, not those that read captures. */
	bool is_enrolled;
};

/* One more --config; false after one line on standard error when there are too many. */
bool settings_add_file(struct settings *settings, const char *path);

/* One more --set, "name=value"; likewise. */
bool settings_add(struct settings *settings, const char *assignment);

/* One line, without a newline. Borrowed for the call. */
typedef void settings_say_fn(void *arg, const char *line);

/* In courier.folder: what enrolment set, in the form of a configuration. */
#define SETTINGS_ENROLLED "enrolled.yaml"

/*
 * Defaults, then the files, then the assignments, each in the order given. False after a line for
 * each fault, on standard error.
 */
bool settings_apply(const struct settings *settings, struct config *config);

/* The assignments alone, over what `config` holds; likewise. */
bool settings_assign(const struct settings *settings, struct config *config);

/* The same for who tells faults elsewhere. */
bool settings_read(const struct settings *settings, struct config *config, settings_say_fn *say,
		   void *arg);
