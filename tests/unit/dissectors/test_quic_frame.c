#include "dissectors/quic_frame.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

struct frame_case {
	const char *name;
	const char *payload;
	size_t len;
	enum dissect want; /* of the first frame */
	struct quic_frame want_frame;
	const char *want_bytes;
	size_t want_left; /* behind the first frame */
};

#define BYTES(s) (s), sizeof(s) - 1

#define SIXTEEN "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ZEROS   SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static struct frame_case cases[] = {
	{ "CRYPTO",
	  BYTES("\x06\x40\x25\x03"
		"abc\x01"),
	  DISSECT_OK,
	  { .type = QUIC_CRYPTO, .offset = 0x25 },
	  "abc",
	  1 },
	{ "CRYPTO at the end of all numbers",
	  BYTES("\x06\xff\xff\xff\xff\xff\xff\xff\xfe\x01"
		"a"),
	  DISSECT_OK,
	  { .type = QUIC_CRYPTO, .offset = 0x3ffffffffffffffe },
	  "a",
	  0 },
	{ "CRYPTO past the end of all numbers",
	  BYTES("\x06\xff\xff\xff\xff\xff\xff\xff\xfe\x02"
		"ab"),
	  .want = DISSECT_MALFORMED },
	{ "CRYPTO without data",
	  BYTES("\x06\x05\x00"),
	  DISSECT_OK,
	  { .type = QUIC_CRYPTO, .offset = 5 },
	  "",
	  0 },
	{ "a run of PADDING",
	  BYTES(ZEROS ZEROS "\x01"),
	  DISSECT_OK,
	  { .type = QUIC_PADDING },
	  "",
	  1 },
	{ "PADDING up to the end",
	  BYTES(ZEROS "\0\0\0"),
	  DISSECT_OK,
	  { .type = QUIC_PADDING },
	  "",
	  0 },
	{ "one byte of PADDING", BYTES("\0\x06"), DISSECT_OK, { .type = QUIC_PADDING }, "", 1 },
	{ "PADDING with its type in two bytes",
	  BYTES("\x40\x00\x00\x01"),
	  DISSECT_OK,
	  { .type = QUIC_PADDING },
	  "",
	  1 },
	{ "PING", BYTES("\x01\x06"), DISSECT_OK, { .type = QUIC_PING }, "", 1 },
	{ "ACK", BYTES("\x02\x05\x40\x64\x00\x05\x06"), DISSECT_OK, { .type = QUIC_ACK }, "", 1 },
	{ "ACK of three ranges",
	  BYTES("\x02\x20\x00\x02\x01\x00\x40\x01\x03\x04\x01"),
	  DISSECT_OK,
	  { .type = QUIC_ACK },
	  "",
	  1 },
	{ "ACK with ECN",
	  BYTES("\x03\x05\x00\x00\x05\x01\x02\x40\x03\x01"),
	  DISSECT_OK,
	  { .type = QUIC_ACK_ECN },
	  "",
	  1 },
	{ "ACK of more ranges than there are bytes",
	  BYTES("\x02\x05\x00\xff\xff\xff\xff\xff\xff\xff"
		"\xff\x00\x01\x01"),
	  .want = DISSECT_TRUNCATED },
	{ "CONNECTION_CLOSE",
	  BYTES("\x1c\x41\x28\x06\x02no"),
	  DISSECT_OK,
	  { .type = QUIC_CONNECTION_CLOSE, .error = 0x128 },
	  "no",
	  0 },
	{ "an application's CONNECTION_CLOSE", BYTES("\x1d\x00\x00"), .want = DISSECT_MALFORMED },
	{ "STREAM",
	  BYTES("\x08\x00"
		"abc"),
	  .want = DISSECT_MALFORMED },
	{ "a type of four bytes",
	  BYTES("\x80\x00\x00\x06\x00\x00"),
	  DISSECT_OK,
	  { .type = QUIC_CRYPTO },
	  "",
	  0 },
	{ "a type of 2^32 and 6", BYTES("\xc0\x00\x00\x01\x00\x00\x00\x06\x00\x00"),
	  .want = DISSECT_MALFORMED },
	{ "nothing", BYTES(""), .want = DISSECT_TRUNCATED },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct frame_case *c, size_t len, bool is_whole)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct quic_frame)];
	struct quic_frame frame;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&frame, untouched, sizeof(frame));
	memcpy(exact, c->payload, len);
	struct cursor payload = cursor_over(exact, len);
	enum dissect got = dissect_quic_frame(&payload, &frame);

	if (got != DISSECT_OK) {
		assert_memory_equal(&frame, untouched, sizeof(frame));
		assert_int_equal(cursor_left(&payload), len);
	} else if (is_whole) {
		assert_int_equal(frame.type, c->want_frame.type);
		assert_int_equal(frame.offset, c->want_frame.offset);
		assert_int_equal(frame.error, c->want_frame.error);
		assert_int_equal(frame.bytes.len, strlen(c->want_bytes));
		if (frame.bytes.len > 0)
			assert_memory_equal(frame.bytes.data, c->want_bytes, frame.bytes.len);
		assert_int_equal(cursor_left(&payload), c->want_left);
	}
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct frame_case *c = *state;
	size_t frame_len = c->len - c->want_left;

	assert_int_equal(dissect_copy(c, c->len, true), c->want);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = dissect_copy(c, cut, false);

		if (c->want == DISSECT_OK && c->want_frame.type != QUIC_PADDING && cut < frame_len)
			assert_int_equal(got, DISSECT_TRUNCATED);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("quic_frame", tests, NULL, NULL);
}
