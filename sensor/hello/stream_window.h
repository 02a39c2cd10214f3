/*
 * Puts one direction of a TCP handshake back in order, as far as a hello needs it (RFC 9293 3.4
 * for the sequence numbers).
 *
 * One thread. The struct is the caller's memory, of fixed size, and nothing is allocated. It holds
 * STREAM_WINDOW_BYTES of the stream, which is one TLS record, from a first byte that the caller may
 * move on, and at most STREAM_WINDOW_RANGES pieces that arrived ahead of a gap.
 *
 * The first bytes to arrive win. Two hosts may resolve an overlap in different ways, so bytes that
 * disagree are never chosen between silently: stream_window_conflicts() says that it happened.
 */
#pragma once

#include "dissectors/cursor.h"

enum {
	STREAM_WINDOW_BYTES = 16384,
	STREAM_WINDOW_RANGES = 8,
};

/* Bytes [begin, end) of the stream. */
struct stream_range {
	uint16_t begin;
	uint16_t end;
};

/* Private to stream_window.c; the fields are here so that a caller can make room for them. */
struct stream_window {
	uint32_t first_sequence;
	uint8_t range_count;
	bool conflicts;
	bool beyond;
	bool refused;
	/* Sorted, and never touching each other. The first is the prefix and begins at 0. */
	struct stream_range ranges[1 + STREAM_WINDOW_RANGES];
	uint8_t bytes[STREAM_WINDOW_BYTES];
};

/* `first_sequence` is that of the first payload byte: the SYN's own plus one. */
void stream_window_start(struct stream_window *w, uint32_t first_sequence);

/*
 * Copies what the window can hold of a segment's payload; true when the prefix grew, so that it is
 * worth another look. Bytes before the first (a keep-alive's) are left out.
 */
bool stream_window_add(struct stream_window *w, uint32_t sequence, struct span bytes);

/* The stream from its first byte to its first gap. Borrowed until the window starts again. */
struct span stream_window_prefix(const struct stream_window *w);

/*
 * Forgets the first `bytes` of the stream, gaps included: what is behind them comes to the front.
 * Bytes before that which arrive later are left out like those before the first.
 */
void stream_window_advance(struct stream_window *w, uint32_t bytes);

/* Nothing is held: neither a prefix nor anything ahead of a gap. */
bool stream_window_is_empty(const struct stream_window *w);

/* How far from the first byte what waits behind the first gap begins; 0 when nothing does. */
uint32_t stream_window_gap_end(const struct stream_window *w);

/* Some byte arrived twice with different values. */
bool stream_window_conflicts(const struct stream_window *w);

/* Some bytes lay past the window and were left out. */
bool stream_window_went_beyond(const struct stream_window *w);

/*
 * A segment was left out whole, because it would have been one range too many. Its bytes do not
 * take part in "the first bytes win" or in the search for conflicts.
 */
bool stream_window_refused(const struct stream_window *w);
