#include "sensor/sign/minisign.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* A key from the file, or the file as a signature: what it is, its bytes tell. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct sign_public key = { { 1 }, { 2 } };
	static const struct sign_source source = { .data = "data", .len = 4 };
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];
	struct sign_public public;
	struct sign_secret secret;
	char *text = malloc(len + 1);

	if (!text || sign_start() != ERR_OK)
		abort();
	memcpy(text, data, len);
	text[len] = '\0';
	(void)!sign_public_parse(text, &public);
	(void)!sign_secret_parse(text, &secret);
	if (sign_check(&key, &source, (const char *)data, len, trusted, id) == SIGN_GOOD)
		abort();
	free(text);
	return 0;
}
