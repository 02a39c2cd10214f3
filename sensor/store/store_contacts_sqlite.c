#include "sensor/store/store_contacts_sqlite.h"

#include "sensor/store/store_check_sqlite.h"

static void give(sqlite3_stmt *s, bool *is_over, store_contacts_fn *take, void *arg)
{
	const struct store_contacts row = {
		.first = (nanotime)sqlite3_column_int64(s, 1),
		.last = (nanotime)sqlite3_column_int64(s, 2),
		.rows = (uint64_t)sqlite3_column_int64(s, 3),
		.bytes = { .data = sqlite3_column_blob(s, 4),
			   .len = (size_t)sqlite3_column_bytes(s, 4) },
	};

	*is_over = !take(arg, &row);
}

enum err contacts_next(sqlite3 *db, sqlite3_int64 *number, bool *is_over, store_contacts_fn *take,
		       void *arg)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db,
				    "SELECT number, began, ended, rows, bytes FROM contacts"
				    " WHERE number>?1 ORDER BY number LIMIT 1",
				    -1, &s, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int64(s, 1, *number);
		rc = sqlite3_step(s);
	}
	if (rc == SQLITE_ROW) {
		*number = sqlite3_column_int64(s, 0);
		give(s, is_over, take, arg);
	}
	(void)sqlite3_finalize(s);
	if (rc == SQLITE_DONE)
		*is_over = true;
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? ERR_OK : store_load_answer(rc);
}

/* ?1 and ?2 as the statement has them; its one number, where it gives one. */
static int run(sqlite3 *db, const char *sql, sqlite3_int64 value, sqlite3_int64 *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int64(s, 1, value);
		rc = sqlite3_step(s);
	}
	if (rc == SQLITE_ROW && out)
		*out = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

#define BEYOND                                                                                   \
	" FROM contacts WHERE number <= (SELECT max(number) FROM (SELECT number, sum(size) OVER" \
	" (ORDER BY number DESC) AS newer FROM contacts) WHERE newer > ?1)"

int contacts_trim(sqlite3 *db, uint64_t most_bytes, nanotime since, uint64_t *let_go)
{
	sqlite3_int64 rows = 0;
	int rc = run(db, "DELETE FROM contacts WHERE ended<?1", (sqlite3_int64)since, NULL);

	if (rc == SQLITE_OK)
		rc = run(db, "SELECT coalesce(sum(rows), 0)" BEYOND, (sqlite3_int64)most_bytes,
			 &rows);
	if (rc == SQLITE_OK) /* also where a block has none */
		rc = run(db, "DELETE" BEYOND, (sqlite3_int64)most_bytes, NULL);
	*let_go += rows > 0 ? (uint64_t)rows : 0;
	return rc;
}
