/* DTLS 1.0 to 1.2 records and handshake fragments (RFC 6347 4.1 and 4.2, RFC 9147 4 and 5). */
/*
 * A datagram holds whole records, a record whole fragments of handshake messages. Messages that
 * their sender spread over datagrams are the caller's to join, by the offsets given here; those in
 * one datagram are joined by the dissect_ functions. DTLS 1.3 begins the same way; its encrypted
 * records have another form, at which a walk ends with DISSECT_OTHER.
 */
#pragma once

#include "dissectors/tls_client_hello.h"
#include "dissectors/tls_record.h"
#include "dissectors/tls_server_hello.h"

enum dtls_content {
	DTLS_CHANGE_CIPHER_SPEC = 20,
	DTLS_ALERT = 21,
	DTLS_HANDSHAKE = 22,
	DTLS_APPLICATION_DATA = 23,
};

struct dtls_record {
	uint8_t content; /* enum dtls_content or another */
	uint16_t
		version; /* 0xfeff is 1.0, 0xfefd 1.2 and 1.3, 0x0100 what OpenSSL had before 1.0 */
	uint16_t epoch;  /* from 1 on everything is encrypted */
	uint64_t sequence;
	struct cursor fragment;
};

struct dtls_fragment {
	uint8_t message_type; /* enum tls_message_type or another */
	uint16_t message_sequence;
	uint32_t message_len; /* of the whole body */
	uint32_t offset;      /* of `bytes` in it */
	struct span bytes;
};

struct dtls_hello_verify_request {
	uint16_t version;
	struct span cookie; /* which the client must send back */
};

/*
 * Eats the next record of `datagram`, which is not empty. DISSECT_OTHER: not a record of DTLS.
 * DISSECT_TRUNCATED: the capture cut it. `out` is set only on DISSECT_OK; it borrows.
 */
MUST_USE enum dissect dtls_record_next(struct cursor *datagram, struct dtls_record *out);

/*
 * Eats the next fragment in a handshake record of epoch 0, which is not empty. DISSECT_MALFORMED
 * when it reaches beyond the record or its message. `out` is set only on DISSECT_OK; it borrows.
 */
MUST_USE enum dissect dtls_fragment_next(struct cursor *record, struct dtls_fragment *out);

/*
 * The first such message in one datagram, whole or in fragments that follow one another.
 * DISSECT_OTHER: no DTLS, or without such a message. DISSECT_TRUNCATED: the capture cut the
 * datagram, or the rest of the message is in another one. DISSECT_MALFORMED: against the
 * specification, or longer than TLS_HELLO_MAX. `out` is set only on DISSECT_OK; it borrows from the
 * bytes under `datagram` or from `scratch`. A message that was joined elsewhere goes to
 * tls_read_client_hello() or tls_read_server_hello().
 */
MUST_USE enum dissect dissect_dtls_client_hello(struct cursor datagram, struct tls_scratch *scratch,
						struct tls_client_hello *out);
MUST_USE enum dissect dissect_dtls_server_hello(struct cursor datagram, struct tls_scratch *scratch,
						struct tls_server_hello *out);
MUST_USE enum dissect dissect_dtls_hello_verify_request(struct cursor datagram,
							struct tls_scratch *scratch,
							struct dtls_hello_verify_request *out);
