/*
 * What one interface saw in a window of packet time, as numbers. Plain values: health.h counts,
 * health_check.h judges.
 *
 * Of a busy interface only a part of the frames is looked into (health.h); shares are of those,
 * and what counts all says so.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/nanotime.h"

enum {
	HEALTH_VLANS_MAX = 16,
	HEALTH_SET_MAX = 64,
	HEALTH_COMMONS = 2,
};

/* Different things by 32 bits of a hash, exactly up to HEALTH_SET_MAX and no further. */
struct health_set {
	uint32_t count;
	uint32_t places[HEALTH_SET_MAX]; /* 0 is free */
};

/* Frames of one 802.1Q id; 0 is no tag. */
struct health_vlan {
	uint16_t id;
	uint64_t group; /* to many: broadcast and multicast */
	uint64_t unicast;
	uint64_t
		unanswered; /* as in struct health_lasting, of this VLAN; outlives the window too */
	struct health_set group_senders;
};

/* An address that may stand in front of all others: one side of the first packet. */
struct health_common {
	struct address address;
	uint64_t packets; /* that it sent or got */
	uint64_t fresh;   /* requests it sent with the TTL that systems begin with */
	uint64_t passed;  /* … one to four less: through a router, so not its own */
	struct health_set peers;
};

/*
 * What outlives the window. Times are 0 for never. It begins anew with the first frame after an
 * hour without any: nothing is known of that hour.
 */
struct health_lasting {
	nanotime started;
	nanotime last_look;
	nanotime last_unicast;
	nanotime last_dns;
	nanotime last_dhcp;
	/*
	 * Who has this address? By broadcast (ARP) or multicast (NDP). How often that was asked
	 * since it was answered to one who asked, or a pair was seen to speak to one another.
	 */
	uint64_t unanswered;
	/* Who sent to many in the last window in which a pair spoke to one another; 0 is never. */
	uint32_t awake;
	/* Unicast of the last window in which anything was heard: a closing office falls silent by
	 * and by. */
	uint64_t busy;
	struct health_set opened_since_dns; /* outside web servers that were called since */
};

struct health_counts {
	uint64_t frames; /* all */
	uint64_t copies; /* all unicast packets that were dropped as a mirror's copies */

	uint64_t looked; /* frames that the rest is about */
	uint64_t own;    /* from or to this machine's own cards; counted nowhere else */
	uint64_t group;
	uint64_t unicast;
	uint64_t without_link;     /* packets of a link that has no MACs */
	struct health_set senders; /* MACs, of all of them */
	struct health_set group_senders;

	uint64_t answers; /* to who asked who has an address */

	uint64_t pppoe;       /* frames of a PPPoE session */
	uint64_t four_in_six; /* frames with IPv4 in IPv6 */
	uint64_t plain_v4;    /* unicast IPv4 packets in neither */
	uint64_t odd_tags;    /* pairs of MACs of which one direction alone is tagged */
	uint64_t pairs;       /* of MACs that spoke to one another */
	uint64_t pairs_both;  /* … both of which were seen to speak */
	struct health_common common[HEALTH_COMMONS];

	struct health_vlan vlans[HEALTH_VLANS_MAX]; /* those that came first */
	unsigned vlan_count;

	uint64_t dns;           /* port 53 */
	uint64_t encrypted_dns; /* port 853, or the web port of a well-known resolver */
	uint64_t dhcp;          /* either version */
	uint32_t longest_tcp;   /* IP packet with TCP */

	struct health_lasting lasting;
};

/* TCP conversations that went on long enough for both sides to be heard; of all interfaces. */
struct health_flows {
	uint64_t both;
	uint64_t client_only;
	uint64_t server_only;
};
