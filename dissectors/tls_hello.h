/* TLS hellos (RFC 8446 4.1, RFC 5246 7.4.1; RFC 6066 SNI, RFC 7301 ALPN, RFC 8701 GREASE). */
/*
 * What a client asks for before anything is encrypted, and what the server picks. Skipped: random,
 * session id, compression, and every extension but the ones below. SSLv2's form of a hello is
 * DISSECT_OTHER.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

/* A handshake message with its four bytes of header; about ten times what clients send. */
enum { TLS_HELLO_MAX = 16384 };

/*
 * Room to join a hello that its sender cut over several records; untouched when one record holds
 * it, as nearly always. The caller's, one for each thread: its old contents do not matter.
 */
struct tls_scratch {
	uint8_t bytes[TLS_HELLO_MAX];
};

struct tls_client_hello {
	uint16_t legacy_version;
	uint16_t highest_version; /* of supported_versions without GREASE; 0 when absent */
	uint16_t cipher_count;    /* without GREASE */
	uint16_t extension_count; /* likewise */
	struct span sni;          /* the host name; unchecked; empty when absent */
	struct span alpn;         /* the first protocol; likewise */
	bool has_ech;             /* encrypted_client_hello, real or GREASE: no way to tell */
};

struct tls_server_hello {
	uint16_t version; /* selected_version when there is one, else legacy_version */
	uint16_t cipher;
};

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
