/* The parts that DNS messages are made of (RFC 1035 4.1): for dns.c and dns_records.c alone. */
#pragma once

#include "dissectors/dns.h"

struct dns_header {
	uint16_t id;
	uint16_t flags;
	uint16_t question_count;
	uint16_t answer_count;
	uint16_t authority_count;
	uint16_t additional_count;
};

enum {
	DNS_FLAG_RESPONSE = 0x8000,
	DNS_FLAG_TRUNCATED = 0x0200,
	DNS_RCODE_MASK = 0x0f,
	DNS_CLASS_IN = 1,
	DNS_CLASS_MASK = 0x7fff, /* mDNS: the top bit is unicast-response or cache-flush */
};

/* A record where it stands: nothing in it has been looked at. */
struct dns_raw_record {
	struct cursor owner; /* at the name in the message */
	uint16_t type;
	uint16_t class; /* with its top bit */
	uint32_t ttl;   /* as sent */
	struct cursor rdata;
	struct cursor rdata_onward; /* from the same byte to the message's end: for names */
};

/* DISSECT_OTHER for an opcode that nobody has assigned; DISSECT_TRUNCATED for a short header. */
MUST_USE enum dissect dns_header_read(struct cursor *in, struct dns_header *out);

uint8_t dns_opcode(uint16_t flags);

/* False when it is cut, or its owner is no name; then `out` holds nothing to use. */
MUST_USE bool dns_raw_record_read(struct cursor *in, struct dns_raw_record *out);

/* 0 for a value with the top bit set (RFC 2181 8). */
uint32_t dns_ttl_seconds(const struct dns_raw_record *record);

/* 4 for an A, 16 for an AAAA record of class IN; 0 when the record holds no address. */
uint8_t dns_address_len(const struct dns_raw_record *record);
