#include "dissectors/base64.h"

#include "tests/unit/dissectors/exact.h"

struct row {
	const char *text;
	bool want;
	const char *bytes;
};

/* RFC 4648 10, and what is wrong or lazy. */
static const struct row rows[] = {
	{ "", true, "" },        { "Zg==", true, "f" },        { "Zm8=", true, "fo" },
	{ "Zm9v", true, "foo" }, { "Zm9vYg==", true, "foob" }, { "Zm9vYmFy", true, "foobar" },
	{ "Zg", true, "f" },     { "Zm8", true, "fo" },        { "+/+/", true, "\xfb\xff\xbf" },
	{ "MDk=", true, "09" },  { "Zm9v=Zg", false, "" },     { "Zm 9v", false, "" },
	{ "Zm9v\n", false, "" }, { "Z-9_", false, "" },
};

static void values_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t text_len = strlen(rows[i].text);
		uint8_t *text = exact_copy(rows[i].text, text_len);
		uint8_t *out = exact_copy("......", strlen(rows[i].bytes));
		size_t len = SIZE_MAX;

		assert_int_equal(base64_decode((struct span){ .data = text, .len = text_len }, out,
					       strlen(rows[i].bytes), &len),
				 rows[i].want);
		if (rows[i].want) {
			assert_int_equal(len, strlen(rows[i].bytes));
			assert_memory_equal(out, rows[i].bytes, len);
		}
		free(out);
		free(text);
	}
}

static void what_does_not_fit_is_left_out(void **state)
{
	static const uint8_t text[] = { 'Z', 'm', '9', 'v', 'Y', 'm', 'F', 'y' };
	uint8_t out[4];
	size_t len = 0;

	(void)state;
	assert_true(base64_decode((struct span){ .data = text, .len = sizeof(text) }, out,
				  sizeof(out), &len));
	assert_int_equal(len, sizeof(out));
	assert_memory_equal(out, "foob", sizeof(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_decoded),
		cmocka_unit_test(what_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
