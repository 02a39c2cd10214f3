#include "tests/unit/judge/keep_bench.h"

/* Cases were kept at once, the rest not since the round before. */
static void crash_confuses_no_devices(struct trial *t)
{
	const struct case_record *before;
	char id[CASE_ID_LEN];
	uint32_t number;

	contact(t, 8, "198.51.100.7", 443, 10, true); /* forgotten by the crash */
	scan_hosts(t, 10, 20);
	before = cases_of(t, 1)[0];
	memcpy(id, before->id, CASE_ID_LEN);
	number = before->device.number;
	assert_true(judge_keep_cases(t->judge, kept_shelf_take_case, t->shelf));
	(void)restart(t);
	assert_int_equal(judge_totals(t->judge).devices, 2);
	contact(t, 7, "198.51.100.7", 443, 30, true); /* gets a number that nobody had */
	scan_hosts(t, 7, 40);
	assert_true(case_of(t, 7)->device.number > number);
	scan_ports(t, 10, 50);
	assert_string_equal(case_of(t, 10)->id, id);
	assert_int_equal(case_of(t, 10)->device.number, number);
	assert_int_equal(case_of(t, 10)->revision, 2);
}

static void a_crash_after_a_round(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	contact(&t, 9, "198.51.100.7", 443, 0, true);
	kept_shelf_fill(t.shelf, t.judge, false);
	crash_confuses_no_devices(&t);
	stop(&t);
}

/* The last round on the disk says that it was the last of its process, and so it was. */
static void a_crash_before_the_first_round(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	contact(&t, 9, "198.51.100.7", 443, 0, true);
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	crash_confuses_no_devices(&t);
	stop(&t);
}

static bool take_devices(void *arg, const struct kept_row *row)
{
	return strcmp(row->table, "devices.addresses") != 0 && kept_shelf_take(arg, row);
}

/* A round was under way: the device's number is kept by its sweep, and nowhere else. */
static void a_crash_amid_a_round_leaves_no_heritage(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	contact(&t, 9, "198.51.100.7", 443, 0, true);
	judge_keep_begin(t.judge, false);
	assert_false(judge_keep_some(t.judge, SIZE_MAX, take_devices, t.shelf));
	try_hosts(&t, 10, 0, HOSTS - 1, 10);
	assert_true(judge_keep_some(t.judge, SIZE_MAX, kept_shelf_take, t.shelf));
	(void)restart(&t);
	try_hosts(&t, 7, HOSTS - 1, HOSTS, 20);
	(void)cases_of(&t, 0);
	stop(&t);
}

/* Forgotten and found again, it has two rows; a larger inventory takes them all back. */
static void a_device_comes_back_once(void **state)
{
	enum { FEW = 16, MANY = 64 };
	struct trial t;

	(void)state;
	start(&t);
	t.config.judge.devices = FEW;
	judge_free(t.judge);
	begin(&t);
	contact(&t, 10, "198.51.100.7", 443, 0, true);
	for (uint8_t i = 0; i < FEW; i++) {
		kept_shelf_fill(t.shelf, t.judge, false);
		contact(&t, 20 + i, "198.51.100.7", 443, 30, true);
	}
	contact(&t, 10, "198.51.100.7", 443, 60, true);
	kept_shelf_fill(t.shelf, t.judge, true);
	t.config.judge.devices = MANY;
	assert_int_equal(restart(&t).unsound, 0);
	assert_int_equal(judge_totals(t.judge).devices, FEW + 1);
	assert_null(judge_device(t.judge, 1));
	assert_int_equal(judge_device(t.judge, FEW + 2)->mac.bytes[5], 10);
	stop(&t);
}

/* Without its device, the same story of the same day is the same case. */
static void a_lost_device_opens_no_second_case(void **state)
{
	char id[CASE_ID_LEN];
	struct trial t;

	(void)state;
	start(&t);
	t.config.judge.devices = 16;
	scan_hosts(&t, 10, 0);
	memcpy(id, cases_of(&t, 1)[0]->id, CASE_ID_LEN);
	assert_true(judge_keep_cases(t.judge, kept_shelf_take_case, t.shelf));
	(void)restart(&t);
	for (uint8_t i = 20; i < 60; i++) /* makes the inventory forget it */
		contact(&t, i, "198.51.100.7", 443, 30, true);
	scan_hosts(&t, 10, 60);
	assert_string_equal(cases_of(&t, 1)[0]->id, id);
	assert_int_equal(cases_of(&t, 1)[0]->revision, 2);
	stop(&t);
}

static bool take_other_layout(void *arg, const struct case_record *c, struct span record)
{
	enum { LAYOUT_AT = 8 };
	struct trial *t = arg;
	uint8_t *other = malloc(record.len);

	(void)c;
	assert_non_null(other);
	memcpy(other, record.data, record.len);
	other[LAYOUT_AT] ^= 1;
	judge_free(t->judge);
	begin(t);
	assert_false(judge_restore_case(t->judge, (struct span){ other, record.len }));
	free(other);
	return true;
}

/* An update may know other cases than before; who has heard of one hears of no revision twice. */
static void revisions_go_on_after_an_update(void **state)
{
	char id[CASE_ID_LEN];
	struct trial t;
	struct trial next;

	(void)state;
	start(&t);
	start(&next);
	scan_hosts(&t, 10, 0);
	scan_ports(&t, 10, 10);
	memcpy(id, cases_of(&t, 1)[0]->id, CASE_ID_LEN);
	assert_true(judge_keep_cases(t.judge, take_other_layout, &next));
	assert_int_equal(judge_restored(next.judge).other_layout, 1);
	(void)cases_of(&next, 0);
	scan_hosts(&next, 10, 60);
	assert_string_equal(cases_of(&next, 1)[0]->id, id);
	assert_int_equal(cases_of(&next, 1)[0]->revision, 3);
	stop(&t);
	stop(&next);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_after_a_round),
		cmocka_unit_test(a_crash_before_the_first_round),
		cmocka_unit_test(a_crash_amid_a_round_leaves_no_heritage),
		cmocka_unit_test(a_device_comes_back_once),
		cmocka_unit_test(a_lost_device_opens_no_second_case),
		cmocka_unit_test(revisions_go_on_after_an_update),
	};

	return cmocka_run_group_tests_name("judge_crash", tests, NULL, NULL);
}
