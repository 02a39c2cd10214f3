/*
 * Whether a data base is whole (SQLite's quick_check), which takes as long as reading all of it: on
 * an SD card at 6 to 10 MB/s in pieces of 4 KiB some 2 s for 16 MiB, half a minute for 200 MB.
 *
 * So a small one is checked before the sensor starts, a large one afterwards, through a connection
 * and in a thread of its own, which waits for nobody and holds nobody up.
 */
#pragma once

#include "sensor/base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum { STORE_CHECK_WHY_LEN = 128, STORE_CHECKED_AT_START = 16 << 20 /* bytes */ };

enum store_whole {
	STORE_IS_WHOLE,
	STORE_IS_DAMAGED,
	STORE_IS_UNREADABLE, /* the disk fails, not the file; or it was ended */
};

/* Reads all of it. `why` is one line where it is not whole. */
enum store_whole store_check(sqlite3 *db, char why[static STORE_CHECK_WHY_LEN]);

/* What an SQLite error says of the data base: only its content can be damage. */
enum store_whole store_whole_of(int rc);

/* ERR_OK, ERR_MALFORMED for damage, else ERR_IO. */
enum err store_load_answer(int rc);

struct store_check;

/*
 * Opens every file that it needs, then checks in a thread. ERR_IO, ERR_MEMORY: then it is left
 * unchecked.
 */
MUST_USE enum err store_check_begin(struct store_check **out, const char *path, const char *vfs);

/* True once it is over and the data base was found damaged; then `why` is told. Any one thread. */
bool store_check_found(const struct store_check *check, char why[static STORE_CHECK_WHY_LEN]);

/* Ends it where it is. NULL is fine. */
void store_check_free(struct store_check *check);
