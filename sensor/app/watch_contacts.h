/*
 * Holds a list of bad names, when it is taken up, against whom the office was in contact with in
 * the last 30 days: contacts are written down as they pass, the store's thread goes through them
 * block by block, and what is found is told to the judge as facts, in the order of devices and
 * items.
 *
 * Owner: the judge's thread, but for what the store's thread does inside. Neither waits for the
 * other longer than a block of 32 KiB takes. At most CONTACTS_FOUND_MAX contacts of one pass are
 * told, the first that are found; the rest are counted. Their memory is taken while a pass lasts.
 */
#pragma once

#include "sensor/judge/judge.h"
#include "sensor/service/journal.h"
#include "sensor/store/store.h"

enum { CONTACTS_FOUND_MAX = 1024 };

struct watch_contacts;

/* `judge` and `journal` are borrowed for its life. ERR_MEMORY. */
MUST_USE enum err watch_contacts_new(struct watch_contacts **out, struct judge *judge,
				     struct journal *journal);
/* After the store was closed, or never started. NULL is fine. */
void watch_contacts_free(struct watch_contacts *self);

/* Before the first fact: contacts are written to `store` from now on, and those of earlier lives
 * are held against the lists that are in force. */
void watch_contacts_begin(struct watch_contacts *self, struct store *store);

/* The judge has other lists from now on (`now` is packet time): those before are not read any more
 * when this returns, and a pass begins. */
void watch_contacts_use(struct watch_contacts *self, const struct contact_lists *lists,
			nanotime now);

/* Between two facts, about once a second: writes down what is due, tells what a pass has found. */
void watch_contacts_look(struct watch_contacts *self, nanotime now);

/* No fact will follow: everything to the store, which is closing. */
void watch_contacts_end(struct watch_contacts *self, nanotime now);
