/* The database that the build makes of tests/support/places.tsv, and those beside the project. */
#pragma once

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACE_FILE_PATH_LEN = 512 };

/*
 * For a sanitizer: libmaxminddb 1.7 keeps what it took for a description that turns out to be
 * damaged. Once for each such file that is opened, some 2 KiB. Visible, or LeakSanitizer does not
 * find it.
 */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
	void);                                /* NOLINT: LeakSanitizer's name */
const char *__lsan_default_suppressions(void) /* NOLINT */
{
	return "leak:libmaxminddb";
}

/* ctest names it; without that a test is skipped, as it is where `name` is missing. */
static inline const char *place_file(void)
{
	const char *path = getenv("PLACES"); /* NOLINT(concurrency-mt-unsafe): before any thread */

	if (!path) {
		print_message("skipped: $PLACES names no database (ctest does)\n");
		skip();
	}
	return path;
}

/* Of ../shared/mmdb; NULL where it is not there. */
static inline const char *place_file_shared(const char *name, char out[static PLACE_FILE_PATH_LEN])
{
	const char *folder = getenv("SHARED_MMDB"); /* NOLINT(concurrency-mt-unsafe) */
	FILE *file;

	(void)snprintf(out, PLACE_FILE_PATH_LEN, "%s/%s", folder ? folder : "", name);
	file = folder ? fopen(out, "rbe") : NULL;
	if (!file)
		return NULL;
	(void)fclose(file);
	return out;
}
