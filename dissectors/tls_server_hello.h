/* TLS ServerHello (RFC 8446 4.1.3, RFC 5246 7.4.1.3; RFC 7301 ALPN). */
/*
 * What the server picks of what the client offered. Skipped: compression method, the key itself.
 * From TLS 1.3 on ALPN is encrypted, so that it is absent here.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/tls_extension.h"

struct tls_server_hello {
	uint16_t version; /* selected_version when there is one, else legacy_version */
	uint16_t legacy_version;
	uint16_t cipher;
	uint16_t key_share_group; /* chosen, or asked for by a HelloRetryRequest; 0 when absent */
	struct span random;
	struct span session_id;
	struct span alpn;                        /* unchecked; empty when absent */
	uint16_t extensions[TLS_EXTENSIONS_MAX]; /* types in their order */
	uint8_t extensions_kept;                 /* how many of them are set; more are left out */
	bool is_hello_retry_request; /* by its random: the client must send another hello */
	bool is_extensions_cut;      /* there were more than TLS_EXTENSIONS_MAX */
	bool is_damaged; /* against the specification somewhere; what was whole is set */
};

/*
 * `body` is the handshake message without its header; DTLS has the same. Only a body that ends
 * before its cipher is DISSECT_MALFORMED. `out` is set only on DISSECT_OK; its spans borrow from
 * the bytes under `body`.
 */
MUST_USE enum dissect tls_read_server_hello(struct cursor body, struct tls_server_hello *out);
