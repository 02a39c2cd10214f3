/*
 * Which addresses are the office's own: the configured networks, networks that a router announced
 * on the wire (site_prefixes.h says when that is believed), and addresses that ARP or neighbour
 * discovery showed to be on it.
 *
 * A host can claim any address as a neighbour's: so of a family no neighbour is believed once the
 * office has a network of it that neighbours live in, but in one that a router announced and that
 * is not believed yet. Owner: the judge. One thread; bounded.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/err.h"
#include "sensor/base/kept_table.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"
#include "sensor/fact/fact.h"
#include "sensor/inventory/devices.h"

struct site;

/* `config` is borrowed for the site's life. */
MUST_USE enum err site_new(struct site **out, const struct network_config *config);
void site_free(struct site *site);

/* Borrowed for the site's life: it asks who is a router. Before that nobody is. */
void site_know_devices(struct site *site, struct devices *devices);

/*
 * `address` asked for a neighbour, or answered as one, with `mac`: it is on this wire, whatever its
 * network.
 */
void site_learn(struct site *site, const struct address *address, const struct mac *mac);

/*
 * A network was told to be on this wire at `when`. Of IPv6, by an advertisement: see
 * site_prefixes.h. Of IPv4, by DHCP, which gave out an address of it: told by a router or naming
 * one. Any host may play a router, so it is believed only in an office whose neighbours live in no
 * configured network, when it is told again an hour later; /16 to /30, four at most.
 */
void site_learn_prefix(struct site *site, const struct fact_prefix *told, nanotime when);

/*
 * Somebody sent: where no host of a known network has, that may show who is on this wire
 * (lone_hosts.h). After the receiver's side was noted as outside.
 */
void site_learn_sender(struct site *site, const struct fact_sighting *seen);

/*
 * `address`, outside by what is known, was seen with `mac`. False when it is that MAC's own, or
 * when it may be the office's own, of a network that is announced and not believed yet: then it
 * says nothing of who `mac` is.
 */
bool site_note_outside(struct site *site, const struct address *address, const struct mac *mac);

/* Where an address stands: asked once for each side of a flow. */
enum site_place {
	SITE_OUTSIDE,
	SITE_INSIDE,
	SITE_GROUP,
};

enum site_place site_place_of(const struct site *site, const struct address *address);

/*
 * The same of either end of a flow: what is outside and talked to is remembered, so that nobody can
 * announce it as the office's own.
 */
enum site_place site_place_of_peer(const struct site *site, const struct address *address);

/* A host of the office. Multicast, broadcast and unspecified addresses are not. */
bool site_holds(const struct site *site, const struct address *address);

/*
 * No single host's address: multicast, broadcast, unspecified, or inside the office a network's
 * last one by habit.
 */
bool site_is_group(const struct site *site, const struct address *address);

/* What of it outlives the process; `struct site` is the owner. */
extern const struct kept_table site_kept[];
