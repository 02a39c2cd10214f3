#include "dissectors/tls_sslv2.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

#define BYTES(s)  (s), sizeof(s) - 1
#define CHALLENGE "0123456789abcdef"
#define CIPHERS   "\0\0\x2f\x07\0\xc0"

struct sslv2_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum dissect want;
	uint16_t want_version;
	uint16_t want_ciphers;
};

static struct sslv2_case cases[] = {
	{ "for TLS 1.0", BYTES("\x80\x1f\x01\x03\x01\0\x06\0\0\0\x10" CIPHERS CHALLENGE),
	  DISSECT_OK, 0x0301, 2 },
	{ "for SSL 2, with a session",
	  BYTES("\x80\x2f\x01\0\x02\0\x06\0\x10\0\x10" CIPHERS CHALLENGE CHALLENGE), DISSECT_OK,
	  0x0002, 2 },
	{ "a challenge of 32 bytes",
	  BYTES("\x80\x2f\x01\x03\x03\0\x06\0\0\0\x20" CIPHERS CHALLENGE CHALLENGE), DISSECT_OK,
	  0x0303, 2 },
	{ "bytes behind", BYTES("\x80\x1f\x01\x03\x01\0\x06\0\0\0\x10" CIPHERS CHALLENGE "x"),
	  DISSECT_OK, 0x0301, 2 },
	{ "one byte of TLS", BYTES("\x16"), DISSECT_OTHER, 0, 0 },
	{ "another message", BYTES("\x80\x1f\x04"), DISSECT_OTHER, 0, 0 },
	{ "a version of 5", BYTES("\x80\x1f\x01\0\x05"), DISSECT_OTHER, 0, 0 },
	{ "a version above all", BYTES("\x80\x1f\x01\x03\x05"), DISSECT_OTHER, 0, 0 },
	{ "a version between", BYTES("\x80\x1f\x01\x02\xff"), DISSECT_OTHER, 0, 0 },
	{ "no cipher", BYTES("\x80\x19\x01\x03\x01\0\0\0\0\0\x10" CHALLENGE), DISSECT_OTHER, 0, 0 },
	{ "a third of a cipher", BYTES("\x80\x1e\x01\x03\x01\0\x05\0\0\0\x10"), DISSECT_OTHER, 0,
	  0 },
	{ "a session of one byte", BYTES("\x80\x20\x01\x03\x01\0\x06\0\x01\0\x10"), DISSECT_OTHER,
	  0, 0 },
	{ "a challenge of 15 bytes", BYTES("\x80\x1e\x01\x03\x01\0\x06\0\0\0\x0f"), DISSECT_OTHER,
	  0, 0 },
	{ "a challenge of 33 bytes", BYTES("\x80\x30\x01\x03\x01\0\x06\0\0\0\x21"), DISSECT_OTHER,
	  0, 0 },
	{ "lengths that add up to something else", BYTES("\x80\x20\x01\x03\x01\0\x06\0\0\0\x10"),
	  DISSECT_OTHER, 0, 0 },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct sslv2_case *c, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct tls_sslv2_client_hello hello = { 0 };

	assert_non_null(exact);
	memcpy(exact, c->bytes, len);
	enum dissect got = dissect_tls_sslv2_client_hello(cursor_over(exact, len), &hello);

	assert_int_equal(hello.version, got == DISSECT_OK ? c->want_version : 0);
	assert_int_equal(hello.cipher_count, got == DISSECT_OK ? c->want_ciphers : 0);
	if (got == DISSECT_OK) {
		assert_memory_equal(hello.ciphers.data, CIPHERS, hello.ciphers.len);
		assert_memory_equal(hello.challenge.data, CHALLENGE, 16);
	}
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct sslv2_case *c = *state;
	size_t behind = c->len > 0 && c->bytes[c->len - 1] == 'x' ? 1 : 0;

	assert_int_equal(dissect_copy(c, c->len), c->want);
	for (size_t cut = 0; cut + behind < c->len; cut++) {
		enum dissect got = dissect_copy(c, cut);

		assert_true(got == DISSECT_TRUNCATED ||
			    (got == DISSECT_OTHER && c->want == DISSECT_OTHER));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("tls sslv2", tests, NULL, NULL);
}
