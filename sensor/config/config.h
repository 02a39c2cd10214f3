/*
 * What can be set. One struct for each module, filled from the one table in options.c.
 *
 * Times are held as nanotime whatever unit the text used; sizes in bytes; shares from 0 to 1.
 * Filled at start by one thread, read by all afterwards.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	CONFIG_PREFIXES_MAX = 32,
	CONFIG_PATH_LEN = 256, /* with the NUL */
	INTERFACES_MAX = 8,
	INTERFACE_NAME_LEN = 16, /* with the NUL: Linux's own limit */
	COUNTRIES_MAX = 64,
	COUNTRY_LEN = 3, /* with the NUL */
};

struct interface_names {
	char name[INTERFACES_MAX][INTERFACE_NAME_LEN];
	size_t count;
};

/* ISO 3166-1 codes of two capital letters. */
struct country_codes {
	char code[COUNTRIES_MAX][COUNTRY_LEN];
	size_t count;
};

bool country_codes_hold(const struct country_codes *codes, const char *code);

bool interface_names_hold(const struct interface_names *names, const char *name);

/* Where the sensor stands. */
enum capture_place {
	CAPTURE_GATEWAY, /* the office's packets pass through this machine */
	CAPTURE_MIRROR,  /* a switch sends copies of them */
};

struct capture_config {
	struct interface_names interfaces;
	struct interface_names outside; /* those of them behind which the internet is */
	uint64_t place;                 /* enum capture_place */
	uint64_t buffer_bytes;          /* of the kernel's ring, each interface */
};

struct flow_config {
	uint64_t batch;        /* packets that are looked up together */
	uint64_t attempts;     /* unanswered flows of a host told one by one in ten minutes */
	uint64_t budget_bytes; /* index and records; what lanes keep for each flow is on top */
	char shared[CONFIG_PATH_LEN]; /* the file that holds the table; "" is private memory */
	nanotime closed;           /* idle time of a flow that both sides let go, or was refused */
	nanotime embryonic;        /* … of a flow that nobody answered */
	nanotime unanswered;       /* … of one side's data, and of closed flows */
	nanotime established;      /* … of an answered TCP flow */
	nanotime datagram;         /* … of an answered flow of any other protocol */
	nanotime check_in_silence; /* client payload after this long without is a check-in */
};

struct lane_config {
	uint64_t copy_bytes; /* of one packet that a lane is shown */
	uint64_t ring_bytes; /* from the capture thread to one lane, and from a lane to the judge */
	uint64_t dpi_flows;  /* flows that nDPI looks at in one lane at a time */
	/*
	 * Not an option: set for who prints facts. What no verdict needs is told too: all records
	 * of DNS, all certificates of a chain.
	 */
	bool tells_all;
	/* Likewise, for who wants capsules: the beginning of each packet that a lane is shown. */
	bool tells_packets;
};

/* Which addresses are the office's own. Zeroed it holds none; see network_config_add(). */
struct network_config {
	struct prefix inside[CONFIG_PREFIXES_MAX];
	size_t inside_count;
	/* enum holding, by an address's first byte: that answers for most of them. */
	uint8_t holding_v4[256];
	uint8_t holding_v6[256];
};

/* Of the addresses with one first byte. */
enum holding { HOLDS_NONE, HOLDS_SOME, HOLDS_ALL };

struct beacon_config {
	uint64_t pairs;     /* (device, destination) pairs remembered */
	uint64_t check_ins; /* least number before rhythm is judged */
	uint64_t
		check_ins_strict; /* … when the rhythm is strict or the period over `long_period` */
	uint64_t check_ins_exact; /* … when it is exact */
	uint64_t check_ins_clockwork;
	nanotime long_period;
	nanotime watched; /* least time from the first check-in to the last */
	double spread;    /* most MAD / median of the intervals */
	double spread_strict;
	double spread_exact;
	double spread_clockwork;
	double tails;     /* most ln(q90 / q10) of the intervals */
	double same_size; /* least share of check-ins of the usual size */
	double score;     /* least B */
};

struct wide_beacon_config {
	uint64_t places; /* (device, domain) pairs remembered */
	uint64_t check_ins;
	uint64_t hours;     /* least number with a call in them */
	double hours_share; /* … and least share of the hours in which the device was awake */
	double same_size;
	uint64_t bytes;    /* most sent in a call, on average */
	uint64_t answered; /* most bytes received for each byte sent */
	uint64_t names;    /* least number of names of one domain */
	uint64_t together; /* least number of devices in one rhythm */
	nanotime together_within;
	double together_spread;
};

