/*
 * Digests that a definition asks for by name: SHA-1 for the community ID, SHA-256 for our ids and
 * for JA4, MD5 for JA3 and HASSH. Nothing is allocated. Any thread.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stddef.h>
#include <stdint.h>

enum {
	MD5_LEN = 16,
	SHA1_LEN = 20,
	SHA1_BLOCK_LEN = 64,
	SHA1_BLOCK_MAX = 55, /* bytes of a message that fill a block with their padding */
	SHA256_LEN = 32,
	DIGEST_UUID_LEN = 37, /* as text, with its NUL */
};

/* Of all parts, with `separator` between them. */
void digest_md5(const struct span *parts, size_t count, char separator,
		uint8_t out[static MD5_LEN]);

void digest_sha1(const void *data, size_t len, uint8_t out[static SHA1_LEN]);

/*
 * The same for less. `block` holds the message, SHA1_BLOCK_MAX bytes at most, and zeros behind it;
 * its padding is written there.
 */
void digest_sha1_block(uint8_t block[static SHA1_BLOCK_LEN], size_t len,
		       uint8_t out[static SHA1_LEN]);

void digest_sha256(const void *data, size_t len, uint8_t out[static SHA256_LEN]);

/* A UUID of RFC 9562's version 8, made of SHA-256: the same bytes give the same one. */
void digest_uuid(const void *data, size_t len, char out[static DIGEST_UUID_LEN]);
