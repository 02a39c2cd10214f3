#include "sensor/inventory/site.h"

#include "sensor/base/lru_map.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEARNED_MAX = 4096,
	PREFIXES_MAX = 16,
	WIDEST_BITS = 48, /* what a provider delegates to one site at most */
};

/* A configured network of IPv4: most addresses that are asked for are of that family. */
struct v4_network {
	uint32_t address;
	uint32_t mask;
};

struct site {
	const struct network_config *config;
	struct v4_network v4[CONFIG_PREFIXES_MAX];
	size_t v4_count;
	struct lru_map *learned; /* address → nothing */
	/* Which families it holds: an office rarely has neighbours beyond its networks. */
	bool has_learned_v4;
	bool has_learned_v6;
	struct prefix prefixes[PREFIXES_MAX];
	size_t prefix_count;
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

void site_learn(struct site *site, const struct address *address)
{
	bool is_new;

	if (site_is_group(site, address) || network_config_holds(site->config, address))
		return;
	(void)lru_map_touch(site->learned, address, &is_new);
	if (address_is_v4(address))
		site->has_learned_v4 = true;
	else
		site->has_learned_v6 = true;
}

void site_learn_prefix(struct site *site, const struct prefix *prefix)
{
	/* In mapped form ::ffff:0:0/96 would be narrow enough, and all of IPv4. */
	if (prefix->bits < WIDEST_BITS || address_is_v4(&prefix->address) ||
	    site->prefix_count == PREFIXES_MAX)
		return;
	for (size_t i = 0; i < site->prefix_count; i++) {
		if (site->prefixes[i].bits == prefix->bits &&
		    prefix_holds(&site->prefixes[i], &prefix->address))
			return;
	}
	site->prefixes[site->prefix_count++] = *prefix;
}

static bool is_announced(const struct site *site, const struct address *address)
{
	for (size_t i = 0; i < site->prefix_count; i++) {
		if (prefix_holds(&site->prefixes[i], address))
			return true;
	}
	return false;
}

static bool is_configured_v4(const struct site *site, uint32_t address)
{
	for (size_t i = 0; i < site->v4_count; i++) {
		if ((address & site->v4[i].mask) == site->v4[i].address)
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
	if (is_configured || (site->has_learned_v4 && lru_map_find(site->learned, address)))
		return SITE_INSIDE;
	return SITE_OUTSIDE;
}

enum site_place site_place_of(const struct site *site, const struct address *address)
{
	if (address_is_v4(address))
		return place_of_v4(site, address);
	if (address_is_multicast(address) || address_is_unspecified(address))
		return SITE_GROUP;
	if (network_config_holds(site->config, address) || is_announced(site, address) ||
	    (site->has_learned_v6 && lru_map_find(site->learned, address)))
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
