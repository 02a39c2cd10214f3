#include "sensor/health/health_cases.h"

#include "sensor/health/health.h"
#include "tests/support/cmocka.h"

#include <string.h>

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

enum { TOLD_MAX = 32 };

struct told {
	struct health_case of;
	enum health_change change;
};

struct run {
	struct health_cases *cases;
	struct health_view view;
	struct told told[TOLD_MAX];
	size_t count;
	unsigned refused; /* so many of the next are not taken */
};

static bool note(void *arg, const struct health_case *health_case, enum health_change change)
{
	struct run *run = arg;

	assert_true(run->count < TOLD_MAX);
	run->told[run->count++] = (struct told){ *health_case, change };
	if (run->refused == 0)
		return true;
	run->refused--;
	return false;
}

static int set_up(void **state)
{
	static struct run run;

	run = (struct run){ .view = { .now = T0, .surroundings = { .interface_count = 1 } } };
	memcpy(run.view.surroundings.interfaces[0].name, "mon0", sizeof("mon0"));
	run.view.counts[0].frames = 100;
	assert_int_equal(health_cases_new(&run.cases, "office/sensor", note, &run), ERR_OK);
	*state = &run;
	return 0;
}

static int tear_down(void **state)
{
	struct run *run = *state;

	health_cases_free(run->cases);
	return 0;
}

/* A window later: with one-sided conversations, or well. Returns what was told in it. */
static size_t window(struct run *run, bool is_one_sided)
{
	size_t before = run->count;

	run->view.since = run->view.now;
	run->view.now += HEALTH_WINDOW;
	run->view.flows = (struct health_flows){ .client_only = is_one_sided ? 9 : 0, .both = 1 };
	health_cases_window(run->cases, &run->view);
	return run->count - before;
}

static void the_second_window_in_a_row_opens(void **state)
{
	struct run *run = *state;
	nanotime first = T0 + HEALTH_WINDOW;

	assert_int_equal(window(run, true), 0);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_OPENED);
	assert_true(run->told[0].of.is_open);
	assert_int_equal(run->told[0].of.finding.code, HEALTH_ONE_DIRECTION);
	assert_true(run->told[0].of.first == first);
	assert_true(run->told[0].of.last == first + HEALTH_WINDOW);
	/* A fault that begins just after a window did is told within ten minutes. */
	assert_true(3 * HEALTH_WINDOW <= 10 * NANOTIME_MINUTE);
}

static void a_window_alone_opens_nothing(void **state)
{
	struct run *run = *state;

	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(window(run, true), 0);
		assert_int_equal(window(run, false), 0);
	}
}

static void it_goes_on_and_is_closed_ten_minutes_after(void **state)
{
	struct run *run = *state;
	char id[DIGEST_UUID_LEN];

	(void)window(run, true);
	(void)window(run, true);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[1].change, HEALTH_CASE_RENEWED);
	assert_int_equal(window(run, false), 0); /* 3 minutes */
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[2].change, HEALTH_CASE_RENEWED);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(window(run, false), 0); /* 9 */
	assert_int_equal(window(run, false), 1);         /* 12 */
	assert_int_equal(run->told[3].change, HEALTH_CASE_CLOSED);
	assert_false(run->told[3].of.is_open);
	memcpy(id, run->told[3].of.id, sizeof(id));

	/* The same day again: the same case. */
	(void)window(run, true);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[4].change, HEALTH_CASE_OPENED);
	assert_string_equal(run->told[4].of.id, id);
}

static void hard_ones_open_at_once(void **state)
{
	struct run *run = *state;

	run->view.now += NANOTIME_SECOND;
	run->view.flows = (struct health_flows){ .client_only = 9 };
	run->view.surroundings.interfaces[0].link = HEALTH_LINK_MISSING;
	health_cases_event(run->cases, &run->view);
	assert_int_equal(run->count, 1);
	assert_int_equal(run->told[0].of.finding.code, HEALTH_INTERFACE_MISSING);
	assert_string_equal(run->told[0].of.interface, "mon0");
	health_cases_event(run->cases, &run->view);
	assert_int_equal(run->count, 1);

	/* The window that it came in goes on with it. */
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[1].change, HEALTH_CASE_RENEWED);
}

