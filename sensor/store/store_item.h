/*
 * A row on its way: how it lies in a ring and in the backlog. Whole in itself, without pointers,
 * aligned to eight bytes.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/store/store.h"

enum {
	ITEM_NUMBERS = 6,
	ITEM_PARTS = 4,
	ITEM_ALIGN = 8,
};

enum item_hurry {
	HURRY_NOW,   /* committed at once */
	HURRY_SOON,  /* within a minute */
	HURRY_CALM,  /* within three */
	HURRY_LATER, /* each interval */
};

struct item {
	uint32_t bytes; /* with the parts, a multiple of ITEM_ALIGN */
	uint8_t class;  /* enum store_class */
	uint8_t hurry;
	uint8_t is_gone;  /* in the backlog: written, dropped, or a later one says it */
	uint8_t is_tried; /* in the transaction that is open */
	uint64_t ticket;  /* of a case; else 0 */
	uint64_t covers;  /* the earliest ticket that waits for this one */
	uint64_t numbers[ITEM_NUMBERS];
	uint32_t part_bytes[ITEM_PARTS];
	uint8_t parts[];
};

/* Everything of an item but the bytes of its parts, which are borrowed. */
struct item_draft {
	enum store_class class;
	enum item_hurry hurry;
	uint64_t ticket;
	uint64_t numbers[ITEM_NUMBERS];
	struct span parts[ITEM_PARTS];
};

/* SIZE_MAX where a part is longer than 1 GiB. */
size_t item_bytes(const struct item_draft *draft);

/* `to` has room for item_bytes(). */
void item_write(const struct item_draft *draft, void *to);

struct span item_part(const struct item *item, unsigned index);

/* Whether a later `b` makes `a` needless: of one key. Counts are added up in `b`. */
bool item_replaces(const struct item *b, const struct item *a);
