/*
 * A parcel each few minutes that says how the office is watched (hinomi.heartbeat/1): so who hears
 * nothing knows that something is wrong, and what was issued but did not come shows.
 *
 * One thread; it may wait a second for the sensor's figures.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/courier/outbox.h"

enum {
	/* Of a line that is down for long, this many wait: a week of them each five minutes. */
	HEARTBEAT_WAITING_MAX = 2016,
	HEARTBEAT_HEALTH_MAX = 64,     /* open findings told */
	HEARTBEAT_ALIVE_SECONDS = 600, /* the sensor notes that it lives each three minutes */
};

struct heartbeat {
	struct outbox *outbox;       /* borrowed, as all of these */
	const struct config *config; /* courier.*, sensor.metrics, store.folder */
	nanotime started;            /* monotonic */
	nanotime next;               /* monotonic; 0: at once */
};

/* Puts one when its time has come. ERR_FULL, ERR_IO: tried again at the next time. */
MUST_USE enum err heartbeat_beat(struct heartbeat *heartbeat);
