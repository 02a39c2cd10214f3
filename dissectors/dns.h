/* DNS (RFC 1035, EDNS RFC 6891), and in its format mDNS (RFC 6762) and LLMNR (RFC 4795). */
/*
 * dissect_dns() skips every question but the first; the names in answers, their owners included,
 * but for one owner (see address_owner); the authority section; EDNS options. dns_records.h walks
 * them.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	DNS_NAME_TEXT_LEN = 256, /* with its NUL */
	DNS_ADDRESS_LEN = 16,
	DNS_ANSWERS_MAX = 16,
};

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_NULL = 10,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_KEY = 25,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_DNAME = 39,
	DNS_OPT = 41,
	DNS_SVCB = 64,
	DNS_HTTPS = 65,
	DNS_PRIVATE = 65399, /* in the private-use range; a tunnel's favourite */
};

/*
 * A name as text: lower case, labels joined by '.', no dot at the end, the root is "". Inside a
 * label '.', '\' and every byte but printable ASCII are written '\ddd' (RFC 1035 5.1), a space too.
 * NUL-terminated.
 *
 * 255 octets of a name may need four times as many characters. A text that does not fit loses
 * characters at its beginning, so that the domain at its end stays whole; `is_cut` says so, and
 * `octets` is the true size of the name on the wire without compression, its root included.
 */
struct dns_name {
	char text[DNS_NAME_TEXT_LEN];
	uint8_t octets; /* 0 when there is no name */
	bool is_cut;
};

struct dns_answer {
	uint16_t type;
	uint16_t rdata_len;
	uint32_t ttl_seconds; /* 0 also for a value with the top bit set (RFC 2181 8) */
	uint8_t address_len;  /* 4 for an A, 16 for an AAAA record of class IN, else 0 */
	uint8_t address[DNS_ADDRESS_LEN];
};

/* What answers of one type carry: where tunnels put their bytes. */
enum dns_carrier {
	DNS_CARRIER_TXT,
	DNS_CARRIER_NULL,
	DNS_CARRIER_KEY,
	DNS_CARRIER_PRIVATE,
	DNS_CARRIER_CNAME,
	DNS_CARRIER_MX,
	DNS_CARRIER_SRV,
	DNS_CARRIER_COUNT,
};

struct dns_carried {
	uint16_t records;
	uint32_t rdata_bytes;
};

struct dns {
	uint16_t id;
	bool is_response;
	bool is_truncated; /* the TC flag: the sender left something out */
	uint8_t opcode;
	uint8_t rcode;

	/* As the header claims. */
	uint16_t question_count;
	uint16_t answer_count;
	uint16_t authority_count;
	uint16_t additional_count;

	/* The first question; zeroes when question_count is 0, as in mDNS responses. */
	struct dns_name question;
	uint16_t question_type;
	uint16_t question_class; /* without mDNS's unicast-response bit */

	uint8_t answers_kept; /* of answers_whole: the first DNS_ANSWERS_MAX, in `answers` below */

	/* Over the whole answer section, kept or not. */
	uint16_t answers_whole;
	bool answers_truncated; /* answers_whole < answer_count: cut, or not to be read */
	uint32_t answers_rdata_bytes;
	struct dns_carried carried[DNS_CARRIER_COUNT];

	/*
	 * In a response, who has the first A or AAAA record of class IN in the answer section or,
	 * failing that, the additional section, where mDNS responders put their host (RFC 6763 12).
	 */
	struct dns_name address_owner;

	/* What stands behind answers_kept, and behind the NUL of the texts, says nothing. */
	struct dns_answer answers[DNS_ANSWERS_MAX];
};

/*
 * DISSECT_OTHER for an opcode that nobody has assigned; DISSECT_MALFORMED or DISSECT_TRUNCATED when
 * the header or the first question is not there to be read. Damage behind it is no failure: what
 * was whole before it is kept. `out` is set only on DISSECT_OK, and borrows nothing.
 *
 * Time is linear in the message: only two names are decoded, with at most 127 pointers each.
 */
MUST_USE enum dissect dissect_dns(struct cursor in, struct dns *out);

/*
 * Over TCP each message comes behind its length (RFC 1035 4.2.2), several in one segment or one in
 * several (RFC 7766 8). Takes the next from the front of `stream`. DISSECT_TRUNCATED while it is
 * not whole, DISSECT_OTHER for a length that no header fits into: both leave `stream` and `message`
 * as they were.
 */
MUST_USE enum dissect dns_tcp_message(struct cursor *stream, struct cursor *message);
