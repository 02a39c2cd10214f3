#include "sensor/detect/canary.h"

#include "tests/support/cmocka.h"

#include <string.h>

static void only_a_whole_token_is_one(void **state)
{
	static const char *const others[] = {
		"",
		"hinomi-canary.desk.example",
		"0123456789ab.hinomi-canary",
		"0123456789a.hinomi-canary.desk.example",
		"0123456789abc.hinomi-canary.desk.example",
		"0123456789AB.hinomi-canary.desk.example",
		"0123456789ab.hinomi-canaryx.desk.example",
		"x.0123456789ab.hinomi-canary.desk.example",
	};
	char token[CANARY_TOKEN_LEN];

	(void)state;
	assert_true(canary_token("0123456789ab.hinomi-canary.desk.example", token));
	assert_string_equal(token, "0123456789ab");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(canary_token(others[i], token));
}

static void a_question_is_known_on_the_wire(void **state)
{
	static const char question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
				       "\x0c"
				       "0123456789ab"
				       "\x0d"
				       "hinomi-canary"
				       "\x04"
				       "desk\x00\x00\x01\x00\x01";
	uint8_t changed[sizeof(question)];

	(void)state;
	assert_true(canary_may_be((struct span){ (const uint8_t *)question, sizeof(question) }));
	/* Cut anywhere within the two labels it is none, and nothing is read beyond. */
	for (size_t len = 0; len < 12 + 13 + 14; len++)
		assert_false(canary_may_be((struct span){ (const uint8_t *)question, len }));
	memcpy(changed, question, sizeof(question));
	changed[30] ^= 1;
	assert_false(canary_may_be((struct span){ changed, sizeof(changed) }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_whole_token_is_one),
		cmocka_unit_test(a_question_is_known_on_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
