/* The sensor's pairs of keys, and what is read once at the start. */
#include "sensor/courier/outbox_state.h"

#include <string.h>

/* A row of keys; false when it is not of this form. */
static bool read_key(sqlite3_stmt *row, struct outbox_key *out)
{
	if (sqlite3_column_bytes(row, 0) != SIGN_PUBLIC_LEN ||
	    sqlite3_column_bytes(row, 1) != SIGN_SECRET_LEN)
		return false;
	memcpy(out->public.key, sqlite3_column_blob(row, 0), SIGN_PUBLIC_LEN);
	memcpy(out->secret.key, sqlite3_column_blob(row, 1), SIGN_SECRET_LEN);
	sign_name_by_key(&out->public, &out->secret);
	return true;
}

/* SQLITE_DONE when there is none. */
static int find_key(struct outbox *outbox, bool in_use, struct outbox_key *out)
{
	sqlite3_stmt *asked = NULL;
	int rc = sqlite3_prepare_v2(outbox->db, "SELECT public, secret FROM keys WHERE in_use=?1",
				    -1, &asked, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int(asked, 1, in_use);
		rc = sqlite3_step(asked);
	}
	if (rc == SQLITE_ROW)
		rc = read_key(asked, out) ? SQLITE_OK : SQLITE_CORRUPT;
	(void)sqlite3_finalize(asked);
	return rc;
}

