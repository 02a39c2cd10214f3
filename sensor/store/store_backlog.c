#include "sensor/store/store_backlog.h"

#include <assert.h>
#include <stdlib.h>

enum { SHARE_WHOLE = 8 };

/* What a class, with all that matter less, may fill: of eight parts. */
static const uint8_t share_of[STORE_CLASSES] = {
	[STORE_CASES] = SHARE_WHOLE,
	[STORE_CAPSULES] = 5,
	[STORE_DEVICES] = 5,
	[STORE_HEALTH] = 7,
	[STORE_GAPS] = 7,
	[STORE_COUNTS] = 6,
	[STORE_KEPT] = 4,
	[STORE_CONTACTS] = 4,
};

/* Who goes first where room must be made for a case. */
static const enum store_class drop_order[] = {
	STORE_KEPT,   STORE_CONTACTS, STORE_CAPSULES, STORE_DEVICES,
	STORE_COUNTS, STORE_GAPS,     STORE_HEALTH,
};

struct backlog {
	size_t budget_bytes;
	size_t used_bytes;                 /* up to here stand items, those that are gone too */
	size_t live_bytes;                 /* of those that are not */
	uint32_t waiting[HURRY_LATER + 1]; /* items that are not gone */
	_Alignas(ITEM_ALIGN) uint8_t items[];
};

enum err backlog_new(struct backlog **out, size_t budget_bytes)
{
	size_t budget = budget_bytes / ITEM_ALIGN * ITEM_ALIGN;
	struct backlog *b = malloc(sizeof(*b) + budget);

	if (!b)
		return ERR_MEMORY;
	/* Touched now, so that the budget is there when it is needed. */
	memset(b, 0, sizeof(*b) + budget);
	b->budget_bytes = budget;
	*out = b;
	return ERR_OK;
}

void backlog_free(struct backlog *backlog)
{
	free(backlog);
}

static struct item *item_at(struct backlog *b, size_t at)
{
	return (struct item *)(void *)(b->items + at);
}

/* Also those that are gone. */
static struct item *step(struct backlog *b, const struct item *previous)
{
	size_t at = previous ? (size_t)((const uint8_t *)previous - b->items) + previous->bytes : 0;

	return at < b->used_bytes ? item_at(b, at) : NULL;
}

struct item *backlog_next(struct backlog *backlog, const struct item *previous)
{
	struct item *item = step(backlog, previous);

	while (item && item->is_gone)
		item = step(backlog, item);
	return item;
}

static void let_go(struct backlog *b, struct item *item)
{
	item->is_gone = true;
	b->live_bytes -= item->bytes;
	b->waiting[item->hurry]--;
}

/* Closes the gaps that items left which are gone. */
static void close_up(struct backlog *b)
{
	size_t to = 0;
	size_t at = 0;

	while (at < b->used_bytes) {
		size_t bytes = item_at(b, at)->bytes;

		if (!item_at(b, at)->is_gone) {
			memmove(b->items + to, b->items + at, bytes);
			to += bytes;
		}
		at += bytes;
	}
	b->used_bytes = to;
}

static bool has_room(const struct backlog *b, const struct item *item)
{
	return b->live_bytes + item->bytes <= b->budget_bytes / SHARE_WHOLE * share_of[item->class];
}

static struct item *oldest_of(struct backlog *b, enum store_class class)
{
	struct item *item = backlog_next(b, NULL);

	while (item && item->class != class)
		item = backlog_next(b, item);
	return item;
}

bool backlog_has_class(struct backlog *backlog, enum store_class class)
{
	return oldest_of(backlog, class) != NULL;
}

static bool drop_oldest(struct backlog *b, enum store_class class,
			uint64_t dropped[static STORE_CLASSES])
{
	struct item *item = oldest_of(b, class);

	if (!item)
		return false;
	let_go(b, item);
	dropped[class]++;
	return true;
}

static bool push_out(struct backlog *b, uint64_t dropped[static STORE_CLASSES])
{
	for (size_t i = 0; i < sizeof(drop_order) / sizeof(drop_order[0]); i++) {
		if (drop_oldest(b, drop_order[i], dropped))
			return true;
	}
	return false;
}

/* Takes over from an earlier row of the same key what must not be lost with it. */
static void replace_earlier(struct backlog *b, struct item *item)
{
	for (struct item *old = backlog_next(b, NULL); old && old != item;
	     old = backlog_next(b, old)) {
		if (!item_replaces(item, old))
			continue;
		if (old->covers < item->covers)
			item->covers = old->covers;
		if (old->hurry < item->hurry) {
			b->waiting[item->hurry]--;
			item->hurry = old->hurry;
			b->waiting[item->hurry]++;
		}
		if (item->class == STORE_COUNTS)
			item->numbers[1] += old->numbers[1];
		let_go(b, old);
		return;
	}
}

static void append(struct backlog *b, const struct item *item)
{
	struct item *copy;

	if (b->used_bytes + item->bytes > b->budget_bytes)
		close_up(b);
	assert(b->used_bytes + item->bytes <= b->budget_bytes);
	copy = item_at(b, b->used_bytes);
	memcpy(copy, item, item->bytes);
	b->used_bytes += item->bytes;
	b->live_bytes += item->bytes;
	b->waiting[copy->hurry]++;
	if (copy->class != STORE_KEPT)
		replace_earlier(b, copy);
}

bool backlog_add(struct backlog *backlog, const struct item *item,
		 uint64_t dropped[static STORE_CLASSES])
{
	while (!has_room(backlog, item)) {
		if (item->class != STORE_CASES || !push_out(backlog, dropped))
			return false;
	}
	append(backlog, item);
	return true;
}

bool backlog_add_newest(struct backlog *backlog, const struct item *item,
			uint64_t dropped[static STORE_CLASSES])
{
	bool may_drop = item->class != STORE_CASES && item->class != STORE_KEPT;

	while (!has_room(backlog, item)) {
		if (!may_drop || !drop_oldest(backlog, (enum store_class)item->class, dropped))
			return false;
	}
	append(backlog, item);
	return true;
}

void backlog_drop(struct backlog *backlog, enum store_class class,
		  uint64_t dropped[static STORE_CLASSES])
{
	for (struct item *i = backlog_next(backlog, NULL); i; i = backlog_next(backlog, i)) {
		if (i->class != class)
			continue;
		let_go(backlog, i);
		dropped[class]++;
	}
}

void backlog_forget_tried(struct backlog *backlog)
{
	for (struct item *i = backlog_next(backlog, NULL); i; i = backlog_next(backlog, i)) {
		if (i->is_tried)
			let_go(backlog, i);
	}
	close_up(backlog);
}

bool backlog_has(const struct backlog *backlog, enum item_hurry hurry)
{
	return backlog->waiting[hurry] > 0;
}

bool backlog_is_empty(const struct backlog *backlog)
{
	return backlog->live_bytes == 0;
}

bool backlog_is_pressed(const struct backlog *backlog)
{
	return backlog->live_bytes > backlog->budget_bytes / SHARE_WHOLE * share_of[STORE_KEPT] / 2;
}

uint64_t backlog_first_ticket(struct backlog *backlog)
{
	uint64_t first = UINT64_MAX;

	for (struct item *i = backlog_next(backlog, NULL); i; i = backlog_next(backlog, i)) {
		if (i->class == STORE_CASES && i->covers < first)
			first = i->covers;
	}
	return first;
}
