/*
 * Where a parcel stands in its stream: does it follow, was something left out, changed, told twice?
 * For the receiver of a stream (tools/desk) and for who looks at a received one (hinomi verify).
 * Plain values; any thread. The signature is parcel_check()'s.
 */
#pragma once

#include "sensor/delivery/batch.h"

enum stream_place {
	STREAM_NEXT,   /* follows the head */
	STREAM_AGAIN,  /* is held already, the very same */
	STREAM_AHEAD,  /* something between the head and it is missing so far */
	STREAM_FORKED, /* another parcel is held under this sequence: one of them is not genuine */
	STREAM_BROKEN, /* next by its number, but it names another one before it */
};

/*
 * `head` is the end of what is held without a gap; its sequence is 0 at the start. `held` is the
 * chain of the parcel that is held under the same sequence, before or beyond the head, or NULL.
 */
enum stream_place stream_place(const struct stream_head *head, const struct parcel *parcel,
			       const uint8_t *held);

/* STREAM_NEXT: `parcel` is the head from now on. */
void stream_advance(struct stream_head *head, const struct parcel *parcel);
