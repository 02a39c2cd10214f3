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

/*
 * Who was asked by a question to everybody answers from his service's port: to him who asked, but
 * in a flow of its own, in which nobody answers.
 */
static inline bool scan_is_reply(const struct fact_flow *flow)
{
	enum {
		DHCP_SERVER = 67,
		DHCP_CLIENT = 68,
		DHCPV6_CLIENT = 546,
		DHCPV6_SERVER = 547,
		SSDP = 1900,
		WS_DISCOVERY = 3702,
		MDNS = 5353,
		LLMNR = 5355,
		FIRST_OF_PROGRAMS = 1024,
	};
	uint16_t from = flow->client_port;
	uint16_t to = flow->server_port;

	if (flow->protocol != IP_UDP)
		return false;
	if (from == DHCP_SERVER || from == DHCPV6_SERVER)
		return to == DHCP_CLIENT || to == DHCPV6_CLIENT || to == from;
	return (from == SSDP || from == WS_DISCOVERY || from == MDNS || from == LLMNR) &&
	       to >= FIRST_OF_PROGRAMS;
}

/*
 * Contacts that tell nothing of a scan: traceroute's probes, answers to what everybody was asked,
 * and ICMP other than echo.
 */
static inline bool scan_is_contact(const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;

	if (fact->ended.icmp_error == SCAN_TTL_EXCEEDED)
		return false;
	if (flow->is_midstream && !scan_is_stealthy(fact))
		return false;
	if (flow->protocol == IP_UDP)
		return (flow->server_port < SCAN_TRACEROUTE_FIRST ||
			flow->server_port > SCAN_TRACEROUTE_LAST) &&
		       !scan_is_reply(flow);
	return flow->protocol == IP_TCP || scan_is_ping(flow);
}
