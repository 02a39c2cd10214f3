/* SNMP (version 1 RFC 1157, 2c RFC 1901 and 3416, 3 RFC 3412 and 3414): who asks, what answers. */
/*
 * Skipped: request ids, errors, values but those of two objects, the whole of what version 3
 * encrypts, access models other than USM. BER's indefinite lengths are not read.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { SNMP_OIDS_MAX = 4 };

/* As version 1 and 2c write it. */
enum snmp_version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };

/* The tags of the PDUs. */
enum snmp_pdu {
	SNMP_GET = 0xa0,
	SNMP_GET_NEXT = 0xa1,
	SNMP_RESPONSE = 0xa2,
	SNMP_SET = 0xa3,
	SNMP_V1_TRAP = 0xa4,
	SNMP_GET_BULK = 0xa5,
	SNMP_INFORM = 0xa6,
	SNMP_V2_TRAP = 0xa7,
	SNMP_REPORT = 0xa8,
};

struct snmp {
	enum snmp_version version;
	struct span community; /* versions 1 and 2c: a password in clear */
	struct span user_name; /* version 3's; empty while a client looks for the engine */
	struct span engine_id; /* version 3's, of the agent: mostly holds its MAC or address */
	bool is_encrypted;     /* then there is nothing below */
	enum snmp_pdu pdu;     /* 0 when encrypted */
	uint8_t oid_count;     /* more are left out */
	struct span oids[SNMP_OIDS_MAX]; /* as BER encodes them, without tag and length */
	struct span system_description;  /* sysDescr's value out of a response; unchecked text */
	struct span system_name;         /* sysName's; likewise */
};

/*
 * One datagram. DISSECT_OTHER for what does not begin with a SEQUENCE and a version of the above;
 * DISSECT_TRUNCATED when the datagram is shorter than the message; DISSECT_MALFORMED for anything
 * wrong within. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_snmp(struct cursor in, struct snmp *out);
