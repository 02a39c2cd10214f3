/*
 * Which name a device was told before it went to an address: passive DNS. Owner: the judge. One
 * thread; bounded by judge.names, the longest unheard of is forgotten first.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/kept_table.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"
#include "sensor/fact/fact.h"

struct resolved_names;

MUST_USE enum err resolved_names_new(struct resolved_names **out,
				     const struct judge_config *config);
void resolved_names_free(struct resolved_names *names);

/* `device` was told that `name` is at `address`. */
void resolved_names_learn(struct resolved_names *names, uint32_t device,
			  const struct address *address, const char *name);

/*
 * The name `device` was last told for `address`; if none, the one anybody was; if none, "".
 * Borrowed until the next call.
 */
const char *resolved_name(struct resolved_names *names, uint32_t device,
			  const struct address *address);

/* What of it outlives the process; `struct resolved_names` is the owner. */
extern const struct kept_table resolved_names_kept[];

/* How many answers had to make room for others. */
uint64_t resolved_names_forgotten(const struct resolved_names *names);
