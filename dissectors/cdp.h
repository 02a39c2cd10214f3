/* CDP (Cisco, "Cisco Discovery Protocol", version 1 and 2): what a Cisco neighbour says it is. */
/*
 * Skipped: the checksum, prefixes, VTP, duplex, trust, power, management addresses, and what no
 * document names. Of a repeated element the first counts.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	CDP_ADDRESSES_MAX = 4,
	CDP_ADDRESS_LEN = 16,
};

enum cdp_capability {
	CDP_ROUTER = 0x01,
	CDP_TRANSPARENT_BRIDGE = 0x02,
	CDP_SOURCE_ROUTE_BRIDGE = 0x04,
	CDP_SWITCH = 0x08,
	CDP_HOST = 0x10,
	CDP_IGMP = 0x20,
	CDP_REPEATER = 0x40,
	CDP_PHONE = 0x80,
};

struct cdp_address {
	uint8_t len; /* 4 or 16 */
	uint8_t bytes[CDP_ADDRESS_LEN];
};

/* Text is unchecked; empty when absent. */
struct cdp {
	uint8_t version;
	uint8_t ttl_seconds;
	struct span device_id; /* mostly its name, perhaps with domain or serial */
	struct span port_id;
	struct span software_version; /* mostly several lines */
	struct span platform;
	uint32_t capabilities; /* of enum cdp_capability */
	bool has_native_vlan;
	uint16_t native_vlan;
	uint8_t address_count; /* IPv4 and IPv6; others and more are left out */
	struct cdp_address addresses[CDP_ADDRESSES_MAX];
};

/*
 * `in` starts behind the length of an 802.3 frame, at LLC and SNAP. DISSECT_OTHER for what is not
 * CDP there, or no version that is known. An element too short for its own head ends the message,
 * as padding does. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_cdp(struct cursor in, struct cdp *out);
