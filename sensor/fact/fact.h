/*
 * What a lane tells the judge: plain values in the order of the packets, nothing borrowed.
 *
 * A fact is whole in itself. The judge never asks back for a packet or a flow, so that it can be
 * fed the same facts again (a capsule, a test) and must come to the same verdict.
 */
#pragma once

#include "sensor/base/flow_key.h"
#include "sensor/base/nanotime.h"
#include "sensor/fact/attributes.h"
#include "sensor/fact/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FACT_HOST_LEN = 96,     /* longer names lose labels from their left */
	FACT_NAME_LEN = 256,    /* a whole DNS name as text */
	FACT_PROTOCOL_LEN = 32, /* nDPI's, "TLS.Microsoft" */
	FACT_AGENT_LEN = 96,
	FACT_ANSWERS_MAX = 8,
	FACT_SHAPE_PACKETS = 8,
	FACT_SMALL_PAYLOAD = 256,
	FACT_EXCERPT_BYTES = 256,
};

enum fact_kind {
	FACT_SIGHTING,   /* an address and the MAC that spoke for it */
	FACT_FLOW_NAMED, /* its protocol is settled, a name was read, or its server began to answer
			  */
	FACT_CHECK_IN,   /* client payload, first or after a silence; no service's message */
	FACT_FLOW_ENDED,
	FACT_DNS,
	FACT_NEIGHBOUR,    /* ARP, or IPv6 neighbour discovery */
	FACT_PREFIX,       /* a router, or DHCP server, told which network is on this link */
	FACT_DEVICE_NAME,  /* a device told its own name */
	FACT_ATTEMPTS,     /* unanswered flows of one host that were not told one by one */
	FACT_EPOCH,        /* the capture's time jumped: what was live has ended */
	FACT_MESSAGE,      /* what one side of a flow said about itself */
	FACT_FLOW_GOES_ON, /* about each minute that it lives and speaks: as FACT_FLOW_ENDED */
	FACT_EXCERPT, /* the beginning of a packet, where capsules are wanted; judges nothing */
	FACT_CONTACT_BEFORE, /* no packet's: a list names whom a device was in contact with */
	FACT_KINDS,
};

/* Where a host name was read. */
enum host_source {
	HOST_NONE,
	HOST_TLS,         /* SNI */
	HOST_HTTP,        /* Host header */
	HOST_QUIC,        /* SNI in a QUIC Initial */
	HOST_CERTIFICATE, /* the first name of the server's, TLS 1.2 and before */
	HOST_DNS,         /* a DNS answer gave the address: never of a flow itself */
	HOST_DPI,         /* nDPI */
};

/* One flow, in the order client and server. The same in each fact about it. */
struct fact_flow {
	uint64_t id; /* unique in a run, the same in each run */
	nanotime first;
	struct address client;
	struct address server;
	uint16_t client_port;
	uint16_t server_port;
	uint8_t protocol;
	uint8_t ip_version;
	bool is_midstream; /* its beginning was not seen: client and server may be swapped */
	uint8_t spare;     /* no padding: facts are compared as bytes */
};

/*
 * Who sent a packet that opened a flow, and by which MAC; told again only when the MAC changes or
 * a minute has passed. The receiver's side is told while its MAC may still turn out a router's.
 */
struct fact_sighting {
	struct address source;
	struct mac source_mac; /* zero where the link has none */
	uint8_t source_ttl; /* as the packet came: as its sender made it, or lowered on its way */
	bool has_destination;
	struct address destination;
	struct mac destination_mac;
};

/*
 * Flows that nobody answered, from or to one host, beyond the number that is told one by one: a
 * flood, or a scan that has been told of long enough.
 */
struct fact_attempts {
	struct address host;
	bool is_target; /* they were for it, not from it */
	uint8_t spare[7];
	uint64_t count; /* not told one by one */
	nanotime first;
	nanotime last;
};

