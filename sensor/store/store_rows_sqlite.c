#include "sensor/store/store_rows_sqlite.h"

#include "sensor/store/store_schema_sqlite.h"

/* ?1 to ?6 are an item's numbers, ?7 to ?10 its parts. */
enum { FIRST_PART = ITEM_NUMBERS + 1 };

static const struct {
	const char *sql;
	uint8_t blobs; /* a bit for each part that is not text */
} put_rows[STORE_CLASSES] = {
	[STORE_CASES] = { "INSERT INTO cases(id, revision, opened, changed, priority, withdrawn,"
			  " json, record) VALUES(?7, ?1, ?2, ?3, ?4, ?5, ?8, ?9)"
			  " ON CONFLICT(id) DO UPDATE SET revision=excluded.revision,"
			  " opened=excluded.opened, changed=excluded.changed,"
			  " priority=excluded.priority, withdrawn=excluded.withdrawn,"
			  " json=excluded.json, record=excluded.record",
			  1 << 2 },
	[STORE_CAPSULES] = { "INSERT OR REPLACE INTO capsules(case_id, revision, size, bytes)"
			     " VALUES(?7, ?1, length(?8), ?8)",
			     1 << 1 },
	[STORE_DEVICES] = { "INSERT INTO devices(key, name, address, first, last, json)"
			    " VALUES(?7, ?8, ?9, ?1, ?2, ?10)"
			    " ON CONFLICT(key) DO UPDATE SET name=excluded.name,"
			    " address=excluded.address, first=excluded.first, last=excluded.last,"
			    " json=excluded.json",
			    0 },
	[STORE_HEALTH] = { "INSERT INTO health(id, code, opened, last, closed, json)"
			   " VALUES(?7, ?8, ?1, ?2, nullif(?3, 0), ?9)"
			   " ON CONFLICT(id) DO UPDATE SET code=excluded.code,"
			   " opened=excluded.opened, last=excluded.last, closed=excluded.closed,"
			   " json=excluded.json",
			   0 },
	[STORE_GAPS] = { "INSERT INTO gaps(began, ended, reason) VALUES(?1, ?2, ?7)", 0 },
	[STORE_CONTACTS] = { "INSERT INTO contacts(began, ended, rows, size, bytes)"
			     " VALUES(?1, ?2, ?3, length(?7), ?7)",
			     1 << 0 },
	[STORE_COUNTS] = { "INSERT INTO counters(day, name, value) VALUES(?1, ?7, ?2)"
			   " ON CONFLICT(day, name) DO UPDATE SET value=value+excluded.value",
			   0 },
};

/* Each keeps the latest of its table. */
static const char prune[] =
	"DELETE FROM cases WHERE id IN"
	" (SELECT id FROM cases ORDER BY changed DESC, id LIMIT -1 OFFSET 20000);"
	"DELETE FROM devices WHERE key IN"
	" (SELECT key FROM devices ORDER BY last DESC, key LIMIT -1 OFFSET 65536);"
	"DELETE FROM health WHERE closed IS NOT NULL AND id IN"
	" (SELECT id FROM health ORDER BY last DESC, id LIMIT -1 OFFSET 2000);"
	"DELETE FROM gaps WHERE number <= (SELECT max(number) FROM gaps) - 10000;"
	"DELETE FROM lives WHERE number <= (SELECT max(number) FROM lives) - 1000;"
	"DELETE FROM counters WHERE day NOT IN"
	" (SELECT DISTINCT day FROM counters ORDER BY day DESC LIMIT 400);";

int row_statements_prepare(struct row_statements *rows, sqlite3 *db)
{
	int rc = SQLITE_OK;

	rows->db = db;
	for (size_t i = 0; i < STORE_CLASSES && rc == SQLITE_OK; i++) {
		if (put_rows[i].sql)
			rc = sqlite3_prepare_v3(db, put_rows[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
						&rows->put[i], NULL);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(
			db,
			"DELETE FROM capsules WHERE number IN (SELECT number FROM (SELECT number,"
			" sum(size) OVER (ORDER BY number DESC) AS newer FROM capsules)"
			" WHERE newer > ?1)",
			-1, SQLITE_PREPARE_PERSISTENT, &rows->trim, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(db,
					"UPDATE lives SET last_alive=?1, stopped_clean=?2"
					" WHERE number=(SELECT max(number) FROM lives)",
					-1, SQLITE_PREPARE_PERSISTENT, &rows->alive, NULL);
	return rc;
}

void row_statements_free(struct row_statements *rows)
{
	for (size_t i = 0; i < STORE_CLASSES; i++)
		(void)sqlite3_finalize(rows->put[i]);
	(void)sqlite3_finalize(rows->trim);
	(void)sqlite3_finalize(rows->alive);
	*rows = (struct row_statements){ 0 };
}

static int run(sqlite3_stmt *statement)
{
	int rc = sqlite3_step(statement);

	(void)sqlite3_reset(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int rows_write(struct row_statements *rows, const struct item *item)
{
	sqlite3_stmt *statement = rows->put[item->class];
	int wanted = sqlite3_bind_parameter_count(statement);

	for (int i = 0; i < ITEM_NUMBERS; i++)
		(void)sqlite3_bind_int64(statement, i + 1, (sqlite3_int64)item->numbers[i]);
	for (int i = 0; i < ITEM_PARTS && FIRST_PART + i <= wanted; i++) {
		struct span part = item_part(item, (unsigned)i);

		if (put_rows[item->class].blobs & 1U << i)
			(void)sqlite3_bind_blob64(statement, FIRST_PART + i, part.data, part.len,
						  SQLITE_STATIC);
		else
			(void)sqlite3_bind_text64(statement, FIRST_PART + i,
						  (const char *)part.data, part.len, SQLITE_STATIC,
						  SQLITE_UTF8);
	}
	return run(statement);
}

bool rows_is_unfit(int rc)
{
	return rc == SQLITE_CONSTRAINT || rc == SQLITE_TOOBIG || rc == SQLITE_MISMATCH;
}

int rows_begin_life(struct row_statements *rows, nanotime now)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(rows->db,
				    "INSERT INTO lives(started, last_alive, stopped_clean)"
				    " VALUES(?1, ?1, 0)",
				    -1, &statement, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)now);
		rc = run(statement);
	}
	(void)sqlite3_finalize(statement);
	return rc;
}

int rows_note_alive(struct row_statements *rows, nanotime now, enum life_end end)
{
	(void)sqlite3_bind_int64(rows->alive, 1, (sqlite3_int64)now);
	(void)sqlite3_bind_int(rows->alive, 2, (int)end);
	return run(rows->alive);
}

int rows_trim_capsules(struct row_statements *rows, uint64_t most_bytes)
{
	(void)sqlite3_bind_int64(rows->trim, 1, (sqlite3_int64)most_bytes);
	return run(rows->trim);
}

int rows_capsule_bytes(sqlite3 *db, uint64_t *out)
{
	sqlite3_int64 bytes = 0;
	int rc = schema_number(db, "SELECT coalesce(sum(size), 0) FROM capsules", 0, &bytes);

	*out = (uint64_t)bytes;
	return rc;
}

int rows_prune(sqlite3 *db)
{
	return sqlite3_exec(db, prune, NULL, NULL, NULL);
}
