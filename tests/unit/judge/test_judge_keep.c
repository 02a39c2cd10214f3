#include "tests/unit/judge/keep_bench.h"

static const double day = 86400;

static void every_table_of_a_busy_office_comes_back(void **state)
{
	struct keeper_room rooms[KEEPER_TABLES_MAX];
	struct judge_restored restored;
	struct judge_totals before;
	struct judge_totals after;
	struct trial t;
	size_t rows;

	(void)state;
	start(&t);
	busy_office(0, &t.flow_id, judge_take, t.judge);
	(void)cases_of(&t, OFFICE_CASES);
	before = judge_totals(t.judge);
	kept_shelf_fill(t.shelf, t.judge, true);
	rows = kept_shelf_rows(t.shelf);
	restored = restart(&t);
	assert_int_equal(restored.rows + restored.cases, rows);
	assert_int_equal(restored.cases, OFFICE_CASES);
	assert_int_equal(restored.unsound + restored.other_layout, 0);
	after = judge_totals(t.judge);
	assert_memory_equal(&after, &before, sizeof(after));
	assert_true(judge_keep_tables(t.judge, rooms, KEEPER_TABLES_MAX) >= 14);
	/* Nothing of it is handed out again, but what stands in place: the account of a process
	 * that lives, its lookout, who gives out addresses, hosts of a wire by itself, listed
	 * contacts that wait, and where the capsules stand. */
	kept_shelf_free(t.shelf);
	t.shelf = kept_shelf_new();
	kept_shelf_fill(t.shelf, t.judge, false);
	assert_true(kept_shelf_rows(t.shelf) <= 7);
	judge_keep_forget(t.judge);
	kept_shelf_fill(t.shelf, t.judge, false);
	assert_int_equal(kept_shelf_rows(t.shelf), rows - OFFICE_CASES);
	stop(&t);
}

static void a_case_goes_on(void **state)
{
	struct case_record before;
	const struct case_record *after;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 0);
	contact_listed(&t, 10, 60);
	before = *cases_of(&t, 1)[0];
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	contact_listed(&t, 10, 90); /* told before, by the earlier process's list */
	after = cases_of(&t, 1)[0];
	assert_int_equal(after->revision, before.revision);
	assert_string_equal(after->findings[0].id, before.findings[0].id);
	scan_ports(&t, 10, 100);
	after = cases_of(&t, 1)[0];
	assert_string_equal(after->id, before.id);
	assert_int_equal(after->revision, before.revision + 1);
	assert_int_equal(after->finding_count, 3);
	assert_int_equal(after->priority, PRIORITY_1);
	assert_int_equal(after->device.number, before.device.number);
	scan_hosts(&t, 10, 3 * day); /* it was quiet meanwhile */
	(void)cases_of(&t, 2);
	stop(&t);
}

/* It turned out to be one without a word of its own. */
static void a_router_stays_one(void **state)
{
	static const char *const outside[] = { "198.51.100.7", "203.0.113.9" };
	struct trial t;

	(void)state;
	start(&t);
	contact(&t, OFFICE_ROUTER, "192.168.1.2", 443, 0, true);
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(1), NULL);

		kept_shelf_fill(t.shelf, t.judge, false);
		fact.sighting = (struct fact_sighting){ .source = test_address(outside[i]),
							.source_mac = test_mac(OFFICE_ROUTER) };
		judge_take(t.judge, &fact);
	}
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	assert_true(judge_device(t.judge, 1)->is_router);
	stop(&t);
}

static void each_change_is_told_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 0);
	expect_changes(&t, "opened");
	scan_ports(&t, 10, 60);
	expect_changes(&t, "found");
	contact_listed(&t, 10, 90);
	expect_changes(&t, "found");
	try_hosts(&t, 10, HOSTS, 2 * HOSTS, 95);
	expect_changes(&t, "grew");
	contact(&t, 11, "192.168.1.1", 80, 100, true);
	expect_changes(&t, "");
	assert_true(case_change_is_urgent(CASE_OPENED) && case_change_is_urgent(CASE_FOUND) &&
		    case_change_is_urgent(CASE_RAISED) && case_change_is_urgent(CASE_WITHDRAWN));
	assert_false(case_change_is_urgent(CASE_GREW) || case_change_is_urgent(CASE_UNCHANGED));
	stop(&t);
}

