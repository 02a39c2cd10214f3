/* Files of the courier's folder that are replaced as a whole. Any thread, for different names. */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>
#include <sys/types.h>

/*
 * Writes FOLDER/NAME beside it first, synced before it takes its place. A folder in NAME is made
 * when it is missing. ERR_IO with errno; what was there before stays.
 */
MUST_USE enum err folder_file_write(const char *folder, const char *name, mode_t mode,
				    const void *bytes, size_t len);

/* FOLDER/NAME.part, that was written otherwise, takes its place. ERR_IO with errno. */
MUST_USE enum err folder_file_rename(const char *folder, const char *name);
