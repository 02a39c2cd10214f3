#include "sensor/delivery/batch.h"

#include "sensor/base/hex.h"
#include "sensor/base/text.h"

#include <jansson.h>
#include <stdlib.h>

/* The text of a member; "" when it is missing, no text, or holds a NUL. */
static const char *text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : "";
}

static bool number_of(const json_t *object, const char *name, uint64_t *out)
{
	const json_t *value = json_object_get(object, name);

	*out = json_is_integer(value) ? (uint64_t)json_integer_value(value) : 0;
	return json_is_integer(value) && json_integer_value(value) >= 1;
}

/* A sequence that a head may have: 0 is none yet. */
static bool is_nothing(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) && json_integer_value(value) == 0;
}

/* Names the member that is wrong; NULL when none is. */
static const char *read_parcel(const json_t *from, struct parcel *parcel)
{
	const json_t *body = json_object_get(from, "body");

	if (strcmp(text_of(from, "schema"), PARCEL_SCHEMA) != 0)
		return "schema";
	if (!parcel_name_is_good(text_of(from, "sensor")))
		return "sensor";
	if (!parcel_name_is_good(text_of(from, "key")))
		return "key";
	(void)snprintf(parcel->sensor, sizeof(parcel->sensor), "%s", text_of(from, "sensor"));
	(void)snprintf(parcel->key, sizeof(parcel->key), "%s", text_of(from, "key"));
	parcel->stream = parcel_stream_named(text_of(from, "stream"));
	parcel->kind = parcel_kind_named(text_of(from, "kind"));
	if (parcel->stream == PARCEL_STREAMS)
		return "stream";
	if (parcel->kind == PARCEL_KINDS)
		return "kind";
	if (!number_of(from, "sequence", &parcel->sequence))
		return "sequence";
	if (!number_of(from, "revision", &parcel->revision))
		return "revision";
	if (!parcel_time(text_of(from, "made"), &parcel->made))
		return "made";
	if (!hex_bytes(text_of(from, "previous"), parcel->previous, SHA256_LEN))
		return "previous";
	if (!hex_bytes(text_of(from, "digest"), parcel->digest, SHA256_LEN))
		return "digest";
	if (!hex_bytes(text_of(from, "signer"), parcel->signer, SIGN_ID_LEN))
		return "signer";
	if (!hex_bytes(text_of(from, "signature"), parcel->signature, SIGNATURE_LEN))
		return "signature";
	parcel->body = text_of(from, "body");
	parcel->body_len = json_string_length(body);
	return *parcel->body != '\0' && parcel->body_len <= PARCEL_BODY_MAX ? NULL : "body";
}

static json_t *load(const char *text, size_t len, char *problem)
{
	json_error_t error;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	if (!root)
		(void)snprintf(problem, BATCH_PROBLEM_LEN, "no JSON: %.100s (line %d)", error.text,
			       error.line);
	return root;
}

/* `list` is an array of parcels, or one parcel alone. */
static enum err read_parcels(json_t *list, struct batch *batch, char *problem)
{
	size_t count = json_is_array(list) ? json_array_size(list) : 1;

	if (count > BATCH_PARCELS_MAX) {
		(void)snprintf(problem, BATCH_PROBLEM_LEN, "more than %d parcels",
			       BATCH_PARCELS_MAX);
		return ERR_RANGE;
	}
	batch->parcels = calloc(count + 1, sizeof(batch->parcels[0]));
	if (!batch->parcels)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_is_array(list) ? json_array_get(list, i) : list;
		struct parcel *parcel = &batch->parcels[i];
		const char *wrong = read_parcel(one, parcel);

		if (!wrong && batch->sensor[0] == '\0')
			memcpy(batch->sensor, parcel->sensor, sizeof(batch->sensor));
		if (!wrong && strcmp(parcel->sensor, batch->sensor) != 0)
			wrong = "sensor";
		if (wrong) {
			(void)snprintf(problem, BATCH_PROBLEM_LEN,
				       "parcel %zu of %zu: member \"%s\" is missing or wrong",
				       i + 1, count, wrong);
			return ERR_SYNTAX;
		}
	}
	batch->count = count;
	return ERR_OK;
}

void batch_free(struct batch *batch)
{
	json_decref(batch->root);
	free(batch->parcels);
	*batch = (struct batch){ 0 };
}

/* Takes `root` over. */
static enum err finish(struct batch *out, json_t *root, json_t *list, char *problem)
{
	enum err err;

