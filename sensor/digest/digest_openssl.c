#include "sensor/digest/digest.h"

#include <assert.h>
#include <openssl/evp.h>

/* These digests of memory cannot fail but for want of memory or a broken library: stop then. */
static void digest(const EVP_MD *kind, const void *data, size_t len, uint8_t *out)
{
	int done = EVP_Digest(data, len, out, NULL, kind, NULL);

	assert(done == 1);
	(void)done;
}

void digest_sha1(const void *data, size_t len, uint8_t out[static SHA1_LEN])
{
	digest(EVP_sha1(), data, len, out);
}

void digest_sha256(const void *data, size_t len, uint8_t out[static SHA256_LEN])
{
	digest(EVP_sha256(), data, len, out);
}
