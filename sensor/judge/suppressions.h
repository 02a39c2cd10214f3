/*
 * What the office and its rangers have decided not to be told of: which decision covers a signal,
 * and how often each did. Decided by packet time: what is expired covers nothing.
 *
 * Owner: the judge. One thread. The counts outlive the process; there are as many as a file can
 * hold decisions, and that of the longest unused makes room for that of a new one.
 */
#pragma once

#include "sensor/base/kept_table.h"
#include "sensor/config/decisions.h"
#include "sensor/detect/signal.h"
#include "sensor/inventory/devices.h"

struct suppressions;

MUST_USE enum err suppressions_new(struct suppressions **out);
void suppressions_free(struct suppressions *suppressions);

/* From now on; NULL is none. Borrowed until the next call. */
void suppressions_use(struct suppressions *suppressions, const struct decisions *decisions);

/*
 * The first suppression that covers `signal` of `device` (NULL: not known), or NULL. `resolved`:
 * the name that DNS last gave for the object's address, or ""; a name that a program only claims is
 * not believed against it.
 */
const struct suppression *suppressions_find(const struct suppressions *suppressions,
					    const struct signal *signal,
					    const struct device *device, const char *resolved);

/* It held the signal of that time back; or the signal was told all the same, being P1. */
void suppressions_note_held(struct suppressions *suppressions, const struct suppression *by,
			    nanotime when);
void suppressions_note_shown(struct suppressions *suppressions, const struct suppression *by,
			     nanotime when);

enum suppression_state { SUPPRESSION_HOLDS, SUPPRESSION_EXPIRED, SUPPRESSION_NOT_YET };

struct suppression_use {
	const struct suppression *entry;
	uint64_t held;
	uint64_t shown;
	nanotime last; /* of the latest signal that it covered; 0: none yet */
};

size_t suppressions_count(const struct suppressions *suppressions);
struct suppression_use suppressions_use_of(struct suppressions *suppressions, size_t i);

enum suppression_state suppression_state(const struct suppression *entry, nanotime now);

/* Whether `device` goes by `text`: its MAC, an address, or a name that it told. */
bool suppressions_names_device(const char *text, const struct device *device);

/* What of it outlives the process; `struct suppressions` is the owner. */
extern const struct kept_table suppressions_kept[];
