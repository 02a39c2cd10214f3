/*
 * Capsules as files: NUMBER-CASE-REVISION.capsule in a folder, written by `hinomi read`, and read
 * whole. One thread.
 */
#pragma once

#include "sensor/judge/capsules.h"

#include <stdio.h>

struct capsule_folder {
	const char *path; /* borrowed */
	uint64_t failed;  /* that could not be written; the first has been told of */
};

/* Makes the folder where it is missing; false after one line on standard error. */
bool capsule_folder_open(struct capsule_folder *folder, const char *path);

/* A judge_capsule_fn; `folder` is the struct. */
bool capsule_folder_put(void *folder, const struct capsule_made *made);

/*
 * The bytes of a file, at most CAPSULE_BYTES_MAX and one more; the caller frees them. NULL after
 * one line on standard error.
 */
uint8_t *capsule_file_read(const char *path, size_t *len);
