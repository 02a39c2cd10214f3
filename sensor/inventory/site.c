#include "sensor/inventory/site.h"

#include "sensor/base/lru_map.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEARNED_MAX = 4096,
	PREFIXES_MAX = 16,
	WIDEST_BITS = 48, /* what a provider delegates to one site at most */
	V4_PREFIXES_MAX = 4,
	V4_WIDEST_BITS = V4_PREFIX_BITS + 16,
	V4_NARROWEST_BITS = V4_PREFIX_BITS + 30,
};

/* A configured network of IPv4: most addresses that are asked for are of that family. */
struct v4_network {
	uint32_t address;
	uint32_t mask;
};

/* Networks that routers said are on this wire, of both families. */
struct announced {
	struct prefix prefixes[PREFIXES_MAX];
	size_t count;
};

/* A network of which a router gave out addresses, not believed yet. */
struct given {
	struct prefix prefix;
	nanotime since;
};

static const nanotime given_for = NANOTIME_HOUR;

struct site {
	const struct network_config *config;
	struct v4_network v4[CONFIG_PREFIXES_MAX];
	size_t v4_count;
	struct lru_map *learned; /* address → nothing */
	/* Which families it holds: an office rarely has neighbours beyond its networks. */
	bool has_learned_v4;
	bool has_learned_v6;
	/* Neighbours live in networks of it that are known: others that say so are not believed. */
	bool has_settled_v4;
	bool has_settled_v6;
	bool has_announced_v4;
	bool has_configured_v4; /* neighbours live in a configured network of it */
	struct given given[V4_PREFIXES_MAX];
	size_t given_next;
	struct announced announced;
};

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
	if (lru_map_new(&site->learned, LEARNED_MAX, sizeof(struct address), 1) != ERR_OK) {
		free(site);
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
	free(site);
}

static bool is_announced(const struct site *site, const struct address *address)
{
	for (size_t i = 0; i < site->announced.count; i++) {
		if (prefix_holds(&site->announced.prefixes[i], address))
			return true;
	}
	return false;
}

void site_learn(struct site *site, const struct address *address)
{
	bool is_new;

	if (site_is_group(site, address))
		return;
	if (network_config_holds(site->config, address)) {
		if (address_is_v4(address) && !address_is_link_local(address))
			site->has_settled_v4 = site->has_configured_v4 = true;
		return;
	}
	if (is_announced(site, address))
		return;
	(void)lru_map_touch(site->learned, address, &is_new);
	if (address_is_v4(address))
		site->has_learned_v4 = true;
	else
		site->has_learned_v6 = true;
}

static bool is_plausible_v4(const struct site *site, const struct prefix *prefix)
{
	uint32_t first = v4_of(&prefix->address) >> 24;
	size_t known = 0;

	for (size_t i = 0; i < site->announced.count; i++)
		known += address_is_v4(&site->announced.prefixes[i].address);
	return prefix->bits >= V4_WIDEST_BITS && prefix->bits <= V4_NARROWEST_BITS && first != 0 &&
	       first != 127 && first < 224 && known < V4_PREFIXES_MAX &&
	       !network_config_holds(site->config, &prefix->address);
}

static void take_network(struct site *site, const struct prefix *prefix)
{
	if (site->announced.count == PREFIXES_MAX)
		return;
	for (size_t i = 0; i < site->announced.count; i++) {
		if (site->announced.prefixes[i].bits == prefix->bits &&
		    prefix_holds(&site->announced.prefixes[i], &prefix->address))
			return;
	}
	site->announced.prefixes[site->announced.count++] = *prefix;
	if (address_is_v4(&prefix->address))
		site->has_settled_v4 = site->has_announced_v4 = true;
	else
		site->has_settled_v6 = true;
}

void site_learn_prefix(struct site *site, const struct prefix *prefix)
{
	/* In mapped form ::ffff:0:0/96 would be narrow enough, and all of IPv4. */
	if (prefix->bits >= WIDEST_BITS && !address_is_v4(&prefix->address))
		take_network(site, prefix);
}

