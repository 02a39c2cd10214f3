/*
 * The parcels of each sensor's streams, as they were received, and where each stream ends.
 *
 * All within desk_begin() and its end. What is held always fits together: of two that are next to
 * one another in a stream the later names the earlier, also beyond a gap.
 */
#pragma once

#include "sensor/delivery/stream_check.h"
#include "tools/desk/desk_store_sqlite.h"

/* How far a stream is held. */
struct desk_stream {
	struct stream_head head;
	uint64_t highest;   /* of what is held at all */
	uint64_t announced; /* of what the sensor says it has issued */
};

struct desk_stream desk_stream_get(struct desk_store *store, const char *sensor,
				   enum parcel_stream stream);

/* Where `parcel` stands; STREAM_FORKED and STREAM_BROKEN: it does not fit what is held. */
enum stream_place desk_stream_place(struct desk_store *store, const struct parcel *parcel);

/*
 * For STREAM_NEXT and STREAM_AHEAD. `raw` is the JSON text that was received; `refused` the code if
 * its body is (or NULL): the chain goes on all the same.
 */
void desk_stream_put(struct desk_store *store, const struct parcel *parcel, const char *raw,
		     const char *refused, int64_t now);

/* Why the body of one that is held was refused; "" when it was not. */
void desk_stream_refusal(struct desk_store *store, const struct parcel *parcel,
			 char code[static REPLY_CODE_LEN]);

/* The sensor says that it has issued so many. */
void desk_stream_announce(struct desk_store *store, const char *sensor, enum parcel_stream stream,
			  uint64_t sequence);

struct desk_missing {
	uint64_t between; /* before one that is held */
	uint64_t behind;  /* the last that is held, up to what the sensor says it has issued */
};

/* Adds what is missing of one stream. */
void desk_stream_missing(struct desk_store *store, const char *sensor, enum parcel_stream stream,
			 struct desk_missing *out);
