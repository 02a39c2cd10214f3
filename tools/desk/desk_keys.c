#include "tools/desk/desk_keys.h"

#include "sensor/base/hex.h"
#include "tools/desk/desk_body_jansson.h"

#include <stdio.h>
#include <string.h>

bool desk_key_get(struct desk_store *store, const char *sensor,
		  const uint8_t id[static SIGN_ID_LEN], struct desk_key *out)
{
	struct desk_rows *rows =
		desk_ask(store, "SELECT public, revoked FROM keys WHERE sensor=? AND id=?", "tb",
			 sensor, id, (size_t)SIGN_ID_LEN);
	bool is_there = desk_next(rows) && desk_bytes(rows, 0, out->public.key, SIGN_PUBLIC_LEN);

	if (is_there) {
		memcpy(out->public.id, id, SIGN_ID_LEN);
		out->is_revoked = !desk_is_null(rows, 1);
	}
	desk_done(rows);
	return is_there;
}

void desk_key_add(struct desk_store *store, const char *sensor,
		  const uint8_t key[static SIGN_PUBLIC_LEN], int64_t now)
{
	uint8_t id[SIGN_ID_LEN];

	sign_key_id(key, id);
	desk_do(store, "INSERT OR IGNORE INTO keys(sensor, id, public, since) VALUES(?,?,?,?)",
		"tbbi", sensor, id, (size_t)SIGN_ID_LEN, key, (size_t)SIGN_PUBLIC_LEN, now);
}

void desk_key_own(struct desk_store *store, struct sign_public *public, struct sign_secret *secret)
{
	struct desk_rows *rows =
		desk_ask(store, "SELECT value FROM own WHERE name='secret_key'", "");
	bool is_there = desk_next(rows) && desk_bytes(rows, 0, secret->key, SIGN_SECRET_LEN);

	desk_done(rows);
	if (!is_there) {
		sign_make_pair(public, secret);
		desk_do(store, "INSERT INTO own(name, value) VALUES('secret_key', ?)", "b",
			secret->key, (size_t)SIGN_SECRET_LEN);
	}
	/* Ed25519: the public key is the second half of the secret one. */
	memcpy(public->key, secret->key + SIGN_SECRET_LEN - SIGN_PUBLIC_LEN, SIGN_PUBLIC_LEN);
	sign_name_by_key(public, secret);
}

int64_t desk_key_revoke(struct desk_store *store, const char *signer, int64_t now)
{
	uint8_t id[SIGN_ID_LEN];
	int64_t count;

	if (!hex_bytes(signer, id, SIGN_ID_LEN))
		return 0;
	count = desk_do(store, "UPDATE keys SET revoked=? WHERE id=? AND revoked IS NULL", "ib",
			now, id, (size_t)SIGN_ID_LEN);
	desk_note(store, now, "desk", "key_revoked", signer);
	return count;
}

int64_t desk_key_revoke_sensor(struct desk_store *store, const char *sensor, int64_t now)
{
	int64_t count =
		desk_do(store, "UPDATE sensors SET revoked=? WHERE name=? AND revoked IS NULL",
			"it", now, sensor);

	desk_do(store, "UPDATE keys SET revoked=? WHERE sensor=? AND revoked IS NULL", "it", now,
		sensor);
	desk_note(store, now, sensor, "sensor_revoked", "");
	return count;
}

/* What both the old and the new key sign. */
struct new_key {
	uint8_t key[SIGN_PUBLIC_LEN];
	uint8_t signer[SIGN_ID_LEN];
	uint8_t signature[SIGNATURE_LEN];
	uint8_t proof[SIGNATURE_LEN];
	char text[512];
	size_t len;
};

