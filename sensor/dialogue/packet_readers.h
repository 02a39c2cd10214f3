/*
 * Readers of what is neither a datagram nor a stream: neighbours' frames, group memberships, pings.
 * Each tells its message as a fact of `hearing`, or nothing. One thread: the lane's.
 */
#pragma once

#include "sensor/dialogue/hearing.h"

struct session_desk;

/* Of no flow; `in` starts as dissect_lldp() and dissect_cdp() want it. */
void read_lldp(struct hearing *hearing, struct cursor in);
void read_cdp(struct hearing *hearing, struct cursor in);

/* Of no flow: the signature of a SYN (syn_signature.h); `ip` begins with its IP header. */
void read_syn(struct hearing *hearing, struct span ip);

/* `in` starts at IGMP's type. */
void read_igmp(struct hearing *hearing, struct cursor in);
/* `type` is ICMPv6's; `in` starts behind the checksum. */
void read_mld(struct hearing *hearing, uint8_t type, struct cursor in);
struct ndp;
/* What a router tells of itself: `message` is its advertisement. */
void read_router(struct hearing *hearing, const struct ndp *message);

/*
 * Echo requests and replies; `protocol` is IP's, `type` ICMP's, `in` starts behind the checksum,
 * `payload_len` is what there is from there on the wire. Told are the first of each direction of a
 * flow, and the first reply that does not carry what its request did.
 */
struct icmp_message {
	uint8_t protocol;
	uint8_t type;
	struct cursor in;
	uint32_t payload_len;
};
void read_icmp_echo(struct hearing *hearing, struct session_desk *desk,
		    const struct icmp_message *message);
