/* DHCPv4 (RFC 2131, options RFC 2132 and 4702): what a device says of itself when it joins. */
/*
 * Skipped: xid, secs, flags, siaddr, giaddr, sname, file and options moved there (52), the client
 * identifier (61). Of a repeated option the last one counts; RFC 3396 joining is not done.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	DHCP_MAC_LEN = 6,
	DHCP_IP_LEN = 4,
};

enum dhcp_operation {
	DHCP_BOOT_REQUEST = 1, /* from a client */
	DHCP_BOOT_REPLY = 2,   /* from a server */
};

enum dhcp_message {
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
};

/* An address that is absent, or whose option is too short for one, is 0.0.0.0. */
struct dhcp {
	enum dhcp_operation operation;
	uint8_t message_type;      /* option 53: enum dhcp_message or unknown; 0 when absent */
	uint8_t mac[DHCP_MAC_LEN]; /* chaddr */
	uint8_t client_address[DHCP_IP_LEN];    /* ciaddr: what the client already uses */
	uint8_t your_address[DHCP_IP_LEN];      /* yiaddr: what the server gives */
	uint8_t requested_address[DHCP_IP_LEN]; /* option 50 */
	uint8_t server_id[DHCP_IP_LEN];         /* option 54 */
	uint8_t router[DHCP_IP_LEN];            /* option 3, the first of them */
	struct span hostname;                   /* option 12; unchecked text from the wire */
	struct span vendor_class;               /* option 60; likewise */
	struct span parameter_request;          /* option 55; option codes in the device's order */
	struct span fqdn;    /* option 81 behind flags and result codes; unchecked */
	bool fqdn_is_labels; /* its E flag: length-prefixed labels instead of text */
};

/*
 * DISSECT_OTHER without the magic cookie or for a hardware other than Ethernet; DISSECT_MALFORMED
 * for an operation that is neither; DISSECT_TRUNCATED also for an end inside an option. `out` is
 * set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_dhcp(struct cursor in, struct dhcp *out);
