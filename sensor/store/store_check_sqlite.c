#include "sensor/store/store_check_sqlite.h"

#include "sensor/store/store_schema_sqlite.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MILLISECONDS = 2000 };

struct store_check {
	sqlite3 *db;
	pthread_t thread;
	atomic_bool is_over;
	enum store_whole found; /* these two when it is over */
	char why[STORE_CHECK_WHY_LEN];
};

enum store_whole store_whole_of(int rc)
{
	switch (rc) {
	case SQLITE_OK:
		return STORE_IS_WHOLE;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_ERROR:
		return STORE_IS_DAMAGED;
	default:
		return STORE_IS_UNREADABLE;
	}
}

enum err store_load_answer(int rc)
{
	if (rc == SQLITE_OK)
		return ERR_OK;
	return store_whole_of(rc) == STORE_IS_DAMAGED ? ERR_MALFORMED : ERR_IO;
}

enum store_whole store_check(sqlite3 *db, char why[static STORE_CHECK_WHY_LEN])
{
	sqlite3_stmt *statement = NULL;
	enum store_whole found;
	int rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW) {
		const char *told = (const char *)sqlite3_column_text(statement, 0);

		found = told && strcmp(told, "ok") == 0 ? STORE_IS_WHOLE : STORE_IS_DAMAGED;
		(void)snprintf(why, STORE_CHECK_WHY_LEN, "%s", told ? told : "no answer");
	} else {
		found = store_whole_of(rc);
		(void)snprintf(why, STORE_CHECK_WHY_LEN, "%s", sqlite3_errstr(rc));
	}
	(void)sqlite3_finalize(statement);
	return found;
}

static void *work(void *arg)
{
	struct store_check *check = arg;

	check->found = store_check(check->db, check->why);
	atomic_store_explicit(&check->is_over, true, memory_order_release);
	return NULL;
}

static bool open_all(struct store_check *check, const char *path, const char *vfs)
{
	sqlite3_int64 ignored = 0;

	if (sqlite3_open_v2(path, &check->db,
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
			    vfs) != SQLITE_OK)
		return false;
	(void)sqlite3_busy_timeout(check->db, BUSY_MILLISECONDS);
	(void)sqlite3_db_config(check->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_exec(check->db, "PRAGMA cell_size_check=1; PRAGMA mmap_size=0;", NULL, NULL,
			   NULL);
	/* Opens the log and maps its index: later nothing may be opened. */
	return schema_number(check->db, "SELECT count(*) FROM lives", 0, &ignored) == SQLITE_OK;
}

enum err store_check_begin(struct store_check **out, const char *path, const char *vfs)
{
	struct store_check *check = calloc(1, sizeof(*check));
	sigset_t all;
	sigset_t before;
	int failed = 1;

	if (!check)
		return ERR_MEMORY;
	if (open_all(check, path, vfs)) {
		(void)sigfillset(&all);
		(void)pthread_sigmask(SIG_SETMASK, &all, &before);
		failed = pthread_create(&check->thread, NULL, work, check);
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	if (failed) {
		(void)sqlite3_close(check->db);
		free(check);
		return ERR_IO;
	}
	*out = check;
	return ERR_OK;
}

bool store_check_found(const struct store_check *check, char why[static STORE_CHECK_WHY_LEN])
{
	if (!check || !atomic_load_explicit(&check->is_over, memory_order_acquire) ||
	    check->found != STORE_IS_DAMAGED)
		return false;
	memcpy(why, check->why, STORE_CHECK_WHY_LEN);
	return true;
}

void store_check_free(struct store_check *check)
{
	if (!check)
		return;
	sqlite3_interrupt(check->db);
	(void)pthread_join(check->thread, NULL);
	(void)sqlite3_close(check->db);
	free(check);
}
