/*
 * Frames of several interfaces in one order: which of their heads goes next.
 *
 * As capture_set merges files: the earliest head, of equal ones that of the interface named first,
 * and a time that goes back counts as the latest before it. Unlike with a file, an interface
 * without a head may still bring an earlier frame, until it is known to have passed that time.
 * Pure values, one thread.
 */
#pragma once

#include "sensor/base/nanotime.h"

struct live_head {
	bool is_open;    /* frames may come; a closed one is not waited for */
	bool has_frame;  /* one stands at its head */
	nanotime key;    /* the latest time so far, the head's included */
	nanotime passed; /* without a frame: none comes that is earlier */
};

enum { LIVE_MERGE_NONE = -1 };

/* Which goes next: an index below `count`, or LIVE_MERGE_NONE while one must be waited for. */
int live_merge_next(const struct live_head *heads, int count);

/* Until when everything was handed out, once live_merge_next() says none; `limit` when all are. */
nanotime live_merge_passed(const struct live_head *heads, int count, nanotime limit);
