/* What the kept rows' files know: store_kept_sqlite.c, store_kept_tables_sqlite.c, nobody else. */
#pragma once

#include "sensor/base/hash.h"
#include "sensor/base/lru_map.h"
#include "sensor/store/store_kept_sqlite.h"

enum { TABLE_NAME_LEN = 64 };

/* One of the setup's. */
struct table {
	char name[TABLE_NAME_LEN];
	uint32_t layout;
	uint32_t capacity;
	sqlite3_int64 number;   /* in kept_tables; 0: not there, as the disk takes no writes */
	uint64_t forgotten;     /* rows of another layout, when it was opened */
	struct lru_map *stamps; /* by the hash of the key: where its row stands */
};

struct kept_rows {
	sqlite3 *db;
	sqlite3_stmt *insert;
	sqlite3_stmt *remove;
	sqlite3_stmt *order; /* stamps of a table, the longest unused first */
	sqlite3_stmt *one;
	sqlite3_stmt *from;       /* stamps, tables and keys from a stamp on */
	struct hash_key hash_key; /* decides only where things are kept */
	sqlite3_int64 next_stamp;
	bool is_stale; /* the maps do not say what the data base has */
	bool may_write;
	bool is_sweeping;
	sqlite3_int64 swept; /* up to this stamp */
	uint64_t a_time;     /* outdated rows that are swept out together */
	uint64_t outdated;   /* rows whose key has a later one */
	uint64_t strangers;  /* rows of tables that nobody has */
	size_t table_count;
	struct table tables[STORE_TABLES_MAX];
};

/*
 * Finds or makes the setup's tables in kept_tables, in a transaction of its own; empties those of
 * another layout, and those that are not in the setup. An SQLite result.
 */
int kept_rows_bind_tables(struct kept_rows *kept, const struct store_setup *setup);

/* The row of that stamp, where the disk takes writes. An SQLite result. */
int kept_rows_remove(struct kept_rows *kept, sqlite3_int64 stamp);
