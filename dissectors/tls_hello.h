/* TLS hellos in their records (RFC 8446 4.1 and 5.1, RFC 5246 7.4.1). */
/*
 * The first message of either direction, whichever way it comes. What a hello says stands in
 * tls_client_hello.h and tls_server_hello.h; SSLv2's form of a hello is DISSECT_OTHER here and
 * read in tls_sslv2.h.
 */
#pragma once

#include "dissectors/tls_client_hello.h"
#include "dissectors/tls_record.h"
#include "dissectors/tls_server_hello.h"

/*
 * `stream` is one direction of a TCP connection, whole from its first byte or from the record that
 * begins the hello, as far as it is known.
 *
 * DISSECT_TRUNCATED: more bytes of the stream are needed, ask again with all of it.
 * DISSECT_OTHER: not a TLS record, or one of another content or handshake message.
 * DISSECT_MALFORMED: against the specification, or longer than TLS_HELLO_MAX; more bytes will not
 * help. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `stream` or from
 * `scratch`.
 */
MUST_USE enum dissect dissect_tls_client_hello(struct cursor stream, struct tls_scratch *scratch,
					       struct tls_client_hello *out);
MUST_USE enum dissect dissect_tls_server_hello(struct cursor stream, struct tls_scratch *scratch,
					       struct tls_server_hello *out);

/* The same without records, as in QUIC's CRYPTO frames: `message` begins with its type. */
MUST_USE enum dissect dissect_tls_client_hello_message(struct cursor message,
						       struct tls_client_hello *out);
MUST_USE enum dissect dissect_tls_server_hello_message(struct cursor message,
						       struct tls_server_hello *out);
