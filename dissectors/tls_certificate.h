/* TLS Certificate message of up to version 1.2 (RFC 5246 7.4.2); TLS 1.3 encrypts it. */
/*
 * The chain as its sender orders it: its own certificate first. What is in one stands in x509.h.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { TLS_CERTIFICATES_MAX = 8 };

struct tls_certificate {
	struct span certificates[TLS_CERTIFICATES_MAX]; /* DER, unchecked */
	uint8_t kept;    /* how many of them are set; more are left out */
	uint32_t count;  /* of all; 0 from a client that has none */
	bool is_damaged; /* a length lies; the whole ones before it are set */
};

/*
 * `body` is the handshake message without its header. DISSECT_MALFORMED where there is no list at
 * all, or not one whole certificate in a list that is not empty. `out` is set only on DISSECT_OK;
 * its spans borrow from the bytes under `body`.
 */
MUST_USE enum dissect dissect_tls_certificate(struct cursor body, struct tls_certificate *out);
