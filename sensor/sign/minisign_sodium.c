#include "sensor/sign/minisign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define UNTRUSTED "untrusted comment: "
#define TRUSTED   "trusted comment: "

enum {
	DIGEST_LEN = 64,
	PART_LEN = 256 << 10,
	SIGNATURE_LEN = crypto_sign_BYTES,
	ALGORITHM_LEN = 2,
	SALT_LEN = 32,
	LIMITS_LEN = 16,
	CHECK_LEN = 32,
	BASE64 = sodium_base64_VARIANT_ORIGINAL,
};

static const char of_data[] = "Ed";   /* in keys, and in signatures of the older form */
static const char of_digest[] = "ED"; /* in signatures */
static const char by_blake2b[] = "B2";

/* As they lie in the files, before base64. */
struct public_form {
	char algorithm[ALGORITHM_LEN];
	struct sign_public key;
};

struct secret_form {
	char algorithm[ALGORITHM_LEN];
	char lock[ALGORITHM_LEN]; /* zeros: none */
	char check_by[ALGORITHM_LEN];
	uint8_t salt[SALT_LEN];
	uint8_t limits[LIMITS_LEN];
	struct sign_secret key;
	uint8_t check[CHECK_LEN];
};

struct signature_form {
	char algorithm[ALGORITHM_LEN];
	uint8_t id[SIGN_ID_LEN];
	uint8_t signature[SIGNATURE_LEN];
};

_Static_assert(sizeof(struct public_form) == 42 && sizeof(struct secret_form) == 158 &&
		       sizeof(struct signature_form) == 74,
	       "no padding: these are the forms of files");

/* A line without its end, within a text of a known length. */
struct line {
	const char *chars;
	size_t len;
};

enum err sign_start(void)
{
	return sodium_init() < 0 ? ERR_IO : ERR_OK;
}

void sign_make_pair(struct sign_public *public, struct sign_secret *secret)
{
	(void)crypto_sign_keypair(public->key, secret->key);
	randombytes_buf(public->id, sizeof(public->id));
	memcpy(secret->id, public->id, sizeof(secret->id));
}

void sign_forget(struct sign_secret *secret)
{
	sodium_memzero(secret, sizeof(*secret));
}

static struct line next_line(const char **at, const char *end)
{
	const char *start = *at;
	const char *newline = start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;
	struct line line = { start, (size_t)((newline ? newline : end) - start) };

	*at = newline ? newline + 1 : end;
	if (line.len > 0 && line.chars[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool begins(const struct line *line, const char *with)
{
	size_t len = strlen(with);

	return line->len >= len && memcmp(line->chars, with, len) == 0;
}

/* Only what encode would have written: libsodium takes some bytes beyond ASCII for letters. */
static bool decode(const struct line *line, void *out, size_t len)
{
	char again[sodium_base64_ENCODED_LEN(sizeof(struct secret_form), BASE64)];
	size_t got;
	bool is_same;

	if (len > sizeof(struct secret_form) ||
	    sodium_base642bin(out, len, line->chars, line->len, NULL, &got, NULL, BASE64) != 0 ||
	    got != len)
		return false;
	(void)sodium_bin2base64(again, sizeof(again), out, len, BASE64);
	is_same = strlen(again) == line->len && memcmp(again, line->chars, line->len) == 0;
	sodium_memzero(again, sizeof(again));
	return is_same;
}

/* The base64 of a key's file, whose comment may be missing. */
static struct line key_line(const char *text)
{
	const char *end = text + strlen(text);
	struct line line = next_line(&text, end);

	return begins(&line, UNTRUSTED) ? next_line(&text, end) : line;
}

enum err sign_public_parse(const char *text, struct sign_public *out)
{
	struct line line = key_line(text);
	struct public_form form;

	if (!decode(&line, &form, sizeof(form)) ||
	    memcmp(form.algorithm, of_data, ALGORITHM_LEN) != 0)
		return ERR_SYNTAX;
	*out = form.key;
	return ERR_OK;
}

static void check_of(const struct secret_form *form, uint8_t out[static CHECK_LEN])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, CHECK_LEN);
	(void)crypto_generichash_update(&state, (const uint8_t *)form->algorithm, ALGORITHM_LEN);
	(void)crypto_generichash_update(&state, form->key.id, sizeof(form->key.id));
	(void)crypto_generichash_update(&state, form->key.key, sizeof(form->key.key));
	(void)crypto_generichash_final(&state, out, CHECK_LEN);
}

/* Ed25519 keeps its public half behind the secret one: they must belong together. */
static bool halves_match(const struct sign_secret *secret)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	uint8_t public[SIGN_PUBLIC_LEN];
	uint8_t again[SIGN_SECRET_LEN];
	bool is_same;

