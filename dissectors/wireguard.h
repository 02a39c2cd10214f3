/* WireGuard (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", 5.4): its messages. */
/*
 * Skipped: everything that is encrypted, keys, nonces, the counter, and whether the MACs are right.
 * A Cloudflare client puts an id of its own into the reserved bytes: that is another protocol here.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum wireguard_message {
	WIREGUARD_INITIATION = 1, /* 148 bytes */
	WIREGUARD_RESPONSE = 2,   /* 92 bytes; its receiver is the initiation's sender */
	WIREGUARD_COOKIE = 3,     /* 64 bytes: the answerer is under load */
	WIREGUARD_TRANSPORT = 4,  /* 32 bytes or more; 32 is a keepalive */
};

struct wireguard {
	enum wireguard_message type;
	uint32_t sender;     /* index; of initiations and responses, else 0 */
	uint32_t receiver;   /* index; of all but initiations, else 0 */
	uint32_t packet_len; /* encrypted bytes without their tag; of transports, else 0 */
	bool has_mac2;       /* of initiations and responses: a cookie was used */
};

/*
 * One datagram. DISSECT_OTHER for another type, reserved bytes that are not zero, or more bytes
 * than the message has; DISSECT_TRUNCATED for fewer. A transport is only four fixed bytes: by
 * itself it proves nothing, a response that names the sender of an initiation does. `out` is set
 * only on DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect dissect_wireguard(struct cursor in, struct wireguard *out);
