#include "tools/desk/desk_take.h"

#include "tools/desk/desk_apply.h"
#include "tools/desk/desk_keys.h"
#include "tools/desk/desk_orders.h"
#include "tools/desk/desk_streams.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct taking {
	struct desk_store *store;
	const struct batch *batch;
	int64_t now;
	bool is_heard; /* something of it is authentic */
	struct replies *replies;
};

static void answer(struct reply *reply, enum reply_status status, const char *code,
		   const char *detail)
{
	reply->status = status;
	(void)snprintf(reply->code, sizeof(reply->code), "%s", code);
	(void)snprintf(reply->detail, sizeof(reply->detail), "%s", detail);
}

/* Somebody may try to write history anew: people are to see that. */
static void refuse(struct taking *t, const struct parcel *parcel, struct reply *reply,
		   const char *code, const char *detail)
{
	char what[256];

	answer(reply, REPLY_REJECTED, code, detail);
	(void)snprintf(what, sizeof(what), "%s %llu, %s %s: %s", parcel_stream_name(parcel->stream),
		       (unsigned long long)parcel->sequence, parcel_kind_name(parcel->kind),
		       parcel->key, detail);
	desk_note(t->store, t->now, parcel->sensor, code, what);
}

/* As it was received, members that this desk does not know included. */
static char *raw_of(const struct batch *batch, size_t i)
{
	const json_t *list = json_object_get(batch->root, "parcels");

	return json_dumps(json_array_get(list, i), JSON_COMPACT);
}

/* What the parcel's kind says it is. */
static bool is_of_kind(const struct desk_body *body, const struct parcel *parcel)
{
	char schema[64];

	(void)snprintf(schema, sizeof(schema), "hinomi.%s/1", parcel_kind_name(parcel->kind));
	return strcmp(desk_body_text(body, "schema"), schema) == 0;
}

static void store_parcel(struct taking *t, size_t i, struct reply *reply)
{
	static const char bad_body[] = "bad_body";
	const struct parcel *parcel = &t->batch->parcels[i];
	struct desk_body body = { 0 };
	char *raw = raw_of(t->batch, i);

	if (!raw) {
		answer(reply, REPLY_LATER, "busy", "out of memory");
		return;
	}
	if (desk_body_open(&body, parcel->body, parcel->body_len) && is_of_kind(&body, parcel)) {
		desk_stream_put(t->store, parcel, raw, NULL, t->now);
		desk_apply(t->store, parcel, &body, t->now);
		answer(reply, REPLY_STORED, "", "");
	} else {
		/* It is authentic: without it the stream would have a gap for ever. */
		desk_stream_put(t->store, parcel, raw, bad_body, t->now);
		refuse(t, parcel, reply, bad_body, "the body is not of the parcel's kind");
	}
	desk_body_close(&body);
	free(raw);
}

/* The same word as before. */
static void answer_again(struct taking *t, const struct parcel *parcel, struct reply *reply)
{
	char code[REPLY_CODE_LEN];

	desk_stream_refusal(t->store, parcel, code);
	answer(reply, *code != '\0' ? REPLY_REJECTED : REPLY_DUPLICATE, code, "");
}

/* Who it is from and that nothing was changed; false when that has been answered. */
static bool is_authentic(struct taking *t, const struct parcel *parcel, const struct desk_key *key,
			 struct reply *reply)
{
	enum parcel_fault fault = parcel_check(parcel, &key->public);

	if (fault == PARCEL_SOUND)
		return true;
	if (fault == PARCEL_BODY_CHANGED)
		refuse(t, parcel, reply, "body_changed", "the body is not the one that was signed");
	else
		refuse(t, parcel, reply, "bad_signature", "not signed by the key that it names");
	return false;
}

static void take_parcel(struct taking *t, size_t i, struct reply *reply)
{
	const struct parcel *parcel = &t->batch->parcels[i];
	struct desk_key key;
	enum stream_place place;

	reply->stream = parcel->stream;
	reply->sequence = parcel->sequence;
	if (!desk_key_get(t->store, parcel->sensor, parcel->signer, &key)) {
		answer(reply, REPLY_LATER, "unknown_signer", "no such key of this sensor yet");
		return;
	}
	if (!is_authentic(t, parcel, &key, reply))
		return;
	place = desk_stream_place(t->store, parcel);
	if (place == STREAM_AGAIN)
		answer_again(t, parcel, reply);
	else if (key.is_revoked)
		refuse(t, parcel, reply, "revoked_key", "the rangers have revoked the key");
	else if (place == STREAM_FORKED)
		refuse(t, parcel, reply, "forked", "another parcel is held under this number");
	else if (place == STREAM_BROKEN)
		refuse(t, parcel, reply, "forked", "does not follow what is held beside it");
	else
		store_parcel(t, i, reply);
	t->is_heard |= !key.is_revoked;
}

static void take_all(struct taking *t)
{
	const char *sensor = t->batch->sensor;

	t->replies->count = t->batch->count;
	for (size_t i = 0; i < t->batch->count && !desk_has_failed(t->store); i++)
		take_parcel(t, i, &t->replies->list[i]);
	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		struct desk_stream s = desk_stream_get(t->store, sensor, (enum parcel_stream)i);

		t->replies->has_head[i] = true;
		t->replies->head[i] = s.head;
	}
	t->replies->has_orders = desk_orders_wait(t->store, sensor);
	if (t->is_heard)
		desk_do(t->store, "UPDATE sensors SET heard=? WHERE name=?", "it", t->now, sensor);
}

static enum err write_replies(const struct replies *replies, struct desk_reply *out)
{
	FILE *stream = open_memstream(&out->text, &out->len);

	if (!stream)
		return ERR_MEMORY;
	replies_write(stream, replies);
	return fclose(stream) == 0 ? ERR_OK : ERR_MEMORY;
}

enum err desk_take(struct desk_store *store, const char *sensor, const char *text, size_t len,
		   int64_t now, struct desk_reply *out)
{
	char what[BATCH_PROBLEM_LEN];
	struct batch batch;
	struct replies replies = { 0 };
	struct taking t = { .store = store, .batch = &batch, .now = now, .replies = &replies };
	enum err err = batch_parse(text, len, &batch, what);

	if (err != ERR_OK) {
		(void)snprintf(out->problem, DESK_PROBLEM_LEN, "%s", what);
		return err;
	}
	if (sensor && strcmp(sensor, batch.sensor) != 0) {
		(void)snprintf(out->problem, DESK_PROBLEM_LEN,
			       "the batch is of sensor %s, sent by %s", batch.sensor, sensor);
		batch_free(&batch);
		return ERR_MISSING;
	}
	desk_begin(store);
	take_all(&t);
	err = desk_commit(store);
	batch_free(&batch);
	if (err == ERR_OK)
		return write_replies(&replies, out);
	(void)snprintf(out->problem, DESK_PROBLEM_LEN, "nothing can be stored now; try again");
	return err;
}
