#include "sensor/base/kept_table.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

struct text_case {
	const char *name;
	const char *bytes;
	size_t size;
	bool want;
};

#define BYTES(s) (s), sizeof(s) - 1

static struct text_case cases[] = {
	{ "a text", BYTES("abc\0"), true },
	{ "no text", BYTES("\0"), true },
	{ "behind its end anything may stand", BYTES("abc\0\xff\x01"), true },
	{ "without an end", BYTES("abc"), false },
	{ "Japanese", BYTES("\xe7\x81\xab\0"), true },
	{ "half a character", BYTES("\xe7\x81\0"), false },
	{ "a control character", BYTES("a\x1b[2Jb\0"), false },
	{ "a line's end", BYTES("a\nb\0"), false },
	{ "a byte that is no character", BYTES("a\x80z\0"), false },
};

static void run_case(void **state)
{
	const struct text_case *c = *state;
	char *exact = malloc(c->size);

	assert_non_null(exact);
	memcpy(exact, c->bytes, c->size);
	assert_int_equal(kept_is_text(exact, c->size), c->want);
	free(exact);
}

static void only_two_bytes_are_flags(void **state)
{
	bool flags[3];
	uint8_t bytes[sizeof(flags)] = { 0, 1, 2 };

	(void)state;
	memcpy(flags, bytes, sizeof(flags));
	assert_true(kept_are_flags(flags, 0));
	assert_true(kept_are_flags(flags, 2));
	assert_false(kept_are_flags(flags, 3));
}

static void a_tidy_text_is_followed_by_zeros(void **state)
{
	char text[8] = "ab\0cdefg";

	(void)state;
	kept_tidy_text(text, sizeof(text));
	assert_memory_equal(text, "ab\0\0\0\0\0\0", sizeof(text));
	memset(text, 'x', sizeof(text));
	kept_tidy_text(text, sizeof(text));
	assert_memory_equal(text, "xxxxxxxx", sizeof(text));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(only_two_bytes_are_flags),
		cmocka_unit_test(a_tidy_text_is_followed_by_zeros),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[2 + i] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("kept_table", tests, NULL, NULL);
}
