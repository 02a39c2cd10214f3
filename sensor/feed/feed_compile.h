/*
 * A feed that people give to a sensor as it is: compiled at once into a set of its own, in memory
 * and unsigned. For lists of an office's own; a set of a million belongs into a file.
 *
 * One thread.
 */
#pragma once

#include "sensor/feed/feed_gather.h"

struct feed_compile_setup {
	const char *path; /* of a file, or of a folder of them */
	enum intel_purpose purpose;
	bool is_of_good_ones; /* partners: their names may be as popular as can be */
	FILE *complaints;     /* a line for each of the first refused rows */
};

/* The set is the caller's. ERR_IO with errno, ERR_MALFORMED for what no reader knows, ERR_MEMORY.
 */
MUST_USE enum err feed_compile(const struct feed_compile_setup *setup, struct intel_set **out,
			       struct feed_counts *counts);
