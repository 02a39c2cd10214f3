/* HMAC-SHA-256 (RFC 2104): who made it knew the secret. Nothing is allocated. Any thread. */
#pragma once

#include "sensor/digest/digest.h"

void digest_hmac(const void *secret, size_t secret_len, const void *data, size_t len,
		 uint8_t out[static SHA256_LEN]);

/* Whether both are equal, in a time that does not tell how far they are. */
bool digest_is_same(const uint8_t a[static SHA256_LEN], const uint8_t b[static SHA256_LEN]);
