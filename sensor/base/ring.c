#include "sensor/base/ring.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CACHE_LINE = 64,
};

/* A record starts with one cell and goes on in whole cells, without a break at the ring's end. */
struct cell {
	_Alignas(RING_ALIGN) uint32_t len;
	uint32_t is_skip; /* no record: go on at the first cell */
};

_Static_assert(sizeof(struct cell) == RING_ALIGN, "a header keeps the record aligned");

/*
 * Positions count cells and run on without wrapping at the end of the ring. Each side keeps the
 * last position it saw of the other, and reads the shared one only when that is not enough: most
 * calls touch no cache line that the other thread writes.
 */
struct ring {
	size_t cell_count; /* a power of two */

	_Alignas(CACHE_LINE) atomic_size_t published; /* written by the producer */
	size_t consumed_seen;
	size_t reserved_at;
	size_t reserved_len;
	bool has_reserved;

	_Alignas(CACHE_LINE) atomic_size_t consumed; /* written by the consumer */
	size_t published_seen;
	size_t peeked_after; /* the position behind the record last peeked at */
	bool has_peeked;

	_Alignas(CACHE_LINE) struct cell cells[];
};

static bool is_power_of_two(size_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* The header and what the record fills of the cells behind it. */
static size_t cells_for(size_t len)
{
	return 1 + (len + sizeof(struct cell) - 1) / sizeof(struct cell);
}

static struct cell *cell_at(struct ring *ring, size_t position)
{
	return &ring->cells[position & (ring->cell_count - 1)];
}

static size_t cells_to_end(const struct ring *ring, size_t position)
{
	return ring->cell_count - (position & (ring->cell_count - 1));
}

enum err ring_new(struct ring **out, size_t capacity_bytes)
{
	if (capacity_bytes < RING_CAPACITY_MIN || capacity_bytes > RING_CAPACITY_MAX ||
	    !is_power_of_two(capacity_bytes))
		return ERR_RANGE;

	size_t size = sizeof(struct ring) + capacity_bytes;
	struct ring *ring = aligned_alloc(CACHE_LINE, size);

	if (!ring)
		return ERR_MEMORY;
	memset(ring, 0, size);
	ring->cell_count = capacity_bytes / sizeof(struct cell);
	atomic_init(&ring->published, 0);
	atomic_init(&ring->consumed, 0);
	*out = ring;
	return ERR_OK;
}

void ring_free(struct ring *ring)
{
	free(ring);
}

/* Half: a record that does not fit before the end skips less than half, and fits behind it. */
size_t ring_largest(const struct ring *ring)
{
	return (ring->cell_count / 2 - 1) * sizeof(struct cell);
}

/* Whether the consumer has left room for everything up to position `end`. */
static bool has_room(struct ring *ring, size_t published, size_t end)
{
	size_t wanted = end - published;

	if (wanted <= ring->cell_count - (published - ring->consumed_seen))
		return true;
	/* Acquire: the consumer is done reading the cells that are written next. */
	ring->consumed_seen = atomic_load_explicit(&ring->consumed, memory_order_acquire);
	return wanted <= ring->cell_count - (published - ring->consumed_seen);
}

void *ring_reserve(struct ring *ring, size_t len)
{
	size_t published = atomic_load_explicit(&ring->published, memory_order_relaxed);
	size_t cells = cells_for(len);
	size_t to_end = cells_to_end(ring, published);
	size_t at = cells <= to_end ? published : published + to_end;

	assert(len <= ring_largest(ring));
	ring->has_reserved = false;
	if (!has_room(ring, published, at + cells))
		return NULL;

	/* Not seen before the record is: both are handed over by one ring_publish(). */
	if (at != published)
		*cell_at(ring, published) = (struct cell){ .is_skip = 1 };
	ring->reserved_at = at;
	ring->reserved_len = len;
	ring->has_reserved = true;
	return cell_at(ring, at) + 1;
}

void ring_publish(struct ring *ring, size_t len)
{
	assert(ring->has_reserved && len <= ring->reserved_len);
	*cell_at(ring, ring->reserved_at) = (struct cell){ .len = (uint32_t)len };
	ring->has_reserved = false;
	/* Release: the record is written before the position that shows it. */
	atomic_store_explicit(&ring->published, ring->reserved_at + cells_for(len),
			      memory_order_release);
}

const void *ring_peek(struct ring *ring, size_t *len)
{
	size_t at = atomic_load_explicit(&ring->consumed, memory_order_relaxed);

	if (at == ring->published_seen) {
		/* Acquire: pairs with ring_publish(). */
		ring->published_seen = atomic_load_explicit(&ring->published, memory_order_acquire);
		if (at == ring->published_seen)
			return NULL;
	}
	if (cell_at(ring, at)->is_skip)
		at += cells_to_end(ring, at); /* a skip is never published without a record */

	const struct cell *header = cell_at(ring, at);

	*len = header->len;
	ring->peeked_after = at + cells_for(header->len);
	ring->has_peeked = true;
	return header + 1;
}

void ring_consume(struct ring *ring)
{
	assert(ring->has_peeked);
	ring->has_peeked = false;
	/* Release: the record is read before its room is given back. */
	atomic_store_explicit(&ring->consumed, ring->peeked_after, memory_order_release);
}
