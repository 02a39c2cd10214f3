#include "sensor/store/store_file_sqlite.h"

#include "sensor/base/text.h"
#include "sensor/store/store_aside.h"
#include "sensor/store/store_salvage_sqlite.h"
#include "sensor/store/store_schema_sqlite.h"
#include "sensor/store/store_verdict_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUSY_MILLISECONDS = 2000,
	CACHE_KIBIBYTES = 2048,
	HEAP_BYTES = 64 << 20, /* all that SQLite may take */
	DESCRIPTORS_TRIED = 4096,
};

static void failed(char *problem, const char *folder, const char *what)
{
	(void)snprintf(problem, STORE_PROBLEM_LEN, "store.folder: %.200s: %s", folder, what);
}

static enum err refuse_folder(char *problem, const char *folder, int failure)
{
	if (failure == ENOENT)
		failed(problem, folder,
		       "no such folder; make it for the sensor's user (install -d -o USER), or set "
		       "store.folder");
	else if (failure == EACCES || failure == EPERM)
		failed(problem, folder,
		       "may not be written by this user; make it the sensor's user's (chown), or "
		       "set store.folder");
	else
		failed(problem, folder, strerror(failure));
	return ERR_IO;
}

/* The lock goes with the process, however it ends. */
static enum err take_folder(struct store_file *file, const char *folder,
			    char problem[static STORE_PROBLEM_LEN])
{
	file->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->folder_fd < 0)
		return refuse_folder(problem, folder, errno);
	if (flock(file->folder_fd, LOCK_EX | LOCK_NB) != 0) {
		failed(problem, folder,
		       "used by another process; stop that one first, or set store.folder");
		return ERR_IO;
	}
	if (faccessat(file->folder_fd, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		if (errno != EROFS)
			return refuse_folder(problem, folder, errno);
		file->state = STORE_READ_ONLY;
	}
	return ERR_OK;
}

/* Made here, as SQLite would let everybody read it. */
static enum err make_file(struct store_file *file, const char *folder,
			  char problem[static STORE_PROBLEM_LEN])
{
	int fd = openat(file->folder_fd, STORE_FILE_NAME,
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
			S_IRUSR | S_IWUSR | S_IRGRP);

	if (fd >= 0) {
		(void)close(fd);
		return ERR_OK;
	}
	if (errno == ENOSPC || errno == EDQUOT) {
		file->state = STORE_FULL;
	} else if (errno == EROFS) {
		file->state = STORE_READ_ONLY;
	} else if (errno == EIO) {
		file->state = STORE_FAILING;
	} else {
		(void)snprintf(problem, STORE_PROBLEM_LEN,
			       "store.folder: %.200s/" STORE_FILE_NAME
			       ": %s; it must be a plain file of the sensor's user",
			       folder, strerror(errno));
		return ERR_IO;
	}
	return ERR_OK;
}

enum store_state store_file_trouble(struct store_file *file, sqlite3 *db)
{
	int rc = sqlite3_errcode(db);
	int failure = store_vfs_take_failure(file->vfs);

	file->is_damaged |= rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB;

	if (failure == 0)
		failure = sqlite3_system_errno(db);
	if (rc == SQLITE_FULL || failure == ENOSPC || failure == EDQUOT)
		return STORE_FULL;
	if (rc == SQLITE_READONLY || failure == EROFS)
		return STORE_READ_ONLY;
	return STORE_FAILING;
}

static int configure(sqlite3 *db, const struct store_config *config)
{
	char sql[400];
	int persist = 1;

	/* The log stays when the last one closes it: others read without a right to make one. */
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
	(void)sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
	(void)sqlite3_extended_result_codes(db, 0);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)snprintf(sql, sizeof(sql),
		       "PRAGMA cell_size_check=1; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
		       "PRAGMA secure_delete=0; PRAGMA cache_size=-%d; PRAGMA max_page_count=%llu;"
		       "PRAGMA journal_size_limit=%llu",
		       CACHE_KIBIBYTES,
		       (unsigned long long)(config->size_bytes / STORE_BLOCK_BYTES),
		       (unsigned long long)config->log_bytes);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int bring_up(sqlite3 *db, int version)
{
	int rc = sqlite3_exec(db,
			      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			      "PRAGMA wal_autocheckpoint=0",
			      NULL, NULL, NULL);

	return rc == SQLITE_OK ? schema_bring_up(db, version) : rc;
}

