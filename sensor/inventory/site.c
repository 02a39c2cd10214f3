#include "sensor/inventory/site_inside.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEARNED_MAX = 4096,
	V4_WIDEST_BITS = V4_PREFIX_BITS + 16,
	V4_NARROWEST_BITS = V4_PREFIX_BITS + 30,
};

static const nanotime given_for = NANOTIME_HOUR;

static uint32_t v4_of(const struct address *a)
{
	uint32_t word;

	memcpy(&word, a->bytes + ADDRESS_LEN - sizeof(word), sizeof(word));
	return be32toh(word);
}

static void take_v4_networks(struct site *site, const struct network_config *config)
{
	for (size_t i = 0; i < config->inside_count; i++) {
		const struct prefix *p = &config->inside[i];

		if (!address_is_v4(&p->address) || p->bits < V4_PREFIX_BITS)
			continue;

		unsigned bits = p->bits - V4_PREFIX_BITS;
		uint32_t mask = bits > 0 ? UINT32_MAX << (32 - bits) : 0;

		site->v4[site->v4_count++] =
			(struct v4_network){ .address = v4_of(&p->address) & mask, .mask = mask };
	}
}

enum err site_new(struct site **out, const struct network_config *config)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		return ERR_MEMORY;
	site->config = config;
	take_v4_networks(site, config);
	if (lru_map_new(&site->learned, LEARNED_MAX, sizeof(struct address), sizeof(struct mac)) !=
		    ERR_OK ||
	    site_prefixes_init(&site->prefixes) != ERR_OK) {
		site_free(site);
		return ERR_MEMORY;
	}
	*out = site;
	return ERR_OK;
}

void site_free(struct site *site)
{
	if (!site)
		return;
	lru_map_free(site->learned);
	site_prefixes_release(&site->prefixes);
	free(site);
}

void site_know_devices(struct site *site, struct devices *devices)
{
	site->prefixes.devices = devices;
}

static bool is_announced(const struct site *site, const struct address *address)
{
	return site_prefixes_find(&site->prefixes, address) != NULL;
}

void site_settle(struct site *site)
{
	size_t v4_count = site_prefixes_count(&site->prefixes, true);

	site->state.has_announced_v4 = v4_count > 0;
	site->state.has_settled_v4 = v4_count > 0 || site->state.has_configured_v4;
	site->state.has_settled_v6 = site->prefixes.known.count > v4_count;
}

/* Whether a neighbour of IPv6 is believed by itself: whoever is drawn here from elsewhere is not.
 */
static bool may_learn(const struct site *site, const struct address *address)
{
	const struct candidate *candidate = site_prefixes_candidate(&site->prefixes, address);

	return !candidate || !candidate->is_elsewhere ||
	       !site_prefixes_is_elsewhere(&site->prefixes, address);
}

static void learn(struct site *site, const struct address *address, const struct mac *mac)
{
	bool is_new;

	*(struct mac *)lru_map_touch(site->learned, address, &is_new) = *mac;
	if (address_is_v4(address))
		site->state.has_learned_v4 = true;
	else
		site->state.has_learned_v6 = true;
}

void site_learn(struct site *site, const struct address *address, const struct mac *mac)
{
	if (site_is_group(site, address))
		return;
	if (network_config_holds(site->config, address)) {
		if (address_is_v4(address) && !address_is_link_local(address))
			site->state.has_settled_v4 = site->state.has_configured_v4 = true;
		return;
	}
	if (is_announced(site, address))
		return;
	if (!address_is_v4(address)) {
		if (!may_learn(site, address))
			return;
		if (site_prefixes_used(&site->prefixes, address, mac)) {
			site_settle(site);
			return;
		}
	}
	learn(site, address, mac);
}

bool site_is_plausible_v4(const struct site *site, const struct prefix *prefix)
{
	uint32_t first = v4_of(&prefix->address) >> 24;

	return prefix->bits >= V4_WIDEST_BITS && prefix->bits <= V4_NARROWEST_BITS && first != 0 &&
	       first != 127 && first < 224 &&
	       site_prefixes_count(&site->prefixes, true) < V4_PREFIXES_MAX &&
	       !network_config_holds(site->config, &prefix->address);
}

static void learn_lease(struct site *site, const struct prefix *prefix, nanotime when)
{
	struct given *given;

	if (!site_is_plausible_v4(site, prefix) || site->state.has_configured_v4)
		return;
	for (size_t i = 0; i < V4_PREFIXES_MAX; i++) {
		given = &site->state.given[i];
		if (given->prefix.bits != prefix->bits ||
		    !prefix_holds(&given->prefix, &prefix->address))
			continue;
		if (nanotime_between(given->since, when) >= given_for &&
		    site_prefixes_believe(&site->prefixes, prefix, when))
			site_settle(site);
		return;
	}
	site->state.given[site->state.given_next] = (struct given){ *prefix, when };
	site->state.given_next = (site->state.given_next + 1) % V4_PREFIXES_MAX;
}

/* A router told it, or who told it named one: its address is a neighbour's, with a router's MAC. */
static bool has_router(const struct site *site, const struct fact_prefix *told)
{
	const struct mac *named = prefix_holds(&told->prefix, &told->router)
					  ? lru_map_find(site->learned, &told->router)
					  : NULL;

	return site_prefixes_is_router(&site->prefixes, &told->router_mac) ||
	       (named && site_prefixes_is_router(&site->prefixes, named));
}

