#include "sensor/hello/fingerprint.h"

#include "sensor/base/digits.h"
#include "sensor/digest/digest.h"

#include <string.h>

static char *put_hex(char *out, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out = digits_hex_byte(out, bytes[i]);
	return out;
}

void fingerprint_md5(const struct span *parts, size_t count, char separator,
		     char out[static FINGERPRINT_MD5_SIZE])
{
	uint8_t md5[MD5_LEN];

	digest_md5(parts, count, separator, md5);
	*put_hex(out, md5, sizeof(md5)) = '\0';
}

void fingerprint_sha256(struct span text, char out[static FINGERPRINT_SHA256_CUT])
{
	uint8_t sha256[SHA256_LEN];

	digest_sha256(text.data, text.len, sha256);
	(void)put_hex(out, sha256, FINGERPRINT_SHA256_CUT / 2);
}

/* Who sends lists that share a slot makes us digest them again, and changes no answer. */
static struct fingerprint_kept *slot_of(struct fingerprint_scratch *scratch, struct span text)
{
	struct cursor in = { .rest = text };
	uint64_t hash = text.len;

	while (cursor_left(&in) >= sizeof(uint32_t))
		hash = (hash ^ cursor_be32(&in)) * UINT64_C(0x9e3779b97f4a7c15);
	return &scratch->kept[hash >> 48 & (FINGERPRINTS_KEPT - 1)];
}

_Static_assert((FINGERPRINTS_KEPT & (FINGERPRINTS_KEPT - 1)) == 0, "taken from a hash by its bits");

void fingerprint_sha256_kept(struct fingerprint_scratch *scratch, struct span text,
			     char out[static FINGERPRINT_SHA256_CUT])
{
	struct fingerprint_kept *kept = slot_of(scratch, text);

	if (text.len == 0 || text.len > sizeof(kept->text)) {
		fingerprint_sha256(text, out);
		return;
	}
	if (kept->len != text.len || memcmp(kept->text, text.data, text.len) != 0) {
		fingerprint_sha256(text, kept->digest);
		kept->len = (uint16_t)text.len;
		memcpy(kept->text, text.data, text.len);
	}
	memcpy(out, kept->digest, sizeof(kept->digest));
}
