#include "dissectors/tls_certificate.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

#define BYTES(s) (s), sizeof(s) - 1
#define ONE        \
	"\0\0\x01" \
	"a"
#define THREE ONE ONE ONE

struct certificate_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum dissect want;
	uint32_t want_count;
	uint8_t want_kept;
	bool want_damaged;
};

static struct certificate_case cases[] = {
	{ "two of them", BYTES("\0\0\x09" ONE "\0\0\x02xy"), DISSECT_OK, 2, 2, false },
	{ "none", BYTES("\0\0\0"), DISSECT_OK, 0, 0, false },
	{ "more than are kept", BYTES("\0\0\x24" THREE THREE THREE), DISSECT_OK, 9,
	  TLS_CERTIFICATES_MAX, false },
	{ "an empty one", BYTES("\0\0\x07\0\0\0" ONE), DISSECT_OK, 2, 2, false },
	{ "bytes behind the list", BYTES("\0\0\x04" ONE "x"), DISSECT_OK, 1, 1, true },
	{ "a list that reaches beyond", BYTES("\0\0\x0a" ONE ONE), DISSECT_OK, 2, 2, true },
	{ "a certificate that reaches beyond", BYTES("\0\0\x08" ONE "\0\0\x02x"), DISSECT_OK, 1, 1,
	  true },
	{ "half a length", BYTES("\0\0\x06" ONE "\0\0"), DISSECT_OK, 1, 1, true },
	{ "not one that is whole", BYTES("\0\0\x04\0\0\x02x"), DISSECT_MALFORMED, 0, 0, false },
	{ "half a length of the list", BYTES("\0\0"), DISSECT_MALFORMED, 0, 0, false },
	{ "nothing", BYTES(""), DISSECT_MALFORMED, 0, 0, false },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct certificate_case *c, size_t len,
				 struct tls_certificate *message)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(*message)];

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(message, untouched, sizeof(*message));
	memcpy(exact, c->bytes, len);
	enum dissect got = dissect_tls_certificate(cursor_over(exact, len), message);

	if (got != DISSECT_OK)
		assert_memory_equal(message, untouched, sizeof(*message));
	if (got == DISSECT_OK && message->kept > 0 && message->certificates[0].len > 0)
		assert_int_equal(message->certificates[0].data[0], 'a');
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct certificate_case *c = *state;
	struct tls_certificate message;

	assert_int_equal(dissect_copy(c, c->len, &message), c->want);
	if (c->want == DISSECT_OK) {
		assert_int_equal(message.count, c->want_count);
		assert_int_equal(message.kept, c->want_kept);
		assert_int_equal(message.is_damaged, c->want_damaged);
	}
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = dissect_copy(c, cut, &message);

		assert_true(got == DISSECT_MALFORMED || message.is_damaged || c->want_damaged);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("tls certificate", tests, NULL, NULL);
}
