/*
 * Which hosts are on this wire where none of a known network is: an office whose addresses are all
 * public, a server's line, a capture behind the address translation. Nobody announces anything
 * there, so each host is believed by how its packets come:
 *   - it opens a flow with the hop limit that hosts begin with (64, 128, 255): no router has passed
 *     the packet on, so the sender is the next one on this wire, or
 *   - its MAC is one address's alone, and the MACs that it opens flows to are a router's, towards
 *     LONE_CONTACTS networks (behind address translation the limit has been lowered).
 * A MAC has one address of IPv4 and one /64 of IPv6; what else it sends from is not believed. A MAC
 * that turns out a router's, or an address that is seen with two MACs, is believed no longer. As
 * soon as a host of a known network shows, all of it is over for good: then that is the office.
 *
 * What this leaves: where nobody of a known network speaks, who can write frames of his own MAC can
 * have one address believed that nobody on the wire was seen to use. Part of the site; no one else
 * includes this. LONE_MAX rows in place; of more, the first stand. One thread: the judge's.
 */
#pragma once

#include "sensor/fact/fact.h"
#include "sensor/inventory/site_prefixes.h"

enum { LONE_MAX = 32, LONE_CONTACTS = 3 };

struct lone_host {
	struct address address; /* of IPv6: its /64 */
	struct mac mac;         /* zero on a link without MACs, which has one host */
	bool is_near;           /* it sent with the hop limit that hosts begin with */
	bool is_disputed;
	uint8_t contacts; /* networks that it spoke to through a router, up to LONE_CONTACTS */
	uint8_t spare;
};

/* As kept on the disk. */
struct lone_hosts {
	struct lone_host of[LONE_MAX];
	uint32_t count;
	bool is_over; /* a host of a known network has spoken */
	uint8_t spare[3];
};

/* No host of this wire is of a known network, as it was seen; `prefixes` knows routers.
 */
void lone_hosts_learn(struct lone_hosts *lone, const struct site_prefixes *prefixes,
		      const struct fact_sighting *seen);

/* Whether `address` is believed to be on this wire. */
bool lone_hosts_hold(const struct lone_hosts *lone, const struct site_prefixes *prefixes,
		     const struct address *address);

/*
 * Whether a neighbour of IPv4 that somebody claims stands beside one that is believed: in its /24.
 * True where none is.
 */
bool lone_hosts_are_beside(const struct lone_hosts *lone, const struct site_prefixes *prefixes,
			   const struct address *address);

/* Whether `mac` was seen as that address's own: then it does not carry it for others. */
bool lone_hosts_own(const struct lone_hosts *lone, const struct address *address,
		    const struct mac *mac);

/* For what was kept elsewhere: counts and flags are what they can be. */
bool lone_hosts_are_sound(const struct lone_hosts *lone);
