#include "sensor/intel/name_roots.h"

#include "sensor/intel/registered_domain.h"

#include <stdlib.h>
#include <string.h>

/* Reserved for such use (RFC 2606, 6761, 6762, 8375, ICANN's .internal), or in use all the same. */
static const char *const of_offices[] = {
	"corp",     "dhcp",    "domain",  "example", "home",  "internal",    "intra",
	"intranet", "invalid", "lan",     "loc",     "local", "localdomain", "localhost",
	"lokal",    "priv",    "private", "router",  "test",  "workgroup",
};

/* Namecoin; Emercoin; OpenNIC and its partners; blockchains' names; overlay networks. */
static const char *const alternative[] = {
	"bazar",  "bbs",    "bit",  "bitcoin",     "chan",  "coin",   "crypto", "cyb",
	"dao",    "dyn",    "emc",  "epic",        "eth",   "exit",   "fur",    "geek",
	"glue",   "gopher", "i2p",  "indy",        "ku",    "lib",    "libre",  "loki",
	"neo",    "nft",    "null", "o",           "onion", "oss",    "oz",     "parody",
	"pirate", "ti",     "tor",  "unstoppable", "uu",    "wallet", "zil",
};

static int compare(const void *label, const void *row)
{
	return strcmp(label, *(const char *const *)row);
}

static bool is_one_of(const char *label, const char *const *labels, size_t count)
{
	return bsearch(label, labels, count, sizeof(labels[0]), compare) != NULL;
}

bool name_is_of_alternative_root(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && is_one_of(dot + 1, alternative, sizeof(alternative) / sizeof(alternative[0]));
}

enum name_root name_root_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *top = dot ? dot + 1 : name;

	/* The suffix list names ".onion" too, so that nobody takes what is below for one owner. */
	if (name_is_of_alternative_root(name))
		return ROOT_ALTERNATIVE;
	if (!dot || is_one_of(top, of_offices, sizeof(of_offices) / sizeof(of_offices[0])))
		return ROOT_OFFICE;
	return is_top_level_domain(top) ? ROOT_PUBLIC : ROOT_UNKNOWN;
}
