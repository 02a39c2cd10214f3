/*
 * What a detector says when its test has passed: plain values, whole in themselves. A signal is
 * not yet a finding: the judge's gate decides that.
 */
#pragma once

#include "sensor/fact/fact.h"
#include "sensor/geo/place.h"

enum {
	SIGNAL_REASONS_MAX = 12,
	SIGNAL_FLOWS_MAX = 4,
};

/*
 * The stories a signal can tell; each has its words in sensor/case. Signals are kept on the disk by
 * these numbers, as all enums here: new ones go to the end.
 */
enum signal_kind {
	SIGNAL_BEACON,
	SIGNAL_SCAN_INSIDE,
	SIGNAL_SCAN_OUTSIDE,
	SIGNAL_SCAN_PORTS,
	SIGNAL_SCAN_ARP,
	SIGNAL_DNS_TUNNEL,
	SIGNAL_LISTED_CONTACT,
	SIGNAL_LISTED_LOOKUP,
	SIGNAL_DNS_DATA,
	SIGNAL_DGA,
	SIGNAL_FAILING_NAMES,
	SIGNAL_MACHINE_NAME,
	SIGNAL_FOREIGN_RESOLVER,
	SIGNAL_ODD_HTTP,
	SIGNAL_HTTP_FAN,
	SIGNAL_DOWNLOAD,
	SIGNAL_ODD_TLS,
	SIGNAL_ADDRESS_LOOKUP,
	SIGNAL_RAW_CHANNEL,
	SIGNAL_PORT_MISMATCH,
	SIGNAL_REVERSE_SHELL,
	SIGNAL_RECONNECT,
	SIGNAL_LONG_SESSION,
	SIGNAL_ICMP_TUNNEL,
	SIGNAL_REMOTE_EXECUTION,
	SIGNAL_ADMIN_SESSION,
	SIGNAL_DIRECTORY_THEFT,
	SIGNAL_ACCOUNT_SEARCH,
	SIGNAL_LOGON_BYPASS,
	SIGNAL_EXPLOIT,
	SIGNAL_WEB_ATTACK,
	SIGNAL_WORM,
	SIGNAL_LATERAL_FANOUT,
	SIGNAL_NAME_POISONING,
	SIGNAL_ROGUE_DHCP,
	SIGNAL_GATEWAY_SPOOFING,
	SIGNAL_MINING,
	SIGNAL_TOR,
	SIGNAL_REMOTE_TOOL,
	SIGNAL_PRIVATE_TUNNEL,
	SIGNAL_HIDDEN_LOOKUPS,
	SIGNAL_DNS_BEACON,
	SIGNAL_OLD_SYSTEM,
	SIGNAL_OLD_SMB,
	SIGNAL_CLEAR_PASSWORD,
	SIGNAL_UNKNOWN_DEVICE,
	SIGNAL_PRIVATE_DEVICE,
	SIGNAL_RETURNED_DEVICE,
	SIGNAL_LOGIN_GUESSING,
	SIGNAL_LOGIN_SPRAYING,
	SIGNAL_LOGIN_GUESSED,
	SIGNAL_EXPOSED_SERVICE,
	SIGNAL_MAIL_OUT,
	SIGNAL_FTP_OUT,
	SIGNAL_UPLOAD_NEW_PLACE,
	SIGNAL_UPLOAD_SERVICE,
	SIGNAL_SLOW_DRIP,
	SIGNAL_UPLOAD_BASELINE,
	SIGNAL_STAGED_UPLOAD,
	SIGNAL_MAIL_BOT,
	SIGNAL_PARTNER_CONTACT,
	SIGNAL_FAST_FLUX,
	SIGNAL_REBINDING,
	SIGNAL_ROGUE_ROUTER,
	SIGNAL_ROGUE_DHCPV6,
	SIGNAL_OUT_OF_CLASS,
	SIGNAL_WIDE_BEACON,
	SIGNAL_SHARED_BEACON,
	SIGNAL_STROBE,
	SIGNAL_HIDDEN_MINING,
	SIGNAL_WEB_SCAN,
	SIGNAL_TICKET_THEFT,
	SIGNAL_LISTED_CLIENT,
	SIGNAL_LISTED_BEFORE,
	SIGNAL_KINDS,
};

enum direction {
	DIRECTION_UNKNOWN,
	DIRECTION_OUTBOUND, /* an office device went out */
	DIRECTION_INBOUND,
	DIRECTION_LATERAL, /* from one office device to others */
};

