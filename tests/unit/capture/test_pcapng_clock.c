#include "sensor/capture/pcapng_clock.h"

#include "tests/support/cmocka.h"

struct clock_case {
	const char *name;
	uint8_t tsresol;
	bool want_known;
	bool want_held;
	int64_t offset_seconds;
	uint64_t ticks;
	nanotime want;
};

static struct clock_case clocks[] = {
	{ "10^0", 0, true, true, 0, 3, 3 * NANOTIME_SECOND },
	{ "10^-6", 6, true, true, 0, 3000001, 3 * NANOTIME_SECOND + 1000 },
	{ "10^-9", 9, true, true, 0, 3, 3 },
	{ "10^-12, rounded down", 12, true, true, 0, 1999, 1 },
	{ "10^-19", 19, true, true, 0, UINT64_MAX, 1844674407 },
	{ "10^-20", 20, false, true, 0, 0, 0 },
	{ "10^-127", 127, false, true, 0, 0, 0 },
	{ "2^0", 0x80, true, true, 0, 3, 3 * NANOTIME_SECOND },
	{ "2^-1", 0x81, true, true, 0, 3, 1500 * NANOTIME_MILLISECOND },
	{ "2^-32", 0xa0, true, true, 0, UINT32_MAX, 999999999 },
	{ "2^-33", 0xa1, true, true, 0, (UINT64_C(1) << 33) - 1, 999999999 },
	{ "2^-40", 0xa8, true, true, 0, UINT64_C(5) << 38, 1250 * NANOTIME_MILLISECOND },
	{ "2^-63", 0xbf, true, true, 0, UINT64_MAX, 1999999999 },
	{ "2^-64", 0xc0, false, true, 0, 0, 0 },
	{ "an offset", 6, true, true, 1700000000, 1, 1700000000 * NANOTIME_SECOND + 1000 },
	{ "an offset backwards", 0, true, true, -5, 7, 2 * NANOTIME_SECOND },
	{ "an offset to the epoch", 3, true, true, -5, 5001, NANOTIME_MILLISECOND },
	{ "an offset beyond the epoch", 3, true, false, -6, 5999, 0 },
	{ "the least offset", 0, true, false, INT64_MIN, 1, 0 },
	{ "the least offset, made good", 0, true, true, INT64_MIN, (UINT64_C(1) << 63) + 9,
	  9 * NANOTIME_SECOND },
	{ "the greatest offset", 0, true, false, INT64_MAX, UINT64_MAX, UINT64_MAX },
	{ "the last second", 0, true, true, 0, 18446744072, 18446744072 * NANOTIME_SECOND },
	{ "the second after it", 0, true, false, 0, 18446744073, UINT64_MAX },
};

static void clock_tells(void **state)
{
	const struct clock_case *c = *state;
	struct pcapng_clock clock = pcapng_clock_default();
	nanotime got = 0;

	assert_int_equal(pcapng_clock_set_resolution(&clock, c->tsresol), c->want_known);
	if (!c->want_known) {
		assert_int_equal(clock.units, pcapng_clock_default().units);
		return;
	}
	clock.offset_seconds = c->offset_seconds;
	assert_int_equal(pcapng_clock_time(&clock, c->ticks, &got), c->want_held);
	assert_int_equal(got, c->want);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(clocks)];

	(void)ADD_ROWS(tests, clocks, clock_tells);
	return cmocka_run_group_tests_name("pcapng_clock", tests, NULL, NULL);
}
