/* NetBIOS name service (RFC 1002 4.2): who a Windows machine is, whom it asks for, who answers. */
/*
 * Skipped: the scope, the list of names in a node status response, NM_FLAGS, every record but the
 * first.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	NBNS_NAME_LEN = 15, /* as NETBIOS_NAME_LEN */
	NBNS_IP_LEN = 4,
};

enum nbns_opcode {
	NBNS_QUERY = 0,
	NBNS_REGISTRATION = 5,
	NBNS_RELEASE = 6,
	NBNS_WAIT = 7,
	NBNS_REFRESH = 8,
	NBNS_REFRESH_ALSO = 9, /* RFC 1002 says 8 in its diagram and 9 in its list */
	NBNS_MULTIHOMED_REGISTRATION = 15,
};

enum nbns_type {
	NBNS_TYPE_NAME = 0x20,
	NBNS_TYPE_STATUS = 0x21,
};

struct nbns {
	uint16_t id;
	bool is_response;
	uint8_t opcode; /* of enum nbns_opcode */
	uint8_t rcode;
	uint16_t type; /* mostly of enum nbns_type */

	/*
	 * Of the question, or of a response's record. Without the spaces or NULs that fill it up to
	 * fifteen bytes; unchecked bytes in the code page of the sender, and NUL-terminated.
	 */
	char name[NBNS_NAME_LEN + 1];
	uint8_t suffix; /* the sixteenth byte: 0x00 workstation, 0x20 server, 0x1b, 0x1c domain … */

	bool has_address; /* in registrations, refreshes, releases and positive responses */
	bool is_group;    /* the name is shared: a workgroup or domain, not a device */
	uint8_t address[NBNS_IP_LEN];
};

/*
 * DISSECT_OTHER for another opcode; DISSECT_MALFORMED for a name that is not NetBIOS's. `out` is
 * set only on DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect dissect_nbns(struct cursor in, struct nbns *out);
