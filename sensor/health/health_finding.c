#include "sensor/health/health_finding.h"

#include <string.h>

static const char *const codes[HEALTH_CODES] = {
	[HEALTH_INTERFACE_MISSING] = "interface_missing",
	[HEALTH_INTERFACE_DOWN] = "interface_down",
	[HEALTH_STORE_READ_ONLY] = "store_read_only",
	[HEALTH_STORE_FULL] = "store_full",
	[HEALTH_NO_PACKETS] = "no_packets",
	[HEALTH_ONLY_BROADCAST] = "only_broadcast",
	[HEALTH_ONE_DIRECTION] = "one_direction",
	[HEALTH_PPPOE_SIDE] = "pppoe_side",
	[HEALTH_CARRIER_TUNNEL] = "carrier_tunnel",
	[HEALTH_AFTER_NAT] = "after_nat",
	[HEALTH_MISSING_VLAN] = "missing_vlan",
	[HEALTH_DROPS] = "drops",
	[HEALTH_CARD_TOO_SLOW] = "card_too_slow",
	[HEALTH_SHED] = "shed",
	[HEALTH_DUPLICATES] = "duplicates",
	[HEALTH_OFFLOADS] = "offloads",
	[HEALTH_CLOCK_UNSYNCHRONISED] = "clock_unsynchronised",
	[HEALTH_CLOCK_STEP] = "clock_step",
	[HEALTH_GAP] = "gap",
	[HEALTH_LIST_EXPIRED] = "list_expired",
	[HEALTH_LIST_REFUSED] = "list_refused",
	[HEALTH_LIST_OLD] = "list_old",
	[HEALTH_DATABASE_REFUSED] = "database_refused",
	[HEALTH_DATABASE_OLD] = "database_old",
	[HEALTH_NO_DNS] = "no_dns",
	[HEALTH_NO_DHCP] = "no_dhcp",
	[HEALTH_TAGS_ONE_WAY] = "tags_one_way",
	[HEALTH_OWN_TRAFFIC] = "own_traffic_seen",
};

static const char *const figures[HEALTH_FIGURES] = {
	[HEALTH_FIGURE_FRAMES] = "frames",
	[HEALTH_FIGURE_UNICAST] = "unicast_packets",
	[HEALTH_FIGURE_GROUP] = "broadcast_packets",
	[HEALTH_FIGURE_ASKS] = "address_questions",
	[HEALTH_FIGURE_ANSWERS] = "address_answers",
	[HEALTH_FIGURE_SECONDS] = "seconds",
	[HEALTH_FIGURE_ONE_SIDED] = "one_sided_conversations",
	[HEALTH_FIGURE_ONE_SIDED_SHARE] = "one_sided_share",
	[HEALTH_FIGURE_ADDRESS_SHARE] = "one_address_share",
	[HEALTH_FIGURE_ROUTED_SHARE] = "routed_requests_share",
	[HEALTH_FIGURE_CARRIED] = "carried_frames",
	[HEALTH_FIGURE_PLAIN_V4] = "plain_ipv4_packets",
	[HEALTH_FIGURE_VLAN] = "vlan",
	[HEALTH_FIGURE_DROPPED] = "dropped_packets",
	[HEALTH_FIGURE_DROPPED_SHARE] = "dropped_share",
	[HEALTH_FIGURE_LINK_MBIT] = "link_mbit_per_second",
	[HEALTH_FIGURE_COPIES] = "copies",
	[HEALTH_FIGURE_COPIES_SHARE] = "copies_share",
	[HEALTH_FIGURE_LONGEST] = "longest_packet_bytes",
	[HEALTH_FIGURE_STEP_SECONDS] = "clock_step_seconds",
	[HEALTH_FIGURE_WEB_SERVERS] = "web_servers_called",
	[HEALTH_FIGURE_PAIRS] = "pairs_of_devices",
	[HEALTH_FIGURE_OWN] = "own_packets",
	[HEALTH_FIGURE_AGE_DAYS] = "age_days",
	[HEALTH_FIGURE_EXPIRED_DAYS] = "expired_days",
	[HEALTH_FIGURE_REFUSED] = "refused_files",
};

const char *health_code_name(enum health_code code)
{
	return codes[code];
}

enum health_code health_code_named(const char *name)
{
	unsigned code = 0;

	while (code < HEALTH_CODES && strcmp(codes[code], name) != 0)
		code++;
	return (enum health_code)code;
}

const char *health_severity_name(enum health_severity severity)
{
	static const char *const names[] = { "note", "warning", "fault" };

	return names[severity];
}

const char *health_figure_name(enum health_figure_code code)
{
	return figures[code];
}

bool health_code_is_hard(enum health_code code)
{
	static const bool hard[HEALTH_CODES] = {
		[HEALTH_INTERFACE_MISSING] = true, [HEALTH_INTERFACE_DOWN] = true,
		[HEALTH_STORE_READ_ONLY] = true,   [HEALTH_STORE_FULL] = true,
		[HEALTH_CLOCK_STEP] = true,        [HEALTH_GAP] = true,
	};

	return hard[code] || health_code_is_of_files(code);
}

bool health_code_is_of_files(enum health_code code)
{
	return code >= HEALTH_LIST_EXPIRED && code <= HEALTH_DATABASE_OLD;
}