/* Opens what is there; `file->db` stays NULL where `v` or `file->state` says why. */
static void open_once(struct store_file *file, const struct store_config *config, bool is_suspect,
		      int *version, struct verdict *v)
{
	bool may_write = file->state == STORE_OK;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
		    (may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(file->path, &db, flags, store_vfs_name(file->vfs));

	if (rc == SQLITE_OK)
		rc = configure(db, config);
	if (rc == SQLITE_OK)
		verdict_judge(db, is_suspect, version, v);
	else
		verdict_blame(db, v);

	bool is_sound = rc == SQLITE_OK && !v->is_damaged && !v->is_newer && !v->is_unreadable;

	if (is_sound && may_write) {
		if (bring_up(db, *version) == SQLITE_OK)
			*version = STORE_SCHEMA_VERSION;
		else
			file->state = store_file_trouble(file, db);
	}
	if (is_sound && *version == STORE_SCHEMA_VERSION) {
		file->db = db;
		return;
	}
	if (file->state == STORE_OK && !v->is_damaged && !v->is_newer)
		file->state = db ? store_file_trouble(file, db) : STORE_FAILING;
	(void)sqlite3_close(db);
}

static enum err refuse_newer(const struct store_file *file, int version, char *problem)
{
	(void)snprintf(problem, STORE_PROBLEM_LEN,
		       "%.300s is of version %d, this program knows up to %d: install the newer "
		       "program, or move the file away",
		       file->path, version, STORE_SCHEMA_VERSION);
	return ERR_RANGE;
}

/* A damaged file cannot be a reason not to watch. */
static void begin_anew(struct store_file *file, const struct store_setup *setup,
		       const struct verdict *v, char aside[static STORE_ASIDE_LEN])
{
	char line[STORE_PROBLEM_LEN];

	if (file->state != STORE_OK || store_aside(file->folder_fd, setup->now, aside) != ERR_OK) {
		(void)snprintf(line, sizeof(line),
			       "store: %.200s is damaged (%.100s) and cannot be moved aside: "
			       "nothing is kept",
			       file->path, v->why);
		if (file->state == STORE_OK)
			file->state = STORE_FAILING;
	} else {
		(void)snprintf(line, sizeof(line),
			       "store: %.200s was damaged (%.100s): moved to %s, a new one begun",
			       file->path, v->why, aside);
	}
	setup->say(setup->say_arg, line);
}

/* Cases that were acknowledged must not go with the file. */
static void take_over(struct store_file *file, const struct store_setup *setup, const char *aside)
{
	char line[STORE_PROBLEM_LEN];

	(void)snprintf(line, sizeof(line), "store: %llu cases were taken over from %s",
		       (unsigned long long)store_salvage(file, aside, setup->vfs), aside);
	setup->say(setup->say_arg, line);
}

static enum err open_checked(struct store_file *file, const struct store_setup *setup,
			     char problem[static STORE_PROBLEM_LEN])
{
	char aside[STORE_ASIDE_LEN] = "";
	enum err err = ERR_OK;

	for (unsigned tries = 0; tries < 2 && err == ERR_OK && !file->db; tries++) {
		struct verdict v = { 0 };
		int version = 0;

		if (file->state == STORE_OK)
			err = make_file(file, setup->config->folder, problem);
		if (err != ERR_OK)
			break;
		open_once(file, setup->config, setup->is_suspect && tries == 0, &version, &v);
		if (v.is_newer)
			return refuse_newer(file, version, problem);
		if (!v.is_damaged)
			break;
		begin_anew(file, setup, &v, aside);
		if (file->state != STORE_OK)
			break;
	}
	if (file->db && aside[0] != '\0')
		take_over(file, setup, aside);
	return err;
}

enum err store_file_open(struct store_file *out, const struct store_setup *setup,
			 char problem[static STORE_PROBLEM_LEN])
{
	struct store_file file = { .folder_fd = -1, .log_bytes = setup->config->log_bytes };
	const char *folder = setup->config->folder;
	enum err err = store_vfs_new(&file.vfs, setup->vfs);

	if (err != ERR_OK) {
		failed(problem, folder, err_text(err));
		return err;
	}
	(void)sqlite3_hard_heap_limit64(HEAP_BYTES);
	(void)snprintf(file.path, sizeof(file.path), "%s/" STORE_FILE_NAME, folder);
	err = take_folder(&file, folder, problem);
	if (err == ERR_OK)
		err = open_checked(&file, setup, problem);
	if (err != ERR_OK) {
		store_file_close(&file);
		return err;
	}
	*out = file;
	return ERR_OK;
}

void store_file_close(struct store_file *file)
{
	(void)sqlite3_close(file->db);
	store_vfs_free(file->vfs);
	if (file->folder_fd >= 0)
		(void)close(file->folder_fd);
	*file = (struct store_file){ .folder_fd = -1 };
}

static bool stat_of(const struct store_file *file, const char *ending, struct stat *out)
{
	char name[sizeof(STORE_FILE_NAME) + 8];

	(void)snprintf(name, sizeof(name), STORE_FILE_NAME "%s", ending);
	return fstatat(file->folder_fd, name, out, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * SQLite does not tell its descriptors. They are those that are open for these files, as nobody
 * else here opens them.
 */
size_t store_file_descriptors(const struct store_file *file, int fds[static STORE_DESCRIPTORS_MAX])
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct stat wanted;
		struct stat open_one;

		if (!stat_of(file, endings[i], &wanted))
			continue;
		for (int fd = 0; fd < DESCRIPTORS_TRIED && count < STORE_DESCRIPTORS_MAX; fd++) {
			if (fstat(fd, &open_one) == 0 && open_one.st_dev == wanted.st_dev &&
			    open_one.st_ino == wanted.st_ino)
				fds[count++] = fd;
		}
	}
	return count;
}

/* The one of cases.db-wal, or -1. */
static int log_descriptor(const struct store_file *file)
{
	int fds[STORE_DESCRIPTORS_MAX];
	size_t count = store_file_descriptors(file, fds);
	struct stat wanted;
	struct stat open_one;

	if (!stat_of(file, "-wal", &wanted))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (fstat(fds[i], &open_one) == 0 && open_one.st_ino == wanted.st_ino)
			return fds[i];
	}
	return -1;
}

bool store_file_is_gone(const struct store_file *file)
{
	int has_moved = 0;

	(void)sqlite3_file_control(file->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
	return has_moved != 0;
}

void store_file_make_log(struct store_file *file)
{
	sqlite3_int64 ignored = 0;
	/* Opens the log and maps the index. */
	int rc = schema_number(file->db, "SELECT count(*) FROM lives", 0, &ignored);
	int fd = log_descriptor(file);

	if (rc == SQLITE_OK && fd >= 0)
		(void)fallocate(fd, 0, 0, (off_t)file->log_bytes);
}
