/*
 * What a stored parcel says, as tables that can be looked at: the latest revision of each case, of
 * health, the last heartbeat, the last canary, answers to orders, what was set aside. Within
 * desk_begin() and its end.
 */
#pragma once

#include "sensor/delivery/parcel.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_store_sqlite.h"

/* `body` is the parcel's, read. A lower revision than what is known changes nothing. */
void desk_apply(struct desk_store *store, const struct parcel *parcel, const struct desk_body *body,
		int64_t now);
