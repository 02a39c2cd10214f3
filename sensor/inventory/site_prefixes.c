#include "sensor/inventory/site_prefixes.h"

#include <string.h>

enum {
	LINK_BITS = 64, /* RFC 4291 2.5.4 */
	SITE_BITS = 48, /* what a provider delegates to one site at most (RFC 6177) */
};

/* Twice a router's longest lifetime for addresses on a small network, and more than most say. */
static const nanotime forgotten_after = 7 * NANOTIME_DAY;
static const nanotime gives_way_after = NANOTIME_DAY;

enum err site_prefixes_init(struct site_prefixes *prefixes)
{
	return lru_map_new(&prefixes->seen, SEEN_MAX, sizeof(struct address),
			   sizeof(struct seen_with));
}

void site_prefixes_release(struct site_prefixes *prefixes)
{
	lru_map_free(prefixes->seen);
}

const struct prefix *site_prefixes_find(const struct site_prefixes *prefixes,
					const struct address *address)
{
	for (size_t i = 0; i < prefixes->known.count; i++) {
		if (prefix_holds(&prefixes->known.of[i].prefix, address))
			return &prefixes->known.of[i].prefix;
	}
	return NULL;
}

const struct candidate *site_prefixes_candidate(const struct site_prefixes *prefixes,
						const struct address *address)
{
	for (size_t i = 0; i < prefixes->candidates.count; i++) {
		if (prefix_holds(&prefixes->candidates.of[i].prefix, address))
			return &prefixes->candidates.of[i];
	}
	return NULL;
}

static bool is_same(const struct prefix *a, const struct prefix *b)
{
	return a->bits == b->bits && prefix_holds(a, &b->address);
}

static struct candidate *candidate_as(struct site_prefixes *prefixes, const struct prefix *prefix)
{
	for (size_t i = 0; i < prefixes->candidates.count; i++) {
		if (is_same(&prefixes->candidates.of[i].prefix, prefix))
			return &prefixes->candidates.of[i];
	}
	return NULL;
}

bool site_prefixes_is_router(const struct site_prefixes *prefixes, const struct mac *mac)
{
	return prefixes->devices && devices_is_router(prefixes->devices, mac);
}

bool site_prefix_is_of_link(const struct prefix *prefix)
{
	uint8_t first = prefix->address.bytes[0];
	bool is_global = first >> 5 == 1;          /* 2000::/3 */
	bool is_unique_local = first >> 1 == 0x7e; /* fc00::/7 */

	return prefix->bits >= LINK_BITS && prefix->bits < ADDRESS_LEN * 8 &&
	       (is_global || is_unique_local);
}

static struct address network_of(const struct address *address)
{
	struct address network = *address;

	memset(network.bytes + LINK_BITS / 8, 0, ADDRESS_LEN - LINK_BITS / 8);
	return network;
}

static bool is_beside_known(const struct site_prefixes *prefixes, const struct prefix *prefix)
{
	for (size_t i = 0; i < prefixes->known.count; i++) {
		struct prefix site = prefixes->known.of[i].prefix;

		site.bits = SITE_BITS;
		if (!address_is_v4(&site.address) && prefix_holds(&site, &prefix->address))
			return true;
	}
	return false;
}

/* A host's own frames say that its network is here, whatever routers carry of it too. */
static bool is_network_elsewhere(const struct site_prefixes *prefixes, const struct prefix *prefix)
{
	struct address network = network_of(&prefix->address);
	const struct seen_with *seen = lru_map_find(prefixes->seen, &network);

	if (!seen || is_beside_known(prefixes, prefix))
		return false;
	for (uint8_t i = 0; i < seen->count; i++) {
		if (!site_prefixes_is_router(prefixes, &seen->macs[i]))
			return false;
	}
	return true;
}

/* What came first counts: a false router answers for the addresses that it draws here. */
bool site_prefixes_is_elsewhere(const struct site_prefixes *prefixes, const struct address *address)
{
	const struct seen_with *seen = lru_map_find(prefixes->seen, address);

	return seen &&
	       (seen->is_contacted_first || site_prefixes_is_router(prefixes, &seen->macs[0]));
}

static void see(const struct site_prefixes *prefixes, const struct address *key,
		const struct mac *mac)
{
	bool is_new;
	struct seen_with *seen = lru_map_touch(prefixes->seen, key, &is_new);

	if (!mac) {
		seen->is_contacted_first |= is_new;
		return;
	}
	for (uint8_t i = 0; i < seen->count; i++) {
		if (memcmp(&seen->macs[i], mac, sizeof(*mac)) == 0)
			return;
	}
	if (seen->count < SEEN_MACS)
		seen->macs[seen->count++] = *mac;
}

void site_prefixes_seen(const struct site_prefixes *prefixes, const struct address *address,
			const struct mac *mac)
{
	struct address network = network_of(address);

	if (mac && (mac_is_zero(mac) || mac_is_group(mac)))
		return;
	see(prefixes, &network, mac);
	if (!address_equal(&network, address))
		see(prefixes, address, mac);
}

size_t site_prefixes_count(const struct site_prefixes *prefixes, bool is_v4)
{
	size_t count = 0;

	for (size_t i = 0; i < prefixes->known.count; i++)
		count += address_is_v4(&prefixes->known.of[i].prefix.address) == is_v4;
	return count;
}

