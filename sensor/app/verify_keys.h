/* The keys that `hinomi verify` holds a received stream against. One thread. */
#pragma once

#include "sensor/delivery/stream_verify.h"

enum { VERIFY_KEYS_MAX = 8192 };

struct verify_keys {
	struct verify_key list[VERIFY_KEYS_MAX];
	size_t count;
};

/*
 * Adds what --key says: keys of 64 hexadecimal digits, SENSOR=KEY, or files of such, one a line,
 * with commas between. False after a line on standard error.
 */
bool verify_keys_add(struct verify_keys *keys, const char *given);
