#include "sensor/base/nanotime.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
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

/* As gmtime() and printf() write it; the same with whatever texts were kept. */
static void expect_like_gmtime(nanotime t, struct nanotime_texts *kept)
{
	time_t seconds = (time_t)(t / NANOTIME_SECOND);
	struct tm tm;
	char date[32];
	char want[64];
	char got[NANOTIME_TEXT_LEN];

	assert_non_null(gmtime_r(&seconds, &tm));
	assert_true(strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm) > 0);
	(void)snprintf(want, sizeof(want), "%s.%06uZ", date,
		       (unsigned)(t % NANOTIME_SECOND / 1000));
	assert_int_equal(nanotime_text(t, got), strlen(want));
	assert_string_equal(got, want);
	assert_int_equal(nanotime_text_kept(t, kept, got), strlen(want));
	assert_string_equal(got, want);
}

static void every_day_is_as_gmtime_has_it(void **state)
{
	struct nanotime_texts kept;

	(void)state;
	nanotime_texts_start(&kept);
	for (nanotime day = 0; day < UINT64_MAX / NANOTIME_DAY; day++) {
		expect_like_gmtime(day * NANOTIME_DAY, &kept);
		expect_like_gmtime(day * NANOTIME_DAY + NANOTIME_DAY - 1, &kept);
	}
	expect_like_gmtime(UINT64_MAX, &kept);
	expect_like_gmtime(0, &kept);
}

static void every_second_of_a_day_is_as_gmtime_has_it(void **state)
{
	const nanotime midnight = 20000 * NANOTIME_DAY;
	struct nanotime_texts kept;

	(void)state;
	nanotime_texts_start(&kept);
	for (nanotime t = midnight; t < midnight + NANOTIME_DAY; t += NANOTIME_SECOND + 11587)
		expect_like_gmtime(t, &kept);
}

/* Back and forth between seconds that share a place and seconds that do not. */
static void kept_texts_are_as_gmtime_has_them(void **state)
{
	struct nanotime_texts kept;

	(void)state;
	nanotime_texts_start(&kept);
	for (unsigned i = 0; i < 20000; i++) {
		nanotime t = 20000 * NANOTIME_DAY + i % 97 * NANOTIME_SECOND + i * 999983U;

		expect_like_gmtime(t, &kept);
		expect_like_gmtime(t + 30 * NANOTIME_SECOND, &kept);
		expect_like_gmtime(t + i % 2 * NANOTIME_TEXTS * NANOTIME_SECOND, &kept);
	}
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
		cmocka_unit_test(every_day_is_as_gmtime_has_it),
		cmocka_unit_test(every_second_of_a_day_is_as_gmtime_has_it),
		cmocka_unit_test(kept_texts_are_as_gmtime_has_them),
		cmocka_unit_test(later_times_sort_later_as_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(texts) + ARRAY_LEN(betweens) + ARRAY_LEN(others)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, texts, run_text);
	n += ADD_ROWS(tests + n, betweens, run_between);
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("nanotime", tests, NULL, NULL);
}
