/* The files of a feed: one, or all in a folder in the order of their names, but not below it. */
#pragma once

#include "sensor/base/err.h"

/* Anything but ERR_OK ends it. `path` is borrowed for the call. */
typedef enum err feed_file_fn(void *arg, const char *path);

/* ERR_IO with errno when `path` cannot be read; else what `take` says. */
MUST_USE enum err feed_each_file(const char *path, feed_file_fn *take, void *arg);
