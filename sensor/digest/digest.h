/*
 * Digests that a definition asks for by name: SHA-1 for the community ID, SHA-256 for our ids.
 * Those of fingerprints, MD5 among them, stand in sensor/hello. Any thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	SHA1_LEN = 20,
	SHA1_BLOCK_LEN = 64,
	SHA1_BLOCK_MAX = 55, /* bytes of a message that fill a block with their padding */
	SHA256_LEN = 32,
};

void digest_sha1(const void *data, size_t len, uint8_t out[static SHA1_LEN]);

/*
 * The same for less. `block` holds the message, SHA1_BLOCK_MAX bytes at most, and zeros behind it;
 * its padding is written there.
 */
void digest_sha1_block(uint8_t block[static SHA1_BLOCK_LEN], size_t len,
		       uint8_t out[static SHA1_LEN]);

void digest_sha256(const void *data, size_t len, uint8_t out[static SHA256_LEN]);
