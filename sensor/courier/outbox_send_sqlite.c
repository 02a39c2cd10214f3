/* What an output has to send, and what became of it. */
#include "sensor/courier/outbox_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static nanotime wall_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec;
}

static bool copy_bytes(sqlite3_stmt *row, int column, uint8_t *out, int len)
{
	if (sqlite3_column_bytes(row, column) != len)
		return false;
	memcpy(out, sqlite3_column_blob(row, column), (size_t)len);
	return true;
}

/* The body is copied to `room`, with a NUL behind it. */
static bool read_parcel(sqlite3_stmt *row, const char *sensor, char *room, struct parcel *out)
{
	sqlite3_int64 id = sqlite3_column_int64(row, 0);
	const char *key = (const char *)sqlite3_column_text(row, 2);

	*out = (struct parcel){ .stream = (enum parcel_stream)(id >> OUTBOX_SEQUENCE_BITS),
				.sequence =
					(uint64_t)id & ((UINT64_C(1) << OUTBOX_SEQUENCE_BITS) - 1),
				.kind = (enum parcel_kind)sqlite3_column_int(row, 1),
				.revision = (uint64_t)sqlite3_column_int64(row, 3),
				.made = (nanotime)sqlite3_column_int64(row, 4),
				.body = room,
				.body_len = (size_t)sqlite3_column_bytes(row, 9) };
	(void)snprintf(out->sensor, sizeof(out->sensor), "%s", sensor);
	(void)snprintf(out->key, sizeof(out->key), "%s", key ? key : "");
	if (out->body_len > 0)
		memcpy(room, sqlite3_column_blob(row, 9), out->body_len);
	room[out->body_len] = '\0';
	return out->kind < PARCEL_KINDS && copy_bytes(row, 5, out->previous, SHA256_LEN) &&
	       copy_bytes(row, 6, out->signer, SIGN_ID_LEN) &&
	       copy_bytes(row, 7, out->signature, SIGNATURE_LEN) &&
	       copy_bytes(row, 8, out->digest, SHA256_LEN);
}

static sqlite3_stmt *ask(struct outbox *outbox, enum parcel_stream stream, uint64_t behind,
			 size_t most)
{
	sqlite3_stmt *asked = outbox->statement[OUTBOX_BATCH];

	(void)sqlite3_bind_int64(asked, 1, outbox_id(stream, behind));
	(void)sqlite3_bind_int64(asked, 2, outbox_id(stream, outbox->head[stream].sequence));
	(void)sqlite3_bind_int64(asked, 3, (sqlite3_int64)most);
	return asked;
}

/* How many there are, within both bounds, and the bytes of their bodies with a NUL each. */
static size_t measure(sqlite3_stmt *asked, size_t most_bytes, size_t *bytes)
{
	size_t count = 0;

	*bytes = 0;
	while (sqlite3_step(asked) == SQLITE_ROW) {
		size_t len = (size_t)sqlite3_column_bytes(asked, 9) + 1;

		if (count > 0 && *bytes + len > most_bytes)
			break;
		*bytes += len;
		count++;
	}
	(void)sqlite3_reset(asked);
	return count;
}

static bool read_batch(struct outbox *outbox, enum parcel_stream stream, uint64_t behind,
		       size_t most, size_t most_bytes, struct outbox_batch *out)
{
	sqlite3_stmt *asked = ask(outbox, stream, behind, most);
	size_t bytes = 0;
	size_t count = measure(asked, most_bytes, &bytes);
	char *room;

	*out = (struct outbox_batch){ .stream = stream };
	if (count == 0)
		return false;
	out->memory = malloc(count * sizeof(struct parcel) + bytes);
	if (!out->memory)
		return false;
	out->parcels = out->memory;
	room = (char *)(out->parcels + count);
	while (out->count < count && sqlite3_step(asked) == SQLITE_ROW &&
	       read_parcel(asked, outbox->sensor, room, &out->parcels[out->count])) {
		room += out->parcels[out->count].body_len + 1;
		out->count++;
	}
	(void)sqlite3_reset(asked);
	if (out->count == 0)
		outbox_batch_free(out);
	return out->count > 0;
}

bool outbox_next(struct outbox *outbox, unsigned output, size_t most, size_t most_bytes,
		 struct outbox_batch *out)
{
	const struct outbox_output *who = &outbox->output[output];
	bool is_some = false;

	if (most > BATCH_PARCELS_MAX)
		most = BATCH_PARCELS_MAX;
	(void)pthread_mutex_lock(&outbox->lock);
	for (unsigned i = 0; i < PARCEL_STREAMS && !is_some; i++) {
		if (who->settled[i] < outbox->head[i].sequence)
			is_some = read_batch(outbox, (enum parcel_stream)i, who->settled[i], most,
					     most_bytes, out);
	}
	if (!is_some)
		outbox->output[output].looked = outbox->changes;
	(void)pthread_mutex_unlock(&outbox->lock);
	return is_some;
}

