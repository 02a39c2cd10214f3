#include "sensor/detect/story.h"

#define BY_OUTCOME(attempt, refused, answered, data)                                         \
	{                                                                                    \
		PRIORITY_##attempt, PRIORITY_##refused, PRIORITY_##answered, PRIORITY_##data \
	}

/* clang-format off: a table; each row stands alone, so that rows can be added beside others. */
const struct story stories[] = {
	[SIGNAL_BEACON] = { "beacon", "BCN-1", "T1071.001 T1573", TACTIC_COMMAND_AND_CONTROL,
			    CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4,
			    TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_LOCAL_NAME) |
				    TRIES(GATE_REGULAR_PROTOCOL) | TRIES(GATE_COMMON_IN_OFFICE) |
				    TRIES(GATE_UNANSWERED) },
	[SIGNAL_SCAN_INSIDE] = { "scan_inside", "SCN-1", "T1046 T1018", TACTIC_DISCOVERY,
				 CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3, 0 },
	[SIGNAL_SCAN_OUTSIDE] = { "scan_outside", "SCN-1", "T1046 T1018", TACTIC_DISCOVERY,
				  CAUSE_UNKNOWN, BY_OUTCOME(1, 1, 1, 1), 4,
				  TRIES(GATE_PEER_TO_PEER) },
	[SIGNAL_SCAN_PORTS] = { "scan_ports", "SCN-1", "T1046 T1018", TACTIC_DISCOVERY,
				CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3, 0 },
	[SIGNAL_SCAN_ARP] = { "scan_arp", "SCN-1", "T1046 T1018", TACTIC_DISCOVERY, CAUSE_UNKNOWN,
			      BY_OUTCOME(2, 2, 2, 2), 3, 0 },
	[SIGNAL_DNS_TUNNEL] = { "dns_tunnel", "DNS-1", "T1071.004 T1048.003",
				TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1),
				4, TRIES(GATE_FORWARDED) | TRIES(GATE_KNOWN_SERVICE) },
	[SIGNAL_LISTED_CONTACT] = { "listed_contact", "IOC-1", "T1071", TACTIC_COMMAND_AND_CONTROL,
				    CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4, 0 },
	[SIGNAL_LISTED_LOOKUP] = { "listed_lookup", "IOC-1", "T1071", TACTIC_COMMAND_AND_CONTROL,
				   CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 3, 3), 2, 0 },
	[SIGNAL_DNS_DATA] = { "dns_data", "DNS-2", "T1071.004 T1048.003",
			      TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4,
			      TRIES(GATE_FORWARDED) | TRIES(GATE_KNOWN_SERVICE) },
	[SIGNAL_DGA] = { "dga", "DGA-1", "T1568.002", TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN,
			 BY_OUTCOME(2, 2, 2, 1), 4, TRIES(GATE_FORWARDED) },
	[SIGNAL_FAILING_NAMES] = { "failing_names", "NXD-1", "T1568 T1071.004",
				   TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN,
				   BY_OUTCOME(2, 2, 2, 2), 3,
				   TRIES(GATE_FORWARDED) | TRIES(GATE_KNOWN_SERVICE) |
					   TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_MACHINE_NAME] = { "machine_name", "DGA-2", "T1568.002", TACTIC_COMMAND_AND_CONTROL,
				  CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3,
				  TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_FOREIGN_RESOLVER] = { "foreign_resolver", "RSV-1", "T1071.004 T1584.002",
				      TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN,
				      BY_OUTCOME(3, 3, 3, 3), 2, TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_ODD_HTTP] = { "odd_http", "HTT-1", "T1071.001", TACTIC_COMMAND_AND_CONTROL,
			      CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 2), 3,
			      TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_LOCAL_NAME) |
				      TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_HTTP_FAN] = { "http_fan", "HTT-2", "T1071.001 T1008", TACTIC_COMMAND_AND_CONTROL,
			      CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 2), 3, TRIES(GATE_KNOWN_SERVICE) },
	[SIGNAL_DOWNLOAD] = { "download", "DLD-1", "T1105", TACTIC_INITIAL_ACCESS, CAUSE_WEB,
			      BY_OUTCOME(3, 3, 2, 2), 3,
			      TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_LOCAL_NAME) },
	[SIGNAL_ODD_TLS] = { "odd_tls", "TLS-2", "T1573.002 T1571", TACTIC_COMMAND_AND_CONTROL,
			     CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 2), 3,
			     TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_REGULAR_PROTOCOL) |
				     TRIES(GATE_PEER_TO_PEER) },
	[SIGNAL_ADDRESS_LOOKUP] = { "address_lookup", "DIS-1", "T1016", TACTIC_DISCOVERY,
				    CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 3, 3), 1, 0 },
	[SIGNAL_RAW_CHANNEL] = { "raw_channel", "RAW-1", "T1095 T1571", TACTIC_COMMAND_AND_CONTROL,
				 CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 1), 4,
				 TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_LOCAL_NAME) |
					 TRIES(GATE_PEER_TO_PEER) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_PORT_MISMATCH] = { "port_mismatch", "PRT-1", "T1571", TACTIC_COMMAND_AND_CONTROL,
				   CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 3, 2), 3,
				   TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_REVERSE_SHELL] = { "reverse_shell", "RSH-1", "T1059 T1095", TACTIC_EXECUTION,
				   CAUSE_UNKNOWN, BY_OUTCOME(1, 1, 1, 1), 4,
				   TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_RECONNECT] = { "reconnect", "STB-1", "T1071 T1571", TACTIC_COMMAND_AND_CONTROL,
			       CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 2), 3,
			       TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_LONG_SESSION] = { "long_session", "LNG-1", "T1573 T1571",
				  TACTIC_COMMAND_AND_CONTROL, CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 3, 3),
				  2,
				  TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_REGULAR_PROTOCOL) |
					  TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_ICMP_TUNNEL] = { "icmp_tunnel", "ICM-1", "T1095 T1572", TACTIC_COMMAND_AND_CONTROL,
				 CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 1), 4, 0 },
	[SIGNAL_REMOTE_EXECUTION] = { "remote_execution", "LAT-2",
				      "T1021.002 T1021.003 T1021.006 T1047 T1053.005 T1569.002",
				      TACTIC_LATERAL_MOVEMENT, CAUSE_CREDENTIAL_ABUSE,
				      BY_OUTCOME(2, 2, 2, 1), 4, 0 },
	[SIGNAL_ADMIN_SESSION] = { "admin_session", "LAT-3", "T1021", TACTIC_LATERAL_MOVEMENT,
				   CAUSE_CREDENTIAL_ABUSE, BY_OUTCOME(3, 3, 3, 3), 2, 0 },
	[SIGNAL_DIRECTORY_THEFT] = { "directory_theft", "LAT-4", "T1003.002 T1003.003 T1003.006",
				     TACTIC_CREDENTIAL_ACCESS, CAUSE_CREDENTIAL_ABUSE,
				     BY_OUTCOME(2, 2, 1, 1), 4, 0 },
	[SIGNAL_ACCOUNT_SEARCH] = { "account_search", "LAT-5", "T1087.002 T1069.002 T1033",
				    TACTIC_DISCOVERY, CAUSE_CREDENTIAL_ABUSE,
				    BY_OUTCOME(3, 3, 3, 3), 2, 0 },
	[SIGNAL_LOGON_BYPASS] = { "logon_bypass", "EXP-3", "T1210 T1068",
				  TACTIC_PRIVILEGE_ESCALATION, CAUSE_UNKNOWN,
				  BY_OUTCOME(2, 2, 1, 1), 4, 0 },
	[SIGNAL_EXPLOIT] = { "exploit", "EXP-2", "T1210 T1190", TACTIC_LATERAL_MOVEMENT,
			     CAUSE_UNKNOWN, BY_OUTCOME(3, 3, 2, 1), 4, 0 },
	[SIGNAL_WEB_ATTACK] = { "web_attack", "EXP-4", "T1190 T1505.003", TACTIC_INITIAL_ACCESS,
				CAUSE_WEB, BY_OUTCOME(3, 3, 3, 3), 3, 0 },
	[SIGNAL_WORM] = { "worm", "WRM-1", "T1210 T1570", TACTIC_LATERAL_MOVEMENT, CAUSE_UNKNOWN,
			  BY_OUTCOME(1, 1, 1, 1), 4, 0 },
	[SIGNAL_LATERAL_FANOUT] = { "lateral_fanout", "LAT-1",
				    "T1021.001 T1021.002 T1021.004 T1021.006",
				    TACTIC_LATERAL_MOVEMENT, CAUSE_CREDENTIAL_ABUSE,
				    BY_OUTCOME(3, 3, 2, 2), 3, 0 },
	[SIGNAL_NAME_POISONING] = { "name_poisoning", "RSP-1", "T1557.001",
				    TACTIC_CREDENTIAL_ACCESS, CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1),
				    4, 0 },
	[SIGNAL_ROGUE_DHCP] = { "rogue_dhcp", "DHC-1", "T1557.003", TACTIC_CREDENTIAL_ACCESS,
				CAUSE_MISCONFIGURATION, BY_OUTCOME(3, 3, 3, 3), 3, 0 },
	[SIGNAL_GATEWAY_SPOOFING] = { "gateway_spoofing", "ARP-1", "T1557.002",
				      TACTIC_CREDENTIAL_ACCESS, CAUSE_UNKNOWN,
				      BY_OUTCOME(2, 2, 2, 1), 4, 0 },
	[SIGNAL_MINING] = { "mining", "MIN-1", "T1496.001", TACTIC_IMPACT, CAUSE_UNKNOWN,
			    BY_OUTCOME(3, 3, 3, 2), 2, 0 },
	[SIGNAL_TOR] = { "tor", "TOR-1", "T1090.003", TACTIC_COMMAND_AND_CONTROL,
			 CAUSE_UNSANCTIONED_APP, BY_OUTCOME(3, 3, 3, 3), 2,
			 TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_REMOTE_TOOL] = { "remote_tool", "RMM-1", "T1219.002", TACTIC_COMMAND_AND_CONTROL,
				 CAUSE_UNSANCTIONED_APP, BY_OUTCOME(3, 3, 3, 3), 2, 0 },
	[SIGNAL_PRIVATE_TUNNEL] = { "private_tunnel", "ANO-1", "T1572 T1090",
				    TACTIC_COMMAND_AND_CONTROL, CAUSE_UNSANCTIONED_APP,
				    BY_OUTCOME(4, 4, 4, 4), 1, 0 },
	[SIGNAL_HIDDEN_LOOKUPS] = { "hidden_lookups", "DOH-1", "T1572", TACTIC_COMMAND_AND_CONTROL,
				    CAUSE_UNSANCTIONED_APP, BY_OUTCOME(4, 4, 4, 4), 1, 0 },
	[SIGNAL_DNS_BEACON] = { "dns_beacon", "DNS-3", "T1071.004", TACTIC_COMMAND_AND_CONTROL,
				CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 4,
				TRIES(GATE_FORWARDED) | TRIES(GATE_KNOWN_SERVICE) },
	[SIGNAL_OLD_SYSTEM] = { "old_system", "OLD-1", "T1210", TACTIC_EXPOSURE, CAUSE_OLD_SYSTEM,
				BY_OUTCOME(4, 4, 3, 3), 2, 0 },
	[SIGNAL_OLD_SMB] = { "old_smb", "OLD-2", "T1210", TACTIC_EXPOSURE, CAUSE_OLD_SYSTEM,
			     BY_OUTCOME(4, 4, 4, 4), 2, 0 },
	[SIGNAL_CLEAR_PASSWORD] = { "clear_password", "CLR-1", "T1040", TACTIC_EXPOSURE,
				    CAUSE_MISCONFIGURATION, BY_OUTCOME(4, 4, 4, 4), 2, 0 },
	[SIGNAL_UNKNOWN_DEVICE] = { "unknown_device", "DEV-1", "T1200", TACTIC_INITIAL_ACCESS,
				    CAUSE_PRIVATE_DEVICE, BY_OUTCOME(3, 3, 3, 3), 2,
				    TRIES(GATE_LEARNING) },
	[SIGNAL_PRIVATE_DEVICE] = { "private_device", "DEV-1", "T1200", TACTIC_EXPOSURE,
				    CAUSE_PRIVATE_DEVICE, BY_OUTCOME(4, 4, 4, 4), 1,
				    TRIES(GATE_LEARNING) },
	[SIGNAL_PARTNER_CONTACT] = { "partner_contact", "PTN-1", "T1199", TACTIC_EXPOSURE,
				     CAUSE_SUPPLY_CHAIN, BY_OUTCOME(3, 3, 3, 3), 1, 0 },
	[SIGNAL_RETURNED_DEVICE] = { "returned_device", "DEV-2", "T1557", TACTIC_INITIAL_ACCESS,
				     CAUSE_OFF_SITE_NETWORK, BY_OUTCOME(3, 3, 3, 3), 1,
				     TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_LOGIN_GUESSING] = { "login_guessing", "BRU-1", "T1110.001",
				    TACTIC_CREDENTIAL_ACCESS, CAUSE_CREDENTIAL_ABUSE,
				    BY_OUTCOME(2, 2, 2, 2), 3, 0 },
	[SIGNAL_LOGIN_SPRAYING] = { "login_spraying", "BRU-2", "T1110.003",
				    TACTIC_CREDENTIAL_ACCESS, CAUSE_CREDENTIAL_ABUSE,
				    BY_OUTCOME(2, 2, 2, 2), 3, 0 },
	[SIGNAL_LOGIN_GUESSED] = { "login_guessed", "BRU-3", "T1110 T1078", TACTIC_INITIAL_ACCESS,
				   CAUSE_CREDENTIAL_ABUSE, BY_OUTCOME(1, 1, 1, 1), 4, 0 },
	[SIGNAL_EXPOSED_SERVICE] = { "exposed_service", "EXP-1", "T1133", TACTIC_EXPOSURE,
				     CAUSE_EXPOSED_REMOTE_ACCESS, BY_OUTCOME(3, 3, 3, 2), 3, 0 },
	[SIGNAL_MAIL_OUT] = { "mail_out", "EXF-6", "T1048.003 T1048.002", TACTIC_EXFILTRATION,
			      CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4,
			      TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_FTP_OUT] = { "ftp_out", "EXF-7", "T1048.003", TACTIC_EXFILTRATION, CAUSE_UNKNOWN,
			     BY_OUTCOME(2, 2, 2, 1), 4,
			     TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_UPLOAD_NEW_PLACE] = { "upload_new_place", "EXF-2", "T1041 T1048",
				      TACTIC_EXFILTRATION, CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3,
				      TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_PEER_TO_PEER) |
					      TRIES(GATE_COMMON_IN_OFFICE) | TRIES(GATE_LEARNING) },
	[SIGNAL_UPLOAD_SERVICE] = { "upload_service", "EXF-3", "T1567.002", TACTIC_EXFILTRATION,
				    CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3,
				    TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_PEER_TO_PEER) |
					    TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_SLOW_DRIP] = { "slow_drip", "EXF-4", "T1029 T1030", TACTIC_EXFILTRATION,
			       CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3,
			       TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_PEER_TO_PEER) |
				       TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_UPLOAD_BASELINE] = { "upload_baseline", "EXF-1", "T1048 T1030", TACTIC_EXFILTRATION,
				     CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 2), 3,
				     TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_PEER_TO_PEER) |
					     TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_STAGED_UPLOAD] = { "staged_upload", "EXF-5", "T1074 T1039 T1041",
				   TACTIC_EXFILTRATION, CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4,
				   TRIES(GATE_KNOWN_SERVICE) | TRIES(GATE_PEER_TO_PEER) |
					   TRIES(GATE_COMMON_IN_OFFICE) },
	[SIGNAL_MAIL_BOT] = { "mail_bot", "MLB-1", "T1071.003 T1496", TACTIC_COMMAND_AND_CONTROL,
			      CAUSE_UNKNOWN, BY_OUTCOME(2, 2, 2, 1), 4, 0 },
};
/* clang-format on */

