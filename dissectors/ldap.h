/* LDAP (RFC 4511) and CLDAP ([MS-ADTS] 6.3.3): who binds and how it ends, StartTLS, DC pings. */
/*
 * Skipped: controls, attributes, entries, referrals, and every operation but those below, of which
 * the number and kind are told. A password is counted, never kept. What a SASL layer wraps after a
 * bind is DISSECT_OTHER.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum ldap_operation {
	LDAP_BIND_REQUEST = 0,
	LDAP_BIND_RESPONSE = 1,
	LDAP_UNBIND_REQUEST = 2,
	LDAP_SEARCH_REQUEST = 3,
	LDAP_SEARCH_ENTRY = 4,
	LDAP_SEARCH_DONE = 5,
	LDAP_MODIFY_REQUEST = 6,
	LDAP_MODIFY_RESPONSE = 7,
	LDAP_ADD_REQUEST = 8,
	LDAP_ADD_RESPONSE = 9,
	LDAP_DELETE_REQUEST = 10,
	LDAP_DELETE_RESPONSE = 11,
	LDAP_MODIFY_DN_REQUEST = 12,
	LDAP_MODIFY_DN_RESPONSE = 13,
	LDAP_COMPARE_REQUEST = 14,
	LDAP_COMPARE_RESPONSE = 15,
	LDAP_ABANDON_REQUEST = 16,
	LDAP_SEARCH_REFERENCE = 19,
	LDAP_EXTENDED_REQUEST = 23,
	LDAP_EXTENDED_RESPONSE = 24,
	LDAP_INTERMEDIATE_RESPONSE = 25,
};

/* RFC 4511 4.2, and [MS-ADTS] 5.1.1.1.3 for Sicily, which is NTLM. */
enum ldap_authentication {
	LDAP_SIMPLE = 0,
	LDAP_SASL = 3,
	LDAP_SICILY_DISCOVERY = 9,
	LDAP_SICILY_NEGOTIATE = 10,
	LDAP_SICILY_RESPONSE = 11,
};

/* Some of RFC 4511 4.1.9. */
enum ldap_result {
	LDAP_SUCCESS = 0,
	LDAP_CONFIDENTIALITY_REQUIRED = 13,
	LDAP_SASL_BIND_IN_PROGRESS = 14,
	LDAP_INVALID_CREDENTIALS = 49,
};

/* What a domain member asks of a DC before it logs in; of the search's filter. Unchecked. */
struct ldap_netlogon_ping {
	struct span dns_domain;
	struct span host; /* who asks: the client's own name */
	struct span user;
};

/* Text is unchecked bytes. */
struct ldap {
	int32_t message_id;
	enum ldap_operation operation;
	uint32_t
		missing; /* so many bytes of the message are still to come: the caller skips them */

	/* Of a bind request. */
	uint8_t version;
	struct span name; /* DN, or what Windows takes for one; empty for anonymous */
	enum ldap_authentication authentication;
	size_t password_len;   /* of a simple bind */
	struct span mechanism; /* of SASL: "GSS-SPNEGO", "GSSAPI" */

	/* Of a bind request or response: what SASL or Sicily says. SPNEGO or NTLMSSP mostly. */
	struct span credentials;

	/* Of a bind response, a search's end, an extended response. */
	int32_t result; /* enum ldap_result, or another */
	struct span matched_dn;
	struct span diagnostic;

	/* Of a search request. */
	struct span base;
	uint8_t scope; /* 0 the base, 1 one level, 2 subtree */
	bool is_netlogon_ping;
	struct ldap_netlogon_ping ping;

	/* Of an extended request or response. */
	struct span extended_name; /* OID as text */
	bool is_start_tls;
};

/*
 * Reads the next message of `stream`, or of a CLDAP datagram, and moves behind what is there of it;
 * only on DISSECT_OK. DISSECT_TRUNCATED when a message, of which more than the operation is read,
 * is not whole. DISSECT_OTHER unless it begins as an LDAP message. DISSECT_MALFORMED for damage
 * inside it. `out` is set only on DISSECT_OK; its spans borrow.
 */
MUST_USE enum dissect dissect_ldap(struct cursor *stream, struct ldap *out);
