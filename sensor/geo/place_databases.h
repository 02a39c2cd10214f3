/*
 * The databases of places.databases together: of each thing the first one that knows it tells.
 *
 * What is wrong with one is survived: it is left out, and said once (place_databases_fault()). One
 * that was built too long ago before the time that is asked for tells nothing; what is asked for is
 * packet time, so that the same packets lead to the same answers in any year.
 *
 * One thread at a time. Nothing is allocated after place_databases_open().
 */
#pragma once

#include "sensor/base/text.h"
#include "sensor/geo/place.h"
#include "sensor/geo/place_mmdb.h"

enum {
	PLACE_DATABASES_MAX = 8,
	PLACE_FAULT_LEN = CONFIG_PATH_LEN + PLACE_WHY_LEN + 64,
	PLACE_ERRORS_MOST = 64, /* damaged answers before a database is not asked any more */
};

struct place_databases;

/*
 * `*out` is NULL where `config` names none. ERR_MEMORY; what is wrong with a file is no error here.
 */
MUST_USE enum err place_databases_open(struct place_databases **out,
				       const struct places_config *config);
/* NULL is fine. */
void place_databases_free(struct place_databases *dbs);

/*
 * What is known of `address` at `when`, packet time. False, and all of `*out` zero, when that is
 * nothing.
 */
bool place_databases_find(struct place_databases *dbs, const struct address *address, nanotime when,
			  struct place *out);

/*
 * The next fault that has not been told yet, one line that says what to do; false when there is
 * none. Of what shows only as it is asked also after place_databases_find().
 */
bool place_databases_fault(struct place_databases *dbs, char out[static PLACE_FAULT_LEN]);

/* As if it had been asked at `when`: who only checks hears what is out of date. */
void place_databases_date(struct place_databases *dbs, nanotime when);

struct place_databases_state {
	nanotime built;   /* of the oldest that is open; 0: none is */
	nanotime oldest;  /* places.oldest */
	uint32_t refused; /* those that are not open: missing, damaged or cut short */
};

/* All zero when `dbs` is NULL. */
struct place_databases_state place_databases_state(const struct place_databases *dbs);

/* "places.1=GeoLite2-ASN 2026-11-01 9345103", a line for each that is open. NULL is none. */
void place_databases_terms(const struct place_databases *dbs, struct text *out);

/* The path at `*at` in a list of them (begins at 0); false behind the last. */
bool place_databases_next_path(const char *list, size_t *at, char out[static CONFIG_PATH_LEN]);
