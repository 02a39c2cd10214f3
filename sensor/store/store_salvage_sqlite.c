#include "sensor/store/store_salvage_sqlite.h"

#include "sensor/store/store_schema_sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	TRIES_MOST = 64, /* to find the next row that can be read */
	BATCH_ROWS = 256,
	ID_LEN_MOST = 64,
};

/* What is no JSON was overwritten; the sensor itself checks `record` before it trusts it. */
static const char readable[] =
	"SELECT rowid, id, revision, opened, changed, priority, withdrawn, json, record FROM cases"
	" WHERE rowid>?1 AND length(id) BETWEEN 1 AND ?2 AND json_valid(json) ORDER BY rowid";

static const char copy[] =
	"INSERT OR IGNORE INTO cases(id, revision, opened, changed, priority, withdrawn, json,"
	" record) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

enum { COLUMNS = 9, FIRST_COPIED = 1 };

struct salvage {
	sqlite3 *to;
	sqlite3_stmt *read;
	sqlite3_stmt *write;
	sqlite3_int64 last; /* row that was read */
	uint64_t rows;
};

static sqlite3 *open_aside(const struct store_file *file, const char *name, const char *vfs)
{
	char path[STORE_PATH_LEN + STORE_ASIDE_LEN];
	size_t folder = strlen(file->path) - strlen(STORE_FILE_NAME);
	sqlite3 *db = NULL;
	int version = 0;

	(void)snprintf(path, sizeof(path), "%.*s%s", (int)folder, file->path, name);
	if (sqlite3_open_v2(path, &db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
			    vfs) == SQLITE_OK) {
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
		(void)sqlite3_exec(db, "PRAGMA cell_size_check=1", NULL, NULL, NULL);
		if (schema_look(db, &version) == SCHEMA_FITS &&
		    version > 0) /* cases are the same in all */
			return db;
	}
	(void)sqlite3_close(db);
	return NULL;
}

static int exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int copy_row(struct salvage *s)
{
	int rc;

	for (int i = FIRST_COPIED; i < COLUMNS; i++)
		(void)sqlite3_bind_value(s->write, i, sqlite3_column_value(s->read, i));
	rc = sqlite3_step(s->write);
	(void)sqlite3_reset(s->write);
	s->rows += rc == SQLITE_DONE && sqlite3_changes(s->to) > 0;
	/* One that no data base would take is none to be kept. */
	return rc == SQLITE_DONE || rc == SQLITE_CONSTRAINT || rc == SQLITE_MISMATCH ? SQLITE_OK
										     : rc;
}

/* In pieces, so that the log of the new data base stays short. */
static int next_batch(struct salvage *s)
{
	int rc = exec(s->to, "COMMIT");

	if (rc == SQLITE_OK)
		rc = sqlite3_wal_checkpoint_v2(s->to, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return rc == SQLITE_OK || rc == SQLITE_BUSY ? exec(s->to, "BEGIN IMMEDIATE") : rc;
}

/* From behind the last one to the end, or to what cannot be read. False: nothing can be written. */
static bool copy_rows(struct salvage *s, bool *is_over)
{
	int written = SQLITE_OK;
	int rc = SQLITE_ROW;

	(void)sqlite3_bind_int64(s->read, 1, s->last);
	while (written == SQLITE_OK && (rc = sqlite3_step(s->read)) == SQLITE_ROW) {
		s->last = sqlite3_column_int64(s->read, 0);
		written = copy_row(s);
		if (written == SQLITE_OK && s->rows % BATCH_ROWS == BATCH_ROWS - 1)
			written = next_batch(s);
	}
	(void)sqlite3_reset(s->read);
	*is_over = rc == SQLITE_DONE;
	return written == SQLITE_OK;
}

static void copy_all(struct salvage *s)
{
	sqlite3_int64 gap = 1;
	bool is_over = false;

	(void)sqlite3_bind_int64(s->read, 2, ID_LEN_MOST);
	if (exec(s->to, "BEGIN IMMEDIATE") != SQLITE_OK)
		return;
	for (unsigned tries = 0; tries < TRIES_MOST && !is_over; tries++) {
		sqlite3_int64 before = s->last;

		if (!copy_rows(s, &is_over))
			break;
		gap = s->last > before ? 1 : gap * 2;
		if (s->last > INT64_MAX - gap || gap > INT32_MAX)
			break;
		s->last += gap;
	}
	if (exec(s->to, "COMMIT") != SQLITE_OK) {
		(void)exec(s->to, "ROLLBACK");
		s->rows -= s->rows % BATCH_ROWS;
	}
}

uint64_t store_salvage(struct store_file *file, const char *name, const char *vfs)
{
	struct salvage s = { .to = file->db };
	sqlite3 *from = open_aside(file, name, vfs);
	char index[STORE_ASIDE_LEN + sizeof("-shm")];

	if (from && sqlite3_prepare_v2(from, readable, -1, &s.read, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(file->db, copy, -1, &s.write, NULL) == SQLITE_OK)
		copy_all(&s);
	(void)sqlite3_finalize(s.read);
	(void)sqlite3_finalize(s.write);
	(void)sqlite3_close(from);
	(void)snprintf(index, sizeof(index), "%s-shm", name);
	(void)unlinkat(file->folder_fd, index, 0);
	return s.rows;
}
