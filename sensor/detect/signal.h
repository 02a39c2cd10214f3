/*
 * What a detector says when its test has passed: plain values, whole in themselves. A signal is
 * not yet a finding: the judge's gate decides that.
 */
#pragma once

#include "sensor/fact/fact.h"

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
	REASON_CODES,
};

/* How `value` stands to `threshold` for the reason to hold. */
enum comparison {
	COMPARE_NONE, /* told, not tested */
	COMPARE_AT_LEAST,
	COMPARE_AT_MOST,
};

struct reason {
	uint8_t code; /* enum reason_code */
	uint8_t comparison;
	double value;
	double threshold;
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
	bool is_forwarded; /* by a name server for another device, which is blamed itself */
	char listed[FACT_NAME_LEN]; /* the indicator as it stands in its list; "" is none */
};

/* Adds a reason; one too many is left out (the reasons of a kind are few and fixed). */
void signal_reason(struct signal *s, enum reason_code code, double value,
		   enum comparison comparison, double threshold);

/* The reason `code`, or NULL when the signal does not give it. Borrowed from the signal. */
const struct reason *signal_find_reason(const struct signal *s, enum reason_code code);

/* `chance` changed by evidence `times` as likely under attack as otherwise (odds, not addition). */
double signal_weigh(double chance, double times);

/*
 * Keeps the flow of `fact` among the latest SIGNAL_FLOWS_MAX examples; with FACT_FLOW_ENDED also
 * its counters.
 */
void signal_keep_flow(struct signal_flow *flows, uint8_t *count, const struct fact *fact);

/* Fills the counters of the example that `ended` ends, if it is one; true when it was. */
bool signal_end_flow(struct signal_flow *flows, uint8_t count, const struct fact *ended);

/* For what was kept elsewhere: enums, counts, flags, texts and shares are what they can be. */
bool signal_is_sound(const struct signal *s);
bool signal_flows_are_sound(const struct signal_flow *flows, uint8_t count);

/* Clears the examples that do not count. */
void signal_tidy_flows(struct signal_flow *flows, uint8_t count);

const char *signal_kind_text(enum signal_kind kind);
const char *direction_text(enum direction direction);
const char *outcome_text(enum outcome outcome);
const char *object_kind_text(enum object_kind kind);
const char *reason_code_text(enum reason_code code);
