#include "sensor/sign/signature.h"

#include <sodium.h>
#include <string.h>

_Static_assert(SIGNATURE_LEN == crypto_sign_BYTES, "Ed25519");

void sign_key_id(const uint8_t key[static SIGN_PUBLIC_LEN], uint8_t id[static SIGN_ID_LEN])
{
	uint8_t digest[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(digest, key, SIGN_PUBLIC_LEN);
	memcpy(id, digest, SIGN_ID_LEN);
}

void sign_name_by_key(struct sign_public *public, struct sign_secret *secret)
{
	sign_key_id(public->key, public->id);
	memcpy(secret->id, public->id, sizeof(secret->id));
}

void sign_message(const struct sign_secret *secret, const void *message, size_t len,
		  uint8_t signature[static SIGNATURE_LEN])
{
	(void)crypto_sign_detached(signature, NULL, message, len, secret->key);
}

bool sign_message_check(const struct sign_public *public, const void *message, size_t len,
			const uint8_t signature[static SIGNATURE_LEN])
{
	return crypto_sign_verify_detached(signature, message, len, public->key) == 0;
}
