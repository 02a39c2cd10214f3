/*
 * Orders, the way back: the desk signs them, a sensor fetches them by number, its answer comes as a
 * parcel. Within desk_begin() and its end.
 */
#pragma once

#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_store_sqlite.h"

#include <stdio.h>

enum {
	DESK_ORDERS_AT_ONCE = 64,
	DESK_ORDER_BODY_MAX = 64 << 10,
};

/*
 * The number of the new order; 0 when the sensor is unknown, the kind is none, or the body no
 * JSON object: `problem` says which.
 */
int64_t desk_orders_give(struct desk_store *store, const char *sensor, const char *kind,
			 const char *body, int64_t now, char problem[static DESK_PROBLEM_LEN]);

/* Some have no answer yet. */
bool desk_orders_wait(struct desk_store *store, const char *sensor);

/* hinomi.orders/1: those after `after`, 64 at most. */
void desk_orders_write(struct desk_store *store, const char *sensor, int64_t after, FILE *out);

/* `body` is hinomi.answer/1. */
void desk_orders_answered(struct desk_store *store, const char *sensor,
			  const struct desk_body *body, int64_t now);