_Static_assert(sizeof(stories) / sizeof(stories[0]) == SIGNAL_KINDS, "each kind has its story");

const struct story *story_of(enum signal_kind kind)
{
	return &stories[kind];
}

enum signal_kind story_basis(enum signal_kind kind)
{
	static const struct {
		uint8_t kind;
		uint8_t basis;
	} rows[] = {
		{ SIGNAL_DOWNLOAD, SIGNAL_ODD_HTTP },
		{ SIGNAL_HTTP_FAN, SIGNAL_ODD_HTTP },
		{ SIGNAL_ODD_TLS, SIGNAL_MACHINE_NAME },
		{ SIGNAL_FAILING_NAMES, SIGNAL_DGA },
		{ SIGNAL_DNS_DATA, SIGNAL_DNS_TUNNEL },
		{ SIGNAL_DNS_BEACON, SIGNAL_DNS_TUNNEL },
		{ SIGNAL_LISTED_LOOKUP, SIGNAL_LISTED_CONTACT },
		{ SIGNAL_ADMIN_SESSION, SIGNAL_REMOTE_EXECUTION },
		{ SIGNAL_WEB_ATTACK, SIGNAL_EXPLOIT },
		{ SIGNAL_LATERAL_FANOUT, SIGNAL_SCAN_INSIDE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].kind == kind)
			return (enum signal_kind)rows[i].basis;
	}
	return kind;
}

