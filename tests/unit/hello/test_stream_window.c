#include "sensor/hello/stream_window.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 12 };

/* `text` NULL: `len` filler bytes. */
struct segment {
	int32_t offset; /* from the window's first sequence number */
	const char *text;
	size_t len;
};

struct window_case {
	const char *name;
	struct segment segments[SEGMENTS_MAX]; /* ended by one without bytes */
	const char *want;                      /* NULL: only the length is looked at */
	size_t want_len;
	uint32_t first_sequence;
	bool want_conflicts;
	bool want_beyond;
	bool want_refused;
};

#define TEXT(offset, s)                  \
	{                                \
		offset, s, sizeof(s) - 1 \
	}
#define FILLER(offset, len)       \
	{                         \
		offset, NULL, len \
	}
#define WANT(s) .want = (s), .want_len = sizeof(s) - 1

static struct window_case cases[] = {
	{ "an untouched window is empty", { { 0 } }, WANT("") },
	{ "one segment is the prefix", { TEXT(0, "hello") }, WANT("hello") },
	{ "segments in order", { TEXT(0, "hel"), TEXT(3, "lo") }, WANT("hello") },
	{ "two segments swapped", { TEXT(3, "lo"), TEXT(0, "hel") }, WANT("hello") },
	{ "three segments backwards",
	  { TEXT(4, "ef"), TEXT(2, "cd"), TEXT(0, "ab") },
	  WANT("abcdef") },
	{ "the prefix ends at the first gap",
	  { TEXT(0, "ab"), TEXT(3, "de"), TEXT(6, "gh") },
	  WANT("ab") },
	{ "one segment joins two ranges",
	  { TEXT(0, "ab"), TEXT(3, "d"), TEXT(5, "f"), TEXT(2, "cde") },
	  WANT("abcdef") },
	{ "one segment covers several ranges",
	  { TEXT(1, "b"), TEXT(3, "d"), TEXT(5, "f"), TEXT(0, "abcdefg") },
	  WANT("abcdefg") },
	{ "a range grows at its front",
	  { TEXT(4, "ef"), TEXT(2, "cd"), TEXT(0, "a"), TEXT(1, "b") },
	  WANT("abcdef") },
	{ "a retransmission is no conflict",
	  { TEXT(0, "hello"), TEXT(0, "hello"), TEXT(5, "!") },
	  WANT("hello!") },
	{ "a retransmission ahead of a gap is no conflict",
	  { TEXT(2, "llo"), TEXT(2, "llo"), TEXT(0, "he") },
	  WANT("hello") },
	{ "a longer retransmission adds its tail",
	  { TEXT(0, "hel"), TEXT(0, "hello") },
	  WANT("hello") },
	{ "an equal overlap is no conflict", { TEXT(0, "abc"), TEXT(2, "cde") }, WANT("abcde") },
	{ "of a differing overlap with the prefix the first wins",
	  { TEXT(0, "abc"), TEXT(2, "Xde") },
	  WANT("abcde"),
	  .want_conflicts = true },
	{ "of a differing overlap with a range the first wins",
	  { TEXT(2, "cd"), TEXT(0, "abXX") },
	  WANT("abcd"),
	  .want_conflicts = true },
	{ "a difference in the last byte only",
	  { TEXT(0, "abc"), TEXT(0, "abX") },
	  WANT("abc"),
	  .want_conflicts = true },
	{ "a difference behind a filled gap",
	  { TEXT(0, "a"), TEXT(2, "c"), TEXT(4, "e"), TEXT(0, "abcdX") },
	  WANT("abcde"),
	  .want_conflicts = true },
	{ "the sequence number wraps",
	  { TEXT(0, "ab"), TEXT(2, "cd"), TEXT(1, "bcd") },
	  WANT("abcd"),
	  .first_sequence = UINT32_MAX - 1 },
	{ "the sequence number wraps out of order",
	  { TEXT(3, "d"), TEXT(1, "bc"), TEXT(0, "a") },
	  WANT("abcd"),
	  .first_sequence = UINT32_MAX },
	{ "a keep-alive before the first byte is left out",
	  { TEXT(-1, "X"), TEXT(0, "ab") },
	  WANT("ab") },
	{ "bytes before the first are cut off", { TEXT(-2, "XXab"), TEXT(2, "cd") }, WANT("abcd") },
	{ "half the number space away is before",
	  { TEXT(INT32_MIN, "X"), TEXT(0, "a") },
	  WANT("a") },
	{ "just under half the number space away is beyond",
	  { TEXT(INT32_MAX, "X"), TEXT(0, "a") },
	  WANT("a"),
	  .want_beyond = true },
	{ "the window fills to its last byte",
	  { FILLER(0, STREAM_WINDOW_BYTES) },
	  .want_len = STREAM_WINDOW_BYTES },
	{ "a segment over the edge is cut",
	  { FILLER(0, STREAM_WINDOW_BYTES - 1), FILLER(STREAM_WINDOW_BYTES - 1, 2) },
	  .want_len = STREAM_WINDOW_BYTES,
	  .want_beyond = true },
	{ "a segment past the edge is left out",
	  { TEXT(0, "ab"), FILLER(STREAM_WINDOW_BYTES, 1) },
	  WANT("ab"),
	  .want_beyond = true },
	{ "a segment from before the first byte to past the edge",
	  { FILLER(-5, STREAM_WINDOW_BYTES + 10) },
	  .want_len = STREAM_WINDOW_BYTES,
	  .want_beyond = true },
	{ "eight ranges are held",
	  { TEXT(1, "b"), TEXT(3, "d"), TEXT(5, "f"), TEXT(7, "h"), TEXT(9, "j"), TEXT(11, "l"),
	    TEXT(13, "n"), TEXT(15, "p"), TEXT(0, "abcdefghijklmno") },
	  WANT("abcdefghijklmnop") },
	{ "the ninth range is refused",
	  { TEXT(1, "b"), TEXT(3, "d"), TEXT(5, "f"), TEXT(7, "h"), TEXT(9, "j"), TEXT(11, "l"),
	    TEXT(13, "n"), TEXT(15, "p"), TEXT(17, "r"), TEXT(0, "abcdefghijklmnopq") },
	  WANT("abcdefghijklmnopq"),
	  .want_refused = true },
	{ "with eight ranges the prefix still grows",
	  { TEXT(2, "c"), TEXT(4, "e"), TEXT(6, "g"), TEXT(8, "i"), TEXT(10, "k"), TEXT(12, "m"),
	    TEXT(14, "o"), TEXT(16, "q"), TEXT(0, "a"), TEXT(1, "b") },
	  WANT("abc") },
	{ "with eight ranges one still grows",
	  { TEXT(1, "b"), TEXT(3, "d"), TEXT(5, "f"), TEXT(7, "h"), TEXT(9, "j"), TEXT(11, "l"),
	    TEXT(13, "n"), TEXT(15, "p"), TEXT(16, "q"), TEXT(0, "abcdefghijklmno") },
	  WANT("abcdefghijklmnopq") },
};

