/*
 * Conversations over TCP, each read by the reader of its protocol: which one that is, its first
 * bytes say. Both directions are put in order as far as readers need it; bodies are skipped.
 *
 * Owner: a lane. One thread. Sessions and windows are of fixed number, taken at start; when all
 * are in use the one longest unheard is given up (and taken up again where a message begins).
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/dialogue/hearing.h"

struct sessions;

enum {
	SESSIONS_MAX = 1024,      /* followed at a time */
	SESSION_WINDOWS_MAX = 48, /* of them with something in pieces */
};

struct sessions_stats {
	uint64_t windows_evicted; /* streams given up because too many were in pieces */
	uint64_t conflicting;     /* streams whose bytes came twice and differed */
};

/* One packet's payload of a TCP flow. */
struct session_segment {
	struct span payload;  /* as much as was captured */
	uint32_t payload_len; /* on the wire */
	uint32_t sequence;    /* of its first byte */
	uint32_t acknowledged;
	bool has_acknowledged;
	/* Where this side's words begin, where that is known; see has_first. */
	uint32_t first;
	bool has_first;
	/* Others of this flow were not shown since the last: a gap will not be filled. */
	bool is_alone;
};

/* How a session stands after a segment. */
enum session_state {
	SESSION_OVER, /* nothing more to read; its handle is no more */
	SESSION_OPEN,
	SESSION_WAITING, /* the client's first message has begun and is not whole */
};

/* Called when a session is given up for another: its handle is no more. */
typedef void session_gone_fn(void *arg, uint32_t owner);

MUST_USE enum err sessions_new(struct sessions **out, session_gone_fn *gone, void *gone_arg);
void sessions_free(struct sessions *sessions);

/* What the readers share, for those of datagrams too. Borrowed. */
struct session_desk *sessions_desk(struct sessions *sessions);

/*
 * Whether a packet may open a session, or take up one that was given up, wherever it stands in
 * its flow: a message begins in it that is worth a look.
 */
bool session_may_begin(bool from_client, struct span payload);

/*
 * False where session_may_begin() need not be asked: by the capital letters of HTTP, the mark of
 * SMB behind a NetBIOS header, the header of a TLS handshake, the version of DCE/RPC. In line: the
 * capture thread asks it of each packet of long flows, and one in 800 of random bytes passes.
 */
static inline bool session_may_begin_with(struct span payload)
{
	enum { LETTERS = 26, TLS_HANDSHAKE = 0x1603, DCERPC_VERSION = 0x0500, SMB_FIRST = 0xfd };
	struct cursor in = cursor_over(payload.data, payload.len);
	uint8_t first = payload.len > 0 ? payload.data[0] : UINT8_MAX;
	bool is_letter = (uint8_t)(first - 'A') < LETTERS;

	if (!is_letter && first != 0 && first != TLS_HANDSHAKE >> 8 && first != DCERPC_VERSION >> 8)
		return false;

	uint32_t word = cursor_be32(&in);

	if (is_letter)
		return (uint8_t)((uint8_t)(word >> 16) - 'A') < LETTERS &&
		       (uint8_t)((uint8_t)(word >> 8) - 'A') < LETTERS;
	if (first == 0)
		return cursor_u8(&in) >= SMB_FIRST;
	return word >> 16 == TLS_HANDSHAKE || word >> 16 == DCERPC_VERSION;
}

/*
 * Shows one segment to the session `*handle`, which is 0 at first and set here. `owner` is given
 * back by session_gone_fn.
 */
enum session_state sessions_hear(struct sessions *sessions, uint32_t *handle, uint32_t owner,
				 struct hearing *hearing, const struct session_segment *segment);

/* The flow has ended. `handle` may be 0. */
void sessions_drop(struct sessions *sessions, uint32_t handle);

/* Whether it is read as TLS. */
bool sessions_is_tls(const struct sessions *sessions, uint32_t handle);

struct sessions_stats sessions_stats(const struct sessions *sessions);
