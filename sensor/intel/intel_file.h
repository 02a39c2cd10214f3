/* An intel set's file as a whole: written once, replaced by rename. */
#pragma once

#include "sensor/intel/intel_set.h"

/*
 * Writes `bytes` with their signature, beside `path` first, and synced before they take its place.
 * ERR_IO with errno.
 */
MUST_USE enum err intel_file_write(const char *path, const void *bytes, size_t len,
				   const struct intel_issue *issue,
				   const struct sign_secret *secret);

/* How many items the set has, whoever signed it. */
MUST_USE enum intel_fault intel_file_count(const char *path, size_t *out);

/* Copies a set as it is, synced before it has its name; what was at `to` is replaced. ERR_IO. */
MUST_USE enum err intel_file_copy(const char *from, const char *to);

/* Whether both are there and have the same bytes. */
bool intel_file_equal(const char *left, const char *right);
