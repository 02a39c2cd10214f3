#include "dissectors/first_words.h"

#include "tests/support/cmocka.h"

struct words_case {
	const char *name;
	const char *bytes;
	size_t len;
	unsigned want;
};

#define BYTES(text) text, sizeof(text) - 1
#define ZIPPED      "\x78\x9c\x4b\x63\x60\x60"

static struct words_case cases[] = {
	{ "a word, two lengths, zlib", BYTES("Gh0st\x13\0\0\0\xe0\0\0\0" ZIPPED),
	  FIRST_WORDS_PACKED },
	{ "a longer word", BYTES("aaaaaabbbbbb\x1a\0\0\0\xe0\0\0\0" ZIPPED), FIRST_WORDS_PACKED },
	{ "not of that length", BYTES("Gh0st\x14\0\0\0\xe0\0\0\0" ZIPPED), 0 },
	{ "the length the other way round", BYTES("aaaaabbbbb\0\0\0\x18\xe0\0\0\0" ZIPPED),
	  FIRST_WORDS_PACKED },
	{ "no zlib: its check is wrong", BYTES("Gh0st\x13\0\0\0\xe0\0\0\0\x78\x9d\x4b\x63\x60\x60"),
	  0 },
	{ "no zlib: another window", BYTES("Gh0st\x13\0\0\0\xe0\0\0\0\x48\x9c\x4b\x63\x60\x60"),
	  0 },
	{ "cut before zlib", BYTES("Gh0st\x0e\0\0\0\xe0\0\0\0\x78"), 0 },
	{ "as many as it says", BYTES("16\0ll|'|'|SGFjS2Vk|"), FIRST_WORDS_COUNTED },
	{ "as many as it says, one more", BYTES("17\0ll|'|'|SGFjS2Vk||"), FIRST_WORDS_COUNTED },
	{ "one more than it says", BYTES("16\0ll|'|'|SGFjS2Vk||"), 0 },
	{ "too little to be told from chance", BYTES("5\0abcde"), 0 },
	{ "a number alone", BYTES("17"), 0 },
	{ "no number", BYTES("\0abcdefghijklmnopq"), 0 },
	{ "a letter in the number", BYTES("1a\0abcdefghijklmnopq"), 0 },
	{ "a number of very many digits", BYTES("000000017\0ll|'|'|SGFjS2Vk||"), 0 },
	{ "a bot's nickname", BYTES("NICK [JPN|XP|123456]\r\n"), FIRST_WORDS_BOT_NICK },
	{ "another bot's", BYTES("NICK {US|W7}x71034\n"), FIRST_WORDS_BOT_NICK },
	{ "a person's with a year", BYTES("NICK taro1985\r\n"), 0 },
	{ "a person's who is away", BYTES("NICK taro|away\r\n"), 0 },
	{ "the number stands behind the name", BYTES("NICK taro|a\r\nUSER 123456\r\n"), 0 },
	{ "another command", BYTES("PASS [JPN|XP|123456]\r\n"), 0 },
	{ "nothing", BYTES(""), 0 },
};

static void run_case(void **state)
{
	const struct words_case *c = *state;

	assert_int_equal(first_words_signs((struct span){ (const uint8_t *)c->bytes, c->len }),
			 c->want);
	for (size_t len = 0; len < c->len; len++) /* every beginning of it: no byte beyond */
		(void)first_words_signs((struct span){ (const uint8_t *)c->bytes, len });
}

int main(void)
{
	struct CMUnitTest tests[sizeof(cases) / sizeof(cases[0])];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("first_words", tests, NULL, NULL);
}
