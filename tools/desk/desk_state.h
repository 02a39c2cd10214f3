/*
 * How each sensor does, as people want to know it: who fell silent, who misses what. Within
 * desk_begin() and its end.
 */
#pragma once

#include "tools/desk/desk_enrol.h"

#include <stdint.h>

/* Gravest first. */
enum desk_trouble {
	DESK_REVOKED,
	DESK_SILENT,      /* no parcel for 15 minutes, by the desk's clock */
	DESK_SENSOR_DEAD, /* the courier speaks, the sensor does not run */
	DESK_CANARY_LOST, /* the last lookup that was to be seen was not, or is overdue */
	DESK_HOLES,       /* parcels are missing */
	DESK_UNHEALTHY,   /* it reports a fault of its own that is not over */
	DESK_SET_ASIDE,   /* some could not be delivered */
	DESK_TROUBLES,
};

enum {
	DESK_SILENT_MINUTES = 15,
	DESK_CANARY_HOURS = 48,
};

struct desk_state {
	char sensor[DESK_SENSOR_LEN];
	char office[DESK_OFFICE_LEN];
	char host[64];
	char version[32];
	int64_t enrolled;
	int64_t heard;
	bool has[DESK_TROUBLES];
	uint64_t missing; /* parcels */
	uint64_t set_aside;
	uint64_t cases;  /* open */
	uint64_t health; /* findings that are not over */
	/* From the last heartbeat. */
	bool has_heartbeat;
	uint64_t packets;
	uint64_t dropped;
	double feeds_days; /* below 0: unknown */
	uint64_t waiting;  /* parcels in the courier's memory */
};

typedef void desk_state_fn(void *arg, const struct desk_state *state);

/* Each sensor (or the one named), gravest first, then by office. Returns how many; ERR_MEMORY: 0.
 */
size_t desk_state_each(struct desk_store *store, const char *sensor, int64_t now,
		       desk_state_fn *tell, void *arg);

/* "silent" …: the word in JSON. */
const char *desk_trouble_name(enum desk_trouble trouble);
/* The first that a sensor has; DESK_TROUBLES: none. */
enum desk_trouble desk_state_gravest(const struct desk_state *state);
