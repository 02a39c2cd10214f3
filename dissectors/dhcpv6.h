/* DHCPv6 (RFC 8415; FQDN RFC 4704, DUID of type 4 RFC 6355): who a device says it is. */
/*
 * Skipped: transaction ids, the hops' addresses, lifetimes, prefixes, server identifiers, every
 * option not named below. Of a repeated option the last one counts.
 */
#pragma once

#include "dissectors/dns.h"

enum {
	DHCPV6_IP_LEN = 16,
	DHCPV6_ADDRESSES_MAX = 4,
	DHCPV6_NAME_SERVERS_MAX = 4,
	DHCPV6_RELAYS_MAX = 8, /* HOP_COUNT_LIMIT, RFC 8415 7.6 */
};

enum dhcpv6_message {
	DHCPV6_SOLICIT = 1,
	DHCPV6_ADVERTISE = 2,
	DHCPV6_REQUEST = 3,
	DHCPV6_CONFIRM = 4,
	DHCPV6_RENEW = 5,
	DHCPV6_REBIND = 6,
	DHCPV6_REPLY = 7,
	DHCPV6_RELEASE = 8,
	DHCPV6_DECLINE = 9,
	DHCPV6_RECONFIGURE = 10,
	DHCPV6_INFORMATION_REQUEST = 11,
	DHCPV6_RELAY_FORWARD = 12,
	DHCPV6_RELAY_REPLY = 13,
};

enum dhcpv6_duid_type {
	DHCPV6_DUID_LINK_LAYER_TIME = 1,
	DHCPV6_DUID_ENTERPRISE = 2,
	DHCPV6_DUID_LINK_LAYER = 3,
	DHCPV6_DUID_UUID = 4,
};

/* RFC 8415 11. Empty and zero where the type has no such thing. */
struct dhcpv6_duid {
	struct span whole; /* with its type */
	uint16_t type;
	uint16_t hardware;      /* of types 1 and 3: 1 is Ethernet */
	struct span link_layer; /* likewise: the address of one of the device's interfaces */
	uint32_t enterprise;    /* of type 2 */
};

struct dhcpv6 {
	uint8_t message_type; /* of the innermost message; a relay's when it carries none */
	uint8_t relays;       /* that the message went through */
	struct dhcpv6_duid client;
	struct span option_request; /* option 6: codes of two bytes each, in the device's order */
	uint32_t vendor_enterprise; /* option 16 */
	struct span vendor_class;   /* option 16: the first of its data; unchecked */

	uint8_t address_count; /* of IA_NA and IA_TA, asked for or given; more are left out */
	uint8_t addresses[DHCPV6_ADDRESSES_MAX][DHCPV6_IP_LEN];

	uint8_t name_server_count; /* option 23 (RFC 3646); more are left out */
	uint8_t name_servers[DHCPV6_NAME_SERVERS_MAX][DHCPV6_IP_LEN];

	struct dns_name fqdn; /* option 39; octets is 0 without */
};

/*
 * DISSECT_OTHER for a message type that nobody has assigned; DISSECT_TRUNCATED also for an end
 * inside an option; DISSECT_MALFORMED for more than DHCPV6_RELAYS_MAX relays. `out` is set only on
 * DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_dhcpv6(struct cursor in, struct dhcpv6 *out);
