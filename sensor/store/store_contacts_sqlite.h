/*
 * Blocks of contacts in cases.db: added at the end, shown one by one, dropped from the beginning.
 * The thread that owns the connection.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/store/store_rows.h"

#include <sqlite3.h>

/*
 * Shows the block behind `*number`, which begins with 0, and moves it on. `*is_over` where there is
 * none, or `take` said so. ERR_IO, ERR_MALFORMED.
 */
MUST_USE enum err contacts_next(sqlite3 *db, sqlite3_int64 *number, bool *is_over,
				store_contacts_fn *take, void *arg);

/*
 * Within a transaction: drops what is older than `since` by its last contact, then the oldest until
 * `most_bytes` are left, whose rows are added to `*let_go`. An SQLite result.
 */
int contacts_trim(sqlite3 *db, uint64_t most_bytes, nanotime since, uint64_t *let_go);
