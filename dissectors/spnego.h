/* SPNEGO (RFC 4178, [MS-SPNG]) and what stands in its place: bare NTLM, Kerberos (RFC 4121 4.1). */
/*
 * Which ways to log in a client offers, which the server takes, and the bytes of the way itself.
 * Skipped: request flags, hints, MICs.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum spnego_kind {
	SPNEGO_INIT,     /* NegTokenInit: mechs is what is offered */
	SPNEGO_RESPONSE, /* NegTokenResp: mechs is the one chosen, if it says so */
	SPNEGO_NTLMSSP,  /* a bare NTLM message: token is it */
	SPNEGO_KERBEROS, /* a Kerberos message, in a GSS token or (DCE style) alone: token is it */
};

enum spnego_mech {
	SPNEGO_MECH_KERBEROS = 0x01, /* as RFC 4121 or as Windows 2000 wrote it */
	SPNEGO_MECH_NTLMSSP = 0x02,
	SPNEGO_MECH_NEGOEX = 0x04,
	SPNEGO_MECH_OTHER = 0x08,
};

enum spnego_state {
	SPNEGO_ACCEPT_COMPLETED = 0,
	SPNEGO_ACCEPT_INCOMPLETE = 1,
	SPNEGO_REJECT = 2,
	SPNEGO_REQUEST_MIC = 3,
};

struct spnego {
	enum spnego_kind kind;
	uint8_t mechs;          /* of enum spnego_mech, joined */
	uint8_t preferred_mech; /* the first of them: the one that the token is for */
	bool has_state;         /* of a response */
	uint8_t state;          /* enum spnego_state */
	uint16_t token_id;      /* of a Kerberos token in GSS, 0x0100 AP-REQ …; else 0 */
	struct span token;      /* mechToken or responseToken: hand it to this dissector again */
};

/*
 * DISSECT_TRUNCATED when the outermost element goes on behind the end, DISSECT_MALFORMED for other
 * damage; DISSECT_OTHER for other bytes or GSS of another mechanism. `out` is set only on
 * DISSECT_OK; its span borrows.
 */
MUST_USE enum dissect dissect_spnego(struct cursor blob, struct spnego *out);