struct strobe_config {
	uint64_t places;      /* (device, server) pairs remembered */
	uint64_t connections; /* least number within `window` */
	nanotime window;
	double same_size;
};

struct hidden_mining_config {
	uint64_t lines;   /* connections followed at a time */
	nanotime lasting; /* least */
	uint64_t bytes;   /* most each second, either way */
};

struct scan_config {
	uint64_t sources; /* (device, protocol, port) sweeps remembered */
	nanotime window;
	uint64_t hosts; /* distinct targets inside the office */
	uint64_t hosts_outside;
	uint64_t ports; /* distinct ports of one target */
	uint64_t arp;   /* distinct addresses asked for without an answer, in `arp_window` */
	nanotime arp_window;
	double failed;       /* least share of first contacts that failed */
	double failed_pings; /* the same of pings in the office */
};

struct lateral_config {
	uint64_t pairs; /* of devices, one of which administers or attacks the other */
	nanotime window;
	uint64_t peers;       /* least number of others that one device reaches in `window` */
	uint64_t habit_days;  /* who administers on more days does it by habit */
	uint64_t logon_calls; /* least number of repeated calls of a machine's login */
	uint64_t not_found;   /* pages asked of one server in vain */
	uint64_t tickets;     /* of different accounts and services */
};

struct lan_config {
	nanotime window;
	uint64_t given; /* least number of messages by which one gives routes or addresses */
	uint64_t names; /* least number that one device answers for */
	uint64_t turns; /* least number of times that an address changes hands */
};

struct fast_flux_config {
	uint64_t names; /* with answers that last no longer than `ttl`, remembered */
	uint64_t addresses;
	uint64_t networks;
	uint64_t rounds; /* least number of answers that brought new addresses */
	nanotime ttl;
};

struct rebinding_config {
	uint64_t names; /* of devices, with such answers, remembered */
	nanotime ttl;
	nanotime window; /* from the answer outside to the one inside */
};

struct out_of_class_config {
	uint64_t devices; /* printers, cameras and the like remembered */
	uint64_t logins;
	uint64_t file_servers;
	nanotime window;
};

struct dns_tunnel_config {
	uint64_t zones; /* (device, registered domain) pairs remembered */
	uint64_t distinct;
	uint64_t bytes_ten_minutes;
	uint64_t bytes_hour;
	uint64_t bytes_day;
	uint64_t label_bytes; /* least mean length below the registered domain */
	double entropy;       /* … or least bits for each character */
	double bulk_answers;  /* least share of TXT, NULL, KEY and private answers */
	uint64_t bulk_count;  /* least number of answers for that */
};

struct dns_data_config {
	uint64_t zones; /* (device, zone) pairs whose names look like data */
	uint64_t names; /* least number of such names */
};

struct dns_rhythm_config {
	uint64_t zones;  /* (device, zone) pairs remembered */
	uint64_t rounds; /* least number of questions after a silence */
	double spread;   /* most MAD / median of their intervals */
};

struct failing_names_config {
	uint64_t devices; /* whose failing names are remembered */
	uint64_t domains; /* least number that do not exist, within `window` */
	nanotime window;
	double cost;          /* least mean bits for each letter of them */
	uint64_t tries;       /* least number of rounds of a rhythm */
	uint64_t alternative; /* least number of questions for names of another root */
};

struct machine_names_config {
	uint64_t pairs; /* (device, domain) pairs remembered */
	double cost;    /* least bits for each letter */
	uint64_t length;
};

struct foreign_resolver_config {
	uint64_t pairs;     /* (device, server) pairs remembered */
	uint64_t questions; /* least number, of one device to one server */
};

struct odd_http_config {
	uint64_t places; /* (device, web server) pairs of odd requests remembered */
	uint64_t signs;  /* oddities before it is looked at */
};

struct http_fan_config {
	uint64_t paths; /* (device, path) pairs remembered */
	uint64_t hosts; /* least number of servers that are asked for the same, within `window` */
	nanotime window;
};

struct download_config {
	uint64_t places;     /* (device, web server) pairs that were told of */
	uint64_t data_bytes; /* least size of what may be a program and may be not */
	nanotime again;      /* how long the same is not told again */
};

struct odd_tls_config {
	uint64_t places; /* (device, server) pairs that were told of */
	nanotime again;
};

struct raw_channel_config {
	uint64_t places; /* (device, server) pairs remembered */
	uint64_t bytes;  /* least, sent by the device in one connection */
	nanotime lasting;
};

