/*
 * What the readers of one lane share: room to work in, and what they remember of flows whose
 * messages come in datagrams. Owner: its sessions. One thread. Memory is taken at start; the flow
 * longest unheard is forgotten for a new one.
 */
#pragma once

#include "dissectors/tls_hello.h"
#include "sensor/base/err.h"
#include "sensor/dialogue/echo_requests.h"
#include "sensor/dialogue/session_reader.h"
#include "sensor/hello/fingerprint.h"
#include "sensor/hello/quic_initial.h"

enum {
	DESK_FLOWS = 512,       /* of which notes are kept */
	DESK_QUIC_HELLOS = 16,  /* in the making, or waiting for their second */
	DESK_DTLS_MESSAGES = 8, /* in the making */
	DESK_STREAMS = 4,       /* inside another protocol's messages, one for each direction */
	DESK_NOTES_BYTES = 48,  /* what a reader may keep of one flow */
};

/* Whose notes they are: a flow may carry more than one protocol. */
enum desk_notes {
	DESK_QUIC,
	DESK_DTLS,
	DESK_IKE,
	DESK_OPENVPN,
	DESK_WIREGUARD,
};

struct certificate_memo;
struct lru_map;

/* One side's handshake message of DTLS, its fragments put in place. */
struct desk_dtls_message {
	bool has_begun;
	uint8_t type;
	uint16_t sequence;
	uint32_t len; /* of the whole */
	struct stream_window bytes;
};

/* One side's bytes out of numbered messages, and what their reader keeps of them. */
struct desk_stream {
	bool has_begun;
	bool is_over;
	uint32_t next_piece; /* the number of the message that is wanted */
	uint32_t len;        /* of all that came */
	_Alignas(8) uint8_t notes[SESSION_NOTES_BYTES];
	struct stream_window bytes;
};

enum { SESSION_TOKEN_BYTES = 12288 }; /* what a window's base64 stands for */

struct session_desk {
	struct tls_scratch tls; /* their contents do not outlive a turn */
	struct fingerprint_scratch fingerprint;
	struct certificate_memo *certificates;
	struct echo_requests echo_requests;
	struct quic_opener *quic;
	struct lru_map *notes;         /* by flow and enum desk_notes */
	struct lru_map *quic_hellos;   /* struct quic_initial by flow */
	struct lru_map *dtls_messages; /* struct desk_dtls_message by flow and side */
	struct lru_map *streams;       /* struct desk_stream by flow and side */
	uint8_t token[SESSION_TOKEN_BYTES];
};

MUST_USE enum err session_desk_new(struct session_desk **out);
void session_desk_free(struct session_desk *desk);

/* DESK_NOTES_BYTES of this flow, zero at first; valid until the next call. */
void *session_desk_notes(struct session_desk *desk, enum desk_notes whose, uint64_t flow);
/* The same, or NULL where there are none. */
void *session_desk_find_notes(struct session_desk *desk, enum desk_notes whose, uint64_t flow);

/* A hello that begins with the first call; valid until another flow's is asked for. */
struct quic_initial *session_desk_quic(struct session_desk *desk, uint64_t flow);
/* The same, or NULL where none has begun. */
struct quic_initial *session_desk_find_quic(struct session_desk *desk, uint64_t flow);
void session_desk_drop_quic(struct session_desk *desk, uint64_t flow);

/* Not begun at the first call; valid until another is asked for. */
struct desk_dtls_message *session_desk_dtls(struct session_desk *desk, uint64_t flow,
					    bool from_client);
void session_desk_drop_dtls(struct session_desk *desk, uint64_t flow, bool from_client);

/* Not begun at the first call; valid until another is asked for. */
struct desk_stream *session_desk_stream(struct session_desk *desk, uint64_t flow, bool from_client);
void session_desk_drop_stream(struct session_desk *desk, uint64_t flow, bool from_client);
