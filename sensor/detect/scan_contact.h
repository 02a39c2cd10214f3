/* Which flows count as first contacts, by which scans are told. */
#pragma once

#include "sensor/fact/fact.h"

enum {
	SCAN_PING_PORT = 8,
	SCAN_PING_PORT_V6 = 128,
	SCAN_TRACEROUTE_FIRST = 33434,
	SCAN_TRACEROUTE_LAST = 33625,
	SCAN_TTL_EXCEEDED = 11,
};

/* ICMP's types stand in the place of ports (decode). */
static inline bool scan_is_ping(const struct fact_flow *flow)
{
	uint16_t type = flow->protocol == IP_ICMPV6 ? SCAN_PING_PORT_V6 : SCAN_PING_PORT;

	return (flow->protocol == IP_ICMP || flow->protocol == IP_ICMPV6) &&
	       (flow->client_port == type || flow->server_port == type);
}

/*
 * Packets that no connection begins with or ever has: without any flag, or with an end that nothing
 * acknowledges. Lone acknowledgements are no sign: what a capture missed the beginning of looks
 * alike.
 */
static inline bool scan_is_stealthy(const struct fact *fact)
{
	enum { SYN = 0x02, RST = 0x04, ACK = 0x10 };

	return fact->flow.protocol == IP_TCP && !fact->ended.is_answered &&
	       (fact->ended.tcp_flags_up & (SYN | RST | ACK)) == 0;
}

/* Contacts that tell nothing of a scan: traceroute's probes, and ICMP other than echo. */
static inline bool scan_is_contact(const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;

	if (fact->ended.icmp_error == SCAN_TTL_EXCEEDED)
		return false;
	if (flow->is_midstream && !scan_is_stealthy(fact))
		return false;
	if (flow->protocol == IP_UDP)
		return flow->server_port < SCAN_TRACEROUTE_FIRST ||
		       flow->server_port > SCAN_TRACEROUTE_LAST;
	return flow->protocol == IP_TCP || scan_is_ping(flow);
}
