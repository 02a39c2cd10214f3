/* RDP's beginning ([MS-RDPBCGR] 2.2.1.1 to 2.2.1.3; TPKT RFC 1006, X.224): who connects, and how.
 */
/*
 * Skipped: correlation ids, class and references of X.224, domain parameters of MCS, and all client
 * settings but the core's and the names of channels; with TLS or CredSSP these are encrypted.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { RDP_CHANNELS_MAX = 31 /* 2.2.1.3.4 */ };

enum rdp_kind {
	RDP_CONNECTION_REQUEST,
	RDP_CONNECTION_CONFIRM,
	RDP_CLIENT_SETTINGS, /* MCS connect initial */
};

/* 2.2.1.1.1: asked for as bits, 0 is RDP's own security; the confirm names one. */
enum rdp_protocol {
	RDP_PROTOCOL_STANDARD = 0,
	RDP_PROTOCOL_TLS = 0x01,
	RDP_PROTOCOL_CREDSSP = 0x02,
	RDP_PROTOCOL_RDSTLS = 0x04,
	RDP_PROTOCOL_CREDSSP_EX = 0x08,
	RDP_PROTOCOL_ENTRA = 0x10,
};

enum rdp_failure {
	RDP_TLS_REQUIRED = 1,
	RDP_TLS_NOT_ALLOWED = 2,
	RDP_NO_CERTIFICATE = 3,
	RDP_INCONSISTENT_FLAGS = 4,
	RDP_CREDSSP_REQUIRED = 5,
	RDP_TLS_WITH_CLIENT_AUTHENTICATION_REQUIRED = 6,
};

struct rdp {
	enum rdp_kind kind;

	/* Of a request, unchecked text. A routing token is for a load balancer. */
	struct span cookie;        /* behind "mstshash=": the user, or a part of their name */
	struct span routing_token; /* behind "msts=", or the whole line where it is neither */

	bool has_negotiation;  /* without it the client or the server is older than Vista */
	uint32_t protocols;    /* of a request: enum rdp_protocol, joined; of a confirm: one */
	uint32_t failure_code; /* of a confirm: enum rdp_failure, and no protocol; else 0 */

	/* Of the client's settings. */
	uint32_t version;
	uint16_t desktop_width;
	uint16_t desktop_height;
	uint32_t keyboard_layout; /* a Windows locale: 0x0411 Japanese */
	uint32_t client_build;
	/* Virtual channels asked for (2.2.1.3.4), ASCII; more than there is room for are left out.
	 */
	struct span channels[RDP_CHANNELS_MAX];
	uint8_t channel_count;
	struct span client_name; /* UTF-16, up to 15 characters, without the zeroes behind it */
};

/*
 * Reads the packet that `stream` begins with and moves behind it, only on DISSECT_OK.
 * DISSECT_OTHER for other TPKT users too (S7, H.323), and for RDP behind its beginning;
 * DISSECT_MALFORMED for damage in client settings. `out` is set only on DISSECT_OK; its spans
 * borrow.
 */
MUST_USE enum dissect dissect_rdp(struct cursor *stream, struct rdp *out);
