/* TLS records and the handshake messages in them (RFC 8446 5.1, RFC 5246 6.2.1 and 7). */
/*
 * Walks one direction of a stream from a record's beginning to where encryption begins: handshake
 * messages one at a time, joined where their sender cut them over records, and alerts in clear.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	TLS_HELLO_MAX = 16384, /* a message with its header; about ten times what clients send */
	TLS_MESSAGE_HEADER_LEN = 4,
};

/*
 * Room to join a message that its sender cut over several records; untouched when one record holds
 * it, as nearly always. The caller's, one for each thread: its old contents do not matter.
 */
struct tls_scratch {
	uint8_t bytes[TLS_HELLO_MAX];
};

enum tls_message_type {
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_HELLO_VERIFY_REQUEST = 3, /* DTLS */
	TLS_CERTIFICATE = 11,
	TLS_SERVER_KEY_EXCHANGE = 12,
	TLS_CERTIFICATE_REQUEST = 13,
	TLS_SERVER_HELLO_DONE = 14,
	TLS_CLIENT_KEY_EXCHANGE = 16,
};

enum tls_item_kind {
	TLS_ITEM_MESSAGE,
	TLS_ITEM_ALERT,
	TLS_ITEM_ENCRYPTED, /* nothing more to see in this direction */
};

struct tls_item {
	enum tls_item_kind kind;
	uint8_t message_type; /* of a message: enum tls_message_type or another */
	uint8_t alert_level;  /* of an alert: 1 warning, 2 fatal */
	uint8_t alert_description;
	struct cursor body; /* of a message, without its header */
};

/* How far a stream has been walked. Its fields are for tls_record.c. */
struct tls_records {
	struct cursor stream;
	struct cursor fragment; /* of a handshake record: the messages not given yet */
	bool is_fragment_cut;   /* the stream ends inside it */
	uint8_t last_message;   /* its type; 0 before the first */
	bool has_begun;
	bool is_cipher_changed; /* behind a hello, where it may be for show */
	bool is_encrypted;
};

/* `stream` begins with a record; it is borrowed until the walk ends. */
void tls_records_start(struct tls_records *records, struct cursor stream);

/*
 * The next thing to see. DISSECT_OTHER: the stream does not begin with a record of TLS.
 * DISSECT_TRUNCATED: more bytes of the stream are needed; start again with all of it.
 * DISSECT_MALFORMED: no record follows where one must, or a message is longer than TLS_HELLO_MAX.
 * `out` is set only on DISSECT_OK; its body borrows from the stream or from `scratch`, until the
 * next call with either.
 */
MUST_USE enum dissect tls_records_next(struct tls_records *records, struct tls_scratch *scratch,
				       struct tls_item *out);

/*
 * A message of type `wanted` out of bytes that begin with its header, as they stand in a record or
 * in QUIC's CRYPTO frames. DISSECT_OTHER for another type, at its first byte; DISSECT_TRUNCATED
 * until it is whole; DISSECT_MALFORMED when it is longer than TLS_HELLO_MAX.
 */
MUST_USE enum dissect tls_message_body(struct cursor in, enum tls_message_type wanted,
				       struct cursor *body);
