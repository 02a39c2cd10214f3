#include "dissectors/x509_time.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18, OCTETS = 0x04 };

struct time_case {
	const char *name;
	uint8_t tag;
	const char *text;
	bool want;
	int64_t want_seconds;
};

static struct time_case cases[] = {
	{ "the beginning", UTC_TIME, "700101000000Z", true, 0 },
	{ "the pivot's first year", UTC_TIME, "500101000000Z", true, -631152000 },
	{ "the pivot's last year", UTC_TIME, "491231235959Z", true, 2524607999 },
	{ "a leap day", UTC_TIME, "240229120000Z", true, 1709208000 },
	{ "the day after February", UTC_TIME, "230301000000Z", true, 1677628800 },
	{ "without seconds", UTC_TIME, "7001010001Z", true, 60 },
	{ "east of Greenwich", UTC_TIME, "700101090000+0900", true, 0 },
	{ "west of Greenwich", UTC_TIME, "700101000000-0830", true, 30600 },
	{ "without a zone", UTC_TIME, "700101000001", true, 1 },
	{ "a leap second", UTC_TIME, "161231235960Z", true, 1483228800 },
	{ "four digits of year", GENERALIZED_TIME, "20500101000000Z", true, 2524608000 },
	{ "the last one there is", GENERALIZED_TIME, "99991231235959Z", true, 253402300799 },
	{ "the first one there is", GENERALIZED_TIME, "00000101000000Z", true, -62167219200 },
	{ "a century that is no leap year", GENERALIZED_TIME, "19000301000000Z", true,
	  -2203891200 },
	{ "a century that is one", GENERALIZED_TIME, "20000229000000Z", true, 951782400 },
	{ "fractions", GENERALIZED_TIME, "19700101000000.999Z", true, 0 },
	{ "fractions behind a comma", GENERALIZED_TIME, "19700101000000,5Z", true, 0 },
	{ "a leap day that is none", UTC_TIME, "230229000000Z", false, 0 },
	{ "a leap day in 1900", GENERALIZED_TIME, "19000229000000Z", false, 0 },
	{ "month 0", UTC_TIME, "700001000000Z", false, 0 },
	{ "month 13", UTC_TIME, "701301000000Z", false, 0 },
	{ "day 0", UTC_TIME, "700100000000Z", false, 0 },
	{ "31 April", UTC_TIME, "700431000000Z", false, 0 },
	{ "hour 24", UTC_TIME, "700101240000Z", false, 0 },
	{ "minute 60", UTC_TIME, "700101006000Z", false, 0 },
	{ "second 61", UTC_TIME, "700101000061Z", false, 0 },
	{ "a letter", UTC_TIME, "7001010000x0Z", false, 0 },
	{ "a byte below the digits", UTC_TIME, "70010100000/Z", false, 0 },
	{ "bytes behind", UTC_TIME, "700101000000ZZ", false, 0 },
	{ "half a zone", UTC_TIME, "700101000000+09", false, 0 },
	{ "a zone without a sign", UTC_TIME, "700101000000x0900", false, 0 },
	{ "too short", UTC_TIME, "70010100", false, 0 },
	{ "nothing", UTC_TIME, "", false, 0 },
	{ "another type", OCTETS, "700101000000Z", false, 0 },
};

static bool read_copy(const struct time_case *c, size_t len, int64_t *seconds)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, c->text, len);
	bool got = x509_time(c->tag, cursor_over(exact, len), seconds);

	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct time_case *c = *state;
	int64_t seconds = 0;

	assert_int_equal(read_copy(c, strlen(c->text), &seconds), c->want);
	assert_int_equal(seconds, c->want_seconds);
	for (size_t cut = 0; cut < strlen(c->text); cut++)
		(void)read_copy(c, cut, &seconds);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("x509 time", tests, NULL, NULL);
}
