/* What a heartbeat says of its sensor's streams: where each ends. Any thread. */
#pragma once

#include "sensor/delivery/batch.h"

/* Of a stream that is not named, or not in the right form, the sequence is 0. */
void heartbeat_ends(const char *body, size_t len, struct stream_head out[static PARCEL_STREAMS]);