/* Ten minutes would be too long to wait for who has just put another list in place. */
static void an_old_list_is_a_case_until_it_is_replaced(void **state)
{
	struct run *run = *state;
	struct health_lists *lists = &run->view.surroundings.lists;

	lists->entries = 7;
	lists->made = T0 - 40 * NANOTIME_DAY;
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_OPENED);
	assert_int_equal(run->told[0].of.finding.code, HEALTH_LIST_OLD);
	assert_string_equal(run->told[0].of.interface, "");
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[1].change, HEALTH_CASE_RENEWED);
	lists->made = T0;
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[2].change, HEALTH_CASE_CLOSED);
	assert_string_equal(run->told[2].of.id, run->told[0].of.id);
	assert_int_equal(window(run, false), 0);
}

static void each_open_case_is_listed(void **state)
{
	struct run *run = *state;

	run->view.surroundings.store = HEALTH_STORE_NO_ROOM;
	(void)window(run, true);
	(void)window(run, true);
	run->count = 0;
	health_cases_each(run->cases, note, run);
	assert_int_equal(run->count, 2);
	assert_int_equal(run->told[0].of.finding.code, HEALTH_STORE_FULL);
	assert_int_equal(run->told[1].of.finding.code, HEALTH_ONE_DIRECTION);
}

static void ids_follow_from_who_what_where_and_when(void **state)
{
	struct run *run = *state;
	struct health_cases *same;
	struct health_cases *other;

	assert_int_equal(health_cases_new(&same, "office/sensor", note, run), ERR_OK);
	assert_int_equal(health_cases_new(&other, "office/other", note, run), ERR_OK);
	run->view.surroundings.interfaces[0].link = HEALTH_LINK_DOWN;
	health_cases_event(run->cases, &run->view);
	health_cases_event(same, &run->view);
	health_cases_event(other, &run->view);
	assert_string_equal(run->told[0].of.id, run->told[1].of.id);
	assert_string_not_equal(run->told[0].of.id, run->told[2].of.id);
	health_cases_free(same);
	health_cases_free(other);
}

/* What was open when the sensor stopped: told, then kept by somebody. */
static struct health_case_kept stop_with_one(struct run *run, struct health_case *open)
{
	(void)window(run, true);
	(void)window(run, true);
	*open = run->told[run->count - 1].of;
	health_cases_free(run->cases);
	assert_int_equal(health_cases_new(&run->cases, "office/sensor", note, run), ERR_OK);
	run->count = 0;
	return (struct health_case_kept){ .id = open->id,
					  .code = health_code_name(open->finding.code),
					  .first = open->first,
					  .last = open->last };
}

static void a_case_goes_on_after_a_restart(void **state)
{
	struct run *run = *state;
	struct interface_names names = { .name = { "mon0" }, .count = 1 };
	struct health_case open;
	struct health_case_kept kept = stop_with_one(run, &open);

	run->view.now += NANOTIME_DAY; /* another day gives no other id */
	health_cases_restore(run->cases, &kept, &names);
	assert_int_equal(run->count, 0);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_RENEWED);
	assert_string_equal(run->told[0].of.id, open.id);
	assert_true(run->told[0].of.first == open.first);
	assert_int_equal(run->told[0].of.finding.story, HEALTH_STORY_CLIENTS);
}

static void a_case_that_is_over_is_closed_after_a_restart(void **state)
{
	struct run *run = *state;
	struct interface_names names = { .name = { "mon0" }, .count = 1 };
	struct health_case open;
	struct health_case_kept kept = stop_with_one(run, &open);

	health_cases_restore(run->cases, &kept, &names);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(window(run, false), 0); /* 9 minutes */
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_CLOSED);
	assert_string_equal(run->told[0].of.id, open.id);
	assert_int_equal(run->told[0].of.finding.story, HEALTH_STORY_GONE);
}

