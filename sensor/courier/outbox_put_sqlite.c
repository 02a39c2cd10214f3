/* Sealing what is put, and letting go of what everybody has. */
#include "sensor/courier/outbox_state.h"

#include "sensor/base/monotonic.h"
#include "sensor/base/utf8.h"
#include "sensor/store/store_schema_sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	ROW_BYTES = 600,     /* what a parcel takes besides its body, at most */
	SLACK_PAGES = 64,    /* of what one transaction may touch besides its rows */
	RESERVE_PARTS = 8,   /* one of so many is kept for places, notes and set_asides */
	FORGET_ROUNDS = 40,  /* of 256 parcels, for one put */
	PRUNE_SECONDS = 600, /* between two looks for what is old */
};

static void seen(struct outbox *outbox, enum parcel_kind kind, const char *key,
		 struct outbox_seen *out)
{
	sqlite3_stmt *asked = outbox->statement[OUTBOX_SEEN];

	*out = (struct outbox_seen){ 0 };
	(void)sqlite3_bind_int(asked, 1, (int)kind);
	(void)sqlite3_bind_text(asked, 2, key, -1, SQLITE_STATIC);
	if (sqlite3_step(asked) == SQLITE_ROW)
		*out = (struct outbox_seen){
			.revision = (uint64_t)sqlite3_column_int64(asked, 0),
			.source = (uint64_t)sqlite3_column_int64(asked, 1),
			.changed = (nanotime)sqlite3_column_int64(asked, 2),
		};
	(void)sqlite3_reset(asked);
	(void)sqlite3_clear_bindings(asked);
}

void outbox_seen(struct outbox *outbox, enum parcel_kind kind, const char *key,
		 struct outbox_seen *out)
{
	(void)pthread_mutex_lock(&outbox->lock);
	seen(outbox, kind, key, out);
	(void)pthread_mutex_unlock(&outbox->lock);
}

uint64_t outbox_revision(struct outbox *outbox, enum parcel_kind kind, const char *key)
{
	struct outbox_seen was;

	outbox_seen(outbox, kind, key, &was);
	return was.revision;
}

