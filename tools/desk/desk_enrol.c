#include "tools/desk/desk_enrol.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/base/text.h"
#include "sensor/digest/digest.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_keys.h"

#include <stdlib.h>

/* One line, so that no member can pass for another in the text that is proved. */
static bool is_line(const char *text, size_t size)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == '\x7f')
			return false;
	}
	return len > 0 && len < size;
}

/* Each character is one that may be shown: so what is proved is also what is written. */
static bool is_office(const char *office)
{
	struct span bytes = { (const uint8_t *)office, strlen(office) };
	char clean[DESK_OFFICE_LEN];

	return is_line(office, DESK_OFFICE_LEN) && text_from_wire(bytes, clean, sizeof(clean)) &&
	       strcmp(clean, office) == 0;
}

enum err desk_enrol_code(struct desk_store *store, const char *office, int64_t now,
			 char code[static DESK_CODE_SHOWN_LEN],
			 char problem[static DESK_PROBLEM_LEN])
{
	char secret[ENROL_CODE_LEN];

	if (!is_office(office)) {
		(void)snprintf(
			problem, DESK_PROBLEM_LEN,
			"office: a name of 1 to %d bytes of UTF-8, without control characters",
			DESK_OFFICE_LEN - 1);
		return ERR_RANGE;
	}
	desk_code_make(secret);
	desk_code_show(secret, code);
	desk_begin(store);
	desk_do(store, "DELETE FROM codes WHERE expires<?", "i",
		now - (int64_t)(DESK_CODE_DAYS * NANOTIME_DAY));
	desk_do(store, "INSERT OR IGNORE INTO offices(name, made) VALUES(?,?)", "ti", office, now);
	/* Two codes of one name: the later counts, if the former was never used. */
	if (desk_do(store,
		    "INSERT INTO codes(id, secret, office, made, expires) "
		    "VALUES(substr(?1, 1, 5), ?1, ?2, ?3, ?4) ON CONFLICT(id) DO UPDATE SET "
		    "secret=excluded.secret, office=excluded.office, made=excluded.made, "
		    "expires=excluded.expires WHERE sensor IS NULL",
		    "ttii", secret, office, now,
		    now + (int64_t)(DESK_CODE_DAYS * NANOTIME_DAY)) != 1) {
		desk_rollback(store);
		(void)snprintf(problem, DESK_PROBLEM_LEN, "no code could be stored; try again");
		return ERR_IO;
	}
	desk_note(store, now, office, "code_made", "");
	(void)snprintf(problem, DESK_PROBLEM_LEN, "desk.db cannot be written; free the disk");
	return desk_commit(store);
}

struct asking {
	struct desk_body body;
	struct enrol_request said;
	uint8_t public[SIGN_PUBLIC_LEN];
};

static bool read_asking(const char *text, size_t len, struct asking *out)
{
	const char *id;

	if (!desk_body_open(&out->body, text, len))
		return false;
	id = desk_body_text(&out->body, "code_id");
	(void)snprintf(out->said.code_id, sizeof(out->said.code_id), "%s", id);
	out->said.public_key = desk_body_text(&out->body, "public_key");
	out->said.host = desk_body_text(&out->body, "host");
	out->said.version = desk_body_text(&out->body, "version");
	return strcmp(desk_body_text(&out->body, "schema"), "hinomi.enrol/1") == 0 &&
	       strlen(id) == ENROL_ID_LEN - 1 &&
	       hex_bytes(out->said.public_key, out->public, SIGN_PUBLIC_LEN) &&
	       is_line(out->said.host, 256) && is_line(out->said.version, 64);
}

struct grant {
	char secret[ENROL_CODE_LEN];
	char office[DESK_OFFICE_LEN];
	char sensor[DESK_SENSOR_LEN];
	char token[ENROL_PROOF_LEN];
	char desk_key[2 * SIGN_PUBLIC_LEN + 1];
};

/* What follows from the code, the desk's own secret and a word, for who has all of them. */
static void derive(const struct sign_secret *own, const char *secret, const char *word,
		   char out[static ENROL_PROOF_LEN])
{
	uint8_t digest[SHA256_LEN];
	char text[ENROL_CODE_LEN + 32];
	int len = snprintf(text, sizeof(text), "hinomi.desk/1 %.16s %s", word, secret);

	digest_hmac(own->key, SIGN_SECRET_LEN, text, (size_t)len, digest);
	hex_text(digest, sizeof(digest), out);
}

/*
 * Nothing of it is drawn: so a reply that was lost can be given again, and the file holds no token,
 * only its digest. Each code is new, and so is each name.
 */
static void name_sensor(const struct sign_secret *own, struct grant *grant)
{
	char name[ENROL_PROOF_LEN];

	derive(own, grant->secret, "name", name);
	(void)snprintf(grant->sensor, sizeof(grant->sensor), "s-%.16s", name);
	derive(own, grant->secret, "token", grant->token);
}

static void put_sensor(struct desk_store *store, const struct asking *a, const struct grant *grant,
		       int64_t now)
{
	uint8_t digest[SHA256_LEN];

	digest_sha256(grant->token, strlen(grant->token), digest);
	desk_do(store, "UPDATE codes SET public=?, sensor=? WHERE id=?", "btt", a->public,
		(size_t)SIGN_PUBLIC_LEN, grant->sensor, a->said.code_id);
	desk_do(store,
		"INSERT INTO sensors(name, office, token, host, version, enrolled, heard) "
		"VALUES(?,?,?,?,?,?,?)",
		"ttbttii", grant->sensor, grant->office, digest, sizeof(digest), a->said.host,
		a->said.version, now, now);
	desk_key_add(store, grant->sensor, a->public, now);
	desk_note(store, now, grant->sensor, "enrolled", grant->office);
}