struct reverse_shell_config {
	uint64_t places; /* (device, server) pairs remembered */
	uint64_t turns;  /* least number that the other side opens */
	double share;    /* … least share of all turns; of them with little */
	double answered; /* least bytes answered for each byte of these turns */
};

struct reconnect_config {
	uint64_t places; /* (device, server) pairs remembered */
	uint64_t tries;
	nanotime watched; /* least time from the first try to the last */
	double failed;    /* least share in which the server gave nothing */
	double spread;    /* most MAD / median of the time between tries */
};

struct long_session_config {
	uint64_t places;    /* (device, server) pairs remembered */
	nanotime connected; /* least, within a day */
};

struct icmp_tunnel_config {
	uint64_t pairs; /* of hosts remembered */
	uint64_t bytes; /* least payload of the largest ping */
};

struct policy_use_config {
	uint64_t pairs;                 /* (device, tool) pairs remembered */
	char approved[CONFIG_PATH_LEN]; /* tools that the office wants, blanks between */
};

struct old_system_config {
	nanotime grace; /* after the end of updates for all: for who pays for more */
	uint64_t days;  /* on which the device must have been heard */
};

struct clear_password_config {
	uint64_t places; /* (device, server) pairs that were told of */
};

struct listed_config {
	uint64_t confidence; /* in percent: what is less sure by now is not told */
	/* An entry that nobody confirms is worth half after so long. */
	nanotime half_life_address;
	nanotime half_life_url;
	nanotime half_life_name;
};

struct partners_config {
	char list[CONFIG_PATH_LEN]; /* a file of their names and addresses; "" is none */
	uint64_t places;            /* (device, place) pairs that were told of */
};

struct presence_config {
	uint64_t days;   /* on which the office must have been seen: before, all is new */
	nanotime here;   /* how long a new device stays before it is told of */
	nanotime absent; /* from when on a device that comes back was away … */
	nanotime watch;  /* … and how long that is kept in mind */
};

struct logins_config {
	uint64_t pairs; /* (device, other side, service) remembered */
	nanotime window;
	uint64_t refused;  /* by one server, in `window` */
	uint64_t accounts; /* tried at one server with few tries each */
	uint64_t servers;  /* that refused one device */
	double failed;     /* least share of logins that were refused */
};

struct handover_config {
	uint64_t devices;       /* whose habits of mail and files are remembered */
	uint64_t files;         /* least number stored in one session of FTP */
	uint64_t mail_servers;  /* most outside servers of a device that is none itself */
	uint64_t topics;        /* least that a mail tells of a machine to be a portrait */
	nanotime lookup_window; /* how near a lookup of the own address is to be */
};

struct mail_bot_config {
	uint64_t devices; /* whose deliveries are remembered */
	uint64_t servers; /* least distinct ones on port 25 within `window` */
	nanotime window;
};

struct volume_config {
	uint64_t pairs;      /* (device, place outside) pairs remembered */
	uint64_t hour_bytes; /* least upload to a place in an hour, or … */
	uint64_t day_bytes;  /* … in a day */
	uint64_t some_bytes; /* … or in an hour where nearly nothing comes back: a hint */
	double lean;         /* least (up - down) / (up + down) */
	double some_lean;
	nanotime new_for;       /* a place is new for so long */
	uint64_t service_bytes; /* in an hour, to a service that passes files or messages on */
	uint64_t drip_bytes;    /* in a day, for `drip_days` days one after another */
	uint64_t drip_days;
	uint64_t usual_bytes; /* least of an hour that is judged by the device's own measure */
	double excess;        /* least robust deviations above its usual hour */
	nanotime warm_up;
	uint64_t staged_bytes; /* fetched from file servers within `staged_window` before */
	nanotime staged_window;
};

struct detect_config {
	struct beacon_config beacon;
	struct scan_config scan;
	struct lateral_config lateral;
	struct lan_config lan;
	struct dns_tunnel_config dns_tunnel;
	struct fast_flux_config fast_flux;
	struct rebinding_config rebinding;
	struct dns_data_config dns_data;
	struct dns_rhythm_config dns_rhythm;
	struct failing_names_config failing_names;
	struct machine_names_config machine_names;
	struct foreign_resolver_config foreign_resolver;
	struct policy_use_config policy_use;
	struct odd_http_config odd_http;
	struct http_fan_config http_fan;
	struct download_config download;
	struct wide_beacon_config wide_beacon;
	struct strobe_config strobe;
	struct hidden_mining_config hidden_mining;
	struct odd_tls_config odd_tls;
	struct raw_channel_config raw_channel;
	struct reverse_shell_config reverse_shell;
	struct reconnect_config reconnect;
	struct long_session_config long_session;
	struct icmp_tunnel_config icmp_tunnel;
	struct old_system_config old_system;
	struct clear_password_config clear_password;
	struct out_of_class_config out_of_class;
	struct presence_config presence;
	struct logins_config logins;
	struct handover_config handover;
	struct volume_config volume;
	struct mail_bot_config mail_bot;
	struct partners_config partners;
	struct listed_config listed;
};

