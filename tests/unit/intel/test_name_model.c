#include "sensor/intel/name_model.h"
#include "sensor/intel/name_model_inside.h"

#include "tests/support/cmocka.h"

#include <stdbool.h>
#include <string.h>

struct name_case {
	const char *name;
	bool is_drawn; /* by a program */
};

/* Of people: words, romaji, firms, acronyms in names. Of programs: letters of several makes. */
static struct name_case cases[] = {
	{ "example", false },      { "yamadakensetsu", false }, { "sakura-koumuten", false },
	{ "microsoft", false },    { "cloudfront", false },     { "printerservice", false },
	{ "tanakashoten", false }, { "kaikeijimusho", false },  { "googletagmanager", false },
	{ "doubleclick", false },  { "office365", false },      { "rakuten-card", false },
	{ "qkxvzjwpyb", true },    { "x7k2q9wz4m", true },      { "hgqwtrxzplkd", true },
	{ "zxjqkvbnwd", true },    { "q8w3x5z7k1v9", true },    { "wtfxkqmzrgpj", true },
};

static void run_case(void **state)
{
	const struct name_case *c = *state;

	assert_int_equal(name_model_cost(c->name, strlen(c->name)) > 5.3, c->is_drawn);
}

static void table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < NAME_MODEL_SYMBOLS; i++)
		assert_int_equal(strspn(name_model_levels[i], "]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
				 NAME_MODEL_SQUARE);
}

static void any_bytes_have_a_cost(void **state)
{
	uint32_t random = 3;
	char bytes[64];

	(void)state;
	assert_true(name_model_cost("", 0) == 0);
	for (unsigned i = 0; i < 2000; i++) {
		size_t len = i % sizeof(bytes);

		for (size_t k = 0; k < len; k++) {
			random = random * 1664525 + 1013904223;
			bytes[k] = (char)(random >> 24);
		}
		double cost = name_model_cost(bytes, len);

		assert_true(cost >= 0 && cost < 12);
	}
}

static void digits_are_alike(void **state)
{
	(void)state;
	assert_true(name_model_cost("room101", 7) == name_model_cost("room947", 7));
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(any_bytes_have_a_cost),
		cmocka_unit_test(digits_are_alike),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, cases, run_case);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("name_model", tests, NULL, NULL);
}
