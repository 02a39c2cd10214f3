/*
 * What struct stream_window must answer, worked out one byte at a time and with no ranges kept.
 * For stream_window_model.c and for the fuzz target.
 */
#pragma once

#include "sensor/hello/stream_window.h"

#include <string.h>

struct stream_oracle {
	uint32_t first_sequence;
	size_t prefix;
	size_t highest; /* no byte at or after it is present */
	bool conflicts;
	bool beyond;
	bool refused;
	bool present[STREAM_WINDOW_BYTES];
	uint8_t bytes[STREAM_WINDOW_BYTES];
};

/* Of memory that was zero, or in use before. */
static inline void stream_oracle_start(struct stream_oracle *o, uint32_t first_sequence)
{
	memset(o->present, 0, o->highest);
	o->first_sequence = first_sequence;
	o->prefix = o->highest = 0;
	o->conflicts = o->beyond = o->refused = false;
}

static inline void stream_oracle_put(struct stream_oracle *o, size_t at, uint8_t byte)
{
	if (!o->present[at]) {
		o->present[at] = true;
		o->bytes[at] = byte;
		o->highest = at >= o->highest ? at + 1 : o->highest;
	} else if (o->bytes[at] != byte) {
		o->conflicts = true;
	}
}

/* Whether the bytes [begin, end) would be one run more than may wait behind the prefix. */
static inline bool stream_oracle_is_too_many(const struct stream_oracle *o, size_t begin,
					     size_t end)
{
	unsigned runs = 0;

	if (begin <= o->prefix)
		return false;
	for (size_t at = begin - 1; at <= end && at < STREAM_WINDOW_BYTES; at++)
		if (o->present[at])
			return false;
	for (size_t at = o->prefix + 1; at < o->highest; at++)
		runs += o->present[at] && !o->present[at - 1];
	return runs >= STREAM_WINDOW_RANGES;
}

static inline void stream_oracle_add(struct stream_oracle *o, uint32_t sequence, struct span bytes)
{
	size_t begin = STREAM_WINDOW_BYTES;
	size_t end = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		uint32_t at = sequence + (uint32_t)i - o->first_sequence;

		if (at < STREAM_WINDOW_BYTES) {
			begin = at < begin ? at : begin;
			end = at + 1;
		} else if (at < UINT32_C(1) << 31) {
			o->beyond = true;
		}
	}
	if (begin >= end)
		return;
	if (stream_oracle_is_too_many(o, begin, end)) {
		o->refused = true;
		return;
	}
	for (size_t at = begin; at < end; at++)
		stream_oracle_put(o, at, bytes.data[o->first_sequence + (uint32_t)at - sequence]);
	while (o->prefix < STREAM_WINDOW_BYTES && o->present[o->prefix])
		o->prefix++;
}

/* As stream_window_advance(). */
static inline void stream_oracle_advance(struct stream_oracle *o, uint32_t bytes)
{
	size_t gone = bytes < STREAM_WINDOW_BYTES ? bytes : STREAM_WINDOW_BYTES;
	size_t highest = o->highest;

	o->first_sequence += bytes;
	for (size_t at = 0; at < highest; at++) {
		size_t from = at + gone;

		o->present[at] = from < highest && o->present[from];
		if (o->present[at])
			o->bytes[at] = o->bytes[from];
	}
	o->highest = highest > gone ? highest - gone : 0;
	o->prefix = 0;
	while (o->prefix < STREAM_WINDOW_BYTES && o->present[o->prefix])
		o->prefix++;
}

/* As stream_window_gap_end(). */
static inline size_t stream_oracle_gap_end(const struct stream_oracle *o)
{
	for (size_t at = o->prefix; at < o->highest; at++) {
		if (o->present[at])
			return at;
	}
	return 0;
}

/* After the same segments. */
static inline bool stream_oracle_agrees(const struct stream_oracle *o,
					const struct stream_window *w)
{
	struct span prefix = stream_window_prefix(w);

	return stream_window_is_empty(w) == (o->highest == 0) &&
	       stream_window_gap_end(w) == stream_oracle_gap_end(o) && prefix.len == o->prefix &&
	       memcmp(prefix.data, o->bytes, prefix.len) == 0 &&
	       stream_window_conflicts(w) == o->conflicts &&
	       stream_window_went_beyond(w) == o->beyond && stream_window_refused(w) == o->refused;
}
