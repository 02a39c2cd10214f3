/*
 * What waits to be written, in the writer's own memory: items in the order in which they came, each
 * until it is on the disk. A later row of the same key takes the place of an earlier one.
 *
 * Bytes are taken once in backlog_new(). Cases may fill all of it; what matters less has a smaller
 * share, so that cases are the last to be refused. One thread: the writer's.
 */
#pragma once

#include "sensor/store/store_item.h"

struct backlog;

MUST_USE enum err backlog_new(struct backlog **out, size_t budget_bytes);
void backlog_free(struct backlog *backlog);

/*
 * Copies `item` in, if its class has room. Cases push out what matters less: kept rows, then
 * contacts, capsules, devices and counts, then health; each the oldest first, counted in `dropped`.
 */
bool backlog_add(struct backlog *backlog, const struct item *item,
		 uint64_t dropped[static STORE_CLASSES]);

/*
 * For a disk that takes nothing: makes room for `item` also among its own class, where the oldest
 * goes first. False for cases and kept rows, which are not dropped for their like.
 */
bool backlog_add_newest(struct backlog *backlog, const struct item *item,
			uint64_t dropped[static STORE_CLASSES]);

/* Drops every item of `class`. */
void backlog_drop(struct backlog *backlog, enum store_class class,
		  uint64_t dropped[static STORE_CLASSES]);

/* Steps through what waits, NULL first; NULL at the end. */
struct item *backlog_next(struct backlog *backlog, const struct item *previous);

/* Written: forgets every item with `is_tried`. */
void backlog_forget_tried(struct backlog *backlog);

bool backlog_has(const struct backlog *backlog, enum item_hurry hurry);
bool backlog_has_class(struct backlog *backlog, enum store_class class);
/* Whether anything waits at all. */
bool backlog_is_empty(const struct backlog *backlog);
/* Whether what can wait fills half of its share: to be written before its time. */
bool backlog_is_pressed(const struct backlog *backlog);

/* The earliest ticket that waits; UINT64_MAX when none does. */
uint64_t backlog_first_ticket(struct backlog *backlog);
