#include "sensor/app/watch_links.h"

#include "tests/support/cmocka.h"

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

static const struct live_stats well = { .state = LIVE_STATE_UP, .has_carrier = true };
static const struct live_stats no_cable = { .state = LIVE_STATE_UP };
static const struct live_stats missing = { .state = LIVE_STATE_MISSING };

static void a_short_outage_is_none(void **state)
{
	struct watch_links links = { 0 };

	(void)state;
	assert_false(watch_links_look(&links, 0, &no_cable, T0));
	assert_false(watch_links_look(&links, 0, &no_cable, T0 + WATCH_LINK_PATIENCE - 1));
	assert_int_equal(watch_links_state(&links, 0, LIVE_STATE_UP), HEALTH_LINK_UP);
	assert_false(watch_links_look(&links, 0, &well, T0 + WATCH_LINK_PATIENCE));
	assert_false(watch_links_look(&links, 0, &no_cable, T0 + WATCH_LINK_PATIENCE + 1));
	assert_int_equal(watch_links_state(&links, 0, LIVE_STATE_UP), HEALTH_LINK_UP);
}

static void a_cable_that_is_out_is_a_link_that_is_down(void **state)
{
	struct watch_links links = { 0 };

	(void)state;
	assert_false(watch_links_look(&links, 1, &no_cable, T0));
	assert_true(watch_links_look(&links, 1, &no_cable, T0 + WATCH_LINK_PATIENCE));
	assert_false(watch_links_look(&links, 1, &no_cable, T0 + 2 * WATCH_LINK_PATIENCE));
	assert_int_equal(watch_links_state(&links, 1, LIVE_STATE_UP), HEALTH_LINK_DOWN);
	assert_int_equal(watch_links_state(&links, 0, LIVE_STATE_UP), HEALTH_LINK_UP);
	assert_true(watch_links_look(&links, 1, &well, T0 + 3 * WATCH_LINK_PATIENCE));
	assert_int_equal(watch_links_state(&links, 1, LIVE_STATE_UP), HEALTH_LINK_UP);
}

static void one_that_is_gone_is_missing(void **state)
{
	struct watch_links links = { 0 };

	(void)state;
	(void)watch_links_look(&links, 0, &missing, T0);
	assert_true(watch_links_look(&links, 0, &missing, T0 + WATCH_LINK_PATIENCE));
	assert_int_equal(watch_links_state(&links, 0, LIVE_STATE_MISSING), HEALTH_LINK_MISSING);
}

static void a_clock_set_back_begins_anew(void **state)
{
	struct watch_links links = { 0 };

	(void)state;
	(void)watch_links_look(&links, 0, &no_cable, T0);
	assert_false(watch_links_look(&links, 0, &no_cable, T0 - NANOTIME_HOUR));
	assert_true(
		watch_links_look(&links, 0, &no_cable, T0 - NANOTIME_HOUR + WATCH_LINK_PATIENCE));
}

static void lose(struct watch_links *links, nanotime when, uint64_t kernel, uint64_t card)
{
	const struct live_event event = { .kind = LIVE_DROPPED,
					  .from = when - NANOTIME_SECOND,
					  .to = when,
					  .dropped_kernel = kernel,
					  .dropped_interface = card };

	watch_links_lose(links, &event);
}

static void losses_of_a_minute_are_told_together(void **state)
{
	struct watch_links links = { 0 };
	struct watch_loss lost;
	uint64_t told = 0;

	(void)state;
	assert_false(watch_links_take(&links, 0, T0, &lost));
	for (unsigned i = 0; i < 125; i++) {
		nanotime now = T0 + i * NANOTIME_SECOND;

		lose(&links, now, 3, 1);
		if (!watch_links_take(&links, 0, now, &lost))
			continue;
		assert_int_equal(lost.from, i == 0 ? T0 - NANOTIME_SECOND : now - NANOTIME_MINUTE);
		assert_int_equal(lost.to, now);
		assert_int_equal(lost.kernel, i == 0 ? 3 : 180);
		assert_int_equal(lost.card, i == 0 ? 1 : 60);
		told++;
	}
	assert_int_equal(told, 3);
	assert_true(watch_links_take_rest(&links, 0, &lost));
	assert_int_equal(lost.kernel, 12);
	assert_false(watch_links_take_rest(&links, 0, &lost));
}

static void a_clock_set_back_does_not_hold_losses(void **state)
{
	struct watch_links links = { 0 };
	struct watch_loss lost;

	(void)state;
	lose(&links, T0, 1, 0);
	assert_true(watch_links_take(&links, 0, T0, &lost));
	lose(&links, T0 - NANOTIME_DAY, 1, 0);
	assert_true(watch_links_take(&links, 0, T0 - NANOTIME_DAY, &lost));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_outage_is_none),
		cmocka_unit_test(a_cable_that_is_out_is_a_link_that_is_down),
		cmocka_unit_test(one_that_is_gone_is_missing),
		cmocka_unit_test(a_clock_set_back_begins_anew),
		cmocka_unit_test(losses_of_a_minute_are_told_together),
		cmocka_unit_test(a_clock_set_back_does_not_hold_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
