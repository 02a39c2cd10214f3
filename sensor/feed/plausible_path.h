/*
 * How much of a path is its maker's own. Maltrail and others list paths without their host, to be
 * found on any: "/fre.php" and "/panel/admin.php" are thousands' own, "/ddgqprb4fbn/" one's. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
	PATH_OWN_LEAST = 8,  /* below it anybody could be blamed */
	PATH_OWN_SURE = 16,  /* from it on nobody else is likely to have it */
	PATH_OWN_MAX = 1024, /* longer ones count as far as here */
};

/*
 * Of a path with or without a query: the letters of its words that are nobody's else, those of
 * words as people make them up counting half, and one for each folder. In folders that thousands of
 * sites have alike (WordPress and its like) only words count that look drawn at random.
 */
size_t path_own(const char *path, size_t len);
