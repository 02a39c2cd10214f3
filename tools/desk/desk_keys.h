/*
 * Keys of sensors (their own pairs) and the desk's own pair. A sensor may have several keys, one
 * after the other; only the rangers take one away. Within desk_begin() and its end but where said.
 */
#pragma once

#include "sensor/sign/signature.h"
#include "tools/desk/desk_reply.h"

struct desk_key {
	struct sign_public public;
	bool is_revoked;
};

/* False: the sensor has no such key. */
bool desk_key_get(struct desk_store *store, const char *sensor,
		  const uint8_t id[static SIGN_ID_LEN], struct desk_key *out);
void desk_key_add(struct desk_store *store, const char *sensor,
		  const uint8_t key[static SIGN_PUBLIC_LEN], int64_t now);

/* The pair by which the desk signs orders; made at the first call, the caller's to forget. */
void desk_key_own(struct desk_store *store, struct sign_public *public, struct sign_secret *secret);

/* `signer` is a key's id as text, of whatever sensor. Returns how many keys were revoked now. */
int64_t desk_key_revoke(struct desk_store *store, const char *signer, int64_t now);
/* The sensor with all its keys; it is let in no more. */
int64_t desk_key_revoke_sensor(struct desk_store *store, const char *sensor, int64_t now);

/*
 * POST /v1/keys: a text of hinomi.key/1 of `sensor`; takes the lock itself. ERR_OK: it is stored,
 * `out` has a text of hinomi.key_taken/1. ERR_SYNTAX: not of this form. ERR_MISSING: another's, or
 * not signed by a key that counts, or the new one's proof is not good. ERR_IO, ERR_MEMORY: not now.
 */
MUST_USE enum err desk_key_take(struct desk_store *store, const char *sensor, const char *text,
				size_t len, int64_t now, struct desk_reply *out);
