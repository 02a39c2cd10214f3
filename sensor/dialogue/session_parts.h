/* The parts of a session that its files share. Private to them: session.h is for others. */
#pragma once

#include "sensor/base/slab.h"
#include "sensor/dialogue/session.h"
#include "sensor/dialogue/session_reader.h"
#include "sensor/hello/stream_window.h"

enum side_state {
	SIDE_UNPLACED, /* nothing of it was shown yet */
	SIDE_READ,     /* `next` is the sequence number of the first byte that is wanted */
	SIDE_LOST,     /* to go on where a message begins */
	SIDE_OVER,     /* its reader wants no more */
};

enum {
	CLIENT,
	SERVER,
	SIDES,
	/* A body as long as this may come round the sequence numbers: then we are lost. */
	SKIP_MAX = 1 << 30,
	/* Further behind what is wanted, not even what was skipped comes again: it is ahead. */
	BEHIND_MAX = SKIP_MAX + SKIP_MAX / 2,
};

struct side {
	uint32_t next;
	uint32_t acknowledged; /* by the other side; see has_acknowledged */
	uint32_t window;       /* in sessions.windows; 0 is none */
	uint8_t state;         /* enum side_state */
	bool is_sniffed;       /* no reader took its first bytes */
	bool is_guessed; /* placed by what the other side had been told; nothing of it was shown */
	bool has_acknowledged;
};

/* What the client's first message was, to tell whether it is sent again as another. */
enum {
	FIRST_BLOCK = 32,
	FIRST_BLOCKS = 64, /* 2 KiB: hellos with keys against quantum computers too */
};

struct first_words {
	uint32_t sequence;
	uint8_t blocks; /* how many of them are known */
	uint8_t checks[FIRST_BLOCKS];
};

struct session {
	uint32_t owner;
	uint8_t reader; /* in session_readers, from 1; 0 while nobody knows */
	bool has_told;  /* the client's first message was read */
	struct side sides[SIDES];
	struct first_words first;
	_Alignas(8) uint8_t notes[SESSION_NOTES_BYTES];
};

struct window {
	uint32_t session;
	uint8_t side;
	struct stream_window stream;
};

struct sessions {
	struct slab *sessions; /* struct session */
	struct slab *windows;  /* struct window */
	struct session_desk *desk;
	session_gone_fn *gone;
	void *gone_arg;
	struct sessions_stats stats;
};

/* What the functions below work on: one segment of one side of one session. */
struct step {
	struct sessions *all;
	uint32_t handle;
	struct session *session;
	unsigned which; /* side */
	struct side *side;
	struct hearing *hearing;
	const struct session_segment *segment;
	bool is_last;    /* what is missing will not come */
	bool is_held;    /* the window stays when its side is lost */
	bool is_resumed; /* what came before the message at hand is not known */
};

/* session.c: the window of this step's side, which begins at `next` when it is new. */
struct stream_window *session_window(struct step *step);
void session_drop_window(struct sessions *all, struct side *side);

/* session_turn.c: the side goes on where a message begins. */
void session_lose(struct step *step);

/*
 * Shows the stream to its reader until that waits or ends; returns how many bytes of it and behind
 * it are done with.
 */
uint64_t session_read(struct step *step, struct cursor stream);

/* session_repeat.c: what the client's first message was, which begins at `sequence`. */
void session_note_first(struct session *session, uint32_t sequence, struct cursor message);

/* Counts, and tells of, a segment in which it comes again and differs. */
void session_check_repeat(const struct step *step);

/* session_order.c: puts the segment in its place and has read what is in order. */
void session_take(struct step *step);

/*
 * What the other side says it has got, and was not shown by now, was not captured: what waits for
 * it behind a gap waits no longer.
 */
void session_take_acknowledgement(const struct step *from);
