/*
 * Which parcels of which streams have been seen, for who looks at a received stream as a whole.
 * Grows by doubling up to the ceiling given at the start; 48 bytes a parcel, a third of them free.
 * One thread.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEEN_CHAIN_LEN = 16 }; /* of a chain's 32 bytes: enough to tell two apart */

struct seen_parcel {
	uint64_t sequence;
	uint32_t stream; /* the caller's number of it */
	bool is_taken;   /* the slot is */
	bool is_genuine; /* else something that only claims to be this parcel */
	uint8_t chain[SEEN_CHAIN_LEN];
	uint8_t previous[SEEN_CHAIN_LEN];
};

struct stream_seen;

MUST_USE enum err stream_seen_new(struct stream_seen **out, size_t most);
/* NULL is fine. */
void stream_seen_free(struct stream_seen *seen);

/* NULL when it was not seen. Borrowed until the next add. */
struct seen_parcel *stream_seen_find(const struct stream_seen *seen, uint32_t stream,
				     uint64_t sequence);
/* Takes one that is not there; ERR_FULL at the ceiling, ERR_MEMORY. */
MUST_USE enum err stream_seen_add(struct stream_seen *seen, const struct seen_parcel *parcel);

/*
 * All by stream, then by sequence; borrowed until stream_seen_free(). Nothing can be found or added
 * any more.
 */
const struct seen_parcel *stream_seen_sorted(struct stream_seen *seen, size_t *count);
