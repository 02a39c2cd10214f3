/*
 * Several capture files read as one, merged by packet time.
 *
 * The earliest head comes first; of equal ones that of the file named first. Within a file its
 * own order stands: a frame whose time goes back counts as being of the latest time before it. A
 * file that fails is told of, and the others go on. One thread at a time. Memory: that of the
 * files (capture_file.h), given back as each ends.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"

#include <stddef.h>

enum { CAPTURE_SET_FILES_MAX = 256 };

struct capture_set;

struct capture_failure {
	const char *path;
	const char *reason; /* see capture_file_reason() */
};

struct capture_progress {
	uint64_t consumed;
	uint64_t total; /* 0 when a file's size is not known */
};

/*
 * Opens all, reads none. The paths are borrowed until capture_set_free(). A file that cannot be
 * opened is a failure of that file alone, there at once. "-" is standard input, at most once.
 * ERR_MEMORY, or ERR_RANGE for more than CAPTURE_SET_FILES_MAX files.
 */
MUST_USE enum err capture_set_new(struct capture_set **out, const char *const *paths, size_t count);

/*
 * Before anything is read: frames of the files from `first` on, in the order of the paths, bear
 * that interface; all others bear 0.
 */
void capture_set_number(struct capture_set *set, size_t first, uint8_t interface);

/* NULL is fine. */
void capture_set_free(struct capture_set *set);

/* False at the end of all files. The frame's bytes are borrowed until the next call. */
bool capture_set_next(struct capture_set *set, struct frame *out);

/*
 * The same for up to `most` frames, each handed to `take`; false after the last. Frames of a
 * single file go straight from its reader.
 */
bool capture_set_read(struct capture_set *set, size_t most, frame_take_fn *take, void *arg);

struct capture_progress capture_set_progress(const struct capture_set *set);

/* How many files failed so far, and each of them, in the order they did. Borrowed like the set. */
size_t capture_set_failure_count(const struct capture_set *set);
struct capture_failure capture_set_failure(const struct capture_set *set, size_t i);

/* How many frames had a time that nanotime cannot hold, and were given the nearest it can. */
uint64_t capture_set_clamped_times(const struct capture_set *set);
