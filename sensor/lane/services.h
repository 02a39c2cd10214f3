/* Services that a lane reads for as long as they speak, by their ports; of others only the first
 * words. */
#pragma once

#include "sensor/decode/packet.h"

enum {
	PORT_DNS = 53,
	PORT_DHCP_SERVER = 67,
	PORT_DHCP_CLIENT = 68,
	PORT_NBNS = 137,
	PORT_MDNS = 5353,
	PORT_LLMNR = 5355,
};

static inline bool services_has_port(uint16_t port)
{
	if (port > PORT_NBNS)
		return (port | 2) == PORT_LLMNR; /* and mDNS, which is two lower */
	return port == PORT_DNS || port == PORT_DHCP_SERVER || port == PORT_DHCP_CLIENT ||
	       port == PORT_NBNS;
}

_Static_assert((PORT_MDNS | 2) == PORT_LLMNR, "two ports that one bit tells apart");

static inline bool services_are_always_read(const struct packet *packet)
{
	return services_has_port(packet->key.low_port) ||
	       services_has_port(packet->key.high_port) || packet->key.protocol == IP_ICMPV6;
}
