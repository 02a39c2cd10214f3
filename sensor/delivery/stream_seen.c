#include "sensor/delivery/stream_seen.h"

#include <assert.h>
#include <stdlib.h>

enum { SLOTS_LEAST = 1024 };

struct stream_seen {
	struct seen_parcel *slots;
	size_t slot_count; /* a power of two */
	size_t count;
	size_t most;
};

enum err stream_seen_new(struct stream_seen **out, size_t most)
{
	struct stream_seen *seen = calloc(1, sizeof(*seen));

	if (!seen)
		return ERR_MEMORY;
	seen->most = most;
	seen->slot_count = SLOTS_LEAST;
	seen->slots = calloc(SLOTS_LEAST, sizeof(seen->slots[0]));
	if (!seen->slots) {
		free(seen);
		return ERR_MEMORY;
	}
	*out = seen;
	return ERR_OK;
}

void stream_seen_free(struct stream_seen *seen)
{
	if (!seen)
		return;
	free(seen->slots);
	free(seen);
}

/* Sequences are dense, so a multiplication spreads them; who floods the table meets the ceiling. */
static size_t first_slot(const struct stream_seen *seen, uint32_t stream, uint64_t sequence)
{
	uint64_t mixed = (sequence + ((uint64_t)stream << 40)) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(mixed ^ mixed >> 32) & (seen->slot_count - 1);
}

static struct seen_parcel *slot_of(const struct stream_seen *seen, uint32_t stream,
				   uint64_t sequence)
{
	size_t i = first_slot(seen, stream, sequence);

	while (seen->slots[i].is_taken &&
	       (seen->slots[i].sequence != sequence || seen->slots[i].stream != stream))
		i = (i + 1) & (seen->slot_count - 1);
	return &seen->slots[i];
}

struct seen_parcel *stream_seen_find(const struct stream_seen *seen, uint32_t stream,
				     uint64_t sequence)
{
	struct seen_parcel *slot = slot_of(seen, stream, sequence);

	return slot->is_taken ? slot : NULL;
}

static enum err grow(struct stream_seen *seen)
{
	struct seen_parcel *old = seen->slots;
	size_t old_count = seen->slot_count;
	struct seen_parcel *slots = calloc(2 * old_count, sizeof(slots[0]));

	if (!slots)
		return ERR_MEMORY;
	seen->slots = slots;
	seen->slot_count = 2 * old_count;
	for (size_t i = 0; i < old_count; i++) {
		if (old[i].is_taken)
			*slot_of(seen, old[i].stream, old[i].sequence) = old[i];
	}
	free(old);
	return ERR_OK;
}

enum err stream_seen_add(struct stream_seen *seen, const struct seen_parcel *parcel)
{
	struct seen_parcel *slot;

	if (seen->count >= seen->most)
		return ERR_FULL;
	if (3 * (seen->count + 1) > 2 * seen->slot_count) {
		enum err err = grow(seen);

		if (err != ERR_OK)
			return err;
	}
	slot = slot_of(seen, parcel->stream, parcel->sequence);
	assert(!slot->is_taken);
	*slot = *parcel;
	slot->is_taken = true;
	seen->count++;
	return ERR_OK;
}

static int by_place(const void *one, const void *other)
{
	const struct seen_parcel *a = one;
	const struct seen_parcel *b = other;

	if (a->stream != b->stream)
		return a->stream < b->stream ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

const struct seen_parcel *stream_seen_sorted(struct stream_seen *seen, size_t *count)
{
	size_t kept = 0;

	for (size_t i = 0; i < seen->slot_count; i++) {
		if (seen->slots[i].is_taken)
			seen->slots[kept++] = seen->slots[i];
	}
	qsort(seen->slots, kept, sizeof(seen->slots[0]), by_place);
	*count = kept;
	return seen->slots;
}