/* Adds a heap copy of the exact length, so that an over-read is seen, and frees it at once. */
static bool add_copy(struct stream_window *w, const struct segment *s)
{
	uint8_t *copy = malloc(s->len);

	assert_non_null(copy);
	if (s->text)
		memcpy(copy, s->text, s->len);
	else
		memset(copy, '.', s->len);

	bool grew = stream_window_add(w, w->first_sequence + (uint32_t)s->offset,
				      (struct span){ copy, s->len });

	free(copy);
	return grew;
}

static struct stream_window *window_new(uint32_t first_sequence)
{
	struct stream_window *w = malloc(sizeof(*w));

	assert_non_null(w);
	memset(w, 0xa5, sizeof(*w)); /* what a slab's last user left */
	stream_window_start(w, first_sequence);
	return w;
}

static void run_case(void **state)
{
	const struct window_case *c = *state;
	struct stream_window *w = window_new(c->first_sequence);

	for (size_t i = 0; i < SEGMENTS_MAX && c->segments[i].len > 0; i++) {
		size_t before = stream_window_prefix(w).len;
		bool grew = add_copy(w, &c->segments[i]);

		assert_int_equal(grew, stream_window_prefix(w).len > before);
	}

	struct span prefix = stream_window_prefix(w);

	assert_int_equal(prefix.len, c->want_len);
	if (c->want)
		assert_memory_equal(prefix.data, c->want, c->want_len);
	assert_int_equal(stream_window_conflicts(w), c->want_conflicts);
	assert_int_equal(stream_window_went_beyond(w), c->want_beyond);
	assert_int_equal(stream_window_refused(w), c->want_refused);
	free(w);
}

