/* The tables of courier.db, how it is opened, and what becomes of a damaged one. */
#pragma once

#include "sensor/base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define OUTBOX_FILE_NAME "courier.db"

enum {
	OUTBOX_APPLICATION_ID = 0x4869436f, /* "HiCo" */
	OUTBOX_SCHEMA_VERSION = 1,
	OUTBOX_PAGE_BYTES = 4096,
};

enum outbox_fit {
	OUTBOX_FITS,
	OUTBOX_DAMAGED,
	OUTBOX_NEWER,
	OUTBOX_FOREIGN,
	OUTBOX_UNREADABLE, /* the disk, or no right to it */
};

/* Every page is read, so that what is damaged shows now. `*is_new`: it has no table yet. */
enum outbox_fit outbox_schema_look(sqlite3 *db, bool *is_new);

/* Log, syncs and bounds for who writes; an SQLite result. */
int outbox_schema_configure(sqlite3 *db, uint64_t size_bytes);

/* In one transaction; an SQLite result. */
int outbox_schema_make(sqlite3 *db);

/* Moves courier.db and its log to courier.db.damaged, over the one of before. ERR_IO with errno. */
MUST_USE enum err outbox_schema_aside(int folder_fd);
