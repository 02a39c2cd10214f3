/*
 * Telling the service manager how the sensor is: sd_notify(3)'s datagrams, over a socket that is
 * connected at start. Afterwards one descriptor is written to and nothing is opened, so that a
 * process which may open no socket can still say that it lives (libsystemd opens one each time).
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>

struct notify {
	int fd; /* -1: nobody asked to be told */
};

/*
 * Connects to $NOTIFY_SOCKET; without it every notify_say() does nothing. ERR_IO, and errno, when
 * it is set and cannot be reached. Before threads are started.
 */
MUST_USE enum err notify_open(struct notify *out);
void notify_close(struct notify *notify);

/* "READY=1", "STATUS=…", "WATCHDOG=1", several with '\n' between. Never blocks. Any one thread. */
void notify_say(const struct notify *notify, const char *state);
