/* VNC's handshake: the Remote Framebuffer protocol, versions 3.3, 3.7 and 3.8 (RFC 6143 7.1-7.3).
 */
/*
 * Both read one direction of the stream from its first byte, as far as it is known, and tell what
 * there is of it. Skipped: the challenge and its answer, pixel formats, everything behind the
 * handshake. The messages of security types other than None and VNC Authentication (Tight,
 * VeNCrypt, Apple's …) are their vendors': behind their choice nothing more is told.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	VNC_SECURITY_TYPES_MAX = 16, /* more are left out */
	VNC_TEXT_MAX = 4096,         /* a longer reason or name is not told */
};

enum vnc_security {
	VNC_SECURITY_INVALID = 0,
	VNC_SECURITY_NONE = 1,
	VNC_SECURITY_VNC = 2, /* a challenge of 16 bytes */
	VNC_SECURITY_RA2 = 5,
	VNC_SECURITY_TIGHT = 16,
	VNC_SECURITY_ULTRA = 17,
	VNC_SECURITY_TLS = 18,
	VNC_SECURITY_VENCRYPT = 19, /* TLS begins behind its own negotiation */
	VNC_SECURITY_APPLE = 30,
};

struct vnc_version {
	uint16_t major;
	uint16_t minor; /* as sent: 3.889 is Apple's, 3.5 is read as 3.3 */
};

struct vnc_client {
	struct vnc_version version;
	bool has_choice;
	uint8_t security; /* chosen; in 3.3 the server decides, so there is none */
	size_t consumed;  /* up to the last of these that is whole */
};

enum vnc_outcome {
	VNC_OUTCOME_NONE, /* not yet, or not to be told */
	VNC_OUTCOME_ACCEPTED,
	VNC_OUTCOME_REFUSED,
	VNC_OUTCOME_TOO_MANY, /* too many attempts before this one */
};

struct vnc_server {
	struct vnc_version version;
	uint8_t security_count; /* offered; 0 when the server refuses to go on */
	uint8_t security_kept;
	uint8_t security[VNC_SECURITY_TYPES_MAX];
	bool has_offer;
	enum vnc_outcome
		outcome;    /* where the type is None before 3.8: accepted, as it is not said */
	struct span reason; /* why not; unchecked */
	bool lacks_reason;  /* one has yet to come */
	bool has_desktop;
	uint16_t width;
	uint16_t height;
	struct span desktop_name; /* unchecked */
};

/*
 * DISSECT_OTHER as soon as it does not begin with a version, DISSECT_TRUNCATED while that has no
 * end; then DISSECT_OK with what there is. `out` is set only on DISSECT_OK; its spans borrow from
 * the bytes under `stream`. What a server's bytes mean depends on the client's: `client` is what is
 * known of it by now, zeroes when nothing is.
 */
MUST_USE enum dissect dissect_vnc_client(struct cursor stream, struct vnc_client *out);
MUST_USE enum dissect dissect_vnc_server(struct cursor stream, const struct vnc_client *client,
					 struct vnc_server *out);
