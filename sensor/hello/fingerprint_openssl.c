/* In OpenSSL 3.0 every other way to call a digest takes memory each time. */
#define OPENSSL_API_COMPAT 10101

#include "sensor/hello/fingerprint.h"

#include "sensor/base/digits.h"

#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

/* A digest of memory cannot fail. */
void fingerprint_md5(const struct span *parts, size_t count, char separator,
		     char out[static FINGERPRINT_MD5_SIZE])
{
	MD5_CTX context;
	uint8_t digest[MD5_DIGEST_LENGTH];

	(void)MD5_Init(&context);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			(void)MD5_Update(&context, &separator, 1);
		(void)MD5_Update(&context, parts[i].data, parts[i].len);
	}
	(void)MD5_Final(digest, &context);
	for (size_t i = 0; i < sizeof(digest); i++)
		out = digits_hex_byte(out, digest[i]);
	*out = '\0';
}

void fingerprint_sha256(struct span text, char out[static FINGERPRINT_SHA256_CUT])
{
	SHA256_CTX context;
	uint8_t digest[SHA256_DIGEST_LENGTH];

	(void)SHA256_Init(&context);
	(void)SHA256_Update(&context, text.data, text.len);
	(void)SHA256_Final(digest, &context);
	for (size_t i = 0; i < FINGERPRINT_SHA256_CUT / 2; i++)
		out = digits_hex_byte(out, digest[i]);
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
