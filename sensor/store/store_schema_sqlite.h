/* The tables of cases.db, and the way there from every earlier version. */
#pragma once

#include "sensor/base/err.h"

#include <sqlite3.h>

enum {
	STORE_APPLICATION_ID = 0x48694e6f, /* "HiNo": what file(1) and we know it by */
	STORE_SCHEMA_VERSION = 2,
};

enum schema_fit {
	SCHEMA_FITS,
	SCHEMA_FOREIGN, /* a data base of somebody else */
	SCHEMA_NEWER,
	SCHEMA_UNREADABLE,
};

/* What the file is; `*version` is 0 for an empty one. Nothing is changed. */
enum schema_fit schema_look(sqlite3 *db, int *version);

/* One version after the other, each in a transaction of its own. An SQLite result. */
int schema_bring_up(sqlite3 *db, int version);

/* The first column of the first row of `sql`; `otherwise` when there is none. An SQLite result. */
int schema_number(sqlite3 *db, const char *sql, sqlite3_int64 otherwise, sqlite3_int64 *out);
