/*
 * The keys of a client's Initials (RFC 9001 5.2, RFC 9369 3.3.1). They follow from the connection
 * ID that the client chose, so that anyone on the way can make them: they guard against accidents,
 * not against readers. Nothing is allocated. Any thread.
 */
#pragma once

#include "dissectors/quic.h"

enum {
	QUIC_KEY_LEN = 16, /* AES-128, for packets and for their headers */
	QUIC_IV_LEN = 12,
};

struct quic_keys {
	uint8_t key[QUIC_KEY_LEN];
	uint8_t iv[QUIC_IV_LEN];
	uint8_t header_key[QUIC_KEY_LEN];
};

/* `family` is one with keys of its own: not QUIC_FAMILY_OPAQUE or QUIC_FAMILY_GREASE. */
void quic_keys_derive(struct quic_keys *keys, enum quic_family family, struct span dcid);
