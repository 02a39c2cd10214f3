/* MLD (version 1 RFC 2710, 2 RFC 3810): which IPv6 groups a device listens to. */
/*
 * Skipped: response times, the querier's robustness and interval, the sources of queries and
 * records, auxiliary data.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	MLD_IP_LEN = 16,
	MLD_GROUPS_MAX = 16,
};

enum mld_message {
	MLD_QUERY = 130, /* from a router, or a switch that stands in for one */
	MLD_V1_REPORT = 131,
	MLD_V1_DONE = 132,
	MLD_V2_REPORT = 143,
};

enum mld_record {
	MLD_IS_INCLUDE = 1,
	MLD_IS_EXCLUDE = 2, /* listens to the group, whoever sends */
	MLD_TO_INCLUDE = 3, /* without sources: leaves */
	MLD_TO_EXCLUDE = 4, /* joins */
	MLD_ALLOW_SOURCES = 5,
	MLD_BLOCK_SOURCES = 6,
};

struct mld_group {
	uint8_t record_type; /* of version 2 reports: enum mld_record or unknown; else 0 */
	uint16_t source_count;
	uint8_t address[MLD_IP_LEN];
};

struct mld {
	enum mld_message type;
	uint8_t version;
	bool is_query;
	uint8_t group_count; /* 0 in a query for all groups; more are left out */
	struct mld_group groups[MLD_GROUPS_MAX];
};

/*
 * `type` is ICMPv6's; `in` starts behind the checksum. DISSECT_OTHER for other types;
 * DISSECT_TRUNCATED also where there are fewer records than the count says. `out` is set only on
 * DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect dissect_mld(uint8_t type, struct cursor in, struct mld *out);
