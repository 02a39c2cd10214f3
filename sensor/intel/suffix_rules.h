/*
 * registered_domain() for each DNS message: the same answers without libpsl's walk through its
 * packed list, which costs 2,000 instructions a question and 8,000 a name.
 *
 * The rules are read from the file that libpsl was built from, and only if its digest says that it
 * is that very list; else every name is asked of libpsl, and only time is lost. About 400 KiB,
 * taken in suffix_rules_new(); one thread makes it, any number may read it.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>

struct suffix_rules;

/* ERR_MEMORY only: a list that cannot be read is none. */
MUST_USE enum err suffix_rules_new(struct suffix_rules **out);
void suffix_rules_free(struct suffix_rules *rules);

/* Whether there are rules, or libpsl is asked for every name. */
bool suffix_rules_are_read(const struct suffix_rules *rules);

/* As registered_domain(name). */
const char *suffix_rules_domain(const struct suffix_rules *rules, const char *name);