/* How far it got. */
enum outcome {
	OUTCOME_ATTEMPT, /* nobody answered */
	OUTCOME_REFUSED,
	OUTCOME_ANSWERED, /* the other side spoke */
	OUTCOME_DATA,     /* data went both ways */
};

/* What was measured, for or against. The words for each are in sensor/case. */
enum reason_code {
	REASON_CHECK_INS,
	REASON_PERIOD,
	REASON_SPREAD,
	REASON_TAILS,
	REASON_SAME_SIZE,
	REASON_SCORE,
	REASON_NO_NAME,
	REASON_ODD_PORT,
	REASON_UNKNOWN_PROTOCOL,
	REASON_PLAIN_UPLOAD,
	REASON_JITTER,
	REASON_DEVICES,
	REASON_TARGETS,
	REASON_PORTS,
	REASON_FAILED,
	REASON_SCAN_ODDS,
	REASON_WINDOW,
	REASON_DISTINCT_NAMES,
	REASON_NAME_BYTES,
	REASON_NAME_LENGTH,
	REASON_NAME_ENTROPY,
	REASON_BULK_ANSWERS,
	REASON_BYTES_UP,
	REASON_BYTES_DOWN,
	REASON_LISTED,
	REASON_PLACE_DEVICES,
	REASON_PLACE_AGE,
	REASON_DATA_NAMES,
	REASON_CARRIER_TYPES,
	REASON_FULL_LABELS,
	REASON_COUNTS_UP,
	REASON_NO_ZONE,
	REASON_FAILED_DOMAINS,
	REASON_NAME_COST,
	REASON_ALIKE,
	REASON_ALTERNATIVE_ROOT,
	REASON_OUTSIDE_RESOLVER,
	REASON_RHYTHM,
	REASON_LOOKUPS,
	REASON_NAMES_APART,
	REASON_RESOLVERS,
	REASON_OVER_TCP,
	REASON_ODD_SIGNS,
	REASON_FALSE_BROWSER,
	REASON_AGENT_TELLS,
	REASON_NO_AGENT,
	REASON_TOOL_AGENT,
	REASON_PLAIN_ON_TLS_PORT,
	REASON_RENTED_NAME,
	REASON_BARE_POSTS,
	REASON_SHORT_ANSWERS,
	REASON_DISGUISED,
	REASON_WRITTEN_OUT,
	REASON_SCRAMBLED,
	REASON_OWN_CERTIFICATE,
	REASON_PLACEHOLDER,
	REASON_DRAWN_NAME,
	REASON_OTHER_NAME,
	REASON_VALIDITY,
	REASON_NO_SNI,
	REASON_TWO_FACES,
	REASON_SHARING,
	REASON_DYNAMIC_NAME,
	REASON_PORT_OF_ANOTHER,
	REASON_SERVER_FIRST,
	REASON_CONNECTIONS,
	REASON_CLEAR_TEXT,
	REASON_DURATION,
	REASON_SERVER_OPENED,
	REASON_SERVER_SHARE,
	REASON_ANSWER_RATIO,
	REASON_SHELL_TEXT,
	REASON_SYSTEM_TOLD,
	REASON_OTHER_SERVERS,
	REASON_PING_BYTES,
	REASON_PING_SIZES,
	REASON_PINGS_ALTERED,
	REASON_PINGS_REUSED,
	REASON_PINGS_CARRY,
	REASON_STARTS,
	REASON_SESSIONS,
	REASON_PROGRAM_COPIED,
	REASON_ADMIN_FILES,
	REASON_FOREIGN_TOOL,
	REASON_BY_ADDRESS,
	REASON_FROM_CONTROLLER,
	REASON_BETWEEN_CLIENTS,
	REASON_ADMIN_DAYS,
	REASON_SECRETS,
	REASON_NTLM_LOGIN,
	REASON_IS_MEMBER,
	REASON_LOGON_CALLS,
	REASON_ZERO_CHALLENGE,
	REASON_VERY_MANY,
	REASON_EXPLOIT_SIGNS,
	REASON_FETCHED,
	REASON_ATTACK_TEXT,
	REASON_ANSWERED,
	REASON_AGAIN,
	REASON_USUAL,
	REASON_PASSED_ON_AFTER,
	REASON_FALSE_NAMES,
	REASON_BAIT_NAMES,
	REASON_DHCP_SERVERS,
	REASON_OTHER_ROUTER,
	REASON_STILL_THERE,
	REASON_CLAIM_TURNS,
	REASON_IS_GATEWAY,
	REASON_CLAIMS,
	REASON_POOLS,
	REASON_RELAYS,
	REASON_EMPTY_ANSWERS,
	REASON_SUPPORT_ENDED,
	REASON_OWN_WORDS,
	REASON_SOURCES,
	REASON_PRESENT_DAYS,
	REASON_OLD_SMB,
	REASON_CLEAR_PASSWORD,
	REASON_PRESENT_MINUTES,
	REASON_RANDOM_MAC,
	REASON_ABSENT_DAYS,
	REASON_WATCHED_DAYS,
	REASON_LOGINS_REFUSED,
	REASON_ACCOUNTS,
	REASON_TRIES_FOLLOW,
	REASON_TRIES_AT_ONCE,
	REASON_TRIES_BY_CLOCK,
	REASON_TRIES_MANY,
	REASON_TRIES_BY_SHAPE,
	REASON_LOGIN_ACCEPTED,
	REASON_LOGINS_BEFORE,
	REASON_MAIL_SERVERS,
	REASON_BARE_GREETING,
	REASON_CLEAR_LOGIN,
	REASON_TO_ITSELF,
	REASON_OLD_TLS,
	REASON_READS_MAIL,
	REASON_SERVES_OFFICE,
	REASON_OWN_ADDRESS,
	REASON_FILES_STORED,
	REASON_TIMED_NAMES,
	REASON_NO_LISTING,
	REASON_LEAN,
	REASON_KNOWN_FOR,
	REASON_PULLED,
	REASON_DRIP_DAYS,
	REASON_EXCESS,
	REASON_USUAL_MOST,
	REASON_LARGE_UPLOAD,
	REASON_RENTED_PLACE,
	REASON_PORTRAIT,
	REASON_TAKES_MAIL,
	REASON_PARTNER,
	REASON_NAME_ADDRESSES,
	REASON_NAME_NETWORKS,
	REASON_NEW_ANSWERS,
	REASON_ANSWER_LASTS,
	REASON_FRESH,
	REASON_SCATTERED,
	REASON_NAME_USED,
	REASON_ALIAS,
	REASON_INSIDE_AFTER,
	REASON_NAME_TURNS,
	REASON_IS_NAME_SERVER,
	REASON_TO_NOWHERE,
	REASON_NAMES_TURNED,
	REASON_BY_MULTICAST,
	REASON_NAMES_OF_OTHERS,
	REASON_VERDICTS,
	REASON_GIVEN,
	REASON_ASKED_FOR_LEASE,
	REASON_NAMES_ITSELF,
	REASON_PREFERRED,
	REASON_LOGIN_TARGETS,
	REASON_FILE_TARGETS,
	REASON_OUTSIDE_TARGETS,
	REASON_NEVER_BEFORE,
	REASON_OWN_KIND,
	REASON_HOURS,
	REASON_HOURS_SHARE,
	REASON_HOURS_OF_DAY,
	REASON_NAMES_OF_DOMAIN,
	REASON_TOGETHER,
	REASON_RATE,
	REASON_RARE_CLIENT,
	REASON_JOBS,
	REASON_SHARES,
	REASON_POOL_NAME,
	REASON_POOL_PORT,
	REASON_SAME_OPENING,
	REASON_QUIET_LINE,
	REASON_COMMAND_OUTPUT,
	REASON_NOT_FOUND,
	REASON_CALLED_BACK,
	REASON_PINGS_DIFFER,
	REASON_TRIES_HASTY,
	REASON_WIDE_LETTERS,
	REASON_LONG_NAMES,
	REASON_SCATTERED_ANSWERS,
	REASON_TICKETS,
	REASON_WEAK_CIPHER,
	REASON_FALSE_REFERER,
	REASON_PROGRAM_TOO,
	REASON_TLS_SERVERS,
	REASON_ONE_LINE,
	REASON_LISTED_DAYS,
	REASON_LISTED_SHARED,
	REASON_KNOWN_NAME,
	REASON_LISTED_PRINT,
	REASON_OFFICES,
	REASON_HOME_FRAME,
	REASON_COUNTRY_NEW,
	REASON_COUNTRY_NEW_HERE,
	REASON_COUNTRY_UNEXPECTED,
	REASON_NETWORK_NEW,
	REASON_HOSTING_RARE,
	REASON_DAYS_BEFORE,
	REASON_CONTACT_AGE,
	REASON_LISTED_PATH,
	REASON_CODES,
};