static int see(struct outbox *outbox, const struct outbox_row *row)
{
	sqlite3_stmt *put = outbox->statement[OUTBOX_SEE];
	int rc;

	(void)sqlite3_bind_int(put, 1, (int)row->kind);
	(void)sqlite3_bind_text(put, 2, row->key, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(put, 3, (sqlite3_int64)row->revision);
	(void)sqlite3_bind_int64(put, 4, (sqlite3_int64)row->source);
	(void)sqlite3_bind_int64(put, 5, (sqlite3_int64)row->changed);
	rc = outbox_run(outbox, OUTBOX_SEE);
	(void)sqlite3_clear_bindings(put);
	return rc;
}

static int insert(struct outbox *outbox, const struct parcel *parcel)
{
	sqlite3_stmt *put = outbox->statement[OUTBOX_INSERT_PARCEL];
	int rc;

	(void)sqlite3_bind_int64(put, 1, outbox_id(parcel->stream, parcel->sequence));
	(void)sqlite3_bind_int(put, 2, (int)parcel->kind);
	(void)sqlite3_bind_text(put, 3, parcel->key, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(put, 4, (sqlite3_int64)parcel->revision);
	(void)sqlite3_bind_int64(put, 5, (sqlite3_int64)parcel->made);
	(void)sqlite3_bind_blob(put, 6, parcel->previous, SHA256_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob(put, 7, parcel->signer, SIGN_ID_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob(put, 8, parcel->signature, SIGNATURE_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob(put, 9, parcel->digest, SHA256_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob64(put, 10, parcel->body, parcel->body_len, SQLITE_STATIC);
	rc = outbox_run(outbox, OUTBOX_INSERT_PARCEL);
	(void)sqlite3_clear_bindings(put);
	return rc;
}

static int advance(struct outbox *outbox, enum parcel_stream stream, const struct stream_head *head)
{
	sqlite3_stmt *put = outbox->statement[OUTBOX_ADVANCE];
	int rc;

	(void)sqlite3_bind_int(put, 1, (int)stream);
	(void)sqlite3_bind_int64(put, 2, (sqlite3_int64)head->sequence);
	(void)sqlite3_bind_blob(put, 3, head->chain, SHA256_LEN, SQLITE_STATIC);
	rc = outbox_run(outbox, OUTBOX_ADVANCE);
	(void)sqlite3_clear_bindings(put);
	return rc;
}

int outbox_seal_row(struct outbox *outbox, const struct outbox_row *row,
		    struct stream_head heads[static PARCEL_STREAMS])
{
	struct stream_head *head = &heads[row->stream];
	struct parcel parcel = { .stream = row->stream,
				 .sequence = head->sequence + 1,
				 .kind = row->kind,
				 .revision = row->revision,
				 .made = row->made,
				 .body = row->body,
				 .body_len = row->body_len };
	struct outbox_seen was;
	int rc;

	seen(outbox, row->kind, row->key, &was);
	if (was.revision >= row->revision)
		return SQLITE_OK;
	memcpy(parcel.sensor, outbox->sensor, sizeof(parcel.sensor));
	(void)snprintf(parcel.key, sizeof(parcel.key), "%s", row->key);
	memcpy(parcel.previous, head->chain, SHA256_LEN);
	parcel_seal(&parcel, &outbox->key.secret);
	rc = insert(outbox, &parcel);
	if (rc == SQLITE_OK)
		rc = see(outbox, row);
	head->sequence++;
	parcel_chain(&parcel, head->chain);
	return rc == SQLITE_OK ? advance(outbox, row->stream, head) : rc;
}

uint64_t outbox_bytes(sqlite3 *db)
{
	sqlite3_int64 pages = 0;
	sqlite3_int64 unused = 0;

	if (schema_number(db, "PRAGMA page_count", 0, &pages) != SQLITE_OK ||
	    schema_number(db, "PRAGMA freelist_count", 0, &unused) != SQLITE_OK)
		return 0;
	return (uint64_t)(pages - unused) * OUTBOX_PAGE_BYTES;
}

/* Up to where every output that is configured has settled a stream. */
static uint64_t settled_by_all(const struct outbox *outbox, unsigned stream)
{
	uint64_t settled = outbox->head[stream].sequence;

	for (unsigned i = 0; i < outbox->outputs; i++) {
		const struct outbox_output *output = &outbox->output[i];

		if (output->is_joined && output->settled[stream] < settled)
			settled = output->settled[stream];
	}
	return settled;
}

/* Some that all have settled and that were made before `until`; false when there are none. */
static bool forget(struct outbox *outbox, nanotime until)
{
	sqlite3_stmt *forget = outbox->statement[OUTBOX_FORGET];
	int gone = 0;

	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		(void)sqlite3_bind_int64(forget, 1, outbox_id((enum parcel_stream)i, 0));
		(void)sqlite3_bind_int64(
			forget, 2, outbox_id((enum parcel_stream)i, settled_by_all(outbox, i)));
		(void)sqlite3_bind_int64(forget, 3, (sqlite3_int64)until);
		if (outbox_run(outbox, OUTBOX_FORGET) != SQLITE_OK)
			return false;
		gone += sqlite3_changes(outbox->db);
	}
	return gone > 0;
}

static void forget_old(struct outbox *outbox)
{
	nanotime now = (nanotime)time(NULL) * NANOTIME_SECOND;
	bool is_some = true;

	if (monotonic_now() - outbox->pruned < PRUNE_SECONDS * NANOTIME_SECOND)
		return;
	outbox->pruned = monotonic_now();
	for (unsigned i = 0; i < FORGET_ROUNDS && is_some; i++)
		is_some = forget(outbox, nanotime_between(OUTBOX_KEPT_DAYS * NANOTIME_DAY, now));
}

bool outbox_has_room(struct outbox *outbox, uint64_t bytes)
{
	uint64_t most = outbox->size_bytes - outbox->size_bytes / RESERVE_PARTS;
	bool is_some = true;

	bytes += (uint64_t)SLACK_PAGES * OUTBOX_PAGE_BYTES;
	for (unsigned i = 0; i < FORGET_ROUNDS && is_some; i++) {
		if (outbox_bytes(outbox->db) + bytes <= most)
			return true;
		is_some = forget(outbox, INT64_MAX);
	}
	return outbox_bytes(outbox->db) + bytes <= most;
}

/* A body may be of any bytes that its maker read somewhere. */
static bool is_text(const char *body, size_t len)
{
	struct span rest = { (const uint8_t *)body, len };

	while (rest.len > 0) {
		size_t used = utf8_length(rest);

		if (used == 0 || *rest.data == '\0')
			return false;
		rest.data += used;
		rest.len -= used;
	}
	return true;
}

static bool is_good(const struct outbox_row *row)
{
	return parcel_name_is_good(row->key) && row->revision > 0 && row->body_len > 0 &&
	       row->body_len <= PARCEL_BODY_MAX && is_text(row->body, row->body_len);
}

static enum err put_all(struct outbox *outbox, const struct outbox_row *rows, size_t count,
			struct stream_head heads[static PARCEL_STREAMS])
{
	int rc = outbox_run(outbox, OUTBOX_BEGIN);

	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = outbox_seal_row(outbox, &rows[i], heads);
	return outbox_end(outbox, rc);
}

static enum err put_locked(struct outbox *outbox, const struct outbox_row *rows, size_t count,
			   uint64_t bytes)
{
	struct stream_head heads[PARCEL_STREAMS];
	enum err err = ERR_FULL;

	memcpy(heads, outbox->head, sizeof(heads));
	forget_old(outbox);
	if (outbox_has_room(outbox, bytes))
		err = put_all(outbox, rows, count, heads);
	if (err == ERR_FULL)
		outbox->refused += count;
	if (err != ERR_OK)
		return err;
	memcpy(outbox->head, heads, sizeof(heads));
	outbox->changes++;
	(void)pthread_cond_broadcast(&outbox->changed);
	return ERR_OK;
}

enum err outbox_put(struct outbox *outbox, const struct outbox_row *rows, size_t count)
{
	uint64_t bytes = 0;
	enum err err;

	for (size_t i = 0; i < count; i++) {
		if (!is_good(&rows[i]))
			return ERR_RANGE;
		bytes += rows[i].body_len + ROW_BYTES;
	}
	(void)pthread_mutex_lock(&outbox->lock);
	err = put_locked(outbox, rows, count, bytes);
	(void)pthread_mutex_unlock(&outbox->lock);
	return err;
}