	out->root = root;
	err = read_parcels(list, out, problem);
	if (err == ERR_MEMORY)
		(void)snprintf(problem, BATCH_PROBLEM_LEN, "%s", err_text(err));
	if (err != ERR_OK)
		batch_free(out);
	return err;
}

enum err batch_parse(const char *text, size_t len, struct batch *out,
		     char problem[static BATCH_PROBLEM_LEN])
{
	json_t *root;
	json_t *list;

	*out = (struct batch){ 0 };
	if (len > BATCH_BYTES_MAX) {
		(void)snprintf(problem, BATCH_PROBLEM_LEN, "more than %d bytes", BATCH_BYTES_MAX);
		return ERR_RANGE;
	}
	root = load(text, len, problem);
	if (!root)
		return ERR_SYNTAX;
	list = json_object_get(root, "parcels");
	if (strcmp(text_of(root, "schema"), BATCH_SCHEMA) != 0 ||
	    !parcel_name_is_good(text_of(root, "sensor")) || json_array_size(list) == 0) {
		(void)snprintf(problem, BATCH_PROBLEM_LEN,
			       "not a batch: needs \"schema\": \"" BATCH_SCHEMA
			       "\", \"sensor\" and \"parcels\"");
		json_decref(root);
		return ERR_SYNTAX;
	}
	(void)snprintf(out->sensor, sizeof(out->sensor), "%s", text_of(root, "sensor"));
	return finish(out, root, list, problem);
}

enum err batch_parse_line(const char *text, size_t len, struct batch *out,
			  char problem[static BATCH_PROBLEM_LEN])
{
	json_t *root = load(text, len, problem);

	*out = (struct batch){ 0 };
	if (!root)
		return ERR_SYNTAX;
	if (!json_is_object(root)) { /* a list of parcels is no parcel */
		(void)snprintf(problem, BATCH_PROBLEM_LEN, "no object");
		json_decref(root);
		return ERR_SYNTAX;
	}
	return finish(out, root, root, problem);
}

/* False when it is of no form that was agreed. */
static bool read_reply(const json_t *from, struct reply *reply)
{
	const char *status = text_of(from, "status");
	struct text code = text_over(reply->code, sizeof(reply->code));
	struct text detail = text_over(reply->detail, sizeof(reply->detail));

	reply->stream = parcel_stream_named(text_of(from, "stream"));
	reply->status = REPLY_NONE;
	for (unsigned i = REPLY_STORED; i < REPLY_STATUSES; i++) {
		if (strcmp(reply_status_name((enum reply_status)i), status) == 0)
			reply->status = (enum reply_status)i;
	}
	text_add(&code, text_of(from, "code"));
	text_add(&detail, text_of(from, "detail"));
	return number_of(from, "sequence", &reply->sequence) && reply->stream < PARCEL_STREAMS &&
	       reply->status != REPLY_NONE;
}

static bool read_head(const json_t *from, struct stream_head *head)
{
	return (number_of(from, "sequence", &head->sequence) || is_nothing(from, "sequence")) &&
	       hex_bytes(text_of(from, "chain"), head->chain, SHA256_LEN);
}

static bool read_replies(const json_t *root, struct replies *out)
{
	const json_t *list = json_object_get(root, "replies");
	const json_t *heads = json_object_get(root, "heads");

	if (!json_is_array(list) || json_array_size(list) > BATCH_PARCELS_MAX)
		return false;
	for (out->count = 0; out->count < json_array_size(list); out->count++) {
		if (!read_reply(json_array_get(list, out->count), &out->list[out->count]))
			return false;
	}
	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		const json_t *head =
			json_object_get(heads, parcel_stream_name((enum parcel_stream)i));

		out->has_head[i] = head != NULL;
		if (head && !read_head(head, &out->head[i]))
			return false;
	}
	out->has_orders = json_is_true(json_object_get(root, "orders"));
	return true;
}

enum err replies_parse(const char *text, size_t len, struct replies *out,
		       char problem[static BATCH_PROBLEM_LEN])
{
	json_t *root = load(text, len, problem);
	bool is_good;

	memset(out, 0, sizeof(*out));
	if (!root)
		return ERR_SYNTAX;
	is_good = strcmp(text_of(root, "schema"), REPLIES_SCHEMA) == 0 && read_replies(root, out);
	json_decref(root);
	if (is_good)
		return ERR_OK;
	memset(out, 0, sizeof(*out));
	(void)snprintf(problem, BATCH_PROBLEM_LEN, "JSON, but no " REPLIES_SCHEMA);
	return ERR_SYNTAX;
}
