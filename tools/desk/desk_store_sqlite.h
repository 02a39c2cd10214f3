/*
 * What the desk keeps: one SQLite file, desk.db, in a folder that is its own. The only file of the
 * desk that knows SQLite; all others ask in SQL and read rows.
 *
 * Threads: any. desk_begin() takes a lock that desk_commit() or desk_rollback() gives back; all
 * else is for who holds it. Another process (hinomi-desk code) may write between two of them.
 * Bounds: 16 MiB of SQLite's cache; DESK_STATEMENTS different questions.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DESK_PROBLEM_LEN = 400,
	DESK_STATEMENTS = 128,
};

struct desk_store;
struct desk_rows;

/* ERR_IO, ERR_RANGE (of a newer program), ERR_MALFORMED: `problem` says what, and what to do. */
MUST_USE enum err desk_store_open(struct desk_store **out, const char *folder,
				  char problem[static DESK_PROBLEM_LEN]);
void desk_store_close(struct desk_store *store);

/* One after the other. Whatever fails in between makes desk_commit() fail and leaves no trace. */
void desk_begin(struct desk_store *store);
/* ERR_OK: it is on the disk. ERR_IO: nothing of it is. */
MUST_USE enum err desk_commit(struct desk_store *store);
void desk_rollback(struct desk_store *store);
/* Something failed since desk_begin(). */
bool desk_has_failed(const struct desk_store *store);

/*
 * `sql` is a literal: its place is what it is found by again. `form` has a letter for each of its
 * places: t a text or NULL, i an int64_t, b a pointer and a size_t. Borrowed until all is read
 * (desk_next() said false) or desk_done(); the same question is asked once at a time.
 */
struct desk_rows *desk_ask(struct desk_store *store, const char *sql, const char *form, ...);
bool desk_next(struct desk_rows *rows);
void desk_done(struct desk_rows *rows);

/* Of the row at hand; borrowed until the next. A text is never NULL; an absent number is 0. */
const char *desk_text(struct desk_rows *rows, int column);
size_t desk_text_len(struct desk_rows *rows, int column);
int64_t desk_number(struct desk_rows *rows, int column);
bool desk_is_null(struct desk_rows *rows, int column);
/* False when it is not exactly `len` bytes. */
bool desk_bytes(struct desk_rows *rows, int column, uint8_t *out, size_t len);

/* Asks and reads nothing; returns how many rows were changed. */
int64_t desk_do(struct desk_store *store, const char *sql, const char *form, ...);

/* What happened, for people who look later; the latest 100,000 are kept. */
void desk_note(struct desk_store *store, int64_t now, const char *who, const char *what,
	       const char *detail);
