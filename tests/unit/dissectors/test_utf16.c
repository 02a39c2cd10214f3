#include "dissectors/utf16.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { TEXT_MAX = 64 };

struct utf16_case {
	const char *name;
	const char *units;
	size_t len;
	const char *want;
};

#define BYTES(s) (s), sizeof(s) - 1

static struct utf16_case cases[] = {
	{ "nothing", BYTES(""), "" },
	{ "ASCII",
	  BYTES("P\0C\0-\0"
		"7\0"),
	  "PC-7" },
	{ "two bytes", BYTES("\xe9\0\xff\x07"), "\xc3\xa9\xdf\xbf" },
	{ "the first of three bytes", BYTES("\0\x08"), "\xe0\xa0\x80" },
	{ "Japanese", BYTES("\x5d\x55\x6d\x69"), "\xe5\x95\x9d\xe6\xa5\xad" },
	{ "the last of three bytes", BYTES("\xff\xff"), "\xef\xbf\xbf" },
	{ "a surrogate pair", BYTES("\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80" },
	{ "the first and the last pair", BYTES("\x00\xd8\x00\xdc\xff\xdb\xff\xdf"),
	  "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "a high half at the end", BYTES("a\0\x3d\xd8"), "a\xef\xbf\xbd" },
	{ "a high half before a letter", BYTES("\x3d\xd8z\0"), "\xef\xbf\xbdz" },
	{ "two high halves", BYTES("\x3d\xd8\x3d\xd8\x00\xde"), "\xef\xbf\xbd\xf0\x9f\x98\x80" },
	{ "a low half", BYTES("\x00\xdez\0"), "\xef\xbf\xbdz" },
	{ "an odd last byte", BYTES("a\0b"), "a" },
	{ "a high half and an odd byte", BYTES("\x3d\xd8\x00"), "\xef\xbf\xbd" },
	{ "behind a zero", BYTES("a\0\0\0b\0"), "a" },
};

static size_t convert(const struct utf16_case *c, char *out, size_t size)
{
	uint8_t *exact = malloc(c->len > 0 ? c->len : 1);

	assert_non_null(exact);
	memcpy(exact, c->units, c->len);
	size_t got = utf16_to_utf8((struct span){ exact, c->len }, out, size);

	free(exact);
	return got;
}

/* Every room: what fits is a beginning of the whole, cut between two characters. */
static void run_case(void **state)
{
	const struct utf16_case *c = *state;
	char whole[TEXT_MAX];

	assert_int_equal(convert(c, whole, sizeof(whole)), strlen(c->want));
	assert_string_equal(whole, c->want);
	for (size_t size = 1; size <= strlen(c->want); size++) {
		char *out = malloc(size);

		assert_non_null(out);
		size_t len = convert(c, out, size);

		assert_true(len < size);
		assert_int_equal(out[len], '\0');
		assert_memory_equal(out, c->want, len);
		assert_true(((unsigned char)c->want[len] & 0xc0) != 0x80);
		free(out);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("utf16", tests, NULL, NULL);
}
