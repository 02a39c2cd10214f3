/* ARP (RFC 826) for IPv4 over Ethernet: who asks for an address, and who claims one. */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	ARP_MAC_LEN = 6,
	ARP_IP_LEN = 4,
};

enum arp_operation {
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

struct arp {
	enum arp_operation operation;
	uint8_t sender_mac[ARP_MAC_LEN];
	uint8_t sender_ip[ARP_IP_LEN];
	uint8_t target_mac[ARP_MAC_LEN]; /* in a request: anything, mostly zero */
	uint8_t target_ip[ARP_IP_LEN];
};

/*
 * `in` starts behind the Ethernet header; padding behind the packet is ignored. Another hardware,
 * protocol or operation (RARP, InARP) is DISSECT_OTHER. `out` is set only on DISSECT_OK.
 */
MUST_USE enum dissect dissect_arp(struct cursor in, struct arp *out);
