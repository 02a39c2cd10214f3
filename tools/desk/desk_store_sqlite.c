#include "tools/desk/desk_store_sqlite.h"

#include "tools/desk/desk_schema_sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUSY_MILLISECONDS = 5000,
	PATH_LEN = 1024,
	NOTES_KEPT = 100000,
};

struct desk_rows {
	struct desk_store *store;
	const char *sql;
	sqlite3_stmt *stmt;
	bool is_asked;
};

struct desk_store {
	pthread_mutex_t lock;
	sqlite3 *db;
	bool has_failed;
	size_t count;
	struct desk_rows rows[DESK_STATEMENTS];
};

static void complain(char *problem, const char *path, const char *what)
{
	(void)snprintf(problem, DESK_PROBLEM_LEN, "%.250s: %.120s", path, what);
}

/* Made here, as SQLite would let everybody read it: the desk's secret key is inside. */
static enum err make_file(const char *path, char *problem)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

	if (fd < 0) {
		complain(problem, path, strerror(errno));
		return ERR_IO;
	}
	(void)close(fd);
	return ERR_OK;
}

static int version_of(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int version = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return version;
}

/* Two processes may begin at once: who is second finds the tables made. */
static bool bring_up(sqlite3 *db)
{
	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	if (version_of(db) == 0 && sqlite3_exec(db, desk_schema, NULL, NULL, NULL) != SQLITE_OK) {
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		return false;
	}
	return sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

static enum err open_file(sqlite3 **db, const char *path, char *problem)
{
	static const char settings[] =
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cell_size_check=1;"
		"PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384";
	int version;

	if (sqlite3_open_v2(path, db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
			    NULL) != SQLITE_OK) {
		complain(problem, path, *db ? sqlite3_errmsg(*db) : "out of memory");
		return ERR_IO;
	}
	(void)sqlite3_busy_timeout(*db, BUSY_MILLISECONDS);
	(void)sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (sqlite3_exec(*db, settings, NULL, NULL, NULL) != SQLITE_OK || !bring_up(*db)) {
		(void)snprintf(
			problem, DESK_PROBLEM_LEN,
			"%.200s: %.100s; free the disk, or put a copy of before in its place", path,
			sqlite3_errmsg(*db));
		return ERR_MALFORMED;
	}
	version = version_of(*db);
	if (version == DESK_SCHEMA_VERSION)
		return ERR_OK;
	(void)snprintf(problem, DESK_PROBLEM_LEN,
		       "%.250s is of version %d, this program knows %d: install the newer one",
		       path, version, DESK_SCHEMA_VERSION);
	return ERR_RANGE;
}

enum err desk_store_open(struct desk_store **out, const char *folder,
			 char problem[static DESK_PROBLEM_LEN])
{
	struct desk_store *store = calloc(1, sizeof(*store));
	char path[PATH_LEN];
	enum err err;

	if (!store) {
		complain(problem, folder, err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	(void)pthread_mutex_init(&store->lock, NULL);
	if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) {
		complain(problem, folder, strerror(errno));
		desk_store_close(store);
		return ERR_IO;
	}
	(void)snprintf(path, sizeof(path), "%s/desk.db", folder);
	err = make_file(path, problem);
	if (err == ERR_OK)
		err = open_file(&store->db, path, problem);
	if (err != ERR_OK) {
		desk_store_close(store);
		return err;
	}
	*out = store;
	return ERR_OK;
}

void desk_store_close(struct desk_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		(void)sqlite3_finalize(store->rows[i].stmt);
	(void)sqlite3_close(store->db);
	(void)pthread_mutex_destroy(&store->lock);
	free(store);
}

static void fail(struct desk_store *store, const char *doing)
{
	if (!store->has_failed)
		(void)fprintf(stderr, "hinomi-desk: desk.db: %s (%.60s)\n",
			      sqlite3_errmsg(store->db), doing);
	store->has_failed = true;
}

void desk_begin(struct desk_store *store)
{
	(void)pthread_mutex_lock(&store->lock);
	store->has_failed = false;
	if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		fail(store, "BEGIN");
}

/* SQLite may have ended the transaction by itself, on a full disk for one. */
static void end(struct desk_store *store)
{
	for (size_t i = 0; i < store->count; i++)
		desk_done(&store->rows[i]);
	if (!sqlite3_get_autocommit(store->db))
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	(void)pthread_mutex_unlock(&store->lock);
}

enum err desk_commit(struct desk_store *store)
{
	enum err err;

	if (!store->has_failed && sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		fail(store, "COMMIT");
	err = store->has_failed ? ERR_IO : ERR_OK;
	end(store);
	return err;
}

void desk_rollback(struct desk_store *store)
{
	end(store);
}

bool desk_has_failed(const struct desk_store *store)
{
	return store->has_failed;
}

static struct desk_rows *rows_of(struct desk_store *store, const char *sql)
{
	struct desk_rows *rows;

	for (size_t i = 0; i < store->count; i++) {
		if (store->rows[i].sql == sql)
			return &store->rows[i];
	}
	assert(store->count < DESK_STATEMENTS);
	rows = &store->rows[store->count];
	*rows = (struct desk_rows){ .store = store, .sql = sql };
	if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &rows->stmt, NULL) !=
	    SQLITE_OK)
		fail(store, sql);
	else
		store->count++;
	return rows;
}

/* NOLINTBEGIN(clang-analyzer-valist.Uninitialized): its callers' callers begin the list. */
static void bind_all(sqlite3_stmt *stmt, const char *form, va_list args)
{
	for (int i = 1; *form; form++, i++) {
		if (*form == 'i') {
			(void)sqlite3_bind_int64(stmt, i, va_arg(args, int64_t));
		} else if (*form == 't') {
			(void)sqlite3_bind_text(stmt, i, va_arg(args, const char *), -1,
						SQLITE_TRANSIENT);
		} else {
			const void *bytes = va_arg(args, const void *);
			size_t len = va_arg(args, size_t);

			assert(*form == 'b');
			(void)sqlite3_bind_blob64(stmt, i, bytes, len, SQLITE_TRANSIENT);
		}
	}
}
/* NOLINTEND(clang-analyzer-valist.Uninitialized) */

static struct desk_rows *ask(struct desk_store *store, const char *sql, const char *form,
			     va_list args)
{
	struct desk_rows *rows = rows_of(store, sql);

	assert(!rows->is_asked);
	if (rows->stmt) {
		bind_all(rows->stmt, form, args);
		rows->is_asked = true;
	}
	return rows;
}

struct desk_rows *desk_ask(struct desk_store *store, const char *sql, const char *form, ...)
{
	struct desk_rows *rows;
	va_list args;

	va_start(args, form);
	rows = ask(store, sql, form, args);
	va_end(args);
	return rows;
}

bool desk_next(struct desk_rows *rows)
{
	int rc;

	if (!rows->is_asked || rows->store->has_failed)
		return false;
	rc = sqlite3_step(rows->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fail(rows->store, rows->sql);
	desk_done(rows);
	return false;
}

void desk_done(struct desk_rows *rows)
{
	if (!rows->stmt)
		return;
	(void)sqlite3_reset(rows->stmt);
	(void)sqlite3_clear_bindings(rows->stmt);
	rows->is_asked = false;
}

const char *desk_text(struct desk_rows *rows, int column)
{
	const unsigned char *text = sqlite3_column_text(rows->stmt, column);

	return text ? (const char *)text : "";
}

size_t desk_text_len(struct desk_rows *rows, int column)
{
	return (size_t)sqlite3_column_bytes(rows->stmt, column);
}

int64_t desk_number(struct desk_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

bool desk_is_null(struct desk_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

bool desk_bytes(struct desk_rows *rows, int column, uint8_t *out, size_t len)
{
	const void *bytes = sqlite3_column_blob(rows->stmt, column);

	if (!bytes || (size_t)sqlite3_column_bytes(rows->stmt, column) != len)
		return false;
	memcpy(out, bytes, len);
	return true;
}

int64_t desk_do(struct desk_store *store, const char *sql, const char *form, ...)
{
	struct desk_rows *rows;
	va_list args;

	va_start(args, form);
	rows = ask(store, sql, form, args);
	va_end(args);
	while (desk_next(rows))
		;
	return store->has_failed ? 0 : sqlite3_changes64(store->db);
}

void desk_note(struct desk_store *store, int64_t now, const char *who, const char *what,
	       const char *detail)
{
	desk_do(store, "INSERT INTO notes(time, who, what, detail) VALUES(?,?,?,?)", "ittt", now,
		who, what, detail);
	desk_do(store, "DELETE FROM notes WHERE number <= (SELECT max(number) FROM notes) - ?", "i",
		(int64_t)NOTES_KEPT);
}
