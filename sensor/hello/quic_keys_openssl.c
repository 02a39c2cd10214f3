/*
 * HKDF with SHA-256 (RFC 5869) by SHA-256 alone: libcrypto's own HKDF and HMAC take memory for each
 * key, and OpenSSL 3.0 even for each digest that is not called in this older way.
 */
#define OPENSSL_API_COMPAT 10101

#include "sensor/hello/quic_keys.h"

#include <assert.h>
#include <openssl/sha.h>

enum {
	SALT_LEN = 20,
	SECRET_LEN = SHA256_DIGEST_LENGTH,
	INNER_PAD = 0x36, /* RFC 2104 2 */
	OUTER_PAD = 0x5c,
	FIRST_BLOCK = 1, /* RFC 5869 2.3: no secret here needs a second one */
};

/* What one key begins every message with. */
struct hmac {
	SHA256_CTX inner;
	SHA256_CTX outer;
};

struct family_row {
	uint8_t salt[SALT_LEN];
	const char *key_label;
	const char *iv_label;
	const char *header_label;
};

static const struct family_row rows[] = {
	[QUIC_FAMILY_DRAFT_23] = { { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
				     0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 },
				   "tls13 quic key",
				   "tls13 quic iv",
				   "tls13 quic hp" },
	[QUIC_FAMILY_DRAFT_29] = { { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
				     0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 },
				   "tls13 quic key",
				   "tls13 quic iv",
				   "tls13 quic hp" },
	[QUIC_FAMILY_V1] = { { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
			       0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
			     "tls13 quic key",
			     "tls13 quic iv",
			     "tls13 quic hp" },
	[QUIC_FAMILY_V2] = { { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
			       0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 },
			     "tls13 quicv2 key",
			     "tls13 quicv2 iv",
			     "tls13 quicv2 hp" },
};

/* `key` is at most a block long. */
static void hmac_start(struct hmac *h, struct span key)
{
	uint8_t inner[SHA256_CBLOCK];
	uint8_t outer[SHA256_CBLOCK];

	assert(key.len <= SHA256_CBLOCK);
	memset(inner, INNER_PAD, sizeof(inner));
	memset(outer, OUTER_PAD, sizeof(outer));
	for (size_t i = 0; i < key.len; i++) {
		inner[i] ^= key.data[i];
		outer[i] ^= key.data[i];
	}
	/* A digest of memory cannot fail. */
	(void)SHA256_Init(&h->inner);
	(void)SHA256_Update(&h->inner, inner, sizeof(inner));
	(void)SHA256_Init(&h->outer);
	(void)SHA256_Update(&h->outer, outer, sizeof(outer));
}

/* `message` has the key's inner pad before it already. */
static void hmac_finish(const struct hmac *h, SHA256_CTX *message, uint8_t out[static SECRET_LEN])
{
	SHA256_CTX outer = h->outer;

	(void)SHA256_Final(out, message);
	(void)SHA256_Update(&outer, out, SECRET_LEN);
	(void)SHA256_Final(out, &outer);
}

/* HKDF-Expand-Label (RFC 8446 7.1) without a context, for no more than one block. */
static void expand(const struct hmac *secret, const char *label, uint8_t *out, size_t len)
{
	SHA256_CTX message = secret->inner;
	uint8_t block[SECRET_LEN];
	const uint8_t head[] = { 0, (uint8_t)len, (uint8_t)strlen(label) };
	const uint8_t tail[] = { 0, FIRST_BLOCK };

	assert(len <= sizeof(block));
	(void)SHA256_Update(&message, head, sizeof(head));
	(void)SHA256_Update(&message, label, strlen(label));
	(void)SHA256_Update(&message, tail, sizeof(tail));
	hmac_finish(secret, &message, block);
	memcpy(out, block, len);
}

void quic_keys_derive(struct quic_keys *keys, enum quic_family family, struct span dcid)
{
	const struct family_row *row = &rows[family];
	struct hmac hmac;
	uint8_t secret[SECRET_LEN];
	const struct span secret_span = { secret, sizeof(secret) };

	assert(family != QUIC_FAMILY_OPAQUE && family != QUIC_FAMILY_GREASE);
	hmac_start(&hmac, (struct span){ row->salt, sizeof(row->salt) });
	SHA256_CTX message = hmac.inner;

	(void)SHA256_Update(&message, dcid.data, dcid.len);
	hmac_finish(&hmac, &message, secret);
	hmac_start(&hmac, secret_span);
	expand(&hmac, "tls13 client in", secret, sizeof(secret));
	hmac_start(&hmac, secret_span);
	expand(&hmac, row->key_label, keys->key, sizeof(keys->key));
	expand(&hmac, row->iv_label, keys->iv, sizeof(keys->iv));
	expand(&hmac, row->header_label, keys->header_key, sizeof(keys->header_key));
}
