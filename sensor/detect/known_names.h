/*
 * What names that are asked for come down to, for dns_tunnel: an answer repeats its question's
 * name, and an office asks for the same ones all day.
 *
 * One thread. 512 names, taken in known_names_new(). A name is kept by its
 * text, so that what is said of it is the same whether it was kept or not.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/fact/fact.h"
#include "sensor/intel/suffix_rules.h"

struct known_names;

struct known_name {
	uint64_t hash;        /* distinct_hash() of what is meant; set when domain_at is … */
	uint64_t domain_hash; /* … and that of the registered domain */
	uint16_t len;
	uint16_t meant_len; /* what is meant stands at its beginning, in `name` */
	uint16_t domain_at; /* the registered domain in that; 0: there is none, or it is all */
	char name[FACT_NAME_LEN]; /* `len` characters, no NUL */
};

/* `rules` is borrowed. */
MUST_USE enum err known_names_new(struct known_names **out, const struct suffix_rules *rules);
void known_names_free(struct known_names *names);

/* Borrowed until the next call. `name` is shorter than FACT_NAME_LEN. */
const struct known_name *known_names_of(struct known_names *names, const char *name);
