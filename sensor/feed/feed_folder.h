/*
 * The files of a feed: one, or those of a folder and of the folders in it, three deep at most, in
 * the order of the bytes of their names. What is hidden, or only speaks of the feed (README,
 * LICENSE, hashes.csv), is passed over, and so is a link to a folder.
 */
#pragma once

#include "sensor/base/err.h"

/* Anything but ERR_OK ends it. `path` is borrowed for the call. */
typedef enum err feed_file_fn(void *arg, const char *path);

/* ERR_IO with errno when the folder cannot be read; else what `take` says, also of a missing file.
 */
MUST_USE enum err feed_each_file(const char *path, feed_file_fn *take, void *arg);
