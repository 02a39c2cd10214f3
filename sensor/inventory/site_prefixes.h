/*
 * Which networks are on this wire, as far as its routers say: prefixes of IPv6 in their
 * advertisements (RFC 4861 4.6.2), networks of IPv4 that DHCP gave addresses of. Part of the site;
 * no one else includes this.
 *
 * Anybody can advertise. A prefix of IPv6 is a candidate first, and believed when
 *   - it is as narrow as a link's (/64 or less) and of global or unique local addresses,
 *   - who announces it carries traffic of other networks, as a router does,
 *   - another machine has used an address of it as a neighbour,
 *   - and it was not known before as a network elsewhere, which the office talked to and which no
 *     machine here had spoken for: hosts that obey a false router do use its prefix. What lies in
 *     one /48 with a believed prefix is the office's other networks.
 * Whoever can write frames in the router's name can still have a network believed that nobody has
 * talked to lately; none that the office talks to.
 *
 * Bounds: PREFIXES_MAX believed, of which one of IPv6 is forgotten when no router has told it for a
 * week (of more than fit the one longest untold, after a day); CANDIDATES_MAX candidates, those of
 * no router going first; SEEN_MAX addresses and networks elsewhere. One thread: the judge's.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/inventory/devices.h"

enum { PREFIXES_MAX = 16, CANDIDATES_MAX = 16, SEEN_MAX = 4096, SEEN_MACS = 2 };

/* Believed; `told` is when a router last said so. As kept on the disk. */
struct known_prefixes {
	struct known_prefix {
		struct prefix prefix;
		nanotime told;
	} of[PREFIXES_MAX];
	size_t count;
};

struct candidate {
	struct prefix prefix;
	struct mac router;
	nanotime told;
	bool is_used;      /* by a neighbour that is not the router */
	bool is_elsewhere; /* it was known so before it was announced */
};

struct candidate_prefixes {
	struct candidate of[CANDIDATES_MAX]; /* the oldest first */
	size_t count;
};

/* The first MAC that an address was seen with, and another one. */
struct seen_with {
	struct mac macs[SEEN_MACS];
	uint8_t count;
	bool is_contacted_first; /* by somebody, before any */
};

struct site_prefixes {
	struct devices *devices; /* borrowed; who is a router. NULL: nobody */
	struct known_prefixes known;
	struct candidate_prefixes candidates;
	struct lru_map *seen; /* address, or network with the rest zero → struct seen_with */
};

MUST_USE enum err site_prefixes_init(struct site_prefixes *prefixes);
void site_prefixes_release(struct site_prefixes *prefixes);

/* The believed network that holds `address`; NULL is none. */
const struct prefix *site_prefixes_find(const struct site_prefixes *prefixes,
					const struct address *address);

/* The announced one that is not believed (yet), likewise. */
const struct candidate *site_prefixes_candidate(const struct site_prefixes *prefixes,
						const struct address *address);

bool site_prefixes_is_router(const struct site_prefixes *prefixes, const struct mac *mac);

/* A prefix of IPv6 was announced; true when one came to be believed, or was forgotten. */
bool site_prefixes_announced(struct site_prefixes *prefixes, const struct fact_prefix *told,
			     nanotime when);

/* `address` of IPv6, not believed, is a neighbour's with `mac`; true when it is believed now. */
bool site_prefixes_used(struct site_prefixes *prefixes, const struct address *address,
			const struct mac *mac);

/* Who announced one may have turned out a router; true when one is believed now. */
bool site_prefixes_look_again(struct site_prefixes *prefixes);

/*
 * `address` of IPv6, not believed, was seen with `mac`, or with none (NULL): somebody talked to it.
 * What is seen is no part of what is believed: const.
 */
void site_prefixes_seen(const struct site_prefixes *prefixes, const struct address *address,
			const struct mac *mac);

/* Whether an address that a neighbour claims was known before, and not by a machine here. */
bool site_prefixes_is_elsewhere(const struct site_prefixes *prefixes,
				const struct address *address);

/* Believed from now on; false when there is no room. */
bool site_prefixes_believe(struct site_prefixes *prefixes, const struct prefix *prefix,
			   nanotime when);

/* Whether a prefix of IPv6 can be a link's. */
bool site_prefix_is_of_link(const struct prefix *prefix);

size_t site_prefixes_count(const struct site_prefixes *prefixes, bool is_v4);
