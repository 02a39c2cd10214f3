/* --intel, which every command that judges takes alike. */
#pragma once

#include "sensor/intel/indicator_list.h"

#include <stdbool.h>

enum { INTEL_FILES_MAX = 16 };

struct intel_files {
	const char *paths[INTEL_FILES_MAX]; /* borrowed */
	size_t count;
};

/* One more --intel; false after one line on standard error when there are too many. */
bool intel_files_add(struct intel_files *files, const char *path);

/*
 * Reads all into one list, NULL when there are none; the caller's. False after lines on standard
 * error: one for each file's line that is left out, or for the file that cannot be read.
 */
bool intel_files_read(const struct intel_files *files, struct indicator_list **out);
