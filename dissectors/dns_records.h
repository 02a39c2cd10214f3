/* All records of a DNS message (RFC 1035, SVCB RFC 9460, EDNS RFC 6891, subnets RFC 7871). */
/*
 * One question or record at a time, of all four sections, for who wants more than struct dns keeps.
 * Skipped: all of an SOA but its first name, of a TXT all strings but the first, of SVCB the keys
 * not named below, of EDNS the options not named below; types not named here give their `rdata`.
 */
#pragma once

#include "dissectors/dns.h"

enum { DNS_HINTS_MAX = 8 };

enum dns_section {
	DNS_SECTION_QUESTION,
	DNS_SECTION_ANSWER,
	DNS_SECTION_AUTHORITY,
	DNS_SECTION_ADDITIONAL,
	DNS_SECTION_COUNT,
};

/* Why a walk ended before the last record that the header claims. */
enum dns_damage {
	DNS_WHOLE,
	DNS_CUT,            /* the message ended inside a record, or the next owner is no name */
	DNS_TOO_MANY_NAMES, /* names that repeat others more than a sound sender would */
};

/* SVCB and HTTPS (RFC 9460), besides the record's priority and target. */
struct dns_binding {
	bool has_port;
	bool has_ech;
	uint16_t port;
	struct span alpn; /* protocol ids, each with its length before it, as in TLS */
	uint8_t ipv4_count;
	uint8_t ipv6_count;
	uint8_t ipv4_hint[DNS_HINTS_MAX][4]; /* more are left out */
	uint8_t ipv6_hint[DNS_HINTS_MAX][DNS_ADDRESS_LEN];
};

/* The OPT record (RFC 6891 6.1). */
struct dns_edns {
	uint16_t udp_size;
	uint16_t rcode; /* with the header's four bits */
	uint8_t version;
	bool dnssec_ok;
	uint16_t option_count; /* the whole ones */
	/* Client subnet (RFC 7871 6): for whom a resolver asks. The address ends in zeroes. */
	uint8_t subnet_address_len; /* 4 or 16; 0 without the option */
	uint8_t subnet_prefix;      /* bits of it that are meant */
	uint8_t subnet[DNS_ADDRESS_LEN];
};

/* A question has a name, type and class only. What the type does not have is zero. */
struct dns_record {
	enum dns_section section;
	uint16_t type;
	uint16_t class;       /* without its top bit; of an OPT 0 */
	bool has_class_flag;  /* mDNS: unicast response wanted in a question, else cache flush */
	uint32_t ttl_seconds; /* 0 also for a value with the top bit set; of an OPT 0 */
	struct span rdata;    /* as on the wire; names in it may be compressed */

	uint8_t address_len; /* 4 for an A, 16 for an AAAA record of class IN, else 0 */
	uint8_t address[DNS_ADDRESS_LEN];

	uint16_t preference; /* MX's; the priority of SRV, SVCB (0: an alias) and HTTPS */
	uint16_t port;       /* SRV */
	struct span text;    /* TXT: the first string; unchecked */
	struct dns_binding binding;
	struct dns_edns edns;

	/* octets is 0 for what is no name. What stands behind the NUL of a text says nothing. */
	struct dns_name owner;
	struct dns_name target; /* CNAME, NS, PTR, DNAME, SRV, MX, SVCB, HTTPS; SOA's first name */
};

/* For the two functions below; the first fields are for everybody to read. */
struct dns_walk {
	uint16_t id;
	bool is_response;
	uint8_t opcode;
	uint8_t rcode;
	enum dns_damage damage; /* set when dns_walk_next() has said false */

	struct cursor message;
	struct cursor next;
	enum dns_section section;
	uint16_t left[DNS_SECTION_COUNT];
	size_t name_steps; /* that may still be spent */
};

/* As dissect_dns(), but looks at the header alone. `out` is set only on DISSECT_OK. */
MUST_USE enum dissect dns_walk_start(struct cursor message, struct dns_walk *out);

/*
 * The next question or record; false behind the last one or where damage ends the walk. `out` is
 * set only on true; its spans borrow from the message. A record whose value is not what its type
 * asks for is given without what could not be read.
 *
 * Time is linear in the message. Each turn eats at least five bytes of it, and the octets of all
 * names and the pointers followed for them are counted: 8,192 for any message and four more for
 * each of its bytes. Then the walk ends with DNS_TOO_MANY_NAMES. Names of 255 octets in every
 * record of a message of 512 bytes stay below, and names of 64 octets in every address record of
 * any.
 */
MUST_USE bool dns_walk_next(struct dns_walk *walk, struct dns_record *out);