const char *signal_kind_text(enum signal_kind kind)
{
	return stories[kind].name;
}

const char *gate_text(enum gate gate)
{
	static const char *const texts[GATE_ANSWERS] = {
		[GATE_PASS] = "passed",
		[GATE_KNOWN_SERVICE] = "known_service",
		[GATE_REGULAR_PROTOCOL] = "regular_protocol",
		[GATE_FORWARDED] = "forwarded",
		[GATE_PEER_TO_PEER] = "peer_to_peer",
		[GATE_LOCAL_NAME] = "local_name",
		[GATE_COMMON_IN_OFFICE] = "common_in_office",
		[GATE_UNANSWERED] = "unanswered",
		[GATE_UNCORROBORATED] = "uncorroborated",
		[GATE_CASES_FULL] = "cases_full",
		[GATE_REPORT_ONLY] = "report_only",
		[GATE_LEARNING] = "learning",
	};

	return texts[gate];
}

const char *tactic_text(enum tactic tactic)
{
	static const char *const texts[TACTICS] = {
		[TACTIC_COMMAND_AND_CONTROL] = "command-and-control",
		[TACTIC_DISCOVERY] = "discovery",
		[TACTIC_EXFILTRATION] = "exfiltration",
		[TACTIC_INITIAL_ACCESS] = "initial-access",
		[TACTIC_EXECUTION] = "execution",
		[TACTIC_PERSISTENCE] = "persistence",
		[TACTIC_PRIVILEGE_ESCALATION] = "privilege-escalation",
		[TACTIC_DEFENSE_EVASION] = "defense-evasion",
		[TACTIC_CREDENTIAL_ACCESS] = "credential-access",
		[TACTIC_LATERAL_MOVEMENT] = "lateral-movement",
		[TACTIC_COLLECTION] = "collection",
		[TACTIC_IMPACT] = "impact",
		[TACTIC_RECONNAISSANCE] = "reconnaissance",
		[TACTIC_EXPOSURE] = "exposure",
	};

	return texts[tactic];
}

const char *cause_text(enum cause cause)
{
	static const char *const texts[CAUSES] = {
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_OLD_SYSTEM] = "old_os",
		[CAUSE_PRIVATE_DEVICE] = "private_terminal",
		[CAUSE_OFF_SITE_NETWORK] = "off_site_network",
		[CAUSE_SUPPLY_CHAIN] = "supply_chain",
		[CAUSE_CREDENTIAL_ABUSE] = "credential_abuse",
		[CAUSE_EXPOSED_REMOTE_ACCESS] = "exposed_remote_access",
		[CAUSE_MAIL] = "mail_phishing",
		[CAUSE_WEB] = "web_ad",
		[CAUSE_IOT_OR_ROUTER] = "iot_router",
		[CAUSE_UNSANCTIONED_APP] = "unsanctioned_app",
		[CAUSE_MISCONFIGURATION] = "misconfiguration",
	};

	return texts[cause];
}
