#include "sensor/delivery/stream_check.h"

#include <string.h>

enum stream_place stream_place(const struct stream_head *head, const struct parcel *parcel,
			       const uint8_t *held)
{
	if (held) {
		uint8_t chain[SHA256_LEN];

		parcel_chain(parcel, chain);
		return memcmp(held, chain, SHA256_LEN) == 0 ? STREAM_AGAIN : STREAM_FORKED;
	}
	if (parcel->sequence <= head->sequence)
		return STREAM_FORKED; /* held once, and let go since: nothing proves it the same */
	if (parcel->sequence > head->sequence + 1)
		return STREAM_AHEAD;
	return memcmp(parcel->previous, head->chain, SHA256_LEN) == 0 ? STREAM_NEXT : STREAM_BROKEN;
}

void stream_advance(struct stream_head *head, const struct parcel *parcel)
{
	head->sequence = parcel->sequence;
	parcel_chain(parcel, head->chain);
}
