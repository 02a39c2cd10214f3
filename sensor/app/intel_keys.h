/* Keys from files. Each false comes after one line on standard error. */
#pragma once

#include "sensor/app/output.h"
#include "sensor/sign/minisign.h"

enum { INTEL_KEYS_MAX = 8 };

/* Whose signatures are taken: more than one while a maker changes from one key to the next. */
struct intel_keys {
	struct sign_public list[INTEL_KEYS_MAX];
	size_t count;
};

/*
 * Adds the public keys of `text`: a key itself, a file that holds one or several, or several of
 * both with blanks between.
 */
bool intel_keys_add(struct intel_keys *keys, const char *text);

/*
 * The files in such a text, one after the other; `*at` begins with 0. False behind the last.
 */
bool intel_keys_next_file(const char *text, size_t *at, char out[static OUTPUT_TEXT_LEN]);

/* The secret is the caller's to wipe by sign_forget(). */
bool intel_read_secret(const char *path, struct sign_secret *out);
