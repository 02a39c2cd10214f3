#include "sensor/store/store_schema_sqlite.h"

#include <stdio.h>

/*
 * `cases` and `capsules` are what rangers get, `devices` and `health` what owners read; times are
 * nanoseconds of packet time. A row of `kept` is one of a table in the sensor's memory: it moves to
 * the end when it is written anew, so that what changes often stands together. In a day of 96
 * rounds, each of 1,000 rows out of 20,000, that wrote 60 MB; by key it were 345 MB, as each row
 * then makes a page of its own dirty. Where a key stands is known to the writer's memory alone: an
 * index would cost as much again.
 */
static const char version_1[] =
	"CREATE TABLE cases(id TEXT NOT NULL PRIMARY KEY, revision INTEGER, opened INTEGER,"
	" changed INTEGER, priority INTEGER, withdrawn INTEGER, json TEXT, record BLOB);"
	"CREATE TABLE capsules(number INTEGER PRIMARY KEY, case_id TEXT, revision INTEGER,"
	" size INTEGER, bytes BLOB, UNIQUE(case_id, revision));"
	"CREATE TABLE devices(key TEXT NOT NULL PRIMARY KEY, name TEXT, address TEXT,"
	" first INTEGER, last INTEGER, json TEXT);"
	"CREATE TABLE health(id TEXT NOT NULL PRIMARY KEY, code TEXT, opened INTEGER, last INTEGER,"
	" closed INTEGER, json TEXT);"
	"CREATE TABLE gaps(number INTEGER PRIMARY KEY, began INTEGER, ended INTEGER, reason TEXT);"
	"CREATE TABLE counters(day INTEGER, name TEXT, value INTEGER, PRIMARY KEY(day, name))"
	" WITHOUT ROWID;"
	"CREATE TABLE lives(number INTEGER PRIMARY KEY, started INTEGER, last_alive INTEGER,"
	" stopped_clean INTEGER);"
	"CREATE TABLE kept_tables(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" layout INTEGER);"
	"CREATE TABLE kept(stamp INTEGER PRIMARY KEY, tbl INTEGER, used INTEGER, sum INTEGER,"
	" key BLOB, value BLOB);";

static int to_version_1(sqlite3 *db)
{
	char sql[80];
	int rc = sqlite3_exec(db, version_1, NULL, NULL, NULL);

	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id=%d", STORE_APPLICATION_ID);
	return rc == SQLITE_OK ? sqlite3_exec(db, sql, NULL, NULL, NULL) : rc;
}

/*
 * Whom the office was in contact with, in blocks that are never written again: a row for each
 * device and name, brought up to date in its place, makes a page of its own dirty each time.
 */
static int to_version_2(sqlite3 *db)
{
	return sqlite3_exec(db,
			    "CREATE TABLE contacts(number INTEGER PRIMARY KEY, began INTEGER,"
			    " ended INTEGER, rows INTEGER, size INTEGER, bytes BLOB)",
			    NULL, NULL, NULL);
}

/* The step at index n leads from version n to n + 1. */
static int (*const steps[STORE_SCHEMA_VERSION])(sqlite3 *db) = { to_version_1, to_version_2 };

int schema_number(sqlite3 *db, const char *sql, sqlite3_int64 otherwise, sqlite3_int64 *out)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	else if (rc == SQLITE_DONE)
		*out = otherwise;
	(void)sqlite3_finalize(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

enum schema_fit schema_look(sqlite3 *db, int *version)
{
	sqlite3_int64 application = 0;
	sqlite3_int64 found = 0;
	sqlite3_int64 objects = 0;

	if (schema_number(db, "PRAGMA application_id", 0, &application) != SQLITE_OK ||
	    schema_number(db, "PRAGMA user_version", 0, &found) != SQLITE_OK ||
	    schema_number(db, "SELECT count(*) FROM sqlite_schema", 0, &objects) != SQLITE_OK)
		return SCHEMA_UNREADABLE;
	if (application == 0 && found == 0 && objects == 0) {
		*version = 0;
		return SCHEMA_FITS;
	}
	if (application != STORE_APPLICATION_ID || found < 1)
		return SCHEMA_FOREIGN;
	*version = (int)found;
	return found > STORE_SCHEMA_VERSION ? SCHEMA_NEWER : SCHEMA_FITS;
}

static int take_step(sqlite3 *db, int version)
{
	char sql[64];
	int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", version + 1);
	rc = steps[version](db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int schema_bring_up(sqlite3 *db, int version)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && version < STORE_SCHEMA_VERSION)
		rc = take_step(db, version++);
	return rc;
}
