/* DCE/RPC over connections (C706 12.6, [MS-RPCE] 2.2.2): which service of Windows is called, and
 * how. */
/*
 * Skipped: what arguments mean, transfer syntaxes, secondary addresses, object ids, and the
 * contents of all kinds of packets but bind, alter context, their acknowledgements, request, auth3
 * and fault.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	DCERPC_UUID_LEN = 16,
	DCERPC_CONTEXTS_MAX = 16,
};

enum dcerpc_type {
	DCERPC_REQUEST = 0,
	DCERPC_RESPONSE = 2,
	DCERPC_FAULT = 3,
	DCERPC_BIND = 11,
	DCERPC_BIND_ACK = 12,
	DCERPC_BIND_NAK = 13,
	DCERPC_ALTER_CONTEXT = 14,
	DCERPC_ALTER_CONTEXT_RESPONSE = 15,
	DCERPC_AUTH3 = 16,
	DCERPC_SHUTDOWN = 17,
	DCERPC_CANCEL = 18,
	DCERPC_ORPHANED = 19,
};

/* [MS-RPCE] 2.2.1.1.7 */
enum dcerpc_auth_type {
	DCERPC_AUTH_NONE = 0,
	DCERPC_AUTH_SPNEGO = 9,
	DCERPC_AUTH_NTLMSSP = 10,
	DCERPC_AUTH_KERBEROS = 16,
	DCERPC_AUTH_NETLOGON = 68,
};

/* [MS-RPCE] 2.2.1.1.8 */
enum dcerpc_auth_level {
	DCERPC_LEVEL_CONNECT = 2,
	DCERPC_LEVEL_INTEGRITY = 5,
	DCERPC_LEVEL_PRIVACY = 6,
};

/* A UUID in the order of its text, whatever the order on the wire. */
struct dcerpc_context {
	uint16_t id;
	uint8_t uuid[DCERPC_UUID_LEN];
	uint16_t version_major;
	uint16_t version_minor;
};

struct dcerpc {
	enum dcerpc_type type;
	uint8_t flags; /* 1 the first, 2 the last fragment */
	uint16_t fragment_len;
	uint16_t missing; /* so many bytes of the fragment are still to come: the caller skips them
			   */
	uint32_t call_id;

	/* Of a bind or an alter context: the interfaces asked for; the first of them are kept. */
	struct dcerpc_context contexts[DCERPC_CONTEXTS_MAX];
	uint8_t context_count;
	bool has_more_contexts; /* which were left out */

	/* Of a request; the context is one of the bind's, by its id. */
	uint16_t context_id;
	uint16_t opnum;
	/* As the sender wrote them, where all of them are there; they may be encrypted. */
	struct span arguments;

	uint32_t fault_status; /* of a fault: 5 access denied, 0x1c010002 no such operation */

	/* The verifier that ends a packet; credentials are NTLMSSP, SPNEGO or a signature. */
	uint8_t auth_type; /* enum dcerpc_auth_type, or another; 0 without one */
	uint8_t auth_level;
	struct span credentials;
};

/*
 * Reads the next fragment of `stream` (a connection's, or a pipe's payload) and moves behind what
 * is there of it, only on DISSECT_OK. Of a request or a response the arguments need not be there,
 * and there are no credentials then. DISSECT_OTHER unless it begins as a fragment of version 5.
 * DISSECT_MALFORMED when a field is behind the fragment's end. `out` is set only on DISSECT_OK; its
 * span borrows.
 */
MUST_USE enum dissect dissect_dcerpc(struct cursor *stream, struct dcerpc *out);

/* What an interface is called in Microsoft's documents, "svcctl"; NULL for one not known here. */
const char *dcerpc_interface_name(const uint8_t uuid[DCERPC_UUID_LEN]);
