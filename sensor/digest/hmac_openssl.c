#include "sensor/digest/hmac.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

void digest_hmac(const void *secret, size_t secret_len, const void *data, size_t len,
		 uint8_t out[static SHA256_LEN])
{
	unsigned got = 0;

	assert(secret_len <= INT_MAX);
	const unsigned char *made =
		HMAC(EVP_sha256(), secret, (int)secret_len, data, len, out, &got);

	assert(made && got == SHA256_LEN);
}

bool digest_is_same(const uint8_t a[static SHA256_LEN], const uint8_t b[static SHA256_LEN])
{
	return CRYPTO_memcmp(a, b, SHA256_LEN) == 0;
}