void outbox_batch_free(struct outbox_batch *batch)
{
	free(batch->memory);
	*batch = (struct outbox_batch){ 0 };
}

/* What becomes of an output while a transaction is open. */
struct settling {
	struct outbox *outbox;
	unsigned output;
	uint64_t settled;
	uint64_t set_aside;
	struct stream_head heads[PARCEL_STREAMS];
	int rc;
};

static void note_aside(struct settling *s, const struct parcel *parcel, const char *code,
		       const char *detail)
{
	sqlite3_stmt *put = s->outbox->statement[OUTBOX_ASIDE];

	(void)sqlite3_bind_text(put, 1, s->outbox->output[s->output].name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int(put, 2, (int)parcel->stream);
	(void)sqlite3_bind_int64(put, 3, (sqlite3_int64)parcel->sequence);
	(void)sqlite3_bind_blob(put, 4, parcel->digest, SHA256_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_text(put, 5, code, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(put, 6, detail, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(put, 7, (sqlite3_int64)wall_now());
	s->rc = outbox_run(s->outbox, OUTBOX_ASIDE);
	/* One that was sent again and is refused again counts once. */
	if (s->rc == SQLITE_OK && sqlite3_changes(s->outbox->db) > 0)
		s->set_aside++;
	(void)sqlite3_clear_bindings(put);
}

static void set_aside(struct settling *s, const struct parcel *parcel, const char *code,
		      const char *detail)
{
	char key[PARCEL_KEY_LEN];
	char *body = NULL;
	struct outbox_row row = { .stream = PARCEL_ROUTINE,
				  .kind = PARCEL_SET_ASIDE,
				  .key = key,
				  .revision = 1,
				  .made = wall_now() };

	note_aside(s, parcel, code, detail);
	/* Of one that tells of another there is none: it would never end. */
	if (s->rc != SQLITE_OK || parcel->kind == PARCEL_SET_ASIDE)
		return;
	(void)snprintf(key, sizeof(key), "%s-%llu", parcel_stream_name(parcel->stream),
		       (unsigned long long)parcel->sequence);
	body = outbox_aside_body(parcel, s->outbox->output[s->output].name, code, detail,
				 &row.body_len);
	row.body = body;
	s->rc = body ? outbox_seal_row(s->outbox, &row, s->heads) : SQLITE_NOMEM;
	free(body);
}

static void keep_settled(struct settling *s, enum parcel_stream stream)
{
	struct outbox *outbox = s->outbox;
	sqlite3_stmt *put = outbox->statement[OUTBOX_SETTLED];

	if (s->rc == SQLITE_OK)
		s->rc = outbox_keep_place(outbox, s->output, stream, s->settled);
	if (s->rc == SQLITE_OK) {
		(void)sqlite3_bind_int(put, 1, (int)s->output);
		(void)sqlite3_bind_int64(put, 2, (sqlite3_int64)wall_now());
		s->rc = outbox_run(outbox, OUTBOX_SETTLED);
	}
	put = outbox->statement[OUTBOX_ASIDE_COUNT];
	if (s->rc == SQLITE_OK && s->set_aside != outbox->output[s->output].set_aside) {
		(void)sqlite3_bind_int(put, 1, (int)s->output);
		(void)sqlite3_bind_int64(put, 2, (sqlite3_int64)s->set_aside);
		s->rc = outbox_run(outbox, OUTBOX_ASIDE_COUNT);
	}
}

static void begin(struct settling *s, struct outbox *outbox, unsigned output,
		  enum parcel_stream stream)
{
	*s = (struct settling){ .outbox = outbox,
				.output = output,
				.settled = outbox->output[output].settled[stream],
				.set_aside = outbox->output[output].set_aside };
	memcpy(s->heads, outbox->head, sizeof(s->heads));
	s->rc = outbox_run(outbox, OUTBOX_BEGIN);
}

static enum err end(struct settling *s, enum parcel_stream stream)
{
	struct outbox_output *output = &s->outbox->output[s->output];
	enum err err;

	keep_settled(s, stream);
	err = outbox_end(s->outbox, s->rc);
	if (err != ERR_OK)
		return err;
	if (memcmp(s->heads, s->outbox->head, sizeof(s->heads)) != 0) {
		memcpy(s->outbox->head, s->heads, sizeof(s->heads));
		s->outbox->changes++;
		(void)pthread_cond_broadcast(&s->outbox->changed);
	}
	output->settled[stream] = s->settled;
	output->settled_at = wall_now();
	output->set_aside = s->set_aside;
	return ERR_OK;
}

static const struct reply *reply_to(const struct replies *replies, const struct parcel *parcel)
{
	for (size_t i = 0; i < replies->count; i++) {
		if (replies->list[i].stream == parcel->stream &&
		    replies->list[i].sequence == parcel->sequence)
			return &replies->list[i];
	}
	return NULL;
}

static size_t settle_each(struct settling *s, const struct outbox_batch *batch,
			  const struct replies *replies)
{
	size_t settled = 0;

	while (settled < batch->count && s->rc == SQLITE_OK) {
		const struct parcel *parcel = &batch->parcels[settled];
		const struct reply *reply = reply_to(replies, parcel);

		if (!reply || reply->status == REPLY_NONE || reply->status == REPLY_LATER)
			break;
		if (reply->status == REPLY_REJECTED)
			set_aside(s, parcel, reply->code, reply->detail);
		if (parcel->sequence > s->settled)
			s->settled = parcel->sequence;
		settled++;
	}
	return settled;
}

enum err outbox_settle(struct outbox *outbox, unsigned output, const struct outbox_batch *batch,
		       const struct replies *replies, size_t *settled)
{
	struct settling s;
	enum err err;
	size_t count;

	*settled = 0;
	(void)pthread_mutex_lock(&outbox->lock);
	begin(&s, outbox, output, batch->stream);
	count = settle_each(&s, batch, replies);
	if (count == 0 && s.rc == SQLITE_OK) {
		(void)outbox_run(outbox, OUTBOX_ROLLBACK);
		err = ERR_OK;
	} else {
		err = end(&s, batch->stream);
	}
	(void)pthread_mutex_unlock(&outbox->lock);
	if (err == ERR_OK)
		*settled = count;
	return err;
}

enum err outbox_set_aside(struct outbox *outbox, unsigned output, const struct parcel *parcel,
			  const char *code, const char *detail)
{
	struct settling s;
	enum err err;

	(void)pthread_mutex_lock(&outbox->lock);
	begin(&s, outbox, output, parcel->stream);
	if (s.rc == SQLITE_OK)
		set_aside(&s, parcel, code, detail);
	if (parcel->sequence > s.settled)
		s.settled = parcel->sequence;
	err = end(&s, parcel->stream);
	(void)pthread_mutex_unlock(&outbox->lock);
	return err;
}

/* The first that is kept behind `sequence`; 0 when none is. */
static uint64_t first_kept(struct outbox *outbox, enum parcel_stream stream, uint64_t sequence)
{
	sqlite3_stmt *asked = outbox->statement[OUTBOX_FIRST];
	sqlite3_int64 id = 0;

	(void)sqlite3_bind_int64(asked, 1, outbox_id(stream, sequence));
	(void)sqlite3_bind_int64(asked, 2, outbox_id(stream, outbox->head[stream].sequence));
	if (sqlite3_step(asked) == SQLITE_ROW)
		id = sqlite3_column_int64(asked, 0);
	(void)sqlite3_reset(asked);
	return (uint64_t)id & ((UINT64_C(1) << OUTBOX_SEQUENCE_BITS) - 1);
}

/* The head will never get past it: it shows nothing of what is held behind. */
static bool is_gap_for_good(struct outbox *outbox, unsigned output, enum parcel_stream stream,
			    uint64_t sequence)
{
	sqlite3_stmt *asked = outbox->statement[OUTBOX_ASIDE_GAP];
	bool is_gap;

	(void)sqlite3_bind_text(asked, 1, outbox->output[output].name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int(asked, 2, (int)stream);
	(void)sqlite3_bind_int64(asked, 3, (sqlite3_int64)sequence);
	is_gap = sqlite3_step(asked) == SQLITE_ROW;
	(void)sqlite3_reset(asked);
	(void)sqlite3_clear_bindings(asked);
	return is_gap;
}

bool outbox_rewind(struct outbox *outbox, unsigned output, enum parcel_stream stream,
		   const struct stream_head *head)
{
	uint64_t *settled = &outbox->output[output].settled[stream];
	uint64_t first;
	bool is_back = false;

	(void)pthread_mutex_lock(&outbox->lock);
	if (head->sequence < *settled &&
	    !is_gap_for_good(outbox, output, stream, head->sequence + 1)) {
		first = first_kept(outbox, stream, head->sequence);
		is_back = first != 0 && first <= *settled &&
			  outbox_keep_place(outbox, output, stream, first - 1) == SQLITE_OK;
		if (is_back)
			*settled = first - 1;
	}
	(void)pthread_mutex_unlock(&outbox->lock);
	return is_back;
}
