#include "sensor/case/case_words.h"
#include "sensor/case/country_names.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { BUILT = 20758 /* 2026-11-01 */, BEFORE = 20727 /* 2026-10-01 */ };

/* What is said of a place `days` after its day. */
struct place_case {
	const char *name;
	struct place place;
	uint32_t days;
	const char *en;
	const char *ja;
};

static struct place_case cases[] = {
	{ "nothing is known", { .organisation = "X" }, 1, "", "" },
	{ "a country and a network",
	  { .country = "NL",
	    .asn = 64500,
	    .organisation = "Example Hosting",
	    .country_day = BUILT,
	    .network_day = BUILT },
	  10,
	  "Netherlands, AS64500 Example Hosting (database of 2026-11-01)",
	  "オランダ、AS64500 Example Hosting（2026-11-01時点のデータベース）" },
	{ "a country alone",
	  { .country = "JP", .country_day = BUILT },
	  35,
	  "Japan (database of 2026-11-01)",
	  "日本（2026-11-01時点のデータベース）" },
	{ "a network alone, without a name",
	  { .asn = 4294967295, .network_day = BUILT },
	  0,
	  "AS4294967295 (database of 2026-11-01)",
	  "AS4294967295（2026-11-01時点のデータベース）" },
	{ "a code that has no name",
	  { .country = "QQ", .country_day = BUILT },
	  0,
	  "QQ (database of 2026-11-01)",
	  "QQ（2026-11-01時点のデータベース）" },
	{ "two databases, the older of which is old",
	  { .country = "DE", .asn = 1, .country_day = BUILT, .network_day = BEFORE },
	  20,
	  "Germany, AS1 (database of 2026-11-01, of networks of 2026-10-01, 51 days old then)",
	  "ドイツ、AS1（2026-11-01時点のデータベース、ネットワークは2026-10-01時点のデータベース"
	  "、当時で51日経過）" },
};

static void run_case(void **state)
{
	const struct place_case *c = *state;
	nanotime when = (nanotime)(BUILT + c->days) * NANOTIME_DAY + NANOTIME_HOUR;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	if (c->days == 35) /* to the day is not yet older */
		when -= NANOTIME_HOUR;
	words_place(&c->place, when, LANGUAGE_EN, &text);
	assert_string_equal(chars, c->en);
	text = text_over(chars, sizeof(chars));
	words_place(&c->place, when, LANGUAGE_JA, &text);
	assert_string_equal(chars, c->ja);
}

/* The table is searched by halves: sorted, or some would not be found. */
static void every_country_is_found(void **state)
{
	unsigned known = 0;

	(void)state;
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			const char code[] = { a, b, '\0' };
			const char *en = country_name(code, LANGUAGE_EN);
			const char *ja = country_name(code, LANGUAGE_JA);

			assert_int_equal(en == code, ja == code);
			known += en != code;
		}
	}
	assert_int_equal(known, 249);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 1] = { cmocka_unit_test(every_country_is_found) };

	for (size_t i = 0; i < CASES; i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("words_place", tests, NULL, NULL);
}
