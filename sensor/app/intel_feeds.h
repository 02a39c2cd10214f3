/* The feeds that `hinomi intel build` was given: files, and folders of files. One thread. */
#pragma once

#include "sensor/feed/feed_gather.h"

enum { INTEL_FEEDS_MAX = 32 }; /* as many as a set names sources */

struct intel_feed {
	const char *path;
	bool is_warning_list;
	enum intel_class class; /* of a warning list */
};

struct intel_feeds {
	struct intel_feed given[INTEL_FEEDS_MAX];
	size_t count;
	struct feed_counts total;
	size_t failed; /* files that could not be read: left out, and named on standard error */
};

/*
 * Reads all of them, warning lists first, a folder's files in the order of the bytes of their
 * names. False, after a line on standard error, only without memory or with too many sources.
 */
bool intel_feeds_read(struct intel_feeds *feeds, struct feed_gather *gather);