/* How `value` stands to `threshold` for the reason to hold. */
enum comparison {
	COMPARE_NONE, /* told, not tested */
	COMPARE_AT_LEAST,
	COMPARE_AT_MOST,
};

/*
 * A condition is tested (`comparison`) and has to hold; evidence makes the story more or less
 * likely (`times`); what is neither is only told. Each reason of a code is of one sort in a signal.
 */
struct reason {
	uint8_t code; /* enum reason_code */
	uint8_t comparison;
	uint16_t spare;
	uint32_t option; /* option_digest() of the one that sets `threshold`; 0 is none */
	double value;
	double threshold;
	double times; /* as likely under attack as otherwise; 1 weighs nothing */
};

enum object_kind {
	OBJECT_HOST, /* a name */
	OBJECT_ADDRESS,
	OBJECT_ZONE,    /* a registered domain */
	OBJECT_PORT,    /* a port on many addresses */
	OBJECT_NETWORK, /* the office network as such */
};

/* Whom the device dealt with. */
struct signal_object {
	uint8_t kind; /* enum object_kind */
	bool has_address;
	struct address address;
	uint16_t port;
	uint8_t protocol;         /* IANA number */
	uint8_t name_from;        /* enum host_source of an OBJECT_HOST */
	char text[FACT_NAME_LEN]; /* what identifies it: name, address, zone, "445/tcp" */
	char application[FACT_PROTOCOL_LEN]; /* nDPI's word; "" is not known */
};

