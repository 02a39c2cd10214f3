/* Opening and closing, names, notes and waiting. */
#include "sensor/courier/outbox_state.h"

#include "sensor/base/hex.h"
#include "sensor/base/monotonic.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = 8 };

static enum err fail(char *problem, enum err err, const char *folder, const char *why)
{
	(void)snprintf(problem, OUTBOX_PROBLEM_LEN, "courier.folder: %.200s: %.250s", folder, why);
	return err;
}

/* Made here, as SQLite would let everybody read the key. */
static enum err make_file(const struct outbox *outbox, const char *folder, char *problem)
{
	int fd = openat(outbox->folder_fd, OUTBOX_FILE_NAME,
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return fail(problem, ERR_IO, folder,
			    errno == EACCES ? "may not be written by this user; give it to the "
					      "courier's user (chown)"
					    : strerror(errno));
	(void)close(fd);
	return ERR_OK;
}

/* The lock goes with the process, however it ends. */
static enum err take_folder(struct outbox *outbox, const char *folder, char *problem)
{
	outbox->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (outbox->folder_fd < 0)
		return fail(problem, ERR_IO, folder,
			    errno == ENOENT ? "no such folder; make it for the courier's user "
					      "(install -d -m 750 -o USER), or set courier.folder"
					    : strerror(errno));
	if (flock(outbox->folder_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(problem, ERR_IO, folder,
			    "used by another process; stop that one first (systemctl stop "
			    "hinomi-courier), or set courier.folder");
	return make_file(outbox, folder, problem);
}

static void close_db(struct outbox *outbox)
{
	outbox_finalize(outbox);
	memset(outbox->statement, 0, sizeof(outbox->statement));
	(void)sqlite3_close(outbox->db);
	outbox->db = NULL;
}

static int open_db(struct outbox *outbox, const char *folder)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/" OUTBOX_FILE_NAME, folder);
	return sqlite3_open_v2(path, &outbox->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			       store_vfs_name(outbox->vfs));
}

static enum err move_aside(struct outbox *outbox, const struct outbox_setup *setup, char *problem)
{
	close_db(outbox);
	if (outbox_schema_aside(outbox->folder_fd) != ERR_OK ||
	    make_file(outbox, setup->folder, problem) != ERR_OK)
		return fail(problem, ERR_IO, setup->folder,
			    "courier.db is damaged and cannot be moved aside; remove it");
	setup->say(setup->say_arg, "courier.db was damaged and is now courier.db.damaged; what "
				   "waited in it is taken from cases.db again, and this sensor has "
				   "a new key: enrol it anew (hinomi-courier enrol)");
	if (open_db(outbox, setup->folder) != SQLITE_OK)
		return fail(problem, ERR_IO, setup->folder, sqlite3_errmsg(outbox->db));
	return ERR_OK;
}

static enum err look(struct outbox *outbox, const struct outbox_setup *setup, bool *is_new,
		     char *problem)
{
	switch (outbox_schema_look(outbox->db, is_new)) {
	case OUTBOX_FITS:
		return ERR_OK;
	case OUTBOX_DAMAGED:
		*is_new = true;
		return move_aside(outbox, setup, problem);
	case OUTBOX_NEWER:
		return fail(problem, ERR_RANGE, setup->folder,
			    "courier.db is of a newer version; use the program that came with it");
	case OUTBOX_FOREIGN:
		return fail(problem, ERR_MALFORMED, setup->folder,
			    "courier.db is not a data base of Hinomi's; move it away");
	case OUTBOX_UNREADABLE:
		break;
	}
	return fail(problem, ERR_IO, setup->folder, sqlite3_errmsg(outbox->db));
}

/* As configured, as enrolled, or drawn once. */
static enum err name_sensor(struct outbox *outbox, const char *given, char *problem)
{
	uint8_t drawn[NAME_BYTES];
	char value[PARCEL_SENSOR_LEN] = "";

	(void)outbox_noted(outbox, "sensor", value, sizeof(value));
	if (given[0] != '\0' && strlen(given) < sizeof(value))
		(void)snprintf(value, sizeof(value), "%s", given);
	if (value[0] == '\0') {
		sqlite3_randomness(sizeof(drawn), drawn);
		memcpy(value, "s-", 3);
		hex_text(drawn, sizeof(drawn), value + 2);
		if (outbox_note(outbox, "sensor", value) != ERR_OK) {
			(void)snprintf(problem, OUTBOX_PROBLEM_LEN,
				       "courier.db cannot be written: make room on its disk");
			return ERR_IO;
		}
	}
	if (!parcel_name_is_good(value) || strlen(given) >= sizeof(value)) {
		(void)snprintf(problem, OUTBOX_PROBLEM_LEN,
			       "courier.sensor: 1 to %d letters, digits, '.', '_', '-' or ':'",
			       PARCEL_SENSOR_LEN - 1);
		return ERR_MALFORMED;
	}
	memcpy(outbox->sensor, value, sizeof(outbox->sensor));
	return ERR_OK;
}

static enum err bring_up(struct outbox *outbox, const struct outbox_setup *setup, char *problem)
{
	bool is_new = false;
	enum err err = look(outbox, setup, &is_new, problem);
	int rc;

	if (err != ERR_OK)
		return err;
	rc = outbox_schema_configure(outbox->db, setup->size_bytes);
	if (rc == SQLITE_OK && is_new)
		rc = outbox_schema_make(outbox->db);
	if (rc == SQLITE_OK)
		rc = outbox_prepare(outbox);
	if (rc == SQLITE_OK)
		rc = outbox_load(outbox);
	if (rc != SQLITE_OK)
		return fail(problem, ERR_IO, setup->folder, sqlite3_errmsg(outbox->db));
	return name_sensor(outbox, setup->sensor, problem);
}

static enum err start(struct outbox *outbox, const struct outbox_setup *setup, char *problem)
{
	pthread_condattr_t attributes;
	enum err err = store_vfs_new(&outbox->vfs, setup->vfs);

