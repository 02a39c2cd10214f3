/* DHCPv4 (RFC 2131, options RFC 2132, 3925 and 4702): what a device says of itself when it joins.
 */
/*
 * Skipped: xid, secs, flags, siaddr, giaddr, sname and file unless options stand in them (52), what
 * only its vendor can read (43). Of a repeated option the last one counts: parts that RFC 3396
 * would have joined lie apart, and nothing that is kept here is as long as one option may be.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

struct dns_name;

enum {
	DHCP_MAC_LEN = 6,
	DHCP_IP_LEN = 4,
	DHCP_OPTIONS_MAX = 64,
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
	uint8_t mac[DHCP_MAC_LEN]; /* chaddr; zero for a hardware other than Ethernet */
	uint8_t client_address[DHCP_IP_LEN];    /* ciaddr: what the client already uses */
	uint8_t your_address[DHCP_IP_LEN];      /* yiaddr: what the server gives */
	uint8_t requested_address[DHCP_IP_LEN]; /* option 50 */
	uint8_t server_id[DHCP_IP_LEN];         /* option 54 */
	uint8_t subnet_mask[DHCP_IP_LEN];       /* option 1; zero when absent, unchecked */
	uint8_t router[DHCP_IP_LEN];            /* option 3, the first of them */
	struct span hostname;                   /* option 12; unchecked text from the wire */
	struct span vendor_class;               /* option 60; likewise */
	struct span parameter_request;          /* option 55; option codes in the device's order */
	struct span fqdn;           /* option 81 behind flags and result codes; unchecked */
	bool fqdn_is_labels;        /* its E flag: length-prefixed labels instead of text */
	struct span client_id;      /* option 61, its type first: 1 a MAC, 255 an IAID and DUID */
	struct span domain;         /* option 15; unchecked text */
	uint32_t lease_seconds;     /* option 51; 0 when absent */
	uint16_t max_message_size;  /* option 57; 0 when absent */
	uint32_t vendor_enterprise; /* option 124, or 125; IANA's number, 0 when absent */

	bool is_cut; /* the message ends inside an option */

	/* Codes of all options in the order sent, those in sname and file behind: a fingerprint. */
	uint8_t option_count; /* more than DHCP_OPTIONS_MAX are left out */
	uint8_t options[DHCP_OPTIONS_MAX];
};

/*
 * DISSECT_OTHER without the magic cookie; DISSECT_MALFORMED for an operation that is neither;
 * DISSECT_TRUNCATED when the magic cookie is not reached. Damage
 * in the options is no failure: what was whole before it is kept, and damage in sname and file ends
 * only what is read of them. `out` is set only on DISSECT_OK; its spans borrow from the bytes under
 * `in`.
 */
MUST_USE enum dissect dissect_dhcp(struct cursor in, struct dhcp *out);

/*
 * The FQDN of option 81 when it is labels. False, and `out` as it was, when it is text, absent or
 * not to be read.
 */
MUST_USE bool dhcp_fqdn_from_labels(const struct dhcp *msg, struct dns_name *out);
