/* What `hinomi intel show`, `diff` and `install` are given: public keys and a few words. */
#pragma once

#include "sensor/app/intel_keys.h"
#include "sensor/intel/intel_set.h"

struct intel_words {
	size_t most; /* so many words are understood, at most two; the rest is as it was given */
	const char *words[2];
	size_t count; /* at least one, unless it is_help */
	struct intel_keys keys;
	bool is_help;
	bool is_rollback;
};

/* False after a line on standard error. */
bool intel_take_words(struct intel_words *words, int argc, char **argv);

/* Opens a set signed by one of the keys; NULL after a line on standard error. */
struct intel_set *intel_open_set(const struct intel_words *words, const char *path);
