/* LLDP (IEEE 802.1AB-2016; VLANs 802.1Q annex D; MED ANSI/TIA-1057): what a neighbour says it is.
 */
/*
 * Skipped: the object identifier of a management address, names of VLANs, 802.3's and other
 * organizations' elements, and of MED all but the inventory. Of a repeated element the first
 * counts.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum lldp_chassis {
	LLDP_CHASSIS_COMPONENT = 1,
	LLDP_CHASSIS_INTERFACE_ALIAS = 2,
	LLDP_CHASSIS_PORT_COMPONENT = 3,
	LLDP_CHASSIS_MAC = 4,     /* six bytes */
	LLDP_CHASSIS_ADDRESS = 5, /* enum lldp_family, then the address */
	LLDP_CHASSIS_INTERFACE_NAME = 6,
	LLDP_CHASSIS_LOCAL = 7,
};

enum lldp_port {
	LLDP_PORT_INTERFACE_ALIAS = 1,
	LLDP_PORT_COMPONENT = 2,
	LLDP_PORT_MAC = 3,
	LLDP_PORT_ADDRESS = 4, /* enum lldp_family, then the address */
	LLDP_PORT_INTERFACE_NAME = 5,
	LLDP_PORT_CIRCUIT = 6,
	LLDP_PORT_LOCAL = 7,
};

/* IANA's address family numbers. */
enum lldp_family { LLDP_IPV4 = 1, LLDP_IPV6 = 2, LLDP_ALL_802 = 6 };

enum lldp_capability {
	LLDP_OTHER = 0x0001,
	LLDP_REPEATER = 0x0002,
	LLDP_BRIDGE = 0x0004,
	LLDP_ACCESS_POINT = 0x0008,
	LLDP_ROUTER = 0x0010,
	LLDP_TELEPHONE = 0x0020,
	LLDP_CABLE_MODEM = 0x0040,
	LLDP_STATION = 0x0080,
};

/* An identifier: text, or bytes where its subtype says so. */
struct lldp_id {
	uint8_t subtype; /* enum lldp_chassis or enum lldp_port, or unknown */
	struct span value;
};

/* Spans are unchecked, and empty when absent. */
struct lldp {
	struct lldp_id chassis;
	struct lldp_id port;
	uint16_t ttl_seconds; /* 0: the neighbour goes away */
	struct span port_description;
	struct span system_name;
	struct span system_description;
	uint16_t capabilities;     /* of enum lldp_capability */
	uint16_t enabled;          /* of those, what it does */
	uint8_t management_family; /* of enum lldp_family, or unknown; 0 when absent */
	struct span management_address;
	bool has_vlan;
	uint16_t vlan; /* of untagged frames on the port */
	struct span hardware_revision;
	struct span firmware_revision;
	struct span software_revision;
	struct span serial;
	struct span manufacturer;
	struct span model;
};

/*
 * `in` starts behind the EtherType 0x88cc. DISSECT_MALFORMED when chassis, port and time to live do
 * not come first, in this order; DISSECT_TRUNCATED for an element past the end. What follows the
 * end element, or zero bytes in its place, is ignored; a frame that stops without it is whole.
 * `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_lldp(struct cursor in, struct lldp *out);
