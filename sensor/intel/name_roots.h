/*
 * Whose root a name hangs from: that of ICANN, which every resolver asks, one of an office's own,
 * or one that only special resolvers know (Namecoin's ".bit", OpenNIC's), where nobody can take a
 * name away and no vendor's service lives. Pure.
 */
#pragma once

#include <stdbool.h>

enum name_root {
	ROOT_PUBLIC,      /* its last label is a top-level domain, or ".arpa" */
	ROOT_OFFICE,      /* one label alone, or a last one that offices use inside */
	ROOT_ALTERNATIVE, /* of a root that is known, but not ICANN's */
	ROOT_UNKNOWN,     /* a last label that nobody has given out */
};

/* Whether it is ROOT_ALTERNATIVE: asked of every lookup, so without the suffix list. */
bool name_is_of_alternative_root(const char *name);

/* `name` in lower case, without a dot at the end. */
enum name_root name_root_of(const char *name);
