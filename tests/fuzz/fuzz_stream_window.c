/*
 * The input: a first sequence number, then segments of five bytes each: where (64 is the first
 * byte), how long, and what to alter; a length with its highest bit moves the window on instead.
 * The payload follows from the position, so that small inputs reach the whole window. The answers
 * are compared with the per-byte oracle.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/model/stream_window_oracle.h"

#include <stdlib.h>

enum {
	EARLY = 64,
	SEGMENT_LEN_MASK = 0xfff,
	MOVE = 0x8000,
	SEGMENTS_MAX = 64,
};

static void add_segment(struct stream_window *w, struct stream_oracle *o, struct cursor *in)
{
	uint32_t at = (uint32_t)cursor_be16(in) - EARLY;
	uint16_t told = cursor_be16(in);
	size_t len = told & SEGMENT_LEN_MASK;
	uint8_t altered = cursor_u8(in);
	uint8_t *payload;

	if ((told & MOVE) != 0) {
		stream_window_advance(w, at + EARLY);
		stream_oracle_advance(o, at + EARLY);
		return;
	}
	payload = malloc(len + 1);

	if (!payload)
		return;
	for (size_t i = 0; i < len; i++)
		payload[i] = (uint8_t)((at + i) * 31 >> 3);
	if (len > 0 && altered != 0)
		payload[altered % len] ^= altered;

	struct span bytes = { payload, len };
	size_t prefix_before = o->prefix;

	stream_oracle_add(o, w->first_sequence + at, bytes);
	if (stream_window_add(w, w->first_sequence + at, bytes) != (o->prefix > prefix_before))
		abort();
	free(payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct stream_window window;
	static struct stream_oracle oracle;
	struct cursor in = cursor_over(data, len);
	uint32_t first_sequence = cursor_be32(&in);

	stream_window_start(&window, first_sequence);
	stream_oracle_start(&oracle, first_sequence);
	for (int i = 0; i < SEGMENTS_MAX && cursor_left(&in) > 0; i++)
		add_segment(&window, &oracle, &in);
	if (!stream_oracle_agrees(&oracle, &window))
		abort();
	fuzz_touch_span(stream_window_prefix(&window));
	return 0;
}