struct judge_config {
	char labels[CONFIG_PATH_LEN]; /* a file of the devices' labels; "" is the usual place */
	uint64_t devices;
	uint64_t contacts; /* of devices with places outside, until they are written down */
	uint64_t names;    /* addresses whose name is remembered from DNS answers */
	uint64_t cases;
	nanotime
		case_quiet; /* a case takes in signals of its device for this long after the last */
	nanotime case_settled; /* … and is said to be quiet when there was none for so long */
	double confidence;     /* least confidence of a finding that opens a case */
	uint64_t doubts;       /* signals that are too little certain, kept for others to support */
	nanotime support_lasts;  /* how far apart in time two may be to support each other */
	nanotime chain;          /* what came in and a report to the outside belong together */
	double support_apart;    /* how much one counts for one about another object */
	double support_least;    /* what is less certain neither supports nor is supported */
	nanotime learning;       /* so long, what is merely new opens no case */
	uint64_t places;         /* outside, of which is remembered who used them */
	uint64_t common_offices; /* so many offices make a place an ordinary one */
	uint64_t place_devices;  /* so many devices of the office make a place an ordinary one */
	nanotime place_old;      /* as does being in use for so long */
	char decisions[CONFIG_PATH_LEN]; /* see decisions.h; "" is none */
	uint64_t budget_day;             /* cases that are told one by one */
	uint64_t budget_week;
	uint64_t feedback_prior;    /* verdicts that a finding's own confidence is worth */
	uint64_t feedback_verdicts; /* least number before a rule is set aside … */
	double feedback_precision;  /* … that is right in less than this share of cases … */
	double feedback_certainty;  /* … as certain as this */
	uint64_t server_clients;    /* devices that use another one and make it a server */
};

/* Where in the world an outside address is. */
struct places_config {
	char databases[CONFIG_PATH_LEN]; /* paths with commas between; "" is none */
	nanotime oldest;                 /* a database built longer ago tells nothing any more */
	struct country_codes expected;   /* where this office has business; none: not said */
};

/* What belongs to a running sensor as a whole. */
struct sensor_config {
	char identity[CONFIG_PATH_LEN]; /* of office and sensor; goes into the ids of cases */
	char metrics[CONFIG_PATH_LEN];  /* the socket where figures are served; "" is none */
	char user[CONFIG_PATH_LEN];     /* whom to become when started as root */
	uint64_t workers;
};

/* What of packets' payload stands in a capsule; capsule.payload's words in this order. */
enum capsule_payload { CAPSULE_PAYLOAD_MASKED, CAPSULE_PAYLOAD_WHOLE };

/* Evidence kept with cases. */
struct capsule_config {
	uint64_t daily; /* capsules a day of packet time */
	uint64_t daily_bytes;
	uint64_t packets; /* in one, at most */
	uint64_t payload; /* enum capsule_payload */
};

/* What outlives the process: cases.db. */
struct store_config {
	char folder[CONFIG_PATH_LEN];
	uint64_t contact_bytes; /* for earlier contacts; at most an eighth of size_bytes */
	uint64_t daily_bytes;   /* written in a day */
	nanotime interval;      /* between two rounds of devices and baselines */
	uint64_t log_bytes;     /* SQLite's log before it is folded into the data base */
	uint64_t queue_bytes;   /* memory for what waits to be written */
	uint64_t size_bytes;    /* of the data base; a quarter of it for capsules */
};

struct intel_config {
	char folder[CONFIG_PATH_LEN]; /* of signed sets; "" is none */
	char key[CONFIG_PATH_LEN];    /* who signs them: a file, or the key; "" is nobody */
};

/* How sure the other side of a line must be. All are paths; "" is what the library does by itself.
 */
