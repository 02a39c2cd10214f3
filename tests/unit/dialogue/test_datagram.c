/* Which reader is asked about a datagram. */
#include "tests/unit/dialogue/dialogue_bench.h"

static const char question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
			       "\x01"
			       "a\x07"
			       "example\x00\x00\x01\x00\x01";
#define TOLD "dns a.example questions=a.example question_types=A\n"

static void a_port_says_whose_it_is(void **state)
{
	(void)state;
	assert_string_equal(dialogue_datagram(true, 53, question, sizeof(question) - 1), TOLD);
	assert_string_equal(dialogue_datagram(false, 53, question, sizeof(question) - 1), TOLD);
}

static void elsewhere_the_bytes_say_it(void **state)
{
	(void)state;
	assert_string_equal(dialogue_datagram(true, 5300, question, sizeof(question) - 1), TOLD);
}

static void what_is_nobodys_is_not_told(void **state)
{
	(void)state;
	assert_string_equal(dialogue_datagram(true, 53, "", 0), "");
	assert_string_equal(dialogue_datagram(true, 53, "\x01", 1), "");
	assert_string_equal(dialogue_datagram(true, 40000, "abcdefgh", 8), "");
	assert_string_equal(dialogue_datagram(true, 67, question, sizeof(question) - 1), TOLD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_says_whose_it_is),
		cmocka_unit_test(elsewhere_the_bytes_say_it),
		cmocka_unit_test(what_is_nobodys_is_not_told),
	};

	return cmocka_run_group_tests_name("datagram", tests, NULL, NULL);
}