/* What is known of a flow by name. */
struct fact_names {
	char host[FACT_HOST_LEN];
	char protocol[FACT_PROTOCOL_LEN];
	char agent[FACT_AGENT_LEN]; /* HTTP User-Agent, SSH banner later */
	uint64_t risks;             /* nDPI's bitmap */
	uint8_t host_source;        /* enum host_source */
	bool is_guess;              /* the protocol, from port or address alone */
	bool is_upload;             /* its first HTTP request carries a body: POST, PUT, PATCH */
	bool has_data_down; /* of FACT_FLOW_NAMED: the server has sent payload; others say it
			       themselves */
};

struct fact_check_in {
	uint32_t payload_len; /* of the packet that checked in */
	bool is_first;        /* of its flow */
	bool is_answered;     /* both sides have spoken in this flow, if only to shake hands */
	bool has_data_down;   /* the server has sent payload in it */
	struct fact_names names;
};

enum fact_end_reason {
	FACT_END_IDLE,
	FACT_END_REUSED,
	FACT_END_EVICTED,
	FACT_END_EPOCH,
	FACT_END_CAPTURE
};

/*
 * Who speaks in a flow, and how: what is left to judge by where nobody knows the protocol. Of its
 * first payload packets (LANE_HANDSHAKE_PACKETS), and of each opening up to payload packet 255. An
 * opening is payload after half a second (2^29 ns) without any packet. Payload is what was not sent
 * before.
 */
struct fact_shape {
	bool is_known;          /* all else is zero where it is not: too many flows at a time */
	bool first_from_server; /* who sent the first payload */
	uint8_t turns;          /* times that the side changed, in the first payload packets */
	uint8_t packet_count;   /* in the next two */
	uint8_t packet_sides;   /* bit i: packet i is the server's */
	uint8_t printable_up; /* percent of the first payload's first 64 bytes that are ASCII text …
			       */
	uint8_t printable_down; /* … of each side; 0 where it has sent none */
	uint8_t shell_up;       /* enum shell_sign of a command interpreter, by the client … */
	uint16_t packet_sizes[FACT_SHAPE_PACKETS]; /* bytes of payload */
	uint16_t server_opened;
	uint16_t server_small; /* of these: at most FACT_SMALL_PAYLOAD bytes in the packet */
	uint16_t client_opened;
	uint8_t shell_down;      /* … by the server */
	uint8_t first_words_up;  /* enum first_words */
	uint32_t bytes_opened;   /* payload in the packets with which the server opened */
	uint32_t bytes_answered; /* the client's payload until the next opening, after all of these
				  */
};

struct fact_ended {
	nanotime last;
	uint64_t bytes_up; /* by the client; IP bytes, headers included */
	uint64_t bytes_down;
	uint32_t packets_up;
	uint32_t packets_down;
	uint8_t tcp_flags_up;
	uint8_t tcp_flags_down;
	uint8_t reason; /* enum fact_end_reason; nothing while it goes on */
	uint8_t payload_packets;
	uint8_t icmp_error; /* ICMP type that answered for the server; 0 is none */
	bool is_answered;   /* both sides spoke, and not by a refusal alone */
	bool has_data_down; /* the server sent payload */
	bool is_refused;    /* TCP reset or ICMP unreachable instead of an answer */
	struct fact_shape shape;
	struct fact_names names;
};

struct fact_dns {
	bool is_response;
	uint8_t rcode;
	uint16_t type;
	uint16_t answer_count;
	uint16_t bulk_answers; /* of them: to questions for TXT, NULL, CNAME, MX, KEY, private types
				*/
	uint32_t answer_bytes; /* rdata of all answers */
	uint32_t lowest_ttl;
	uint8_t address_count;
	struct address addresses[FACT_ANSWERS_MAX];
	uint8_t name_octets; /* its true size on the wire, uncompressed: escapes make text longer */
	char name[FACT_NAME_LEN];  /* lower case, no dot at the end */
	struct attributes records; /* all sections; last: a fact is as long as they are */
};

struct fact_neighbour {
	struct mac sender_mac;
	struct address sender; /* unspecified while it has none */
	struct address target;
	bool is_request;
};

