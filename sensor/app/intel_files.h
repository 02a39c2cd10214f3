/*
 * What every command that judges is told about bad and common places: --intel, --intel-key and the
 * options intel.folder and intel.key. A path is a signed set of `hinomi intel build`, or a feed as
 * it is, which is compiled in memory.
 */
#pragma once

#include "sensor/app/intel_keys.h"
#include "sensor/app/settings.h"
#include "sensor/intel/intel_sets.h"

/* In intel.folder: what `hinomi intel install` put there, and the one before, for the way back. */
#define INTEL_CURRENT  "current.intel"
#define INTEL_PREVIOUS "previous.intel"

enum { INTEL_FILES_MAX = 14 };

struct intel_files {
	const char *paths[INTEL_FILES_MAX]; /* borrowed */
	size_t count;
	const char *keys[INTEL_KEYS_MAX]; /* borrowed: files, or keys themselves */
	size_t key_count;
	/* Those that rangers sent too (ranger_files.h), where intel.key says who signs them. */
	bool takes_rangers;
};

/* One more --intel or --intel-key; false after one line on standard error when there are too many.
 */
bool intel_files_add(struct intel_files *files, const char *path);
bool intel_files_add_key(struct intel_files *files, const char *key);

/* Changes when one of the files does, or comes, or goes. */
uint64_t intel_files_stamp(const struct intel_files *files, const struct config *config);

/*
 * Reads all that can be read into `*out`, the caller's; NULL when there is nothing. False when
 * something could not be: a line for each fault, and for each row of a feed that is left out, goes
 * to `say` or, when that is NULL, to standard error.
 */
bool intel_files_read(const struct intel_files *files, const struct config *config,
		      struct intel_sets **out, settings_say_fn *say, void *arg);
