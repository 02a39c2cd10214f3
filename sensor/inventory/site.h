/*
 * Which addresses are the office's own: the configured networks, networks that a router announced
 * on the wire, and addresses that ARP or neighbour discovery showed to be on it.
 *
 * A host can claim any address as a neighbour's: so of a family no neighbour is believed once the
 * office has a network of it that neighbours live in. What is announced is bounded in width and
 * number. Owner: the judge. One thread; bounded.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/err.h"
#include "sensor/base/kept_table.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"

struct site;

/* `config` is borrowed for the site's life. */
MUST_USE enum err site_new(struct site **out, const struct network_config *config);
void site_free(struct site *site);

/* `address` asked for a neighbour, or answered as one: it is on this wire, whatever its network. */
void site_learn(struct site *site, const struct address *address);

/* A router announced `prefix` (of IPv6) as being on this wire. Too wide ones are not believed. */
void site_learn_prefix(struct site *site, const struct prefix *prefix);

/*
 * A router gave out an address of `prefix` (of IPv4) by DHCP at `when`. Any host may play a router,
 * so it is believed only in an office whose neighbours live in no configured network, when it is
 * told again an hour later; /16 to /30, four at most.
 */
void site_learn_lease(struct site *site, const struct prefix *prefix, nanotime when);

/* Where an address stands: asked once for each side of a flow. */
enum site_place {
	SITE_OUTSIDE,
	SITE_INSIDE,
	SITE_GROUP,
};

enum site_place site_place_of(const struct site *site, const struct address *address);

/* A host of the office. Multicast, broadcast and unspecified addresses are not. */
bool site_holds(const struct site *site, const struct address *address);

/*
 * No single host's address: multicast, broadcast, unspecified, or inside the office a network's
 * last one by habit.
 */
bool site_is_group(const struct site *site, const struct address *address);

/* What of it outlives the process; `struct site` is the owner. */
extern const struct kept_table site_kept[];
