/*
 * A QUIC client's ClientHello, put together from its Initial packets (RFC 9001, RFC 9000 7): in any
 * order, over several datagrams, cut into CRYPTO frames of any size that may come twice.
 *
 * One thread for each opener and for each struct quic_initial. The struct is the caller's memory,
 * of fixed size; only quic_opener_new() allocates. How bytes that disagree are treated stands in
 * stream_window.h.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/hello/quic_keys.h"
#include "sensor/hello/stream_window.h"

enum {
	QUIC_PAYLOAD_MAX = 16384, /* of one Initial; clients send below 1,500 bytes */
	QUIC_PACKETS_MAX = 8,     /* of one datagram that are looked at; RFC 9000 knows of four */
};

/* What libcrypto needs, and room for one packet's plain bytes. */
struct quic_opener;

/* Counted over all that one opener was given. */
struct quic_opener_counts {
	uint64_t opened;
	uint64_t unopened; /* no key fits: a server's, or damaged */
	uint64_t too_long; /* above QUIC_PAYLOAD_MAX, left out */
};

/* ERR_MEMORY, or ERR_MISSING where libcrypto gives no AES-128. `*out` is set only on ERR_OK. */
MUST_USE enum err quic_opener_new(struct quic_opener **out);

/* NULL is fine. */
void quic_opener_free(struct quic_opener *opener);

struct quic_opener_counts quic_opener_counts(const struct quic_opener *opener);

/* One client's side of a connection; private to quic_initial_openssl.c. */
struct quic_initial {
	struct quic_keys keys;
	uint32_t version;   /* that the keys are for; 0 before there are any */
	uint32_t beginning; /* how often the hello was begun anew */
	struct stream_window crypto;
};

void quic_initial_start(struct quic_initial *initial);

/*
 * Reads a datagram that the client sent. Keys that opened an Initial before are tried first, then
 * those of this packet's own connection ID: a Retry gives the client a new one, and a packet that
 * only those open begins the hello anew.
 *
 * DISSECT_OK: the prefix grew and is worth a look. DISSECT_TRUNCATED: nothing new, more may come.
 * DISSECT_OTHER: not QUIC, or a version whose packets are not read. DISSECT_MALFORMED: cut short,
 * or an Initial that no key opens or whose frames are not an Initial's; what was read stays.
 */
MUST_USE enum dissect quic_initial_add(struct quic_initial *initial, struct quic_opener *opener,
				       struct span datagram);

/* Another number than before: the hello has begun anew, under keys of another connection ID. */
uint32_t quic_initial_beginning(const struct quic_initial *initial);

/*
 * The client's handshake messages from their first byte to their first gap, without TLS records.
 * Borrowed until the next call on `initial`.
 */
struct span quic_initial_prefix(const struct quic_initial *initial);

/* Some byte of the messages came twice with different values. */
bool quic_initial_conflicts(const struct quic_initial *initial);
