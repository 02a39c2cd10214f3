/*
 * How one protocol over TCP is read: what every reader of a session gives, one row each in the
 * table of session.c.
 *
 * A reader is shown a direction of the stream in order, from the first byte that it has not
 * consumed, as far as it is known: small messages in the packet itself, others in a window of
 * STREAM_WINDOW_BYTES. It tells facts through the hearing and says how far it has come.
 */
#pragma once

#include "sensor/dialogue/hearing.h"

struct session;
struct session_desk;

enum {
	SESSION_NOTES_BYTES = 176, /* what a reader may keep of one session */
};

/* A protocol is known by its first bytes; the port helps where those could be anything. */
struct session_opening {
	struct cursor stream; /* one direction from its first byte */
	bool from_client;
	uint16_t server_port;
	bool is_last; /* no more of these bytes can be had */
};

enum reading_state {
	READING_ON,     /* `consumed` and `skip` are done with; show me what is behind */
	READING_WAIT,   /* not whole yet: show me this again with more, behind `consumed` */
	READING_LOST,   /* out of step: go on at a packet that `begins` accepts */
	READING_END,    /* nothing more to read in this direction */
	READING_SWITCH, /* another protocol begins behind `consumed`, in both directions */
};

struct reading {
	enum reading_state state;
	size_t consumed; /* of the bytes shown */
	uint64_t skip;   /* further bytes of the stream that need not be shown */
};

/* What a reader works with at one step. */
struct session_turn {
	struct hearing *hearing;
	struct session_desk *desk; /* what one lane's readers share */
	void *notes;               /* SESSION_NOTES_BYTES of this session, zero at its beginning */
	struct cursor stream;
	bool is_last;    /* no more of this can be had: say what there is, or be lost */
	bool is_resumed; /* bytes before these were not seen: a message begins, forget the one
			  * before
			  */
};

struct session_reader {
	/* DISSECT_OK: mine. DISSECT_TRUNCATED: perhaps, with more bytes. Else: not mine. */
	enum dissect (*opens)(const struct session_opening *opening);

	/* READING_ON must consume or skip something. */
	struct reading (*read)(struct session_turn *turn);

	/*
	 * Whether a message begins at the first byte of a packet: where a session is taken up
	 * whose earlier bytes were not seen. NULL: it is not taken up. Not called but through
	 * session_reader_begins().
	 */
	bool (*begins)(bool from_client, struct cursor bytes);
	/* The bytes that such a message can begin with, from the lowest to the highest. */
	uint8_t first_bytes[2];
};

/* Most packets that are asked about are not the reader's: their first byte says so. */
static inline bool session_reader_begins(const struct session_reader *reader, bool from_client,
					 struct span bytes)
{
	return reader->begins && bytes.len > 0 && bytes.data[0] >= reader->first_bytes[0] &&
	       bytes.data[0] <= reader->first_bytes[1] &&
	       reader->begins(from_client, cursor_over(bytes.data, bytes.len));
}

static inline struct reading reading_on(size_t consumed)
{
	return (struct reading){ .state = READING_ON, .consumed = consumed };
}

static inline struct reading reading_wait(void)
{
	return (struct reading){ .state = READING_WAIT };
}

static inline struct reading reading_lost(void)
{
	return (struct reading){ .state = READING_LOST };
}

static inline struct reading reading_end(void)
{
	return (struct reading){ .state = READING_END };
}