static struct known_prefix *known_as(struct site_prefixes *prefixes, const struct prefix *prefix)
{
	for (size_t i = 0; i < prefixes->known.count; i++) {
		if (is_same(&prefixes->known.of[i].prefix, prefix))
			return &prefixes->known.of[i];
	}
	return NULL;
}

/* What DHCP gave out is told by each lease, and leases may be longer than any week. */
static struct known_prefix *longest_untold(struct site_prefixes *prefixes)
{
	struct known_prefix *longest = NULL;

	for (size_t i = 0; i < prefixes->known.count; i++) {
		struct known_prefix *known = &prefixes->known.of[i];

		if (!address_is_v4(&known->prefix.address) &&
		    (!longest || known->told < longest->told))
			longest = known;
	}
	return longest;
}

static void forget(struct site_prefixes *prefixes, struct known_prefix *known)
{
	*known = prefixes->known.of[--prefixes->known.count];
}

bool site_prefixes_believe(struct site_prefixes *prefixes, const struct prefix *prefix,
			   nanotime when)
{
	struct known_prefix *known = known_as(prefixes, prefix);

	if (!known && prefixes->known.count == PREFIXES_MAX) {
		known = longest_untold(prefixes);
		if (!known || nanotime_between(known->told, when) < gives_way_after)
			return false;
	}
	if (!known)
		known = &prefixes->known.of[prefixes->known.count++];
	*known = (struct known_prefix){ .prefix = *prefix, .told = when };
	return true;
}

static void drop_candidate(struct site_prefixes *prefixes, struct candidate *candidate)
{
	size_t after = (size_t)(&prefixes->candidates.of[--prefixes->candidates.count] - candidate);

	memmove(candidate, candidate + 1, after * sizeof(*candidate));
}

/* The oldest of those that no router announced, else the oldest. */
static struct candidate *least_candidate(struct site_prefixes *prefixes)
{
	for (size_t i = 0; i < prefixes->candidates.count; i++) {
		if (!site_prefixes_is_router(prefixes, &prefixes->candidates.of[i].router))
			return &prefixes->candidates.of[i];
	}
	return &prefixes->candidates.of[0];
}

static struct candidate *add_candidate(struct site_prefixes *prefixes,
				       const struct fact_prefix *told)
{
	struct candidate *candidate;

	if (prefixes->candidates.count == CANDIDATES_MAX)
		drop_candidate(prefixes, least_candidate(prefixes));
	candidate = &prefixes->candidates.of[prefixes->candidates.count++];
	*candidate = (struct candidate){
		.prefix = told->prefix,
		.router = told->router_mac,
		.is_elsewhere = is_network_elsewhere(prefixes, &told->prefix),
	};
	return candidate;
}

static bool consider(struct site_prefixes *prefixes, struct candidate *candidate)
{
	if (candidate->is_elsewhere || !candidate->is_used ||
	    !site_prefixes_is_router(prefixes, &candidate->router) ||
	    !site_prefixes_believe(prefixes, &candidate->prefix, candidate->told))
		return false;
	drop_candidate(prefixes, candidate);
	return true;
}

static bool forget_old(struct site_prefixes *prefixes, nanotime now)
{
	struct known_prefix *oldest = longest_untold(prefixes);

	if (!oldest || nanotime_between(oldest->told, now) < forgotten_after)
		return false;
	forget(prefixes, oldest);
	return true;
}

/* A stranger who says the same again neither keeps a network nor takes the router's place. */
bool site_prefixes_announced(struct site_prefixes *prefixes, const struct fact_prefix *told,
			     nanotime when)
{
	bool is_of_router = site_prefixes_is_router(prefixes, &told->router_mac);
	struct known_prefix *known = known_as(prefixes, &told->prefix);
	struct candidate *candidate;
	bool has_forgotten;

	if (!site_prefix_is_of_link(&told->prefix))
		return false;
	if (known && is_of_router && when > known->told)
		known->told = when;
	has_forgotten = forget_old(prefixes, when);
	if (known)
		return has_forgotten;
	candidate = candidate_as(prefixes, &told->prefix);
	if (!candidate)
		candidate = add_candidate(prefixes, told);
	if (is_of_router || !site_prefixes_is_router(prefixes, &candidate->router))
		candidate->router = told->router_mac;
	candidate->told = when;
	return consider(prefixes, candidate) || has_forgotten;
}

bool site_prefixes_used(struct site_prefixes *prefixes, const struct address *address,
			const struct mac *mac)
{
	bool is_host = !mac_is_zero(mac) && !site_prefixes_is_router(prefixes, mac);

	for (size_t i = 0; i < prefixes->candidates.count && is_host; i++) {
		struct candidate *candidate = &prefixes->candidates.of[i];

		if (!prefix_holds(&candidate->prefix, address) ||
		    memcmp(mac, &candidate->router, sizeof(*mac)) == 0)
			continue;
		candidate->is_used = true;
		if (consider(prefixes, candidate))
			return true;
	}
	return false;
}

bool site_prefixes_look_again(struct site_prefixes *prefixes)
{
	for (size_t i = 0; i < prefixes->candidates.count; i++) {
		if (consider(prefixes, &prefixes->candidates.of[i]))
			return true;
	}
	return false;
}
