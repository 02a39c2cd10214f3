/*
 * Records of any length handed from one thread to another, in order, without locks or copies.
 *
 * Exactly one thread produces (reserve, publish) and exactly one consumes (peek, consume); they
 * may be the same. The memory is taken once, in ring_new(), and never grows: a full ring refuses.
 * What the producer wrote before ring_publish() is visible to the consumer after ring_peek().
 * Records are aligned to RING_ALIGN bytes.
 */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>

enum {
	RING_ALIGN = 8,
	RING_CAPACITY_MIN = 64,
	RING_CAPACITY_MAX = 1 << 30,
};

struct ring;

/*
 * ERR_RANGE unless `capacity_bytes` is a power of two from RING_CAPACITY_MIN to RING_CAPACITY_MAX;
 * ERR_MEMORY. The memory is touched, so that no later call can fault it in.
 */
MUST_USE enum err ring_new(struct ring **out, size_t capacity_bytes);

/* When both threads are done with it. NULL is fine. */
void ring_free(struct ring *ring);

/* The longest record that an empty ring can hold wherever it stands: a little under half of it. */
size_t ring_largest(const struct ring *ring);

/*
 * Producer: room for one record of up to `len` bytes, no more than ring_largest(); NULL while the
 * ring is full. Borrowed until ring_publish(); another reserve takes the place of this one.
 */
void *ring_reserve(struct ring *ring, size_t len);

/* Producer: hands over the first `len` bytes of what was reserved; once for each reserve. */
void ring_publish(struct ring *ring, size_t len);

/*
 * Consumer: the oldest record, and its length in `*len`; NULL, and `*len` untouched, while there is
 * none. Borrowed until ring_consume(); peeking again gives the same record.
 */
const void *ring_peek(struct ring *ring, size_t *len);

/* Consumer: gives back the room of the record last peeked at; once for each record. */
void ring_consume(struct ring *ring);