struct line_config {
	char url[CONFIG_PATH_LEN];       /* "" is no such output */
	char authority[CONFIG_PATH_LEN]; /* certificates that the other side's must be signed by */
	char certificate[CONFIG_PATH_LEN]; /* our own, and … */
	char key[CONFIG_PATH_LEN];         /* … its key: mutual TLS */
	char secret[CONFIG_PATH_LEN];      /* file with a bearer token, or "user:password" */
};

/* Words of courier.capsules, mqtt.version, syslog.form, webhook.form, webhook.language. */
enum courier_capsules { COURIER_CAPSULES_NEVER, COURIER_CAPSULES_ASKED, COURIER_CAPSULES_URGENT };
enum mqtt_version { MQTT_VERSION_3, MQTT_VERSION_5 };
enum syslog_form { SYSLOG_CEF, SYSLOG_EVE };
enum webhook_form { WEBHOOK_TEXT, WEBHOOK_CASE };

/* hinomi-courier: what leaves the office, and by which ways. */
struct courier_config {
	char folder[CONFIG_PATH_LEN]; /* of courier.db */
	char sensor[CONFIG_PATH_LEN]; /* this sensor's name in what it delivers; "": as enrolled */
	char user[CONFIG_PATH_LEN];   /* whom to become when started as root */
	uint64_t size_bytes;          /* of courier.db */
	nanotime heartbeat;
	nanotime canary;   /* 0 is never */
	uint64_t capsules; /* enum courier_capsules */
	struct line_config https;
	char https_proxy[CONFIG_PATH_LEN];
	struct line_config mqtt;
	uint64_t mqtt_version; /* enum mqtt_version */
	struct line_config syslog;
	uint64_t syslog_form;           /* enum syslog_form */
	char eve_file[CONFIG_PATH_LEN]; /* "" is none */
	uint64_t eve_bytes;             /* … of one file */
	uint64_t eve_files;
	struct line_config webhook;
	uint64_t webhook_form;     /* enum webhook_form */
	uint64_t webhook_language; /* enum language */
	uint64_t webhook_priority; /* cases up to this number */
};

struct config {
	struct sensor_config sensor;
	struct capture_config capture;
	struct flow_config flow;
	struct lane_config lane;
	struct network_config network;
	struct network_config own; /* addresses that are never judged: this machine's, say */
	struct detect_config detect;
	struct judge_config judge;
	struct places_config places;
	struct capsule_config capsule;
	struct intel_config intel;
	struct store_config store;
	struct courier_config courier;
};

/* ERR_RANGE when there are CONFIG_PREFIXES_MAX already. */
MUST_USE enum err network_config_add(struct network_config *network, const struct prefix *prefix);

/* For network_config_holds(), of whose question the first byte is no answer. */
bool network_config_searches(const struct network_config *network, const struct address *address);

/* Whether one of the configured networks holds `address`. Every new flow asks, for both sides. */
static inline bool network_config_holds(const struct network_config *network,
					const struct address *address)
{
	uint8_t holding = address_is_v4(address)
				  ? network->holding_v4[address->bytes[V4_PREFIX_BITS / 8]]
				  : network->holding_v6[address->bytes[0]];

	return holding == HOLDS_ALL ||
	       (holding == HOLDS_SOME && network_config_searches(network, address));
}

enum { CONFIG_PROBLEM_LEN = 200, CONFIG_FAULTS_MAX = 32 };

/* Sets every option to its default. */
void config_defaults(struct config *config);

/*
 * Sets one option from text. On failure `config` is unchanged and `problem` is one line that
 * says what was wrong and what is allowed.
 */
MUST_USE enum err config_set(struct config *config, const char *name, const char *value,
			     char problem[static CONFIG_PROBLEM_LEN]);

/* Called for each fault of a file: one line, "line 3, column 9: …". Borrowed for the call. */
typedef void config_fault_fn(void *arg, const char *fault);

/*
 * Reads a YAML file of `module: { option: value }`. Tells every fault, in the file's order and at
 * most CONFIG_FAULTS_MAX, then how many more there are; behind what is no YAML none is looked for.
 * With any of them `config` is unchanged, and the error is the first one's.
 */
MUST_USE enum err config_read(struct config *config, const char *path, config_fault_fn *told,
			      void *arg);

/*
 * Takes over from `next` what a running sensor may change, and writes the names of the other
 * options that differ into `left`, with blanks between, as many as there is room for.
 */
void config_take_live(struct config *running, const struct config *next, char *left, size_t room);

/* Writes every option as YAML that config_read() takes, each with its help as a comment. */
void config_print(const struct config *config, FILE *out);
