/* NetBIOS session service (RFC 1002 4.3) and SMB's direct TCP ([MS-SMB2] 2.1): SMB's frames. */
/*
 * Skipped: the address in a retarget response, scopes. Lengths have 24 bits as direct TCP has
 * them; over port 139 the upper seven are reserved and zero.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { NBSS_NAME_LEN = 15 };

enum nbss_kind {
	NBSS_MESSAGE = 0x00,
	NBSS_SESSION_REQUEST = 0x81,
	NBSS_POSITIVE_RESPONSE = 0x82,
	NBSS_NEGATIVE_RESPONSE = 0x83,
	NBSS_RETARGET_RESPONSE = 0x84,
	NBSS_KEEP_ALIVE = 0x85,
};

/* As in struct nbns: unchecked bytes, without what fills them up, and NUL-terminated. */
struct nbss_name {
	char text[NBSS_NAME_LEN + 1];
	uint8_t suffix; /* the sixteenth byte */
};

struct nbss {
	enum nbss_kind kind;
	uint32_t length;       /* of what stands behind the header of four bytes */
	uint32_t missing;      /* so many of these bytes are still to come: the caller skips them */
	struct cursor message; /* the others */

	/* Of a session request. */
	struct nbss_name called;
	struct nbss_name calling;

	uint8_t error; /* of a negative response */
};

/*
 * Moves `stream` behind what is there of one frame, and only on DISSECT_OK. DISSECT_TRUNCATED when
 * the header, or a session request, is not whole: an NBSS_MESSAGE need not be. DISSECT_OTHER for an
 * unknown type or a length that the type cannot have, DISSECT_MALFORMED for names that are not
 * NetBIOS's. `out` is set only on DISSECT_OK; its `message` borrows.
 */
MUST_USE enum dissect dissect_nbss(struct cursor *stream, struct nbss *out);
