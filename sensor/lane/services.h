/* Which flows a lane reads beyond their first words, by their ports. */
#pragma once

#include "sensor/decode/packet.h"
#include "sensor/flow/flow_record.h"

#include <string.h>

/* RPC's services stand on any port; a client's first packet says that it is one (C706 12.6.4.3). */
static inline bool services_is_bind(struct span payload)
{
	static const uint8_t begins[] = { 5, 0, 11 };
	static const uint8_t numbers[] = { 16, 0, 0, 0 }; /* little-endian, ASCII, IEEE */
	enum { TO_NUMBERS = 4 };

	return payload.len > TO_NUMBERS + sizeof(numbers) &&
	       memcmp(payload.data, begins, sizeof(begins)) == 0 &&
	       memcmp(payload.data + TO_NUMBERS, numbers, sizeof(numbers)) == 0;
}

/*
 * All of it, as long as they speak: services whose every message is a fact. A dialogue's commands
 * are read up to a number of packets; of what else there is, only packets in which a message
 * begins that is worth a look (session_may_begin()).
 */
static inline enum flow_wanted services_wanted(const struct packet *packet)
{
	static const struct {
		uint16_t port;
		uint8_t protocol;
		uint8_t wanted;
	} services[] = {
		{ 53, IP_UDP, FLOW_WANTED_ALL },        /* DNS */
		{ 53, IP_TCP, FLOW_WANTED_ALL },        /* likewise */
		{ 67, IP_UDP, FLOW_WANTED_ALL },        /* DHCP */
		{ 68, IP_UDP, FLOW_WANTED_ALL },        /* likewise */
		{ 88, IP_UDP, FLOW_WANTED_ALL },        /* Kerberos */
		{ 137, IP_UDP, FLOW_WANTED_ALL },       /* NetBIOS names */
		{ 138, IP_UDP, FLOW_WANTED_ALL },       /* NetBIOS datagrams */
		{ 546, IP_UDP, FLOW_WANTED_ALL },       /* DHCPv6 */
		{ 547, IP_UDP, FLOW_WANTED_ALL },       /* likewise */
		{ 1900, IP_UDP, FLOW_WANTED_ALL },      /* SSDP */
		{ 5353, IP_UDP, FLOW_WANTED_ALL },      /* mDNS */
		{ 5355, IP_UDP, FLOW_WANTED_ALL },      /* LLMNR */
		{ 21, IP_TCP, FLOW_WANTED_DIALOGUE },   /* FTP */
		{ 22, IP_TCP, FLOW_WANTED_DIALOGUE },   /* SSH */
		{ 23, IP_TCP, FLOW_WANTED_DIALOGUE },   /* Telnet */
		{ 25, IP_TCP, FLOW_WANTED_DIALOGUE },   /* SMTP */
		{ 88, IP_TCP, FLOW_WANTED_DIALOGUE },   /* Kerberos */
		{ 110, IP_TCP, FLOW_WANTED_DIALOGUE },  /* POP3 */
		{ 135, IP_TCP, FLOW_WANTED_DIALOGUE },  /* RPC endpoint mapper */
		{ 139, IP_TCP, FLOW_WANTED_DIALOGUE },  /* SMB over NetBIOS */
		{ 143, IP_TCP, FLOW_WANTED_DIALOGUE },  /* IMAP */
		{ 389, IP_TCP, FLOW_WANTED_DIALOGUE },  /* LDAP */
		{ 445, IP_TCP, FLOW_WANTED_DIALOGUE },  /* SMB */
		{ 502, IP_TCP, FLOW_WANTED_DIALOGUE },  /* Modbus */
		{ 587, IP_TCP, FLOW_WANTED_DIALOGUE },  /* SMTP submission */
		{ 1883, IP_TCP, FLOW_WANTED_DIALOGUE }, /* MQTT */
		{ 3268, IP_TCP, FLOW_WANTED_DIALOGUE }, /* LDAP, global catalogue */
	};
	uint16_t low = packet->key.low_port;
	uint16_t high = packet->key.high_port;

	if (packet->key.protocol == IP_ICMPV6)
		return FLOW_WANTED_ALL;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if ((services[i].port == low || services[i].port == high) &&
		    services[i].protocol == packet->key.protocol)
			return (enum flow_wanted)services[i].wanted;
	}
	if (packet->key.protocol == IP_TCP && services_is_bind(packet->payload))
		return FLOW_WANTED_DIALOGUE;
	return FLOW_WANTED_NONE;
}

static inline bool services_are_always_read(const struct packet *packet)
{
	return services_wanted(packet) == FLOW_WANTED_ALL;
}
