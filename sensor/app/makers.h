/*
 * Who made a network card, by the first three bytes of its MAC: IEEE's list as Debian's package
 * ieee-data installs it. Hinomi brings none of its own. One thread.
 */
#pragma once

struct makers;

/* NULL where the package is not installed. */
struct makers *makers_read(void);
void makers_free(struct makers *makers);

/* The maker by a MAC's text; NULL is not known, as of `makers` that are NULL. Borrowed. */
const char *makers_find(const struct makers *makers, const char *mac);