	(void)pthread_mutex_init(&outbox->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&outbox->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	if (err != ERR_OK || sign_start() != ERR_OK)
		return fail(problem, ERR_MEMORY, setup->folder, err_text(ERR_MEMORY));
	err = take_folder(outbox, setup->folder, problem);
	if (err != ERR_OK)
		return err;
	if (open_db(outbox, setup->folder) != SQLITE_OK)
		return fail(problem, ERR_IO, setup->folder,
			    outbox->db ? sqlite3_errmsg(outbox->db) : err_text(ERR_MEMORY));
	return bring_up(outbox, setup, problem);
}

enum err outbox_open(struct outbox **out, const struct outbox_setup *setup,
		     char problem[static OUTBOX_PROBLEM_LEN])
{
	struct outbox *outbox = calloc(1, sizeof(*outbox));
	enum err err;

	if (!outbox)
		return fail(problem, ERR_MEMORY, setup->folder, err_text(ERR_MEMORY));
	outbox->folder_fd = -1;
	outbox->size_bytes = setup->size_bytes;
	outbox->say = setup->say;
	outbox->say_arg = setup->say_arg;
	outbox->pruned = monotonic_now();
	err = start(outbox, setup, problem);
	if (err != ERR_OK) {
		outbox_close(outbox);
		return err;
	}
	*out = outbox;
	return ERR_OK;
}

void outbox_close(struct outbox *outbox)
{
	if (!outbox)
		return;
	close_db(outbox);
	store_vfs_free(outbox->vfs);
	if (outbox->folder_fd >= 0)
		(void)close(outbox->folder_fd);
	sign_forget(&outbox->key.secret);
	(void)pthread_cond_destroy(&outbox->changed);
	(void)pthread_mutex_destroy(&outbox->lock);
	free(outbox);
}

const char *outbox_sensor(const struct outbox *outbox)
{
	return outbox->sensor;
}

static int forget_all(struct outbox *outbox)
{
	static const char all[] = "DELETE FROM parcels; DELETE FROM heads; DELETE FROM seen;"
				  "DELETE FROM places; DELETE FROM aside;"
				  "UPDATE outputs SET set_aside=0;";

	return sqlite3_exec(outbox->db, all, NULL, NULL, NULL);
}

enum err outbox_begin_anew(struct outbox *outbox, const char *sensor)
{
	sqlite3_stmt *note = outbox->statement[OUTBOX_NOTE];
	enum err err;
	int rc;

	if (strcmp(sensor, outbox->sensor) == 0)
		return outbox_note(outbox, "sensor", sensor);
	(void)pthread_mutex_lock(&outbox->lock);
	rc = outbox_run(outbox, OUTBOX_BEGIN);
	if (rc == SQLITE_OK)
		rc = forget_all(outbox);
	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_text(note, 1, "sensor", -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(note, 2, sensor, -1, SQLITE_STATIC);
		rc = outbox_run(outbox, OUTBOX_NOTE);
		(void)sqlite3_clear_bindings(note);
	}
	err = outbox_end(outbox, rc);
	(void)pthread_mutex_unlock(&outbox->lock);
	return err;
}

enum err outbox_note(struct outbox *outbox, const char *name, const char *value)
{
	sqlite3_stmt *note = outbox->statement[OUTBOX_NOTE];
	int rc;

	(void)pthread_mutex_lock(&outbox->lock);
	(void)sqlite3_bind_text(note, 1, name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(note, 2, value, -1, SQLITE_STATIC);
	rc = outbox_run(outbox, OUTBOX_NOTE);
	(void)sqlite3_clear_bindings(note);
	(void)pthread_mutex_unlock(&outbox->lock);
	return rc == SQLITE_OK ? ERR_OK : ERR_IO;
}

bool outbox_noted(struct outbox *outbox, const char *name, char *out, size_t room)
{
	sqlite3_stmt *noted = outbox->statement[OUTBOX_NOTED];
	const char *value = NULL;
	bool is_there;

	(void)pthread_mutex_lock(&outbox->lock);
	(void)sqlite3_bind_text(noted, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(noted) == SQLITE_ROW)
		value = (const char *)sqlite3_column_text(noted, 0);
	is_there = value != NULL;
	(void)snprintf(out, room, "%s", value ? value : "");
	(void)sqlite3_reset(noted);
	(void)sqlite3_clear_bindings(noted);
	(void)pthread_mutex_unlock(&outbox->lock);
	return is_there;
}

void outbox_wait(struct outbox *outbox, unsigned output, unsigned milliseconds)
{
	nanotime end = monotonic_now() + milliseconds * NANOTIME_MILLISECOND;
	const struct timespec until = { .tv_sec = (time_t)(end / NANOTIME_SECOND),
					.tv_nsec = (long)(end % NANOTIME_SECOND) };
	int rc = 0;

	(void)pthread_mutex_lock(&outbox->lock);
	/* What was put since it last looked is not waited for. */
	while (rc == 0 && outbox->output[output].looked == outbox->changes)
		rc = pthread_cond_timedwait(&outbox->changed, &outbox->lock, &until);
	outbox->output[output].looked = outbox->changes;
	(void)pthread_mutex_unlock(&outbox->lock);
}

void outbox_wake(struct outbox *outbox)
{
	(void)pthread_mutex_lock(&outbox->lock);
	outbox->changes++;
	(void)pthread_cond_broadcast(&outbox->changed);
	(void)pthread_mutex_unlock(&outbox->lock);
}
