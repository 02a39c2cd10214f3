#include "sensor/courier/outbox_schema_sqlite.h"

#include "sensor/store/store_schema_sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOVED_NAME OUTBOX_FILE_NAME ".damaged"

enum { BUSY_MILLISECONDS = 2000, CACHE_KIBIBYTES = 1024 };

/*
 * A parcel's `id` is its stream and its sequence in one number: so each stream grows at an end of
 * its own, and a batch is neighbours. `seen` says what was put ever, also of parcels that are gone;
 * its numbers grow with each put, so the lowest are the longest unheard of.
 */
static const char tables[] =
	"CREATE TABLE keys(number INTEGER PRIMARY KEY, public BLOB, secret BLOB, in_use INTEGER);"
	"CREATE TABLE heads(stream INTEGER PRIMARY KEY, sequence INTEGER, chain BLOB);"
	"CREATE TABLE parcels(id INTEGER PRIMARY KEY, kind INTEGER, key TEXT, revision INTEGER,"
	" made INTEGER, previous BLOB, signer BLOB, signature BLOB, digest BLOB, body BLOB);"
	"CREATE TABLE seen(number INTEGER PRIMARY KEY, kind INTEGER, key TEXT, revision INTEGER,"
	" source INTEGER, changed INTEGER, UNIQUE(kind, key));"
	"CREATE TABLE outputs(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" set_aside INTEGER, settled INTEGER);"
	"CREATE TABLE places(output INTEGER, stream INTEGER, sequence INTEGER,"
	" PRIMARY KEY(output, stream)) WITHOUT ROWID;"
	"CREATE TABLE aside(number INTEGER PRIMARY KEY, output TEXT, stream INTEGER,"
	" sequence INTEGER, digest BLOB, code TEXT, detail TEXT, at INTEGER);"
	"CREATE TABLE notes(name TEXT NOT NULL PRIMARY KEY, value TEXT) WITHOUT ROWID;";

/* SQLITE_OK: nothing was found. */
static int check(sqlite3 *db)
{
	sqlite3_stmt *asked = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &asked, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(asked);
	if (rc == SQLITE_ROW) {
		const char *answer = (const char *)sqlite3_column_text(asked, 0);

		rc = answer && strcmp(answer, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
	}
	(void)sqlite3_finalize(asked);
	return rc;
}

static enum outbox_fit fit_of(int rc)
{
	rc &= 0xff;
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? OUTBOX_DAMAGED : OUTBOX_UNREADABLE;
}

enum outbox_fit outbox_schema_look(sqlite3 *db, bool *is_new)
{
	sqlite3_int64 application = 0;
	sqlite3_int64 version = 0;
	sqlite3_int64 objects = 0;
	int rc = schema_number(db, "PRAGMA application_id", 0, &application);

	if (rc == SQLITE_OK)
		rc = schema_number(db, "PRAGMA user_version", 0, &version);
	if (rc == SQLITE_OK)
		rc = schema_number(db, "SELECT count(*) FROM sqlite_schema", 0, &objects);
	if (rc != SQLITE_OK)
		return fit_of(rc);
	*is_new = application == 0 && version == 0 && objects == 0;
	if (*is_new)
		return OUTBOX_FITS;
	if (application != OUTBOX_APPLICATION_ID)
		return OUTBOX_FOREIGN;
	if (version > OUTBOX_SCHEMA_VERSION)
		return OUTBOX_NEWER;
	rc = check(db);
	return rc == SQLITE_OK ? OUTBOX_FITS : fit_of(rc);
}

int outbox_schema_configure(sqlite3 *db, uint64_t size_bytes)
{
	char sql[400];

	(void)sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)snprintf(
		sql, sizeof(sql),
		"PRAGMA page_size=%d; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"PRAGMA cell_size_check=1; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
		"PRAGMA secure_delete=FAST; PRAGMA cache_size=-%d; PRAGMA max_page_count=%llu;"
		"PRAGMA wal_autocheckpoint=256; PRAGMA journal_size_limit=1048576;",
		OUTBOX_PAGE_BYTES, CACHE_KIBIBYTES,
		(unsigned long long)(size_bytes / OUTBOX_PAGE_BYTES));
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int outbox_schema_make(sqlite3 *db)
{
	char sql[sizeof(tables) + 160];

	(void)snprintf(sql, sizeof(sql),
		       "BEGIN IMMEDIATE; %s PRAGMA application_id=%d; PRAGMA user_version=%d;"
		       " COMMIT",
		       tables, OUTBOX_APPLICATION_ID, OUTBOX_SCHEMA_VERSION);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

enum err outbox_schema_aside(int folder_fd)
{
	/* The log first: beside a new data base it would be taken for that one's. */
	if (renameat(folder_fd, OUTBOX_FILE_NAME "-wal", folder_fd, MOVED_NAME "-wal") != 0 &&
	    errno != ENOENT)
		return ERR_IO;
	(void)unlinkat(folder_fd, OUTBOX_FILE_NAME "-shm", 0);
	if (renameat(folder_fd, OUTBOX_FILE_NAME, folder_fd, MOVED_NAME) != 0)
		return ERR_IO;
	return ERR_OK;
}