void site_learn_lease(struct site *site, const struct prefix *prefix, nanotime when)
{
	struct given *given;

	if (!is_plausible_v4(site, prefix) || site->has_configured_v4)
		return;
	for (size_t i = 0; i < V4_PREFIXES_MAX; i++) {
		given = &site->given[i];
		if (given->prefix.bits != prefix->bits ||
		    !prefix_holds(&given->prefix, &prefix->address))
			continue;
		if (nanotime_between(given->since, when) >= given_for)
			take_network(site, prefix);
		return;
	}
	site->given[site->given_next] = (struct given){ *prefix, when };
	site->given_next = (site->given_next + 1) % V4_PREFIXES_MAX;
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
static bool is_last_announced(const struct site *site, const struct address *address)
{
	for (size_t i = 0; i < site->announced.count; i++) {
		const struct prefix *p = &site->announced.prefixes[i];
		uint32_t hosts;

		if (!prefix_holds(p, address))
			continue;
		hosts = UINT32_MAX >> (p->bits - V4_PREFIX_BITS);
		if ((v4_of(address) & hosts) == hosts)
			return true;
	}
	return false;
}

static enum site_place place_of_v4(const struct site *site, const struct address *address)
{
	uint32_t v4 = v4_of(address);
	bool is_configured = is_configured_v4(site, v4);

	if (v4 == 0 || v4 == UINT32_MAX || v4 >> 28 == 0xe ||
	    (is_configured && (v4 & 0xff) == 0xff))
		return SITE_GROUP;
	if (is_configured)
		return SITE_INSIDE;
	if (site->has_announced_v4 && is_announced(site, address))
		return is_last_announced(site, address) ? SITE_GROUP : SITE_INSIDE;
	return site->has_learned_v4 && !site->has_settled_v4 && lru_map_find(site->learned, address)
		       ? SITE_INSIDE
		       : SITE_OUTSIDE;
}

enum site_place site_place_of(const struct site *site, const struct address *address)
{
	if (address_is_v4(address))
		return place_of_v4(site, address);
	if (address_is_multicast(address) || address_is_unspecified(address))
		return SITE_GROUP;
	if (network_config_holds(site->config, address) || is_announced(site, address) ||
	    (site->has_learned_v6 && !site->has_settled_v6 && lru_map_find(site->learned, address)))
		return SITE_INSIDE;
	return SITE_OUTSIDE;
}

bool site_is_group(const struct site *site, const struct address *address)
{
	return site_place_of(site, address) == SITE_GROUP;
}

bool site_holds(const struct site *site, const struct address *address)
{
	return site_place_of(site, address) == SITE_INSIDE;
}

/* Learned anew, under the configuration of today. */
static bool put_learned(void *owner, const void *key, const void *value)
{
	(void)value;
	site_learn(owner, key);
	return true;
}

static bool are_announced_sound(const void *key, const void *value)
{
	const struct announced *announced = value;

	(void)key;
	if (announced->count > PREFIXES_MAX)
		return false;
	for (size_t i = 0; i < announced->count; i++) {
		if (announced->prefixes[i].bits > ADDRESS_LEN * 8)
			return false;
	}
	return true;
}

/* What a router gave out was believed in the life before. */
static void put_network(struct site *site, const struct prefix *prefix)
{
	if (!address_is_v4(&prefix->address))
		site_learn_prefix(site, prefix);
	else if (is_plausible_v4(site, prefix))
		take_network(site, prefix);
}

static bool put_announced(void *owner, const void *key, const void *value)
{
	const struct announced *announced = value;

	(void)key;
	for (size_t i = 0; i < announced->count; i++)
		put_network(owner, &announced->prefixes[i]);
	return true;
}

const struct kept_table site_kept[] = {
	{ .name = "site.neighbours",
	  .version = 1,
	  .at = offsetof(struct site, learned),
	  .put = put_learned },
	{ .name = "site.networks",
	  .version = 1,
	  .at = offsetof(struct site, announced),
	  .size = sizeof(struct announced),
	  .is_sound = are_announced_sound,
	  .put = put_announced },
	{ 0 },
};