/* Two devices with the same beacon: common, and so the first one's case was none. */
static void a_withdrawn_case_is_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 6; i++)
		check_in(&t, 10, i * 60);
	expect_changes(&t, "opened");
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	for (unsigned i = 6; i < 13; i++) {
		check_in(&t, 10, i * 60);
		check_in(&t, 11, i * 60 + 20);
	}
	(void)cases_of(&t, 0);
	assert_int_equal(t.changes[t.change_count - 1].how, CASE_WITHDRAWN);
	assert_true(t.changes[t.change_count - 1].revision > 1);
	kept_shelf_fill(t.shelf, t.judge, true);
	assert_int_equal(restart(&t).unsound, 0);
	(void)cases_of(&t, 0);
	t.change_count = 0;
	contact_listed(&t, 10, 900); /* another finding: it is one again */
	expect_changes(&t, "found");
	(void)cases_of(&t, 1);
	stop(&t);
}

/* No clock in the box: it starts in 1970, or in the year before. */
static void an_earlier_clock_is_survived(void **state)
{
	static const double earlier[] = { -1772409600, -365 * 86400.0, -7200, -60 };
	struct trial t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(earlier); i++) {
		struct judge_totals totals;
		uint64_t sum = 0;

		start(&t);
		busy_office(0, &t.flow_id, judge_take, t.judge);
		kept_shelf_fill(t.shelf, t.judge, true);
		assert_int_equal(restart(&t).unsound, 0);
		t.change_count = 0;
		busy_office(earlier[i], &t.flow_id, judge_take, t.judge);
		judge_finish(t.judge);
		totals = judge_totals(t.judge);
		for (size_t g = 0; g < GATE_ANSWERS; g++)
			sum += totals.held[g];
		assert_int_equal(totals.signals, totals.in_cases + sum);
		/* The same devices do the same: they go on with their cases. */
		(void)cases_of(&t, OFFICE_CASES);
		kept_shelf_fill(t.shelf, t.judge, true);
		assert_int_equal(restart(&t).unsound, 0);
		stop(&t);
	}
}

/* Of a full book the longest quiet case makes room, and the account still holds. */
static void a_full_book_lets_quiet_cases_go(void **state)
{
	struct judge_totals totals;
	struct trial t;

	(void)state;
	start(&t);
	t.config.judge.cases = LEAST_CASES;
	judge_free(t.judge);
	begin(&t);
	scan_hosts(&t, 10, 0);
	scan_hosts(&t, 11, 10);
	scan_hosts(&t, 12, 20);
	(void)cases_of(&t, LEAST_CASES);
	assert_int_equal(judge_totals(t.judge).held[GATE_CASES_FULL], 1);
	scan_hosts(&t, 11, 0.5 * day);
	scan_hosts(&t, 12, 1.2 * day); /* 10 is quiet, 11 is not */
	(void)cases_of(&t, LEAST_CASES);
	(void)case_of(&t, 11);
	(void)case_of(&t, 12);
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	totals = judge_totals(t.judge);
	assert_int_equal(totals.signals, 5);
	assert_int_equal(totals.in_cases, 4);
	scan_hosts(&t, 13, 1.6 * day); /* 11 has been quiet for longest */
	(void)case_of(&t, 12);
	(void)case_of(&t, 13);
	stop(&t);
}

static void damaged_cases_are_refused(void **state)
{
	struct judge_restored restored;
	struct trial t;
	uint8_t record[64] = { 0 };

	(void)state;
	start(&t);
	for (size_t len = 0; len <= sizeof(record); len += 4)
		assert_false(judge_restore_case(t.judge, (struct span){ record, len }));
	restored = judge_restored(t.judge);
	assert_int_equal(restored.cases, 0);
	assert_int_equal(restored.unsound + restored.other_layout, sizeof(record) / 4 + 1);
	(void)cases_of(&t, 0);
	stop(&t);
}

static void a_first_start_has_nothing_to_restore(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	assert_int_equal(judge_restored(t.judge).rows, 0);
	contact(&t, 9, "198.51.100.7", 443, 0, true);
	assert_int_equal(judge_device(t.judge, 1)->mac.bytes[5], 9);
	assert_null(judge_device(t.judge, 2));
	stop(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_of_a_busy_office_comes_back),
		cmocka_unit_test(a_case_goes_on),
		cmocka_unit_test(a_router_stays_one),
		cmocka_unit_test(each_change_is_told_once),
		cmocka_unit_test(a_withdrawn_case_is_told),
		cmocka_unit_test(an_earlier_clock_is_survived),
		cmocka_unit_test(a_full_book_lets_quiet_cases_go),
		cmocka_unit_test(damaged_cases_are_refused),
		cmocka_unit_test(a_first_start_has_nothing_to_restore),
	};

	return cmocka_run_group_tests_name("judge_keep", tests, NULL, NULL);
}
