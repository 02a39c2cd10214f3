#include "sensor/store/store_view.h"

#include "sensor/store/store_aside.h"
#include "sensor/store/store_contacts_sqlite.h"
#include "sensor/store/store_reading_sqlite.h"
#include "sensor/store/store_schema_sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MILLISECONDS = 5000 };

struct store_view {
	sqlite3 *db;
	sqlite3_int64 version; /* SQLite's, which each commit of others changes; 0: not asked yet */
	dev_t device;          /* of the file that was opened */
	ino_t inode;
	char path[CONFIG_PATH_LEN + sizeof(STORE_FILE_NAME) + 1];
};

static enum err refuse(const struct store_view *view, char *problem, enum err err, const char *why)
{
	(void)snprintf(problem, STORE_PROBLEM_LEN, "%.300s: %.180s", view->path, why);
	return err;
}

static enum err look(struct store_view *view, char *problem)
{
	int version = 0;

	switch (schema_look(view->db, &version)) {
	case SCHEMA_FITS:
		if (version == STORE_SCHEMA_VERSION)
			return ERR_OK;
		return refuse(view, problem, ERR_MALFORMED,
			      "of an older version; start the sensor once, which brings it up");
	case SCHEMA_NEWER:
		return refuse(view, problem, ERR_RANGE,
			      "of a newer version; use the program that came with that sensor");
	case SCHEMA_UNREADABLE:
		return refuse(view, problem, ERR_IO, sqlite3_errmsg(view->db));
	case SCHEMA_FOREIGN:
		break;
	}
	return refuse(view, problem, ERR_MALFORMED, "not a data base of Hinomi's");
}

static enum err open_view(struct store_view *view, char *problem)
{
	struct stat file;

	if (stat(view->path, &file) != 0 || access(view->path, R_OK) != 0) {
		if (errno == ENOENT)
			return refuse(view, problem, ERR_MISSING,
				      "not there; has the sensor run (hinomi watch)? Else set "
				      "store.folder");
		if (errno == EACCES)
			return refuse(view, problem, ERR_IO,
				      "only the sensor's user and group may read it: use sudo, or "
				      "join that group (adduser NAME hinomi)");
		return refuse(view, problem, ERR_IO, strerror(errno));
	}
	if (sqlite3_open_v2(view->path, &view->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return refuse(view, problem, ERR_IO,
			      view->db ? sqlite3_errmsg(view->db) : err_text(ERR_MEMORY));
	/* One that was replaced in between is found to be another at the next look. */
	view->device = file.st_dev;
	view->inode = file.st_ino;
	(void)sqlite3_busy_timeout(view->db, BUSY_MILLISECONDS);
	(void)sqlite3_db_config(view->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return look(view, problem);
}

enum err store_view_open(struct store_view **out, const char *folder,
			 char problem[static STORE_PROBLEM_LEN])
{
	struct store_view *view = calloc(1, sizeof(*view));
	enum err err;

	if (!view) {
		(void)snprintf(problem, STORE_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	(void)snprintf(view->path, sizeof(view->path), "%.*s/" STORE_FILE_NAME, CONFIG_PATH_LEN - 1,
		       folder);
	err = open_view(view, problem);
	if (err != ERR_OK) {
		store_view_close(view);
		return err;
	}
	*out = view;
	return ERR_OK;
}

void store_view_close(struct store_view *view)
{
	if (!view)
		return;
	(void)sqlite3_close(view->db);
	free(view);
}

enum err store_view_cases(struct store_view *view, store_case_fn *take, void *arg)
{
	return rows_read_cases(view->db, CASES_BY_OPENING, take, arg);
}

enum err store_view_case_states(struct store_view *view, store_case_fn *take, void *arg)
{
	return rows_read_case_states(view->db, take, arg);
}

enum err store_view_case(struct store_view *view, const char *id, store_case_fn *take, void *arg)
{
	return rows_read_case(view->db, id, take, arg);
}

enum err store_view_devices(struct store_view *view, store_device_fn *take, void *arg)
{
	return rows_read_devices(view->db, take, arg);
}

enum err store_view_capsule(struct store_view *view, const char *case_id, store_capsule_fn *take,
			    void *arg)
{
	return rows_read_capsule(view->db, case_id, take, arg);
}

enum err store_view_capsules(struct store_view *view, store_capsule_fn *take, void *arg)
{
	return rows_read_capsules(view->db, false, take, arg);
}

enum err store_view_health(struct store_view *view, store_health_fn *take, void *arg)
{
	return rows_read_health(view->db, false, take, arg);
}

enum err store_view_contacts(struct store_view *view, store_contacts_fn *take, void *arg)
{
	sqlite3_int64 number = 0;
	bool is_over = false;
	enum err err = ERR_OK;

	while (err == ERR_OK && !is_over)
		err = contacts_next(view->db, &number, &is_over, take, arg);
	return err;
}

enum err store_view_kept(struct store_view *view, const char *table, kept_take_fn *take, void *arg)
{
	return rows_read_kept(view->db, table, take, arg);
}

void store_view_text(struct store_view *view, struct span json, const char *path, char *out,
		     size_t room)
{
	sqlite3_stmt *asked = NULL;
	const char *told = NULL;

	if (sqlite3_prepare_v2(view->db, "SELECT json_extract(?1, ?2)", -1, &asked, NULL) ==
		    SQLITE_OK &&
	    sqlite3_bind_text(asked, 1, (const char *)json.data, (int)json.len, SQLITE_STATIC) ==
		    SQLITE_OK &&
	    sqlite3_bind_text(asked, 2, path, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(asked) == SQLITE_ROW)
		told = (const char *)sqlite3_column_text(asked, 0);
	(void)snprintf(out, room, "%s", told ? told : "");
	(void)sqlite3_finalize(asked);
}

bool store_view_life(struct store_view *view, struct store_life *out)
{
	return rows_last_life(view->db, out);
}

enum store_view_news store_view_news(struct store_view *view)
{
	struct stat file;
	sqlite3_int64 version = view->version;

	if (stat(view->path, &file) != 0 || file.st_dev != view->device ||
	    file.st_ino != view->inode)
		return STORE_VIEW_REPLACED;
	/* What cannot be read now is no news; who reads is told why. */
	if (schema_number(view->db, "PRAGMA data_version", 0, &version) != SQLITE_OK)
		return STORE_VIEW_CHANGED;
	if (version == view->version)
		return STORE_VIEW_SAME;
	view->version = version;
	return STORE_VIEW_CHANGED;
}