static void a_case_of_an_interface_that_is_not_watched_is_closed_soon(void **state)
{
	struct run *run = *state;
	struct interface_names names = { .name = { "other0", "mon0" }, .count = 2 };
	struct health_case_kept kept = { .code = "interface_missing", .first = T0, .last = T0 };
	struct health_case open;

	run->view.surroundings.interfaces[0].link = HEALTH_LINK_MISSING;
	health_cases_event(run->cases, &run->view);
	open = run->told[0].of;
	kept.id = open.id;
	kept.first = open.first;
	run->count = 0;
	health_cases_restore(run->cases, &kept, &names);
	assert_int_equal(run->count, 0);
	names.count = 1;
	health_cases_restore(run->cases, &kept, &names);
	kept.code = "of_another_version";
	health_cases_restore(run->cases, &kept, &names);
	assert_int_equal(run->count, 0);
	run->view.surroundings.interfaces[0].link = HEALTH_LINK_UP;
	assert_int_equal(window(run, false), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_CLOSED);
	assert_string_equal(run->told[0].of.id, open.id);
	assert_int_equal(window(run, false), 0);
}

/* A full ring took a case's end: without another try it would stay open for ever. */
static void a_closing_is_told_until_it_is_taken(void **state)
{
	struct run *run = *state;

	(void)window(run, true);
	(void)window(run, true);
	for (unsigned i = 0; i < 3; i++)
		(void)window(run, false);
	run->count = 0;
	run->refused = 2;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(window(run, false), 1);
		assert_int_equal(run->told[i].change, HEALTH_CASE_CLOSED);
		assert_false(run->told[i].of.is_open);
		assert_int_equal(run->told[i].of.is_over, i > 0);
		assert_true(run->told[i].of.last == run->told[0].of.last);
	}
	assert_int_equal(window(run, false), 0);
}

/* Who was told of its end hears that it goes on. */
static void a_case_goes_on_whose_closing_was_not_taken(void **state)
{
	struct run *run = *state;

	(void)window(run, true);
	(void)window(run, true);
	for (unsigned i = 0; i < 3; i++)
		(void)window(run, false);
	run->refused = 1;
	assert_int_equal(window(run, false), 1);
	run->count = 0;
	health_cases_each(run->cases, note, run);
	assert_int_equal(run->count, 0);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[0].change, HEALTH_CASE_OPENED);
	assert_true(run->told[0].of.is_open && !run->told[0].of.is_over);
	assert_int_equal(window(run, true), 1);
	assert_int_equal(run->told[1].change, HEALTH_CASE_RENEWED);
}

/* The same for one of an earlier life, whose interface is not watched any more. */
static void a_lost_case_is_closed_until_it_is_taken(void **state)
{
	struct run *run = *state;
	struct interface_names names = { .name = { "mon0" }, .count = 1 };
	const struct health_case_kept kept = {
		.id = "of another sensor", .code = "interface_missing", .first = T0, .last = T0
	};

	health_cases_restore(run->cases, &kept, &names);
	run->refused = 1;
	assert_int_equal(window(run, false), 1);
	assert_int_equal(window(run, false), 1);
	assert_true(run->told[1].of.is_over && !run->told[1].of.is_open);
	assert_string_equal(run->told[1].of.id, kept.id);
	assert_int_equal(window(run, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_second_window_in_a_row_opens, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_window_alone_opens_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_goes_on_and_is_closed_ten_minutes_after, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(hard_ones_open_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_old_list_is_a_case_until_it_is_replaced, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(each_open_case_is_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ids_follow_from_who_what_where_and_when, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_case_goes_on_after_a_restart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_case_that_is_over_is_closed_after_a_restart,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_case_of_an_interface_that_is_not_watched_is_closed_soon, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_closing_is_told_until_it_is_taken, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_case_goes_on_whose_closing_was_not_taken, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_lost_case_is_closed_until_it_is_taken, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("health_cases", tests, NULL, NULL);
}
