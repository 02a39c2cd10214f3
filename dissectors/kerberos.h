/* Kerberos 5 (RFC 4120): who asks for a ticket to which service, with which ciphers, and how it
 * ends. */
/*
 * Skipped: times but `till`, nonces, checksums, e-data, additional tickets, what is encrypted, and
 * all content of pre-authentication data but the ticket of a TGS request. KRB-SAFE, KRB-PRIV and
 * KRB-CRED are DISSECT_OTHER. Of an AP-REP only the type is told.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	KERBEROS_NAME_TEXT_LEN = 256, /* with its NUL */
	KERBEROS_ETYPES_MAX = 16,
	KERBEROS_PADATA_MAX = 16,
};

enum kerberos_type {
	KERBEROS_AS_REQ = 10,
	KERBEROS_AS_REP = 11,
	KERBEROS_TGS_REQ = 12,
	KERBEROS_TGS_REP = 13,
	KERBEROS_AP_REQ = 14,
	KERBEROS_AP_REP = 15,
	KERBEROS_ERROR = 30,
};

/* Some of RFC 4120 7.5.9. */
enum kerberos_error_code {
	KERBEROS_CLIENT_UNKNOWN = 6,
	KERBEROS_SERVICE_UNKNOWN = 7,
	KERBEROS_ETYPE_NOT_SUPPORTED = 14,
	KERBEROS_CLIENT_REVOKED = 18,
	KERBEROS_KEY_EXPIRED = 23,
	KERBEROS_PREAUTH_FAILED = 24,
	KERBEROS_PREAUTH_REQUIRED = 25,
	KERBEROS_CLOCK_SKEW = 37,
	KERBEROS_RESPONSE_TOO_BIG = 52,
};

/* RFC 3961 8, RFC 4757, RFC 8009: single DES and RC4 are what a roasting tool asks for. */
enum kerberos_etype {
	KERBEROS_DES_CBC_CRC = 1,
	KERBEROS_DES_CBC_MD5 = 3,
	KERBEROS_AES128_SHA1 = 17,
	KERBEROS_AES256_SHA1 = 18,
	KERBEROS_RC4 = 23,
	KERBEROS_RC4_EXPORT = 24,
};

/* The parts joined with '/', unchecked, NUL-terminated. What does not fit is left out. */
struct kerberos_name {
	char text[KERBEROS_NAME_TEXT_LEN];
	int32_t type; /* RFC 4120 6.2: 1 principal, 2 service instance, 10 enterprise … */
};

struct kerberos {
	enum kerberos_type type;
	struct kerberos_name client;  /* cname; empty when absent, as in a TGS request */
	struct kerberos_name service; /* sname; of a reply that of the ticket */
	struct span realm;            /* of the request or error; of a reply crealm; unchecked */
	struct span client_realm;     /* crealm of a reply or an error */

	/* Of a reply, of an AP request, and the one that a TGS request shows; else empty. */
	bool has_ticket;
	struct span ticket_realm;
	struct kerberos_name ticket_service;
	int32_t ticket_etype;

	/* Of a request. More than there is room for are left out. */
	uint32_t kdc_options;
	struct span till; /* as text: 20370913024805Z */
	int32_t etypes[KERBEROS_ETYPES_MAX];
	uint8_t etype_count;
	struct span netbios_address; /* the first of that type: the client's own name */

	/* Of a request or a reply: types of its pre-authentication data. */
	int32_t padata[KERBEROS_PADATA_MAX];
	uint8_t padata_count;
	bool is_preauthenticated; /* of an AS request: proves that it knows a key */

	int32_t etype;          /* of a reply: what its part for the client is encrypted with */
	int32_t error_code;     /* of an error: enum kerberos_error_code or another */
	struct span error_text; /* likewise; unchecked */
};

/*
 * `message` is a datagram, or what a GSS token holds; bytes behind it do no harm.
 * DISSECT_OTHER unless it begins as one of enum kerberos_type, version 5; DISSECT_TRUNCATED when it
 * goes on behind the end; DISSECT_MALFORMED for other damage. `out` is set only on DISSECT_OK; its
 * spans borrow.
 */
MUST_USE enum dissect dissect_kerberos(struct cursor message, struct kerberos *out);

/*
 * The same over TCP, behind its length (RFC 4120 7.2.2). Moves `stream` behind the message, and
 * only on DISSECT_OK.
 */
MUST_USE enum dissect dissect_kerberos_tcp(struct cursor *stream, struct kerberos *out);
