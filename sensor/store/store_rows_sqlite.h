/*
 * Writing the tables that others read too: a statement for each class of row, run in the writer's
 * open transaction. What returns an int returns an SQLite result. One thread at a time.
 */
#pragma once

#include "sensor/store/store_item.h"
#include "sensor/store/store_reading_sqlite.h"

#include <sqlite3.h>

/* Statements that stay prepared; all NULL at first. */
struct row_statements {
	sqlite3 *db;
	sqlite3_stmt *put[STORE_CLASSES];
	sqlite3_stmt *trim;
	sqlite3_stmt *alive;
};

/* An SQLite result; what was prepared is freed by row_statements_free() in any case. */
int row_statements_prepare(struct row_statements *rows, sqlite3 *db);
void row_statements_free(struct row_statements *rows);

/* Any class but STORE_KEPT. */
int rows_write(struct row_statements *rows, const struct item *item);

/* Whether the row itself is at fault, so that it would fail for ever. */
bool rows_is_unfit(int rc);

int rows_begin_life(struct row_statements *rows, nanotime now);
int rows_note_alive(struct row_statements *rows, nanotime now, enum life_end end);

/* The oldest go until `most_bytes` of capsules are left. */
int rows_trim_capsules(struct row_statements *rows, uint64_t most_bytes);
int rows_capsule_bytes(sqlite3 *db, uint64_t *out);

/* What nobody asks for any more: beyond the bounds in store_rows_sqlite.c. */
int rows_prune(sqlite3 *db);