struct fact_prefix {
	struct mac router_mac; /* of who told it */
	struct prefix prefix;
	struct address router; /* that DHCP named (option 3); unspecified when it told none */
};

enum device_name_source {
	DEVICE_NAME_DHCP,
	DEVICE_NAME_MDNS,
	DEVICE_NAME_NBNS,
	DEVICE_NAME_LOGIN, /* as it called itself to a server: NTLM, Kerberos, RDP; or a server to
			      it */
	DEVICE_NAME_SOURCES,
};

struct fact_device_name {
	struct mac mac;         /* zero when not told */
	struct address address; /* unspecified when not told */
	uint8_t source;         /* enum device_name_source */
	char name[FACT_HOST_LEN];
};

struct fact_message {
	uint8_t message;     /* enum message */
	bool is_from_client; /* of its flow */
	uint8_t spare[6];
	struct attributes said; /* last: a fact is as long as they are */
};

/*
 * What the sensor remembers of a device and a place outside, told when a list is taken up that
 * names the place and did not then. The fact's time is that moment.
 */
struct fact_contact_before {
	uint32_t device;     /* its number in the inventory */
	uint16_t port;       /* of an address; 0 has none */
	bool is_name;        /* else an address */
	bool is_lookup;      /* the name was looked up, and nobody was seen to answer under it */
	bool has_known_name; /* the address was asked for by the name of a service that all use */
	uint8_t entry_kind;  /* of what is listed: enum intel_kind … */
	uint8_t entry_class; /* … and enum intel_class */
	uint8_t confidence;  /* in it, when it was last confirmed: 0 … 100 */
	uint8_t spare[4];
	nanotime listed;    /* 0 is not known */
	nanotime confirmed; /* likewise */
	nanotime first;
	nanotime last;
	uint64_t flows; /* answered, that have ended; in the last 30 days, as all of these */
	uint64_t lookups;
	uint64_t bytes_up;
	uint64_t bytes_down;
	struct address address;
	char name[FACT_HOST_LEN];
	char entry[FACT_NAME_LEN]; /* what is listed, who says so, and since when, for people */
};

/* A packet that a lane was shown, from its innermost IP header on. */
struct fact_excerpt {
	uint32_t wire_len;   /* of the IP packet */
	uint16_t payload_at; /* where the headers end; at most `len` */
	uint16_t len;
	uint8_t bytes[FACT_EXCERPT_BYTES]; /* the first `len` */
};

struct fact {
	uint64_t sequence; /* facts come in this order: that of what the capture thread told */
	uint64_t number;   /* of the packet that brought it about */
	nanotime time;
	uint8_t kind;          /* enum fact_kind */
	struct fact_flow flow; /* of the flow kinds, FACT_DNS and FACT_MESSAGE */
	union {
		struct fact_sighting sighting;
		struct fact_attempts attempts;
		struct fact_names named;
		struct fact_check_in check_in;
		struct fact_ended ended;
		struct fact_dns dns;
		struct fact_neighbour neighbour;
		struct fact_prefix prefix;
		struct fact_device_name device_name;
		struct fact_message message;
		struct fact_excerpt excerpt;
		struct fact_contact_before contact_before;
	};
};

/* How much of the fact carries anything: what a ring has to copy. */
size_t fact_size(const struct fact *fact);

/* A fact of `kind` of which nothing is known: only what carries anything is written. */
void fact_clear(struct fact *fact, enum fact_kind kind);

/* What a fact says by named values; NULL for kinds that have none. */
const struct attributes *fact_attributes_of(const struct fact *fact);

/* The flow's key; `*client_is_low` says on which side of it the client stands. */
struct flow_key fact_flow_key(const struct fact_flow *flow, bool *client_is_low);

/* What a fact knows of its flow by name; NULL for kinds that know nothing. */
const struct fact_names *fact_names_of(const struct fact *fact);

/* "sni", "http_host" …: how a name was learned, for reports. */
const char *host_source_text(enum host_source source);

/* "idle", "reused" …: how a flow ended, for reports. */
const char *fact_end_text(enum fact_end_reason reason);
