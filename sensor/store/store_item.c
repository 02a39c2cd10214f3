#include "sensor/store/store_item.h"

#include <assert.h>

enum { PART_MAX = 1 << 30 };

size_t item_bytes(const struct item_draft *draft)
{
	size_t bytes = sizeof(struct item);

	for (size_t i = 0; i < ITEM_PARTS; i++) {
		if (draft->parts[i].len > PART_MAX)
			return SIZE_MAX;
		bytes += draft->parts[i].len;
	}
	return (bytes + ITEM_ALIGN - 1) / ITEM_ALIGN * ITEM_ALIGN;
}

void item_write(const struct item_draft *draft, void *to)
{
	struct item *item = to;
	uint8_t *at = item->parts;
	size_t bytes = item_bytes(draft);

	assert(bytes <= UINT32_MAX);
	*item = (struct item){
		.bytes = (uint32_t)bytes,
		.class = (uint8_t)draft->class,
		.hurry = (uint8_t)draft->hurry,
		.ticket = draft->ticket,
		.covers = draft->ticket,
	};
	memcpy(item->numbers, draft->numbers, sizeof(item->numbers));
	for (size_t i = 0; i < ITEM_PARTS; i++) {
		item->part_bytes[i] = (uint32_t)draft->parts[i].len;
		if (draft->parts[i].len > 0)
			memcpy(at, draft->parts[i].data, draft->parts[i].len);
		at += draft->parts[i].len;
	}
}

struct span item_part(const struct item *item, unsigned index)
{
	struct span part = { .data = item->parts, .len = item->part_bytes[index] };

	for (unsigned i = 0; i < index; i++)
		part.data += item->part_bytes[i];
	return part;
}

/* The first part of every class is its key, or a part of it. */
static bool same_key(const struct item *a, const struct item *b)
{
	return a->class == b->class && a->part_bytes[0] == b->part_bytes[0] &&
	       memcmp(a->parts, b->parts, a->part_bytes[0]) == 0;
}

bool item_replaces(const struct item *b, const struct item *a)
{
	switch ((enum store_class)b->class) {
	case STORE_CASES:
	case STORE_DEVICES:
	case STORE_HEALTH:
		return same_key(a, b);
	case STORE_COUNTS:
		return same_key(a, b) && a->numbers[0] == b->numbers[0];
	case STORE_CAPSULES:
	case STORE_GAPS:
	case STORE_KEPT:
	case STORE_CONTACTS:
	case STORE_CLASSES:
		break;
	}
	return false;
}