/* One flow as an example; its counters are of its end, or nothing while it lives. */
struct signal_flow {
	struct fact_flow flow;
	bool has_ended;
	uint8_t spare[7]; /* no padding: kept and compared as bytes */
	nanotime last;
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint32_t packets_up;
	uint32_t packets_down;
};

struct signal {
	uint8_t kind;      /* enum signal_kind */
	uint8_t direction; /* enum direction */
	uint8_t outcome;   /* enum outcome */
	uint32_t device;   /* number in the inventory */
	nanotime first;
	nanotime last;
	uint64_t count; /* of what the story counts: check-ins, targets, names */
	double confidence;
	struct signal_object object;
	struct reason reasons[SIGNAL_REASONS_MAX];
	uint8_t reason_count;
	struct signal_flow flows[SIGNAL_FLOWS_MAX]; /* latest last */
	uint8_t flow_count;
	bool is_forwarded;  /* by a name server for another device, which is blamed itself */
	struct place place; /* of the object's address: the judge finds it; zero is not known */
	/* What the story names besides the object: the indicator, an account, a certificate's
	 * subject, a pipe. Clean text; "" is nothing. */
	char detail[FACT_NAME_LEN];
};

/*
 * Three sorts of reasons. One too many is left out (those of a kind are few and fixed).
 *
 * What was measured and is only told.
 */
void signal_tell(struct signal *s, enum reason_code code, double value);

/* What has to hold: `value` stands to `threshold`, which `option` ("scan.hosts"; NULL: no option)
 * sets. */
void signal_condition(struct signal *s, enum reason_code code, double value,
		      enum comparison comparison, double threshold, const char *option);

/* What makes the story `times` as likely; confidence, which stands there before, changes with it.
 */
void signal_evidence(struct signal *s, enum reason_code code, double value, double times);

/* The reason `code`, or NULL when the signal does not give it. Borrowed from the signal. */
const struct reason *signal_find_reason(const struct signal *s, enum reason_code code);

/* `chance` changed by evidence `times` as likely under attack as otherwise (odds, not addition). */
double signal_weigh(double chance, double times);

/*
 * Keeps the flow of `fact` among the latest SIGNAL_FLOWS_MAX examples; with FACT_FLOW_ENDED also
 * its counters.
 */
void signal_keep_flow(struct signal_flow *flows, uint8_t *count, const struct fact *fact);

/* Examples kept so, as those of `s`. */
void signal_show_flows(struct signal *s, const struct signal_flow *flows, uint8_t count);

/* Fills the counters of the example that `ended` ends, if it is one; true when it was. */
bool signal_end_flow(struct signal_flow *flows, uint8_t count, const struct fact *ended);

/* For what was kept elsewhere: enums, counts, flags, texts and shares are what they can be. */
bool signal_is_sound(const struct signal *s);
bool signal_flows_are_sound(const struct signal_flow *flows, uint8_t count);

/* Clears the examples that do not count. */
void signal_tidy_flows(struct signal_flow *flows, uint8_t count);

const char *direction_text(enum direction direction);
const char *outcome_text(enum outcome outcome);
const char *object_kind_text(enum object_kind kind);
