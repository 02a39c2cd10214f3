/* QUIC frames that an Initial may carry (RFC 9000 12.4 and 19; RFC 9369 changes none of them). */
/*
 * Skipped: what an ACK acknowledges, and the type of the frame that a CONNECTION_CLOSE blames.
 * Frames of other packets (streams, tokens, new IDs, an application's CONNECTION_CLOSE) are
 * DISSECT_MALFORMED here.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum quic_frame_type {
	QUIC_PADDING = 0x00,
	QUIC_PING = 0x01,
	QUIC_ACK = 0x02,
	QUIC_ACK_ECN = 0x03,
	QUIC_CRYPTO = 0x06,
	QUIC_CONNECTION_CLOSE = 0x1c,
};

struct quic_frame {
	enum quic_frame_type type;
	uint64_t offset;   /* of CRYPTO: where in the stream of handshake messages */
	struct span bytes; /* of CRYPTO its data, of CONNECTION_CLOSE its reason: unchecked text */
	uint64_t error;    /* of CONNECTION_CLOSE; from 0x100 a TLS alert is in the low byte */
};

/*
 * Takes the next frame of a decrypted payload, a run of PADDING as one; ask again while `payload`
 * holds more. DISSECT_TRUNCATED at its end too. Only on DISSECT_OK `out` is set and `payload`
 * moved; `out` borrows from it.
 */
MUST_USE enum dissect dissect_quic_frame(struct cursor *payload, struct quic_frame *out);
