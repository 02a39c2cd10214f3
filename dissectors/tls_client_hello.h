/* TLS ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6347 4.2.1; RFC 6066, RFC 7301, RFC 9849).
 */
/*
 * What a client asks for before anything is encrypted: all that JA3 and JA4 are made of. Lists are
 * kept as they stand, with GREASE and without the length before them. Skipped: compression
 * methods, keys of key_share, identities of pre_shared_key, what ECH hides.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/tls_extension.h"

enum {
	TLS_RANDOM_LEN = 32,
	TLS_KEY_SHARES_MAX = 8,
};

struct tls_client_hello {
	uint16_t legacy_version;
	uint16_t highest_version; /* of supported_versions without GREASE; 0 when absent */
	uint16_t cipher_count;    /* without GREASE */
	uint16_t extension_count; /* likewise, and with those beyond TLS_EXTENSIONS_MAX */
	struct span random;       /* TLS_RANDOM_LEN bytes */
	struct span session_id;
	struct span cookie;               /* DTLS only, where the server asked for it */
	struct span ciphers;              /* 16 bits each; with half of one when is_damaged */
	struct span groups;               /* likewise: supported_groups, once elliptic_curves */
	struct span point_formats;        /* 8 bits each */
	struct span signature_algorithms; /* 16 bits each */
	struct span versions;             /* likewise: supported_versions */
	struct span alpn_protocols;       /* each behind a length of 8 bits */
	struct span alpn;                 /* the first of them; unchecked; empty when absent */
	struct span sni;                  /* the host name; likewise */
	uint16_t sni_count; /* names in server_name, of any type; `sni` is the first host */
	uint16_t extensions[TLS_EXTENSIONS_MAX]; /* types in their order, with GREASE */
	uint8_t extensions_kept;                 /* how many of them are set; more are left out */
	uint8_t key_share_count;                 /* groups kept of key_share; likewise */
	uint16_t key_share_groups[TLS_KEY_SHARES_MAX];
	uint8_t ech_config_id;   /* in an outer hello; picked at random by GREASE */
	bool has_sni;            /* server_name is there, even when no name can be read in it */
	bool has_alpn;           /* likewise */
	bool has_ech;            /* encrypted_client_hello, real or GREASE: no way to tell */
	bool is_ech_inner;       /* its inner form, never seen in clear from an honest client */
	bool has_session_ticket; /* one to resume with, not just the wish for one */
	bool has_psk;            /* resumes by pre_shared_key, or uses an external key */
	bool is_extensions_cut;  /* there were more than TLS_EXTENSIONS_MAX */
	bool is_damaged;         /* against the specification somewhere; what was whole is set */
};

/*
 * `body` is the handshake message without its header. Only a body that ends before its ciphers and
 * compression methods do is DISSECT_MALFORMED: a broken extension spoils no other one. `out` is set
 * only on DISSECT_OK; its spans borrow from the bytes under `body`.
 */
MUST_USE enum dissect tls_read_client_hello(struct cursor body, bool is_dtls,
					    struct tls_client_hello *out);