	(void)crypto_sign_ed25519_sk_to_seed(seed, secret->key);
	(void)crypto_sign_seed_keypair(public, again, seed);
	is_same = sodium_memcmp(again, secret->key, sizeof(again)) == 0;
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(again, sizeof(again));
	return is_same;
}

static enum err open_secret(const struct secret_form *form)
{
	uint8_t check[CHECK_LEN];

	if (memcmp(form->algorithm, of_data, ALGORITHM_LEN) != 0 ||
	    memcmp(form->check_by, by_blake2b, ALGORITHM_LEN) != 0)
		return ERR_SYNTAX;
	if (!sodium_is_zero((const uint8_t *)form->lock, ALGORITHM_LEN))
		return ERR_MISSING;
	check_of(form, check);
	/* minisign -W leaves the check at zeros. */
	if (!sodium_is_zero(form->check, CHECK_LEN) &&
	    sodium_memcmp(check, form->check, CHECK_LEN) != 0)
		return ERR_SYNTAX;
	return halves_match(&form->key) ? ERR_OK : ERR_SYNTAX;
}

enum err sign_secret_parse(const char *text, struct sign_secret *out)
{
	struct line line = key_line(text);
	struct secret_form form;
	enum err err = ERR_SYNTAX;

	if (decode(&line, &form, sizeof(form)))
		err = open_secret(&form);
	if (err == ERR_OK)
		*out = form.key;
	sodium_memzero(&form, sizeof(form));
	return err;
}

void sign_id_text(const uint8_t id[static SIGN_ID_LEN], char out[static SIGN_ID_TEXT_LEN])
{
	/* minisign shows it as a number whose low byte comes first in the file. */
	for (size_t i = 0; i < SIGN_ID_LEN; i++)
		(void)snprintf(out + 2 * i, 3, "%02X", id[SIGN_ID_LEN - 1 - i]);
}

static void key_text(const char *what, const uint8_t id[static SIGN_ID_LEN], const void *form,
		     size_t len, char out[static SIGN_TEXT_MAX])
{
	char id_text[SIGN_ID_TEXT_LEN];
	char base64[sodium_base64_ENCODED_LEN(sizeof(struct secret_form), BASE64)];

	sign_id_text(id, id_text);
	(void)sodium_bin2base64(base64, sizeof(base64), form, len, BASE64);
	(void)snprintf(out, SIGN_TEXT_MAX, UNTRUSTED "%s %s\n%s\n", what, id_text, base64);
	sodium_memzero(base64, sizeof(base64));
}

void sign_public_text(const struct sign_public *public, char out[static SIGN_TEXT_MAX])
{
	struct public_form form = { .key = *public };

	memcpy(form.algorithm, of_data, ALGORITHM_LEN);
	key_text("minisign public key", public->id, &form, sizeof(form), out);
}

void sign_secret_text(const struct sign_secret *secret, char out[static SIGN_TEXT_MAX])
{
	struct secret_form form = { .key = *secret };

	memcpy(form.algorithm, of_data, ALGORITHM_LEN);
	memcpy(form.check_by, by_blake2b, ALGORITHM_LEN);
	check_of(&form, form.check);
	key_text("minisign secret key", secret->id, &form, sizeof(form), out);
	sodium_memzero(&form, sizeof(form));
}

static void digest_of(const struct sign_source *source, uint8_t out[static DIGEST_LEN])
{
	const uint8_t *data = source->data;
	crypto_generichash_state state;
	size_t part;

	(void)crypto_generichash_init(&state, NULL, 0, DIGEST_LEN);
	for (size_t at = 0; at < source->len; at += part) {
		part = source->len - at < PART_LEN ? source->len - at : PART_LEN;
		(void)crypto_generichash_update(&state, data + at, part);
		if (source->passed)
			source->passed(source->arg, data + at, part);
	}
	(void)crypto_generichash_final(&state, out, DIGEST_LEN);
}

