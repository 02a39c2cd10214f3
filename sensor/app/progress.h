/* A progress line on a terminal: how far, how fast, how long yet. Nothing anywhere else. */
#pragma once

#include "sensor/capture/capture_set.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool is_shown;
	bool has_line; /* something stands on the line now */
	uint64_t started_ns;
	uint64_t shown_ns;
};

/* Shown when standard error is a terminal, unless `is_quiet`. */
struct progress progress_start(bool is_quiet);

/* A pipeline_progress_fn; draws a few times a second. */
void progress_show(void *progress, uint64_t frames, struct capture_progress at);

/* Clears the line; the seconds it all took. */
double progress_end(struct progress *progress);
