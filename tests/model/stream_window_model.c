/*
 * Random streams against the per-byte oracle: cut into segments, shuffled, sent again with other
 * borders, some with bytes altered; half of the windows move on meanwhile. The seed is fixed; an
 * argument gives another number of streams.
 */
#include "tests/model/stream_window_oracle.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	STREAMS = 300000,
	STREAM_MAX = 18000,
	SEGMENT_MAX = 1460,
	SEGMENTS_MAX = 300,
};

struct segment {
	int32_t offset; /* from the first byte of the stream; may be before it */
	size_t len;
};

struct totals {
	unsigned long segments, moves, whole, conflicts, beyond, refused;
};

static uint64_t random_state = 0x5eed;

static uint64_t random_next(void)
{
	/* splitmix64 (Steele, Lea, Flood 2014) */
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t random_below(size_t bound)
{
	return (size_t)(random_next() % bound);
}

/* Most streams are short, which is where borders meet; one in sixteen is a whole window. */
static size_t random_stream_len(void)
{
	switch (random_below(16)) {
	case 0:
		return 1 + random_below(STREAM_MAX); /* some are longer than the window */
	case 1:
	case 2:
		return 1 + random_below(3000);
	default:
		return 1 + random_below(200);
	}
}

/* Cuts the stream in order, then repeats pieces of it with other borders. */
static size_t cut(size_t stream_len, struct segment segments[static SEGMENTS_MAX])
{
	size_t largest = stream_len > 2000 ? SEGMENT_MAX : 1 + stream_len / (4 + random_below(60));
	size_t count = 0;

	for (size_t at = 0; at < stream_len && count < SEGMENTS_MAX / 2;) {
		size_t left = stream_len - at;
		size_t len = 1 + random_below(largest);

		len = len < left ? len : left;
		segments[count++] = (struct segment){ (int32_t)at, len };
		at += len;
	}
	for (size_t repeats = random_below(count + 1); repeats > 0; repeats--) {
		size_t at = random_below(stream_len);
		size_t left = stream_len - at;
		size_t len = 1 + random_below(2 * largest);
		int32_t early = random_below(8) == 0 && at < 40 ? 40 : 0;

		segments[count++] =
			(struct segment){ (int32_t)at - early, len < left ? len : left };
	}
	return count;
}

/* A light shuffle is what networks do; a full one finds the range limit. */
static void shuffle(struct segment *segments, size_t count)
{
	size_t reach = random_below(4) == 0 ? count : random_below(6);

	for (size_t i = count - 1; i > 0 && reach > 0; i--) {
		size_t back = random_below(reach + 1);
		size_t j = back < i ? i - back : 0;
		struct segment other = segments[j];

		segments[j] = segments[i];
		segments[i] = other;
	}
}

/* Gives both the same bytes; an altered segment differs from the stream in one byte. */
static bool add_to_both(struct stream_window *w, struct stream_oracle *o, uint32_t first,
			const struct segment *s, const uint8_t *stream, bool altered)
{
	static uint8_t payload[STREAM_MAX];
	uint32_t sequence = first + (uint32_t)s->offset;

	memcpy(payload, stream + s->offset, s->len);
	if (altered)
		payload[random_below(s->len)] ^= (uint8_t)(1 + random_below(UINT8_MAX));

	struct span bytes = { payload, s->len };
	size_t prefix_before = o->prefix;
	bool grew = stream_window_add(w, sequence, bytes);

	stream_oracle_add(o, sequence, bytes);
	return grew == (o->prefix > prefix_before) && stream_window_prefix(w).len == o->prefix;
}

/* Mostly what a reader has read; now and then past a gap, or past everything. */
static void advance_both(struct stream_window *w, struct stream_oracle *o)
{
	uint32_t bytes = (uint32_t)random_below(o->prefix + 1);

	if (random_below(8) == 0)
		bytes = (uint32_t)random_below(o->highest + 40);
	if (random_below(64) == 0)
		bytes += STREAM_WINDOW_BYTES;
	stream_window_advance(w, bytes);
	stream_oracle_advance(o, bytes);
}

static bool run_stream(struct totals *totals)
{
	enum { EARLY = 40 }; /* room for segments that begin before the first byte */
	static uint8_t stream[EARLY + STREAM_MAX];
	static struct segment segments[SEGMENTS_MAX];
	static struct stream_window window;
	static struct stream_oracle oracle;
	size_t len = random_stream_len();
	size_t count = cut(len, segments);
	bool is_hostile = random_below(4) == 0;
	bool wraps = random_below(2) == 0;
	bool moves = random_below(2) == 0;
	uint32_t first = wraps ? 0 - (uint32_t)random_below(len) : (uint32_t)random_next();

	for (size_t i = 0; i < EARLY + len; i++)
		stream[i] = (uint8_t)random_next();
	shuffle(segments, count);
	stream_window_start(&window, first);
	stream_oracle_start(&oracle, first);
	for (size_t i = 0; i < count; i++) {
		bool altered = is_hostile && random_below(5) == 0;

		if (!add_to_both(&window, &oracle, first, &segments[i], stream + EARLY, altered))
			return false;
		if (moves && random_below(4) == 0) {
			advance_both(&window, &oracle);
			totals->moves++;
			if (!stream_oracle_agrees(&oracle, &window))
				return false;
		}
	}
	totals->segments += count;
	totals->whole += oracle.prefix == (len < STREAM_WINDOW_BYTES ? len : STREAM_WINDOW_BYTES);
	totals->conflicts += oracle.conflicts;
	totals->beyond += oracle.beyond;
	totals->refused += oracle.refused;
	return stream_oracle_agrees(&oracle, &window);
}

int main(int argc, char **argv)
{
	unsigned long streams = argc > 1 ? strtoul(argv[1], NULL, 10) : STREAMS;
	struct totals totals = { 0 };

	for (unsigned long i = 0; i < streams; i++) {
		if (!run_stream(&totals)) {
			(void)fprintf(stderr, "stream %lu differs from the oracle\n", i);
			return EXIT_FAILURE;
		}
	}
	(void)printf("%lu streams, %lu segments, moved on %lu times: %lu whole, %lu with "
		     "conflicts, %lu beyond the "
		     "window, %lu with a range refused\n",
		     streams, totals.segments, totals.moves, totals.whole, totals.conflicts,
		     totals.beyond, totals.refused);
	return EXIT_SUCCESS;
}
