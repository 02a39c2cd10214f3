/*
 * cases.db as a file: found, locked, checked, moved aside when it is damaged. One thread at a time.
 */
#pragma once

#include "sensor/store/store.h"
#include "sensor/store/store_aside.h"
#include "sensor/store/store_vfs_sqlite.h"

#include <sqlite3.h>

enum { STORE_PATH_LEN = CONFIG_PATH_LEN + 64 };

struct store_file {
	struct store_vfs *vfs;
	sqlite3 *db;            /* NULL: none could be opened */
	enum store_state state; /* why it cannot be written; STORE_OK when it can */
	bool is_damaged;        /* so a write found it */
	int folder_fd;          /* holds the lock on the folder; -1 when closed */
	uint64_t log_bytes;
	char path[STORE_PATH_LEN];
};

/* As store_open(), which says what the errors mean. `*out` is set only on ERR_OK. */
MUST_USE enum err store_file_open(struct store_file *out, const struct store_setup *setup,
				  char problem[static STORE_PROBLEM_LEN]);

/*
 * Makes log and shared index, with the log's bytes taken on the disk, so that cases can go on being
 * written when the disk is full. Where that cannot be, the first commit will say why.
 */
void store_file_make_log(struct store_file *file);

/* Folds in the log as far as readers allow. */
void store_file_close(struct store_file *file);

size_t store_file_descriptors(const struct store_file *file, int fds[static STORE_DESCRIPTORS_MAX]);

/* It was deleted, or another file stands in its place: what is written reaches nobody. */
bool store_file_is_gone(const struct store_file *file);

/*
 * What the latest error of its connection `db` means, and whether it says that the file is damaged;
 * asked once, before anything else is done.
 */
enum store_state store_file_trouble(struct store_file *file, sqlite3 *db);