static void an_empty_segment_changes_nothing(void **state)
{
	struct stream_window *w = window_new(7);

	(void)state;
	assert_false(stream_window_add(w, 7, (struct span){ 0 }));
	assert_false(stream_window_add(w, 7 + STREAM_WINDOW_BYTES, (struct span){ 0 }));
	assert_int_equal(stream_window_prefix(w).len, 0);
	assert_false(stream_window_went_beyond(w));
	free(w);
}

static void starting_again_forgets(void **state)
{
	struct stream_window *w = window_new(7);

	(void)state;
	add_copy(w, &(struct segment)TEXT(0, "abc"));
	add_copy(w, &(struct segment)TEXT(0, "xyz"));
	add_copy(w, &(struct segment)TEXT(5, "f"));
	stream_window_start(w, 9);
	add_copy(w, &(struct segment)TEXT(0, "12345"));
	assert_int_equal(stream_window_prefix(w).len, 5);
	assert_memory_equal(stream_window_prefix(w).data, "12345", 5);
	assert_false(stream_window_conflicts(w));
	free(w);
}

static void assert_holds(const struct stream_window *w, const char *prefix, uint32_t gap_end)
{
	assert_int_equal(stream_window_prefix(w).len, strlen(prefix));
	assert_memory_equal(stream_window_prefix(w).data, prefix, strlen(prefix));
	assert_int_equal(stream_window_gap_end(w), gap_end);
	assert_int_equal(stream_window_is_empty(w), prefix[0] == '\0' && gap_end == 0);
}

/* "ab", a gap of two, "ef", a gap of two, "ij": what is left after moving on by so many. */
static void moving_on_forgets_what_is_before(void **state)
{
	static const struct {
		uint32_t bytes;
		const char *prefix;
		uint32_t gap_end;
	} moves[] = {
		{ 0, "ab", 4 },
		{ 1, "b", 3 },
		{ 2, "", 2 },
		{ 3, "", 1 },
		{ 4, "ef", 4 },
		{ 5, "f", 3 },
		{ 6, "", 2 },
		{ 7, "", 1 },
		{ 8, "ij", 0 },
		{ 9, "j", 0 },
		{ 10, "", 0 },
		{ 11, "", 0 },
		{ STREAM_WINDOW_BYTES, "", 0 },
		{ STREAM_WINDOW_BYTES + 1, "", 0 },
		{ UINT32_MAX, "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		struct stream_window *w = window_new(UINT32_MAX - 4);

		assert_true(stream_window_is_empty(w));
		add_copy(w, &(struct segment)TEXT(0, "ab"));
		add_copy(w, &(struct segment)TEXT(4, "ef"));
		add_copy(w, &(struct segment)TEXT(8, "ij"));
		stream_window_advance(w, moves[i].bytes);
		assert_holds(w, moves[i].prefix, moves[i].gap_end);
		assert_int_equal(w->first_sequence, UINT32_MAX - 4 + moves[i].bytes);
		free(w);
	}
}

static void what_was_moved_past_is_left_out(void **state)
{
	struct stream_window *w = window_new(100);

	(void)state;
	add_copy(w, &(struct segment)TEXT(0, "abcd"));
	stream_window_advance(w, 4);
	assert_false(add_copy(w, &(struct segment)TEXT(-4, "XXXX")));
	assert_true(add_copy(w, &(struct segment)TEXT(-2, "XXef")));
	assert_holds(w, "ef", 0);
	assert_false(stream_window_conflicts(w));
	free(w);
}

static void the_whole_window_is_free_again(void **state)
{
	struct stream_window *w = window_new(100);

	(void)state;
	add_copy(w, &(struct segment)FILLER(0, STREAM_WINDOW_BYTES));
	stream_window_advance(w, STREAM_WINDOW_BYTES - 1);
	assert_holds(w, ".", 0);
	add_copy(w, &(struct segment)FILLER(1, STREAM_WINDOW_BYTES - 1));
	assert_int_equal(stream_window_prefix(w).len, STREAM_WINDOW_BYTES);
	assert_false(stream_window_went_beyond(w));
	free(w);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 5];
	size_t n = 0;

	for (; n < ARRAY_LEN(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
						.test_func = run_case,
						.initial_state = &cases[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_empty_segment_changes_nothing);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(starting_again_forgets);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(moving_on_forgets_what_is_before);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_was_moved_past_is_left_out);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_whole_window_is_free_again);
	return cmocka_run_group_tests_name("stream_window", tests, NULL, NULL);
}
