/*
 * What makes packets one flow: both endpoints, the protocol and the context they were seen in.
 *
 * The key is canonical: the lower endpoint first, so that both directions give one key. Forty
 * bytes without padding: it may be compared and hashed as memory.
 */
#pragma once

#include "sensor/base/address.h"

/* IANA protocol numbers that anything here tells apart. */
enum ip_protocol {
	IP_ICMP = 1,
	IP_IPIP = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IPV6 = 41,
	IP_ICMPV6 = 58,
	IP_SCTP = 132,
};

struct flow_key {
	struct address low;
	struct address high;
	uint16_t low_port;
	uint16_t high_port;
	uint8_t protocol;   /* IANA number */
	uint8_t ip_version; /* 4 or 6 */
	uint16_t context;   /* tunnel or VLAN the flow was seen in; 0 is none */
};

_Static_assert(sizeof(struct flow_key) == 40, "a flow key has no padding");

/* `*source_is_low` says on which side of the key the source stands. */
struct flow_key flow_key_of(const struct address *source, uint16_t source_port,
			    const struct address *destination, uint16_t destination_port,
			    bool *source_is_low);

/* "tcp", "udp", "icmp" for both ICMPs, "ip" for the rest. */
const char *ip_protocol_text(uint8_t protocol);

bool flow_key_equal(const struct flow_key *a, const struct flow_key *b);