/* What is wrong with the code, or NULL; `is_again`: the same sensor asks once more. */
static const char *check_code(struct desk_store *store, const struct asking *a, int64_t now,
			      struct grant *grant, bool *is_again)
{
	uint8_t used_by[SIGN_PUBLIC_LEN];
	char proof[ENROL_PROOF_LEN];
	const char *wrong = NULL;
	struct desk_rows *rows = desk_ask(
		store, "SELECT secret, office, expires, public, sensor FROM codes WHERE id=?", "t",
		a->said.code_id);

	if (!desk_next(rows))
		return "unknown_code";
	(void)snprintf(grant->secret, sizeof(grant->secret), "%s", desk_text(rows, 0));
	(void)snprintf(grant->office, sizeof(grant->office), "%s", desk_text(rows, 1));
	(void)snprintf(grant->sensor, sizeof(grant->sensor), "%s", desk_text(rows, 4));
	*is_again = !desk_is_null(rows, 4);
	if (!enrol_request_proof(grant->secret, &a->said, proof) ||
	    !enrol_proof_is(desk_body_text(&a->body, "proof"), proof))
		wrong = "unknown_code";
	else if (desk_number(rows, 2) < now)
		wrong = "expired_code";
	else if (*is_again && (!desk_bytes(rows, 3, used_by, sizeof(used_by)) ||
			       memcmp(used_by, a->public, sizeof(used_by)) != 0))
		wrong = "used_code";
	desk_done(rows);
	return wrong;
}

static const char *grant_code(struct desk_store *store, const struct asking *a, int64_t now,
			      struct grant *grant)
{
	struct sign_public public;
	struct sign_secret secret;
	bool is_again = false;
	const char *wrong = check_code(store, a, now, grant, &is_again);

	if (wrong)
		return wrong;
	desk_key_own(store, &public, &secret);
	hex_text(public.key, SIGN_PUBLIC_LEN, grant->desk_key);
	name_sensor(&secret, grant);
	sign_forget(&secret);
	if (!is_again)
		put_sensor(store, a, grant, now);
	return NULL;
}

static enum err write_grant(const struct asking *a, const struct grant *grant,
			    const struct desk_enrol_gift *gift, struct desk_reply *out)
{
	const struct enrol_reply said = {
		a->said.public_key, grant->sensor,   grant->office, grant->token,
		grant->desk_key,    gift->authority, gift->policy,
	};
	char proof[ENROL_PROOF_LEN];
	struct json j;
	FILE *stream = open_memstream(&out->text, &out->len);

	if (!stream)
		return ERR_MEMORY;
	/* The office has no control character, and all else is ours. */
	(void)enrol_reply_proof(grant->secret, &said, proof);
	json_start(&j, stream);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.enrolled/1");
	json_string(&j, "sensor", grant->sensor);
	json_string(&j, "office", grant->office);
	json_string(&j, "token", grant->token);
	json_string(&j, "desk_key", grant->desk_key);
	json_string(&j, "authority", gift->authority);
	json_string(&j, "policy", gift->policy);
	json_string(&j, "proof", proof);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
	return fclose(stream) == 0 ? ERR_OK : ERR_MEMORY;
}

enum err desk_enrol(struct desk_store *store, const char *text, size_t len,
		    const struct desk_enrol_gift *gift, int64_t now, struct desk_reply *out)
{
	struct asking a = { 0 };
	struct grant grant = { 0 };
	const char *wrong;
	enum err err;

	if (!read_asking(text, len, &a)) {
		desk_body_close(&a.body);
		(void)snprintf(out->problem, DESK_PROBLEM_LEN, "no hinomi.enrol/1");
		return ERR_SYNTAX;
	}
	desk_begin(store);
	wrong = grant_code(store, &a, now, &grant);
	if (wrong) {
		bool has_failed = desk_has_failed(store);

		(void)snprintf(out->problem, DESK_PROBLEM_LEN, "%s", wrong);
		desk_rollback(store);
		desk_body_close(&a.body);
		return has_failed ? ERR_IO : ERR_MISSING;
	}
	err = desk_commit(store);
	if (err == ERR_OK)
		err = write_grant(&a, &grant, gift, out);
	else
		(void)snprintf(out->problem, DESK_PROBLEM_LEN,
			       "nothing can be stored now; try again");
	desk_body_close(&a.body);
	return err;
}

static bool read_sensor(struct desk_rows *rows, char *sensor, bool *is_revoked)
{
	bool is_there = desk_next(rows);

	if (is_there) {
		if (sensor)
			(void)snprintf(sensor, DESK_SENSOR_LEN, "%s", desk_text(rows, 0));
		*is_revoked = !desk_is_null(rows, 1);
	}
	desk_done(rows);
	return is_there;
}

bool desk_enrol_token(struct desk_store *store, const char *token,
		      char sensor[static DESK_SENSOR_LEN], bool *is_revoked)
{
	uint8_t digest[SHA256_LEN];
	bool is_there;

	digest_sha256(token, strlen(token), digest);
	desk_begin(store);
	is_there = read_sensor(desk_ask(store, "SELECT name, revoked FROM sensors WHERE token=?",
					"b", digest, sizeof(digest)),
			       sensor, is_revoked);
	desk_rollback(store);
	return is_there;
}

bool desk_enrol_named(struct desk_store *store, const char *sensor, bool *is_revoked)
{
	bool is_there;

	desk_begin(store);
	is_there = read_sensor(
		desk_ask(store, "SELECT name, revoked FROM sensors WHERE name=?", "t", sensor),
		NULL, is_revoked);
	desk_rollback(store);
	return is_there;
}
