/*
 * A digest over many short texts in order, a block at a time: which indicators were in force, so
 * that a capsule can say it. Two lists of the same items in the same order have the same one. Pure;
 * one thread.
 */
#pragma once

#include "sensor/digest/digest.h"

enum { LIST_DIGEST_BLOCK = 4096 };

/* Zeroed before its first use. */
struct list_digest {
	uint8_t sum[SHA256_LEN]; /* of all blocks before */
	uint8_t block[LIST_DIGEST_BLOCK];
	size_t used;
};

void list_digest_add(struct list_digest *digest, const char *text);

/* Of what was added so far; more may be added. */
void list_digest_sum(const struct list_digest *digest, uint8_t out[static SHA256_LEN]);
