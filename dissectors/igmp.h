/* IGMP (version 1 RFC 1112, 2 RFC 2236, 3 RFC 3376 and 9776): which IPv4 groups a device listens
 * to.
 */
/*
 * Skipped: checksum, response times, the querier's robustness and interval, the sources of queries
 * and records, auxiliary data. DVMRP, PIM version 1 and router discovery, which share the protocol
 * number, are DISSECT_OTHER.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	IGMP_IP_LEN = 4,
	IGMP_GROUPS_MAX = 16,
};

enum igmp_message {
	IGMP_QUERY = 0x11, /* from a router, or a switch that stands in for one */
	IGMP_V1_REPORT = 0x12,
	IGMP_V2_REPORT = 0x16,
	IGMP_V2_LEAVE = 0x17,
	IGMP_V3_REPORT = 0x22,
};

enum igmp_record {
	IGMP_IS_INCLUDE = 1,
	IGMP_IS_EXCLUDE = 2, /* listens to the group, whoever sends */
	IGMP_TO_INCLUDE = 3, /* without sources: leaves */
	IGMP_TO_EXCLUDE = 4, /* joins */
	IGMP_ALLOW_SOURCES = 5,
	IGMP_BLOCK_SOURCES = 6,
};

struct igmp_group {
	uint8_t record_type; /* of version 3 reports: enum igmp_record or unknown; else 0 */
	uint16_t source_count;
	uint8_t address[IGMP_IP_LEN];
};

struct igmp {
	enum igmp_message type;
	uint8_t version;
	bool is_query;
	uint8_t group_count; /* 0 in a query for all groups; more are left out */
	struct igmp_group groups[IGMP_GROUPS_MAX];
};

/*
 * `in` starts at IGMP's type. DISSECT_OTHER for types that are none of the above; DISSECT_TRUNCATED
 * also where there are fewer records than the count says. `out` is set only on DISSECT_OK, and
 * borrows nothing.
 */
MUST_USE enum dissect dissect_igmp(struct cursor in, struct igmp *out);
