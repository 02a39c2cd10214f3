/* SOCKS 5 (RFC 1928, passwords RFC 1929), and 4 and 4a, which were only ever memos. */
/*
 * One message a call, from one direction of the stream; what is tunnelled begins `consumed` bytes
 * behind the request and its reply. Skipped: the password (only its length is told), GSSAPI's
 * messages, the headers of relayed datagrams.
 *
 * A client of version 5 sends a greeting, a login when the method chosen asks for one, and a
 * request; of version 4 only a request.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	SOCKS_METHODS_MAX = 16, /* more are left out */
	SOCKS_ADDRESS_LEN = 16,
	SOCKS_TEXT_MAX = 255, /* of version 4's user and name, which end with a NUL */
};

enum socks_method {
	SOCKS_METHOD_NONE = 0x00,
	SOCKS_METHOD_GSSAPI = 0x01,
	SOCKS_METHOD_LOGIN = 0x02,
	SOCKS_METHOD_REFUSED = 0xff,
};

enum socks_command {
	SOCKS_CONNECT = 1,
	SOCKS_BIND = 2,
	SOCKS_ASSOCIATE = 3, /* datagrams; version 5 */
	SOCKS_TOR_RESOLVE = 0xf0,
	SOCKS_TOR_RESOLVE_PTR = 0xf1,
};

struct socks_greeting {
	uint8_t method_count; /* as sent */
	uint8_t methods_kept;
	uint8_t methods[SOCKS_METHODS_MAX];
	size_t consumed;
};

struct socks_choice {
	uint8_t method; /* enum socks_method or another */
	size_t consumed;
};

struct socks_login {
	struct span user; /* unchecked */
	uint8_t password_len;
	size_t consumed;
};

struct socks_login_result {
	bool is_accepted;
	size_t consumed;
};

/* Of a request the target, of a reply where the server is bound. */
struct socks_endpoint {
	uint8_t address_len; /* 4, 16, or 0: then there is a name */
	uint8_t address[SOCKS_ADDRESS_LEN];
	struct span name; /* unchecked */
	uint16_t port;
};

struct socks_request {
	uint8_t version; /* 4 or 5 */
	enum socks_command command;
	struct socks_endpoint target;
	struct span user; /* of version 4; unchecked */
	size_t consumed;
};

struct socks_reply {
	uint8_t version;
	uint8_t code; /* as sent: 0 is success in version 5, 90 in version 4 */
	bool is_granted;
	struct socks_endpoint bound;
	size_t consumed;
};

/*
 * DISSECT_OTHER as soon as it is no such message, DISSECT_TRUNCATED while it has no end. A version
 * 4 name or user longer than SOCKS_TEXT_MAX is DISSECT_MALFORMED. `out` is set only on DISSECT_OK;
 * its spans borrow from the bytes under `in`. Two bytes of a choice or result are weak evidence:
 * ask for them only behind a greeting or login.
 */
MUST_USE enum dissect dissect_socks_greeting(struct cursor in, struct socks_greeting *out);
MUST_USE enum dissect dissect_socks_choice(struct cursor in, struct socks_choice *out);
MUST_USE enum dissect dissect_socks_login(struct cursor in, struct socks_login *out);
MUST_USE enum dissect dissect_socks_login_result(struct cursor in, struct socks_login_result *out);
MUST_USE enum dissect dissect_socks_request(struct cursor in, struct socks_request *out);
MUST_USE enum dissect dissect_socks_reply(struct cursor in, struct socks_reply *out);
