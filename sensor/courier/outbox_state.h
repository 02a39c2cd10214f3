/* What the parts of the outbox share (outbox_*.c). The connection is used under `lock` alone. */
#pragma once

#include "sensor/courier/outbox.h"
#include "sensor/courier/outbox_schema_sqlite.h"
#include "sensor/store/store_vfs_sqlite.h"

#include <pthread.h>

/* Each kept prepared as long as the outbox is open. */
enum outbox_statement {
	OUTBOX_BEGIN,
	OUTBOX_COMMIT,
	OUTBOX_ROLLBACK,
	OUTBOX_INSERT_PARCEL,
	OUTBOX_SEEN,
	OUTBOX_SEE,
	OUTBOX_ADVANCE,
	OUTBOX_NOTE,
	OUTBOX_NOTED,
	OUTBOX_BATCH,
	OUTBOX_FIRST,
	OUTBOX_CHAIN_OF,
	OUTBOX_PLACE,
	OUTBOX_SETTLED,
	OUTBOX_ASIDE,
	OUTBOX_ASIDE_GAP,
	OUTBOX_ASIDE_COUNT,
	OUTBOX_FORGET,
	OUTBOX_STATEMENTS,
};

struct outbox_key {
	struct sign_public public;
	struct sign_secret secret;
};

struct outbox_output {
	char name[16];
	bool is_joined;
	uint64_t settled[PARCEL_STREAMS];
	uint64_t set_aside;
	nanotime settled_at;
	uint64_t looked; /* `changes` when it last found nothing */
};

struct outbox {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t changes; /* puts and wakes */
	sqlite3 *db;
	sqlite3_stmt *statement[OUTBOX_STATEMENTS];
	struct store_vfs *vfs;
	int folder_fd;
	char sensor[PARCEL_SENSOR_LEN];
	struct outbox_key key;
	struct stream_head head[PARCEL_STREAMS];
	struct outbox_output output[OUTBOX_OUTPUTS_MAX];
	unsigned outputs;
	uint64_t size_bytes;
	uint64_t refused;
	nanotime pruned; /* monotonic; when what is old was last let go */
	outbox_say_fn *say;
	void *say_arg;
};

enum { OUTBOX_SEQUENCE_BITS = 56, OUTBOX_SEEN_ROWS = 50000, OUTBOX_ASIDE_ROWS = 10000 };

/* The number of a parcel in `parcels`. */
static inline sqlite3_int64 outbox_id(enum parcel_stream stream, uint64_t sequence)
{
	return (sqlite3_int64)((uint64_t)stream << OUTBOX_SEQUENCE_BITS | sequence);
}

/* All statements; an SQLite result. */
int outbox_prepare(struct outbox *outbox);
void outbox_finalize(struct outbox *outbox);

/* Runs one that gives no rows. An SQLite result. */
int outbox_run(struct outbox *outbox, enum outbox_statement which);

/* Ends a transaction by `rc`; what the caller gets. */
enum err outbox_end(struct outbox *outbox, int rc);

/* Reads heads, outputs and their places; an SQLite result. */
int outbox_load_places(struct outbox *outbox);
/* The same and the keys, of which a pair is made when there is none. */
int outbox_load(struct outbox *outbox);

/* One more pair, in use or to be the next; an SQLite result. */
int outbox_make_key(struct outbox *outbox, bool in_use, struct outbox_key *out);

/*
 * Inside a transaction: seals and keeps a row unless it was put before. `heads` are the streams'
 * ends as they will be. An SQLite result.
 */
int outbox_seal_row(struct outbox *outbox, const struct outbox_row *row,
		    struct stream_head heads[static PARCEL_STREAMS]);

/* Inside a transaction or alone: up to where an output has settled a stream. An SQLite result. */
int outbox_keep_place(struct outbox *outbox, unsigned output, enum parcel_stream stream,
		      uint64_t sequence);

/* What a parcel "set_aside" says; the caller's to free, NULL without memory. */
char *outbox_aside_body(const struct parcel *parcel, const char *output, const char *code,
			const char *detail, size_t *len);

/* Room for so many bytes; letting go of what is settled where it must. Locked. */
bool outbox_has_room(struct outbox *outbox, uint64_t bytes);

/* Bytes that hold something; courier.db itself does not shrink. */
uint64_t outbox_bytes(sqlite3 *db);