/* What the second signature is over; its length. */
static size_t with_comment(const uint8_t signature[static SIGNATURE_LEN], const char *trusted,
			   size_t trusted_len, uint8_t out[static SIGNATURE_LEN + SIGN_COMMENT_LEN])
{
	memcpy(out, signature, SIGNATURE_LEN);
	memcpy(out + SIGNATURE_LEN, trusted, trusted_len);
	return SIGNATURE_LEN + trusted_len;
}

enum err sign_data(const struct sign_secret *secret, const void *data, size_t len,
		   const char *trusted, char out[static SIGN_TEXT_MAX])
{
	const struct sign_source source = { .data = data, .len = len };
	uint8_t digest[DIGEST_LEN];
	uint8_t both[SIGNATURE_LEN + SIGN_COMMENT_LEN];
	uint8_t global[SIGNATURE_LEN];
	struct signature_form form;
	char form_text[sodium_base64_ENCODED_LEN(sizeof(form), BASE64)];
	char global_text[sodium_base64_ENCODED_LEN(sizeof(global), BASE64)];
	size_t trusted_len = strlen(trusted);

	if (trusted_len >= SIGN_COMMENT_LEN || strpbrk(trusted, "\r\n"))
		return ERR_RANGE;
	memcpy(form.algorithm, of_digest, ALGORITHM_LEN);
	memcpy(form.id, secret->id, sizeof(form.id));
	digest_of(&source, digest);
	(void)crypto_sign_detached(form.signature, NULL, digest, sizeof(digest), secret->key);

	size_t both_len = with_comment(form.signature, trusted, trusted_len, both);

	(void)crypto_sign_detached(global, NULL, both, both_len, secret->key);
	(void)sodium_bin2base64(form_text, sizeof(form_text), (const uint8_t *)&form, sizeof(form),
				BASE64);
	(void)sodium_bin2base64(global_text, sizeof(global_text), global, sizeof(global), BASE64);
	(void)snprintf(out, SIGN_TEXT_MAX, UNTRUSTED "signature\n%s\n" TRUSTED "%s\n%s\n",
		       form_text, trusted, global_text);
	return ERR_OK;
}

/* A signature's file, taken apart. */
struct parts {
	struct signature_form form;
	const char *comment; /* the trusted one, within the file */
	size_t comment_len;
	uint8_t global[SIGNATURE_LEN];
};

static bool take_apart(const char *text, size_t len, struct parts *out)
{
	const char *end = text + len;
	struct line lines[4]; /* comment, signature, trusted comment, its signature */

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		lines[i] = next_line(&text, end);
	if (!begins(&lines[0], UNTRUSTED) || !begins(&lines[2], TRUSTED))
		return false;
	out->comment = lines[2].chars + strlen(TRUSTED);
	out->comment_len = lines[2].len - strlen(TRUSTED);
	return out->comment_len < SIGN_COMMENT_LEN &&
	       decode(&lines[1], &out->form, sizeof(out->form)) &&
	       memcmp(out->form.algorithm, of_digest, ALGORITHM_LEN) == 0 &&
	       decode(&lines[3], out->global, sizeof(out->global));
}

/* NOLINTNEXTLINE(readability-function-size): what is checked, by which key, and two answers */
enum sign_answer sign_check(const struct sign_public *public, const struct sign_source *source,
			    const char *signature, size_t signature_len,
			    char trusted[static SIGN_COMMENT_LEN], uint8_t id[static SIGN_ID_LEN])
{
	struct parts parts;
	uint8_t digest[DIGEST_LEN];
	uint8_t both[SIGNATURE_LEN + SIGN_COMMENT_LEN];
	size_t both_len;

	memset(id, 0, SIGN_ID_LEN);
	if (!take_apart(signature, signature_len, &parts))
		return SIGN_NONE;
	memcpy(id, parts.form.id, SIGN_ID_LEN);
	if (memcmp(id, public->id, SIGN_ID_LEN) != 0)
		return SIGN_OTHER_KEY;
	digest_of(source, digest);
	both_len = with_comment(parts.form.signature, parts.comment, parts.comment_len, both);
	if (crypto_sign_verify_detached(parts.form.signature, digest, sizeof(digest),
					public->key) != 0 ||
	    crypto_sign_verify_detached(parts.global, both, both_len, public->key) != 0)
		return SIGN_BAD;
	memcpy(trusted, parts.comment, parts.comment_len);
	trusted[parts.comment_len] = '\0';
	return SIGN_GOOD;
}
