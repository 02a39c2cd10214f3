/* NetBIOS names (RFC 1001 14.1, RFC 1002 4.1): sixteen bytes as 32 letters, and a scope. */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { NETBIOS_NAME_LEN = 15 };

/*
 * Without the spaces or NULs that fill it up to fifteen bytes; unchecked bytes in the code page of
 * the sender, and NUL-terminated.
 */
struct netbios_name {
	char text[NETBIOS_NAME_LEN + 1];
	uint8_t suffix; /* the sixteenth byte: 0x00 workstation, 0x20 server, 0x1d, 0x1e browser …
			 */
};

/*
 * Reads a name and its scope, which is not kept. DISSECT_MALFORMED for what is not such a name;
 * `out` is set only on DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect netbios_name_read(struct cursor *in, struct netbios_name *out);

/* Behind a name: labels up to the root, or a pointer in their place. */
MUST_USE enum dissect netbios_name_skip_labels(struct cursor *in);