void site_learn_prefix(struct site *site, const struct fact_prefix *told, nanotime when)
{
	/* In mapped form ::ffff:0:0/96 would be narrow enough, and all of IPv4. */
	if (!address_is_v4(&told->prefix.address)) {
		if (site_prefixes_announced(&site->prefixes, told, when))
			site_settle(site);
		return;
	}
	if (has_router(site, told))
		learn_lease(site, &told->prefix, when);
}

/* Of a family that has a network here, hosts are judged by that. */
static bool may_be_lone(const struct site *site, const struct address *address)
{
	return !site->lone.is_over &&
	       !(address_is_v4(address) ? site->state.has_settled_v4 : site->state.has_settled_v6);
}

void site_learn_sender(struct site *site, const struct fact_sighting *seen)
{
	if (network_config_holds(site->config, &seen->source)) {
		if (!address_is_link_local(&seen->source))
			site->lone.is_over = true;
		return;
	}
	if (may_be_lone(site, &seen->source) && !site_is_group(site, &seen->source) &&
	    !address_is_loopback(&seen->source))
		lone_hosts_learn(&site->lone, &site->prefixes, seen);
}

static bool is_lone(const struct site *site, const struct address *address)
{
	return site->lone.count > 0 && may_be_lone(site, address) &&
	       lone_hosts_hold(&site->lone, &site->prefixes, address);
}

bool site_note_outside(struct site *site, const struct address *address, const struct mac *mac)
{
	const struct candidate *candidate;

	if (lone_hosts_own(&site->lone, address, mac))
		return false;
	if (address_is_v4(address))
		return true;
	site_prefixes_seen(&site->prefixes, address, mac);
	if (site_prefixes_look_again(&site->prefixes))
		site_settle(site);
	candidate = site_prefixes_candidate(&site->prefixes, address);
	return !candidate || candidate->is_elsewhere;
}

static bool is_configured_v4(const struct site *site, uint32_t address)
{
	for (size_t i = 0; i < site->v4_count; i++) {
		if ((address & site->v4[i].mask) == site->v4[i].address)
			return true;
	}
	return false;
}

/* A network's broadcast address, where its width is known. */
static bool is_last_of(const struct prefix *network, const struct address *address)
{
	uint32_t hosts = UINT32_MAX >> (network->bits - V4_PREFIX_BITS);

	return (v4_of(address) & hosts) == hosts;
}

/* Where hosts of this wire are known by how they send, neighbours are believed beside them alone.
 */
static bool is_believed_neighbour_v4(const struct site *site, const struct address *address)
{
	return site->state.has_learned_v4 && !site->state.has_settled_v4 &&
	       lru_map_find(site->learned, address) &&
	       (site->lone.count == 0 ||
		lone_hosts_are_beside(&site->lone, &site->prefixes, address));
}

static enum site_place place_of_v4(const struct site *site, const struct address *address)
{
	uint32_t v4 = v4_of(address);
	bool is_configured = is_configured_v4(site, v4);
	const struct prefix *network;

	if (v4 == 0 || v4 == UINT32_MAX || v4 >> 28 == 0xe ||
	    (is_configured && (v4 & 0xff) == 0xff))
		return SITE_GROUP;
	if (is_configured)
		return SITE_INSIDE;
	network =
		site->state.has_announced_v4 ? site_prefixes_find(&site->prefixes, address) : NULL;
	if (network)
		return is_last_of(network, address) ? SITE_GROUP : SITE_INSIDE;
	if (is_believed_neighbour_v4(site, address))
		return SITE_INSIDE;
	return is_lone(site, address) ? SITE_INSIDE : SITE_OUTSIDE;
}

/* Beside known networks only in one that a router announces and that is not believed yet. */
static bool is_believed_neighbour_v6(const struct site *site, const struct address *address)
{
	const struct candidate *candidate;

	if (!site->state.has_learned_v6 || !lru_map_find(site->learned, address))
		return false;
	if (!site->state.has_settled_v6)
		return true;
	candidate = site_prefixes_candidate(&site->prefixes, address);
	return candidate && site_prefixes_is_router(&site->prefixes, &candidate->router);
}

enum site_place site_place_of(const struct site *site, const struct address *address)
{
	if (address_is_v4(address))
		return place_of_v4(site, address);
	if (address_is_multicast(address) || address_is_unspecified(address))
		return SITE_GROUP;
	if (network_config_holds(site->config, address) || is_announced(site, address) ||
	    is_believed_neighbour_v6(site, address) || is_lone(site, address))
		return SITE_INSIDE;
	return SITE_OUTSIDE;
}

enum site_place site_place_of_peer(const struct site *site, const struct address *address)
{
	enum site_place place = site_place_of(site, address);

	if (place == SITE_OUTSIDE && !address_is_v4(address))
		site_prefixes_seen(&site->prefixes, address, NULL);
	return place;
}

bool site_is_group(const struct site *site, const struct address *address)
{
	return site_place_of(site, address) == SITE_GROUP;
}

bool site_holds(const struct site *site, const struct address *address)
{
	return site_place_of(site, address) == SITE_INSIDE;
}
