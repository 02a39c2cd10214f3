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
};

struct interface_names {
	char name[INTERFACES_MAX][INTERFACE_NAME_LEN];
	size_t count;
};

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
	nanotime long_period;
	nanotime watched; /* least time from the first check-in to the last */
	double spread;    /* most MAD / median of the intervals */
	double spread_strict;
	double spread_exact;
	double tails;     /* most ln(q90 / q10) of the intervals */
	double same_size; /* least share of check-ins of the usual size */
	double score;     /* least B */
};

struct scan_config {
	uint64_t sources; /* (device, protocol, port) sweeps remembered */
	nanotime window;
	uint64_t hosts; /* distinct targets inside the office */
	uint64_t hosts_outside;
	uint64_t ports; /* distinct ports of one target */
	uint64_t arp;   /* distinct addresses asked for without an answer, in `arp_window` */
	nanotime arp_window;
	double failed; /* least share of first contacts that failed */
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

struct detect_config {
	struct beacon_config beacon;
	struct scan_config scan;
	struct dns_tunnel_config dns_tunnel;
};

struct judge_config {
	uint64_t devices;
	uint64_t names; /* addresses whose name is remembered from DNS answers */
	uint64_t cases;
	nanotime
		case_quiet; /* a case takes in signals of its device for this long after the last */
	double confidence;  /* least confidence of a finding that opens a case */
};

/* What belongs to a running sensor as a whole. */
struct sensor_config {
	char identity[CONFIG_PATH_LEN]; /* of office and sensor; goes into the ids of cases */
	char metrics[CONFIG_PATH_LEN];  /* the socket where figures are served; "" is none */
	char user[CONFIG_PATH_LEN];     /* whom to become when started as root */
	uint64_t workers;
};

/* What outlives the process: cases.db. */
struct store_config {
	char folder[CONFIG_PATH_LEN];
	uint64_t daily_bytes; /* written in a day */
	nanotime interval;    /* between two rounds of devices and baselines */
	uint64_t log_bytes;   /* SQLite's log before it is folded into the data base */
	uint64_t queue_bytes; /* memory for what waits to be written */
	uint64_t size_bytes;  /* of the data base; a quarter of it for capsules */
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
	struct store_config store;
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

enum { CONFIG_PROBLEM_LEN = 200 };

/* Sets every option to its default. */
void config_defaults(struct config *config);

/*
 * Sets one option from text. On failure `config` is unchanged and `problem` is one line that
 * says what was wrong and what is allowed.
 */
MUST_USE enum err config_set(struct config *config, const char *name, const char *value,
			     char problem[static CONFIG_PROBLEM_LEN]);

/* Reads a YAML file of `module: { option: value }`; the first fault is told with its line. */
MUST_USE enum err config_read(struct config *config, const char *path,
			      char problem[static CONFIG_PROBLEM_LEN]);

/*
 * Takes over from `next` what a running sensor may change, and writes the names of the other
 * options that differ into `left`, with blanks between, as many as there is room for.
 */
void config_take_live(struct config *running, const struct config *next, char *left, size_t room);

/* Writes every option as YAML that config_read() takes, each with its help as a comment. */
void config_print(const struct config *config, FILE *out);
