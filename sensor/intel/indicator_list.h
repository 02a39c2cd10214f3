/*
 * A plain list of bad names and addresses, one a line, as people exchange them:
 *
 *     evil.example            the name and every name below it, as does *.evil.example
 *     192.0.2.7               the address
 *     192.0.2.0/24            the network
 *     192.0.2.7:4444          the address at that port; [2001:db8::7]:4444
 *     # words                 a comment; also behind an item
 *
 * Read once at start, then read by one thread. Items that would blame half the internet (a public
 * suffix, a network wider than /8 or /19 of IPv6, loopback) are refused and told, never guessed at.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/err.h"
#include "sensor/digest/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct indicator_list;

/* What stands in the list; `text` in lower case and without "*.", `source` the file's name. */
struct indicator {
	const char *text;
	const char *source;
	unsigned line;
};

MUST_USE enum err indicator_list_new(struct indicator_list **out);
void indicator_list_free(struct indicator_list *list);

/*
 * Adds the items of a file. Lines that are refused are named on `complaints`, the first ten with
 * their reason, and counted in `*refused`. ERR_IO with errno when the file cannot be read,
 * ERR_FULL beyond INDICATORS_MAX.
 */
MUST_USE enum err indicator_list_read(struct indicator_list *list, const char *path,
				      FILE *complaints, size_t *refused);

enum { INDICATORS_MAX = 2000000 };

/* NULL when nothing in the list speaks of it. Borrowed until the list is freed. */
const struct indicator *indicator_find_name(const struct indicator_list *list, const char *name);
const struct indicator *indicator_find_address(const struct indicator_list *list,
					       const struct address *address, uint16_t port);

/* Adds one item, as a line of a file has it; false when it is refused. */
bool indicator_list_add(struct indicator_list *list, const char *item);

/* Which list it is: of all items in their order. */
void indicator_list_digest(const struct indicator_list *list, uint8_t out[static SHA256_LEN]);

size_t indicator_list_count(const struct indicator_list *list);
