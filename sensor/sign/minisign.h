/*
 * Signatures in the form of minisign (jedisct1.github.io/minisign): Ed25519 over the BLAKE2b-512
 * digest of the data, and once more over that signature with a trusted comment. What is signed here
 * `minisign -V` accepts, and the other way round. Its older form, over the data itself, is refused.
 *
 * Any thread, after sign_start().
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SIGN_ID_LEN = 8,
	SIGN_ID_TEXT_LEN = 17,
	SIGN_PUBLIC_LEN = 32,
	SIGN_SECRET_LEN = 64,
	SIGN_COMMENT_LEN = 512, /* of a comment, with its NUL; a longer one is refused */
	SIGN_TEXT_MAX = 2048,   /* of a signature or a key in its file's form, with its NUL */
};

/* The id names a pair of keys, so that one says which key is missing; it proves nothing. */
struct sign_public {
	uint8_t id[SIGN_ID_LEN];
	uint8_t key[SIGN_PUBLIC_LEN];
};

struct sign_secret {
	uint8_t id[SIGN_ID_LEN];
	uint8_t key[SIGN_SECRET_LEN];
};

/* Once, before any other. ERR_IO: the system gives no random numbers. */
MUST_USE enum err sign_start(void);

/* A new pair; the secret is the caller's to wipe by sign_forget(). */
void sign_make_pair(struct sign_public *public, struct sign_secret *secret);
void sign_forget(struct sign_secret *secret);

/*
 * A key in its file's form: a line of untrusted comment and a line of base64; a public key also as
 * the base64 alone. ERR_SYNTAX: no such thing. ERR_MISSING: the secret key is locked by a password,
 * which a service cannot type.
 */
MUST_USE enum err sign_public_parse(const char *text, struct sign_public *out);
MUST_USE enum err sign_secret_parse(const char *text, struct sign_secret *out);
void sign_public_text(const struct sign_public *public, char out[static SIGN_TEXT_MAX]);
void sign_secret_text(const struct sign_secret *secret, char out[static SIGN_TEXT_MAX]);
void sign_id_text(const uint8_t id[static SIGN_ID_LEN], char out[static SIGN_ID_TEXT_LEN]);

/* The signature's file. `trusted` is one line of at most SIGN_COMMENT_LEN - 1 bytes. */
MUST_USE enum err sign_data(const struct sign_secret *secret, const void *data, size_t len,
			    const char *trusted, char out[static SIGN_TEXT_MAX]);

enum sign_answer {
	SIGN_GOOD,
	SIGN_OTHER_KEY, /* made by a pair of another id */
	SIGN_BAD,       /* by that key perhaps, but not of this data or this comment */
	SIGN_NONE,      /* not the form of a signature */
};

/* Called with each part of the data, in order, when it is not looked at again. */
typedef void sign_passed_fn(void *arg, const void *part, size_t len);

struct sign_source {
	const void *data;
	size_t len;
	sign_passed_fn *passed; /* NULL: nobody wants to know */
	void *arg;
};

/*
 * Whether `signature`, of `signature_len` bytes from anywhere, is of this data by that key. With
 * SIGN_GOOD `trusted` is what was signed along. `id` is the key's that made it, also when it is
 * another one; zeros with SIGN_NONE.
 */
MUST_USE enum sign_answer sign_check(const struct sign_public *public,
				     const struct sign_source *source, const char *signature,
				     size_t signature_len, char trusted[static SIGN_COMMENT_LEN],
				     uint8_t id[static SIGN_ID_LEN]);
