/* EtherTypes (IEEE 802.3 3.2.6; numbers: IANA's list), but for those of enum network_protocol. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum ethertype {
	ETHERTYPE_FIRST = 0x0600, /* below it is a length */
	ETHERTYPE_PPP = 0x880b,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_UPSTREAM = 0x8848, /* "multicast" before RFC 5332 */
	ETHERTYPE_PPPOE_DISCOVERY = 0x8863,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_SERVICE_TAG = 0x88a8,
	ETHERTYPE_BACKBONE = 0x88e7,   /* 802.1ah: a frame in a frame */
	ETHERTYPE_FABRICPATH = 0x8903, /* Cisco's; likewise */
	ETHERTYPE_METADATA = 0x8909,   /* Cisco's: a group tag before what it is of */
	ETHERTYPE_OLD_SERVICE_TAG = 0x9100,
	/* ETHERTYPE_TAG stands in wire_header.h, for it is in plain packets too. */
};

/* Whether offices and operators really send it: a guess is not to rest on more. */
bool ethertype_is_known(uint16_t type);
