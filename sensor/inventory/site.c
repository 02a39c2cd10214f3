#include "sensor/inventory/site.h"

#include "sensor/base/lru_map.h"

#include <stdlib.h>

enum {
	LEARNED_MAX = 4096,
	PREFIXES_MAX = 16,
	WIDEST_BITS = 48, /* what a provider delegates to one site at most */
};

struct site {
	const struct network_config *config;
	struct lru_map *learned; /* address → nothing */
	struct prefix prefixes[PREFIXES_MAX];
	size_t prefix_count;
};

enum err site_new(struct site **out, const struct network_config *config)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		return ERR_MEMORY;
	site->config = config;
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

bool site_is_group(const struct site *site, const struct address *address)
{
	return address_is_multicast(address) || address_is_broadcast(address) ||
	       address_is_unspecified(address) ||
	       (address_is_v4(address) && address->bytes[ADDRESS_LEN - 1] == 255 &&
		network_config_holds(site->config, address));
}

bool site_holds(const struct site *site, const struct address *address)
{
	if (site_is_group(site, address))
		return false;
	return network_config_holds(site->config, address) || is_announced(site, address) ||
	       lru_map_find(site->learned, address) != NULL;
}
