#include "sensor/store/store_verdict_sqlite.h"

#include "sensor/store/store_reading_sqlite.h"
#include "sensor/store/store_schema_sqlite.h"
#include "sensor/store/store_vfs_sqlite.h"

#include <stdio.h>

void verdict_blame(sqlite3 *db, struct verdict *v)
{
	int rc = db ? sqlite3_errcode(db) : SQLITE_NOMEM;

	(void)snprintf(v->why, sizeof(v->why), "%s", sqlite3_errstr(rc));
	v->is_damaged = store_whole_of(rc) == STORE_IS_DAMAGED;
	v->is_unreadable = !v->is_damaged;
}

static bool is_whole(sqlite3 *db, struct verdict *v)
{
	enum store_whole found = store_check(db, v->why);

	v->is_damaged = found == STORE_IS_DAMAGED;
	v->is_unreadable = found == STORE_IS_UNREADABLE;
	return found == STORE_IS_WHOLE;
}

/* Found by who read it: in the last life, or when its rows were loaded. */
static bool is_known_damaged(sqlite3 *db, bool is_suspect, struct verdict *v)
{
	sqlite3_int64 ended = LIFE_GOES_ON;
	int rc = schema_number(db, "SELECT stopped_clean FROM lives ORDER BY number DESC LIMIT 1",
			       LIFE_GOES_ON, &ended);

	v->is_damaged = is_suspect || ended == LIFE_FOUND_DAMAGED || rc == SQLITE_CORRUPT;
	if (v->is_damaged)
		(void)snprintf(v->why, sizeof(v->why), "found when it was read");
	return v->is_damaged;
}

/* A large one takes long: it is checked when the sensor runs, and what that finds is noted. */
static bool is_small(sqlite3 *db)
{
	sqlite3_int64 pages = 0;

	return schema_number(db, "PRAGMA page_count", 0, &pages) != SQLITE_OK ||
	       pages <= STORE_CHECKED_AT_START / STORE_BLOCK_BYTES;
}

/* Asks for each table by a column, so that one with other columns is known at once. */
static void judge_tables(sqlite3 *db, struct verdict *v)
{
	static const char *const asked[] = {
		"SELECT record FROM cases",     "SELECT bytes FROM capsules",
		"SELECT json FROM devices",     "SELECT closed FROM health",
		"SELECT reason FROM gaps",      "SELECT value FROM counters",
		"SELECT last_alive FROM lives", "SELECT layout FROM kept_tables",
		"SELECT sum FROM kept",
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		sqlite3_stmt *statement = NULL;

		if (sqlite3_prepare_v2(db, asked[i], -1, &statement, NULL) != SQLITE_OK) {
			verdict_blame(db, v);
			return;
		}
		(void)sqlite3_finalize(statement);
	}
}

void verdict_judge(sqlite3 *db, bool is_suspect, int *version, struct verdict *v)
{
	switch (schema_look(db, version)) {
	case SCHEMA_NEWER:
		v->is_newer = true;
		return;
	case SCHEMA_FOREIGN:
		v->is_damaged = true;
		(void)snprintf(v->why, sizeof(v->why), "not one of Hinomi's");
		return;
	case SCHEMA_UNREADABLE:
		verdict_blame(db, v);
		return;
	case SCHEMA_FITS:
		break;
	}
	if ((is_small(db) && !is_whole(db, v)) || is_known_damaged(db, is_suspect, v))
		return;
	if (*version == STORE_SCHEMA_VERSION)
		judge_tables(db, v);
}
