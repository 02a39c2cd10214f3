/*
 * The registered domain of a name ("shop.example.co.jp" → "example.co.jp") by the public suffix
 * list (publicsuffix.org). The only folder that knows libpsl. Any thread after the first call.
 */
#pragma once

#include <stdbool.h>

/*
 * Points into `name`, which is lower case; NULL when the name is itself a public suffix or has no
 * dot. Suffixes where strangers register below (dynamic DNS, hosting) count as public.
 */
const char *registered_domain(const char *name);

/* "co.jp", "com", "duckdns.org": many owners share what is below it. */
bool is_public_suffix(const char *name);

/* "com", "jp", "arpa": a label of the root of ICANN. For the list alone, any last label is a
 * suffix.
 */
bool is_top_level_domain(const char *label);

/* What libpsl's own list was made from; "" where it does not say. */
struct suffix_list_source {
	const char *path;
	const char *sha1; /* in hex */
};

struct suffix_list_source suffix_list_source(void);
