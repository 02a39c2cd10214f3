/* Reading the tables that others read too. The connection's thread. */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/kept.h"
#include "sensor/store/store_rows.h"

#include <sqlite3.h>

/* What a day's counter says; 0 when there is none. */
uint64_t rows_count_of(sqlite3 *db, uint64_t day, const char *name);

enum case_order { CASES_BY_OPENING, CASES_BY_CHANGE };

/* In the order in which they were made; or the latest alone. */
/* The latest of one case; ERR_MISSING. */
MUST_USE enum err rows_read_capsule(sqlite3 *db, const char *case_id, store_capsule_fn *take,
				    void *arg);
MUST_USE enum err rows_read_capsules(sqlite3 *db, bool only_last, store_capsule_fn *take,
				     void *arg);

MUST_USE enum err rows_read_cases(sqlite3 *db, enum case_order order, store_case_fn *take,
				  void *arg);
/* Without json and record, by urgency and then by change. */
MUST_USE enum err rows_read_case_states(sqlite3 *db, store_case_fn *take, void *arg);
/* ERR_MISSING when there is no such case. */
MUST_USE enum err rows_read_case(sqlite3 *db, const char *id, store_case_fn *take, void *arg);
MUST_USE enum err rows_read_devices(sqlite3 *db, store_device_fn *take, void *arg);
/* All, or those that are not closed. */
MUST_USE enum err rows_read_health(sqlite3 *db, bool only_open, store_health_fn *take, void *arg);

/* The latest row of each key of one kept table, the longest unused first. */
MUST_USE enum err rows_read_kept(sqlite3 *db, const char *table, kept_take_fn *take, void *arg);

/* How a life ended, in `lives`. */
enum life_end { LIFE_GOES_ON, LIFE_STOPPED_CLEAN, LIFE_FOUND_DAMAGED };

/* The latest; false when there was none. */
bool rows_last_life(sqlite3 *db, struct store_life *out);