int outbox_make_key(struct outbox *outbox, bool in_use, struct outbox_key *out)
{
	sqlite3_stmt *put = NULL;
	int rc = sqlite3_prepare_v2(outbox->db,
				    "INSERT INTO keys(public, secret, in_use) VALUES(?1, ?2, ?3)",
				    -1, &put, NULL);

	if (rc != SQLITE_OK)
		return rc;
	sign_make_pair(&out->public, &out->secret);
	sign_name_by_key(&out->public, &out->secret);
	(void)sqlite3_bind_blob(put, 1, out->public.key, SIGN_PUBLIC_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob(put, 2, out->secret.key, SIGN_SECRET_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_int(put, 3, in_use);
	rc = sqlite3_step(put);
	(void)sqlite3_finalize(put);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void outbox_key(struct outbox *outbox, struct sign_public *out)
{
	(void)pthread_mutex_lock(&outbox->lock);
	*out = outbox->key.public;
	(void)pthread_mutex_unlock(&outbox->lock);
}

static int next_key(struct outbox *outbox, struct outbox_key *out)
{
	int rc = find_key(outbox, false, out);

	return rc == SQLITE_DONE ? outbox_make_key(outbox, false, out) : rc;
}

enum err outbox_next_key(struct outbox *outbox, struct sign_public *out)
{
	struct outbox_key key = { 0 };
	int rc;

	(void)pthread_mutex_lock(&outbox->lock);
	rc = next_key(outbox, &key);
	(void)pthread_mutex_unlock(&outbox->lock);
	*out = key.public;
	sign_forget(&key.secret);
	return rc == SQLITE_OK ? ERR_OK : ERR_IO;
}

void outbox_sign(struct outbox *outbox, bool by_next, const void *message, size_t len,
		 uint8_t signature[static SIGNATURE_LEN])
{
	struct outbox_key key = { 0 };

	memset(signature, 0, SIGNATURE_LEN);
	(void)pthread_mutex_lock(&outbox->lock);
	if (!by_next)
		sign_message(&outbox->key.secret, message, len, signature);
	else if (find_key(outbox, false, &key) == SQLITE_OK)
		sign_message(&key.secret, message, len, signature);
	(void)pthread_mutex_unlock(&outbox->lock);
	sign_forget(&key.secret);
}

enum err outbox_turn_key(struct outbox *outbox)
{
	struct outbox_key key = { 0 };
	enum err err = ERR_IO;
	int rc;

	(void)pthread_mutex_lock(&outbox->lock);
	rc = find_key(outbox, false, &key);
	if (rc == SQLITE_OK)
		rc = outbox_run(outbox, OUTBOX_BEGIN);
	if (rc == SQLITE_OK)
		err = outbox_end(outbox, sqlite3_exec(outbox->db,
						      "DELETE FROM keys WHERE in_use=1;"
						      "UPDATE keys SET in_use=1",
						      NULL, NULL, NULL));
	if (err == ERR_OK)
		outbox->key = key;
	(void)pthread_mutex_unlock(&outbox->lock);
	sign_forget(&key.secret);
	return err;
}

static void read_head(struct outbox *outbox, sqlite3_stmt *row)
{
	unsigned stream = (unsigned)sqlite3_column_int(row, 0);

	if (stream >= PARCEL_STREAMS || sqlite3_column_bytes(row, 2) != SHA256_LEN)
		return;
	outbox->head[stream].sequence = (uint64_t)sqlite3_column_int64(row, 1);
	memcpy(outbox->head[stream].chain, sqlite3_column_blob(row, 2), SHA256_LEN);
}

static void read_output(struct outbox *outbox, sqlite3_stmt *row)
{
	unsigned number = (unsigned)sqlite3_column_int(row, 0);
	const char *name = (const char *)sqlite3_column_text(row, 1);
	struct outbox_output *output;

	if (number >= OUTBOX_OUTPUTS_MAX || !name)
		return;
	output = &outbox->output[number];
	(void)snprintf(output->name, sizeof(output->name), "%s", name);
	output->set_aside = (uint64_t)sqlite3_column_int64(row, 2);
	output->settled_at = (nanotime)sqlite3_column_int64(row, 3);
	if (number >= outbox->outputs)
		outbox->outputs = number + 1;
}

static void read_place(struct outbox *outbox, sqlite3_stmt *row)
{
	unsigned number = (unsigned)sqlite3_column_int(row, 0);
	unsigned stream = (unsigned)sqlite3_column_int(row, 1);

	if (number < OUTBOX_OUTPUTS_MAX && stream < PARCEL_STREAMS)
		outbox->output[number].settled[stream] = (uint64_t)sqlite3_column_int64(row, 2);
}

static int each(struct outbox *outbox, const char *sql,
		void (*read)(struct outbox *, sqlite3_stmt *))
{
	sqlite3_stmt *asked = NULL;
	int rc = sqlite3_prepare_v2(outbox->db, sql, -1, &asked, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(asked);
	while (rc == SQLITE_ROW) {
		read(outbox, asked);
		rc = sqlite3_step(asked);
	}
	(void)sqlite3_finalize(asked);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int outbox_load_places(struct outbox *outbox)
{
	int rc = each(outbox, "SELECT stream, sequence, chain FROM heads", read_head);

	if (rc == SQLITE_OK)
		rc = each(outbox, "SELECT number, name, set_aside, settled FROM outputs",
			  read_output);
	if (rc == SQLITE_OK)
		rc = each(outbox, "SELECT output, stream, sequence FROM places", read_place);
	return rc;
}

int outbox_load(struct outbox *outbox)
{
	char sql[240];
	int rc = outbox_load_places(outbox);

	if (rc == SQLITE_OK)
		rc = find_key(outbox, true, &outbox->key);
	if (rc == SQLITE_DONE)
		rc = outbox_make_key(outbox, true, &outbox->key);
	(void)snprintf(sql, sizeof(sql),
		       "DELETE FROM seen WHERE number <= (SELECT max(number) FROM seen) - %d;"
		       "DELETE FROM aside WHERE number <= (SELECT max(number) FROM aside) - %d",
		       OUTBOX_SEEN_ROWS, OUTBOX_ASIDE_ROWS);
	/* A full disk must not keep the courier from starting. */
	if (rc == SQLITE_OK)
		(void)sqlite3_exec(outbox->db, sql, NULL, NULL, NULL);
	return rc;
}
