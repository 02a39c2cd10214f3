/*
 * Detached signatures (Ed25519, RFC 8032) over a message as it stands: what an office delivers to
 * its rangers bears them, and what rangers send back. Files bear minisign's form (minisign.h); the
 * pairs of keys are the same.
 *
 * Any thread, after sign_start().
 */
#pragma once

#include "sensor/sign/minisign.h"

enum { SIGNATURE_LEN = 64 };

/*
 * Gives a pair the id that follows from its public key: the first SIGN_ID_LEN bytes of the key's
 * SHA-256. So who has the key can say its id, and nobody chooses it.
 */
void sign_name_by_key(struct sign_public *public, struct sign_secret *secret);
/* The same for a public key alone. */
void sign_key_id(const uint8_t key[static SIGN_PUBLIC_LEN], uint8_t id[static SIGN_ID_LEN]);

void sign_message(const struct sign_secret *secret, const void *message, size_t len,
		  uint8_t signature[static SIGNATURE_LEN]);
bool sign_message_check(const struct sign_public *public, const void *message, size_t len,
			const uint8_t signature[static SIGNATURE_LEN]);
