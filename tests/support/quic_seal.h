/*
 * Client Initials as a client makes them (RFC 9001 5.3 and 5.4), for tests of what opens them: with
 * keys that are given, so that nothing of the tested code is used to make its own input.
 */
#pragma once

#include "sensor/hello/quic_keys.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

enum {
	QUIC_SEAL_TAG_LEN = 16,
	QUIC_SEAL_SAMPLE_AT = 4, /* behind where the packet number begins */
};

/* `number_len` bytes from the end of `header` are the packet number. */
struct quic_seal_header {
	const uint8_t *bytes;
	size_t len;
	size_t number_len;
};

static inline void quic_seal_mask(const struct quic_keys *keys, const uint8_t *sample,
				  uint8_t mask[static QUIC_KEY_LEN])
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int len = 0;
	bool done =
		context &&
		EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), NULL, keys->header_key, NULL) == 1 &&
		EVP_EncryptUpdate(context, mask, &len, sample, QUIC_KEY_LEN) == 1;

	assert(done);
	(void)done;
	EVP_CIPHER_CTX_free(context);
}

/* The length of the packet written to `out`, which has room for it. */
static inline size_t quic_seal(const struct quic_keys *keys, struct quic_seal_header header,
			       struct span payload, uint8_t *out)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t nonce[QUIC_IV_LEN];
	uint8_t mask[QUIC_KEY_LEN];
	size_t number_at = header.len - header.number_len;
	uint8_t *sealed = out + header.len;
	uint8_t *tag = sealed + payload.len;
	int len = 0;

	memcpy(nonce, keys->iv, sizeof(nonce));
	for (size_t i = 0; i < header.number_len; i++)
		nonce[sizeof(nonce) - header.number_len + i] ^= header.bytes[number_at + i];
	memcpy(out, header.bytes, header.len);
	bool done =
		context &&
		EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, keys->key, nonce) == 1 &&
		EVP_EncryptUpdate(context, NULL, &len, header.bytes, (int)header.len) == 1 &&
		EVP_EncryptUpdate(context, sealed, &len, payload.data, (int)payload.len) == 1 &&
		EVP_EncryptFinal_ex(context, tag, &len) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, QUIC_SEAL_TAG_LEN, tag) == 1;

	assert(done);
	(void)done;
	EVP_CIPHER_CTX_free(context);

	quic_seal_mask(keys, out + number_at + QUIC_SEAL_SAMPLE_AT, mask);
	out[0] ^= mask[0] & 0x0f;
	for (size_t i = 0; i < header.number_len; i++)
		out[number_at + i] ^= mask[1 + i];
	return header.len + payload.len + QUIC_SEAL_TAG_LEN;
}
