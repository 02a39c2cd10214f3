#include "sensor/intel/list_digest.h"

#include <string.h>

static void sum_up(const struct list_digest *digest, uint8_t out[static SHA256_LEN])
{
	uint8_t all[SHA256_LEN + LIST_DIGEST_BLOCK];

	memcpy(all, digest->sum, SHA256_LEN);
	memcpy(all + SHA256_LEN, digest->block, digest->used);
	digest_sha256(all, SHA256_LEN + digest->used, out);
}

static void add(struct list_digest *digest, char c)
{
	digest->block[digest->used++] = (uint8_t)c;
	if (digest->used < LIST_DIGEST_BLOCK)
		return;
	sum_up(digest, digest->sum);
	digest->used = 0;
}

void list_digest_add(struct list_digest *digest, const char *text)
{
	for (const char *c = text; *c; c++)
		add(digest, *c);
	add(digest, '\n');
}

void list_digest_sum(const struct list_digest *digest, uint8_t out[static SHA256_LEN])
{
	sum_up(digest, out);
}
