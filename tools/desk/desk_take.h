/*
 * A batch in, its replies out: the one way by which parcels come to the desk, whatever brings them
 * (HTTPS, MQTT). "stored" is only said after it is on the disk. Any thread.
 */
#pragma once

#include "tools/desk/desk_reply.h"

/*
 * `sensor` is who sends, as the way knows it; NULL: the way does not know. On ERR_OK `out` has a
 * text of hinomi.replies/1. ERR_SYNTAX: no batch. ERR_RANGE: too large. ERR_MISSING: the batch is
 * another sensor's. ERR_IO, ERR_MEMORY: not now; nothing was stored.
 */
MUST_USE enum err desk_take(struct desk_store *store, const char *sensor, const char *text,
			    size_t len, int64_t now, struct desk_reply *out);
