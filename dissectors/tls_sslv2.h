/* ClientHello in SSLv2's form (RFC 5246 E.2, RFC 6101 E.1; the SSL 2.0 draft of 1995). */
/*
 * How old clients greet a server of any version: a record of two bytes of length with the high bit
 * set, no extensions, hence no name. Forbidden since 2011 (RFC 6176), still sent by scanners.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { TLS_SSLV2_CIPHER_LEN = 3 };

struct tls_sslv2_client_hello {
	uint16_t version; /* the highest one: 0x0002 for SSLv2 itself, else as in TLS */
	uint16_t cipher_count;
	struct span ciphers; /* TLS_SSLV2_CIPHER_LEN bytes each; TLS ones begin with 0 */
	struct span session_id;
	struct span challenge;
};

/*
 * DISSECT_OTHER where lengths and version do not fit one another exactly, because only that tells
 * such a hello from other protocols. DISSECT_TRUNCATED: ask again with more of the stream. `out` is
 * set only on DISSECT_OK; its spans borrow from the bytes under `stream`.
 */
MUST_USE enum dissect dissect_tls_sslv2_client_hello(struct cursor stream,
						     struct tls_sslv2_client_hello *out);
