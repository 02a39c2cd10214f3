#include "sensor/hello/stream_window.h"

#include <string.h>

/* What is left of a segment, and where in the stream it goes. */
struct segment {
	uint32_t at;
	struct cursor rest;
};

void stream_window_start(struct stream_window *w, uint32_t first_sequence)
{
	w->first_sequence = first_sequence;
	w->range_count = 1;
	w->conflicts = false;
	w->beyond = false;
	w->refused = false;
	w->ranges[0] = (struct stream_range){ 0 };
}

/* The segment's part that lies in the window; none when it is outside. */
static struct segment clip(struct stream_window *w, uint32_t sequence, struct span bytes)
{
	struct segment in = { .at = sequence - w->first_sequence, .rest = { .rest = bytes } };

	if (in.at > INT32_MAX) { /* before the first byte: half the number space is behind us */
		uint32_t early = 0 - in.at;

		if (early >= bytes.len)
			return (struct segment){ 0 };
		cursor_skip(&in.rest, early);
		in.at = 0;
	}

	size_t room = in.at < STREAM_WINDOW_BYTES ? STREAM_WINDOW_BYTES - in.at : 0;

	if (cursor_left(&in.rest) > room) {
		w->beyond = true;
		in.rest = cursor_sub(&in.rest, room);
	}
	return in;
}

/* Takes the segment's bytes up to stream position `limit`, which may be none. */
static struct span take_until(struct segment *in, uint32_t limit)
{
	size_t wanted = limit > in->at ? limit - in->at : 0;
	size_t left = cursor_left(&in->rest);
	struct span part = cursor_take(&in->rest, wanted < left ? wanted : left);

	in->at += (uint32_t)part.len;
	return part;
}

static void write_until(struct stream_window *w, struct segment *in, uint32_t limit)
{
	uint8_t *place = w->bytes + in->at;
	struct span part = take_until(in, limit);

	if (part.len > 0)
		memcpy(place, part.data, part.len);
}

static void compare_until(struct stream_window *w, struct segment *in, uint32_t limit)
{
	const uint8_t *held = w->bytes + in->at;
	struct span part = take_until(in, limit);

	if (part.len > 0 && memcmp(held, part.data, part.len) != 0)
		w->conflicts = true;
}

/* Fills the gaps between the ranges, and compares what the ranges already hold. */
static void store(struct stream_window *w, struct segment in)
{
	for (unsigned i = 0; i < w->range_count; i++) {
		write_until(w, &in, w->ranges[i].begin);
		compare_until(w, &in, w->ranges[i].end);
	}
	write_until(w, &in, STREAM_WINDOW_BYTES);
}

/* Replaces ranges [first, last), all of which touch `merged`, with it; none inserts it. */
static void replace_ranges(struct stream_window *w, unsigned first, unsigned last,
			   struct stream_range merged)
{
	unsigned after = w->range_count - last;

	if (first < last) {
		struct stream_range lowest = w->ranges[first];
		struct stream_range highest = w->ranges[last - 1];

		merged.begin = lowest.begin < merged.begin ? lowest.begin : merged.begin;
		merged.end = highest.end > merged.end ? highest.end : merged.end;
	}
	memmove(w->ranges + first + 1, w->ranges + last, after * sizeof(w->ranges[0]));
	w->ranges[first] = merged;
	w->range_count = (uint8_t)(first + 1 + after);
}

bool stream_window_add(struct stream_window *w, uint32_t sequence, struct span bytes)
{
	struct segment in = clip(w, sequence, bytes);

	if (cursor_left(&in.rest) == 0)
		return false;

	struct stream_range added = { .begin = (uint16_t)in.at,
				      .end = (uint16_t)(in.at + cursor_left(&in.rest)) };
	uint16_t prefix_before = w->ranges[0].end;
	unsigned first = 0;

	while (first < w->range_count && w->ranges[first].end < added.begin)
		first++;

	unsigned last = first;

	while (last < w->range_count && w->ranges[last].begin <= added.end)
		last++;

	if (first == last && w->range_count == 1 + STREAM_WINDOW_RANGES) {
		w->refused = true;
		return false;
	}
	store(w, in);
	replace_ranges(w, first, last, added);
	return w->ranges[0].end > prefix_before;
}

void stream_window_advance(struct stream_window *w, uint32_t bytes)
{
	uint16_t gone = bytes < STREAM_WINDOW_BYTES ? (uint16_t)bytes : STREAM_WINDOW_BYTES;
	uint16_t end = w->ranges[w->range_count - 1].end;
	uint8_t kept = 1; /* the prefix, which may be empty */

	w->first_sequence += bytes;
	if (end > gone)
		memmove(w->bytes, w->bytes + gone, end - gone);
	for (unsigned i = 0; i < w->range_count; i++) {
		struct stream_range r = w->ranges[i];

		if (i == 0)
			w->ranges[0] = (struct stream_range){ 0 };
		if (r.end <= gone)
			continue;
		r.begin = r.begin > gone ? (uint16_t)(r.begin - gone) : 0;
		r.end = (uint16_t)(r.end - gone);
		w->ranges[r.begin == 0 ? 0 : kept++] = r;
	}
	w->range_count = kept;
}

bool stream_window_is_empty(const struct stream_window *w)
{
	return w->range_count == 1 && w->ranges[0].end == 0;
}

uint32_t stream_window_gap_end(const struct stream_window *w)
{
	return w->range_count > 1 ? w->ranges[1].begin : 0;
}

struct span stream_window_prefix(const struct stream_window *w)
{
	return (struct span){ .data = w->bytes, .len = w->ranges[0].end };
}

bool stream_window_conflicts(const struct stream_window *w)
{
	return w->conflicts;
}

bool stream_window_went_beyond(const struct stream_window *w)
{
	return w->beyond;
}

bool stream_window_refused(const struct stream_window *w)
{
	return w->refused;
}
