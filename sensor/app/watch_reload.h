/*
 * SIGHUP: configuration and indicators are read anew by a thread of their own, so that the capture
 * thread does not wait for a disk, and handed to the judge, which takes them up between two facts.
 */
#pragma once

#include "sensor/app/watch.h"
#include "sensor/app/watch_judge.h"
#include "sensor/service/journal.h"

struct watch_reload;

struct watch_reload_setup {
	const struct watch_options *options;
	struct watch_judge *judge;
	struct journal *journal;
};

/* Starts the thread. All in `setup` is borrowed, the struct itself is not. ERR_MEMORY. */
MUST_USE enum err watch_reload_new(struct watch_reload **out,
				   const struct watch_reload_setup *setup);

/* Waits for a reload that is being read. NULL is fine. */
void watch_reload_free(struct watch_reload *self);

/* Also in a signal handler. */
void watch_reload_ask(struct watch_reload *self);