static bool read_new(const struct desk_body *body, struct new_key *out)
{
	int len = snprintf(out->text, sizeof(out->text), "hinomi.key/1\n%s\n%s\n%s\n",
			   desk_body_text(body, "sensor"), desk_body_text(body, "public_key"),
			   desk_body_text(body, "made"));

	out->len = (size_t)len;
	return strcmp(desk_body_text(body, "schema"), "hinomi.key/1") == 0 &&
	       out->len < sizeof(out->text) &&
	       hex_bytes(desk_body_text(body, "public_key"), out->key, SIGN_PUBLIC_LEN) &&
	       hex_bytes(desk_body_text(body, "signer"), out->signer, SIGN_ID_LEN) &&
	       hex_bytes(desk_body_text(body, "signature"), out->signature, SIGNATURE_LEN) &&
	       hex_bytes(desk_body_text(body, "proof"), out->proof, SIGNATURE_LEN);
}

static enum err take_new(struct desk_store *store, const char *sensor, const struct new_key *new,
			 int64_t now, bool *is_new, char *problem)
{
	struct sign_public fresh;
	struct desk_key old;
	struct desk_key known;

	memcpy(fresh.key, new->key, SIGN_PUBLIC_LEN);
	sign_key_id(fresh.key, fresh.id);
	if (!desk_key_get(store, sensor, new->signer, &old) || old.is_revoked) {
		(void)snprintf(problem, DESK_PROBLEM_LEN, "the old key is unknown or revoked");
		return ERR_MISSING;
	}
	if (!sign_message_check(&old.public, new->text, new->len, new->signature) ||
	    !sign_message_check(&fresh, new->text, new->len, new->proof)) {
		(void)snprintf(problem, DESK_PROBLEM_LEN,
			       "not signed by both the old and the new key");
		return ERR_MISSING;
	}
	*is_new = !desk_key_get(store, sensor, fresh.id, &known);
	/* Two keys of one id: nobody could say which of them is meant. And a revoked one stays so.
	 */
	if (!*is_new &&
	    (known.is_revoked || memcmp(known.public.key, fresh.key, SIGN_PUBLIC_LEN) != 0)) {
		(void)snprintf(problem, DESK_PROBLEM_LEN, "this key cannot be used; make another");
		return ERR_MISSING;
	}
	desk_key_add(store, sensor, new->key, now);
	if (*is_new)
		desk_note(store, now, sensor, "key_added", "rotation");
	return ERR_OK;
}

static enum err say_taken(bool is_new, struct desk_reply *out)
{
	out->text =
		strdup(is_new ? "{\"schema\":\"hinomi.key_taken/1\",\"status\":\"stored\"}\n"
			      : "{\"schema\":\"hinomi.key_taken/1\",\"status\":\"duplicate\"}\n");
	out->len = out->text ? strlen(out->text) : 0;
	return out->text ? ERR_OK : ERR_MEMORY;
}

enum err desk_key_take(struct desk_store *store, const char *sensor, const char *text, size_t len,
		       int64_t now, struct desk_reply *out)
{
	struct desk_body body;
	struct new_key new;
	bool is_new = false;
	bool is_own;
	enum err err = ERR_SYNTAX;

	(void)snprintf(out->problem, sizeof(out->problem), "no hinomi.key/1");
	if (!desk_body_open(&body, text, len))
		return err;
	is_own = strcmp(desk_body_text(&body, "sensor"), sensor) == 0;
	if (read_new(&body, &new))
		err = is_own ? ERR_OK : ERR_MISSING;
	desk_body_close(&body);
	if (err == ERR_MISSING)
		(void)snprintf(out->problem, sizeof(out->problem), "the key is of another sensor");
	if (err != ERR_OK)
		return err;
	desk_begin(store);
	err = take_new(store, sensor, &new, now, &is_new, out->problem);
	if (err != ERR_OK) {
		desk_rollback(store);
		return err;
	}
	(void)snprintf(out->problem, sizeof(out->problem), "nothing can be stored now; try again");
	err = desk_commit(store);
	return err == ERR_OK ? say_taken(is_new, out) : err;
}
