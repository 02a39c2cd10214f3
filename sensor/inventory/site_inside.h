/*
 * How the site is stored, for the two files that make it up: site.c knows which networks are here,
 * site_kept.c what of them outlives the process. No one else includes this.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/inventory/lone_hosts.h"
#include "sensor/inventory/site.h"
#include "sensor/inventory/site_prefixes.h"

enum { V4_PREFIXES_MAX = 4 };

/* A configured network of IPv4: most addresses that are asked for are of that family. */
struct v4_network {
	uint32_t address;
	uint32_t mask;
};

/* A network of which a router gave out addresses, not believed yet. */
struct given {
	struct prefix prefix;
	nanotime since;
};

/* What it has come to believe, besides the networks themselves. */
struct site_state {
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
};

struct site {
	const struct network_config *config;
	struct v4_network v4[CONFIG_PREFIXES_MAX];
	size_t v4_count;
	struct lru_map *learned; /* address → struct mac, that it was last claimed with */
	struct site_state state;
	struct site_prefixes prefixes;
	struct lone_hosts lone;
};

/* After what is believed has changed. */
void site_settle(struct site *site);

/* Whether a network of IPv4 can be an office's beside those that are known. */
bool site_is_plausible_v4(const struct site *site, const struct prefix *prefix);
