/*
 * In which country and network outside addresses are, and how usual that is: for each device and
 * for the office. What is new or rare is evidence beside something else, never a signal.
 *
 * Owner: the judge. One thread. REGIONS_ADDRESSES, REGIONS_COUNTRIES and REGIONS_NETWORKS rows, of
 * which the longest unused is forgotten first; without a database none is ever touched. An address
 * is asked for once, before anything is concluded from the fact that it is in: then what is
 * concluded rests on the row, and a capsule holds it.
 */
#pragma once

#include "sensor/base/kept_table.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"
#include "sensor/geo/place_databases.h"

enum {
	REGIONS_ADDRESSES = 4096, /* whose place is remembered */
	REGIONS_COUNTRIES = 8192, /* device and country pairs */
	REGIONS_NETWORKS = 2048,  /* that the office had to do with */
};

struct regions;

/* `config` is borrowed. */
MUST_USE enum err regions_new(struct regions **out, const struct config *config);
void regions_free(struct regions *regions);

/* Between two facts: `databases` (NULL is none) from now on, borrowed; what they said is forgotten.
 */
void regions_use(struct regions *regions, struct place_databases *databases);

/* Whether there is a database to ask. */
bool regions_may_ask(const struct regions *regions);

/* Asks for the place of `address` at `when`, unless it is known. */
void regions_ask(struct regions *regions, const struct address *address, nanotime when);

/* What was told of `address`; NULL is not known. Borrowed until the next call. */
const struct place *regions_find(struct regions *regions, const struct address *address);

/* A device of the office was answered from `seen->place`; NULL is fine. */
void regions_visit(struct regions *regions, const struct observation *seen);

/* Tells the signal the place of what it is about, and what speaks for it as evidence. */
void regions_weigh(struct regions *regions, struct signal *signal);

/* What of it outlives the process; `struct regions` is the owner. */
extern const struct kept_table regions_kept[];
