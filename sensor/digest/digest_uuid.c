#include "sensor/digest/digest.h"

#include "sensor/base/digits.h"

enum { UUID_LEN = 16 };

void digest_uuid(const void *data, size_t len, char out[static DIGEST_UUID_LEN])
{
	uint8_t sha256[SHA256_LEN];

	digest_sha256(data, len, sha256);
	sha256[6] = (uint8_t)((sha256[6] & 0x0f) | 0x80); /* version 8 */
	sha256[8] = (uint8_t)((sha256[8] & 0x3f) | 0x80); /* variant */
	for (size_t i = 0; i < UUID_LEN; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		out = digits_hex_byte(out, sha256[i]);
	}
	*out = '\0';
}
