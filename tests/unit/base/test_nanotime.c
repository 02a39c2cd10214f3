#include "sensor/base/nanotime.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FAR_ZONE_HOURS = 9 };

struct text_case {
	const char *name;
	nanotime time;
	const char *want;
};

/* Seconds from `date -u -d … +%s`. */
static struct text_case texts[] = {
	{ "the epoch", 0, "1970-01-01T00:00:00.000000Z" },
	{ "under a microsecond is cut", 999, "1970-01-01T00:00:00.000000Z" },
	{ "one microsecond", 1000, "1970-01-01T00:00:00.000001Z" },
	{ "never rounded up to the next second", NANOTIME_SECOND - 1,
	  "1970-01-01T00:00:00.999999Z" },
	{ "one second", NANOTIME_SECOND, "1970-01-01T00:00:01.000000Z" },
	{ "one day", NANOTIME_DAY, "1970-01-02T00:00:00.000000Z" },
	{ "the header's example", UINT64_C(1790813528123456789), "2026-10-01T00:12:08.123456Z" },
	{ "a leap day", UINT64_C(951782400) * NANOTIME_SECOND, "2000-02-29T00:00:00.000000Z" },
	{ "the day after it", UINT64_C(951868800) * NANOTIME_SECOND,
	  "2000-03-01T00:00:00.000000Z" },
	{ "no leap day in 2100", UINT64_C(4107542400) * NANOTIME_SECOND,
	  "2100-03-01T00:00:00.000000Z" },
	{ "after 2038", UINT64_C(2147483648) * NANOTIME_SECOND, "2038-01-19T03:14:08.000000Z" },
	{ "the last time there is", UINT64_MAX, "2554-07-21T23:34:33.709551Z" },
};

struct between_case {
	const char *name;
	nanotime since;
	nanotime until;
	nanotime want;
};

static struct between_case betweens[] = {
	{ "between equal times", 5, 5, 0 },
	{ "forwards", 5, 12, 7 },
	{ "backwards is nothing", 12, 5, 0 },
	{ "from the epoch to the end", 0, UINT64_MAX, UINT64_MAX },
	{ "from the end to the epoch", UINT64_MAX, 0, 0 },
};

static void run_text(void **state)
{
	const struct text_case *c = *state;
	char text[NANOTIME_TEXT_LEN];

	memset(text, 'x', sizeof(text));
	nanotime_text(c->time, text);
	assert_string_equal(text, c->want);
}

static void run_between(void **state)
{
	const struct between_case *c = *state;

	assert_true(nanotime_between(c->since, c->until) == c->want);
}

static void units_are_multiples(void **state)
{
	(void)state;
	assert_true(NANOTIME_SECOND == 1000 * NANOTIME_MILLISECOND);
	assert_true(NANOTIME_DAY == 86400 * NANOTIME_SECOND);
	assert_true(NANOTIME_DAY == 24 * NANOTIME_HOUR && NANOTIME_HOUR == 60 * NANOTIME_MINUTE);
}

static void seconds_are_fractional(void **state)
{
	(void)state;
	assert_true(nanotime_seconds(1500 * NANOTIME_MILLISECOND) == 1.5);
	assert_true(nanotime_seconds(0) == 0.0);
}

/* The machine's zone does not show. */
static void the_text_is_utc_anywhere(void **state)
{
	char text[NANOTIME_TEXT_LEN];

	(void)state;
	assert_int_equal(setenv("TZ", "Far-9", 1), 0);
	tzset();
	nanotime_text(FAR_ZONE_HOURS * NANOTIME_HOUR, text);
	assert_string_equal(text, "1970-01-01T09:00:00.000000Z");
}

static void later_times_sort_later_as_text(void **state)
{
	char earlier[NANOTIME_TEXT_LEN];
	char later[NANOTIME_TEXT_LEN];
	nanotime step = 77 * NANOTIME_DAY + 12345 * NANOTIME_MILLISECOND;

	(void)state;
	nanotime_text(0, earlier);
	for (nanotime t = step; t < UINT64_MAX - step; t += step) {
		nanotime_text(t, later);
		assert_true(strcmp(earlier, later) < 0);
		memcpy(earlier, later, sizeof(earlier));
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(units_are_multiples),
		cmocka_unit_test(seconds_are_fractional),
		cmocka_unit_test(the_text_is_utc_anywhere),
		cmocka_unit_test(later_times_sort_later_as_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(texts) + ARRAY_LEN(betweens) + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		tests[n++] = (struct CMUnitTest){ .name = texts[i].name,
						  .test_func = run_text,
						  .initial_state = &texts[i] };
	for (size_t i = 0; i < ARRAY_LEN(betweens); i++)
		tests[n++] = (struct CMUnitTest){ .name = betweens[i].name,
						  .test_func = run_between,
						  .initial_state = &betweens[i] };
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("nanotime", tests, NULL, NULL);
}
