/* IPv6 neighbour discovery (RFC 4861; preference RFC 4191, name servers RFC 8106): who has an
 * address on this link, and what its routers tell.
 */
/*
 * Skipped: router solicitations and redirects, lifetimes but a router's, flags of neighbours,
 * routes, and every option but link-layer addresses, prefixes and name servers. SEND (RFC 3971) is
 * not checked.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	NDP_MAC_LEN = 6,
	NDP_IP_LEN = 16,
	NDP_PREFIXES_MAX = 8,
	NDP_NAME_SERVERS_MAX = 4,
};

enum ndp_message {
	NDP_ROUTER_ADVERTISEMENT = 134,
	NDP_NEIGHBOUR_SOLICITATION = 135,
	NDP_NEIGHBOUR_ADVERTISEMENT = 136,
};

enum ndp_preference {
	NDP_PREFERENCE_MEDIUM = 0,
	NDP_PREFERENCE_HIGH = 1,
	NDP_PREFERENCE_RESERVED = 2,
	NDP_PREFERENCE_LOW = 3,
};

struct ndp_prefix {
	uint8_t bits; /* 0 … 128 */
	uint8_t address[NDP_IP_LEN];
};

struct ndp {
	enum ndp_message type;
	uint8_t target[NDP_IP_LEN]; /* of solicitations and advertisements of neighbours */
	bool has_mac;               /* the sender's, or in an advertisement the target's */
	uint8_t mac[NDP_MAC_LEN];
	uint8_t prefix_count; /* on-link ones of a router's advertisement; more are left out */
	struct ndp_prefix prefixes[NDP_PREFIXES_MAX];

	/* Of a router's advertisement; zero in others. */
	uint16_t lifetime;         /* seconds; 0: it is no way out */
	bool is_managed;           /* addresses, or other settings, are to be had by DHCPv6 */
	uint8_t preference;        /* of enum ndp_preference */
	uint8_t name_server_count; /* more are left out */
	uint8_t name_servers[NDP_NAME_SERVERS_MAX][NDP_IP_LEN];
};

/*
 * `type` is ICMPv6's; `in` starts behind the checksum. DISSECT_OTHER for other types;
 * DISSECT_MALFORMED for an option of length zero or a prefix longer than an address. `out` is set
 * only on DISSECT_OK.
 */
MUST_USE enum dissect dissect_ndp(uint8_t type, struct cursor in, struct ndp *out);
