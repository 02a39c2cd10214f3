#include "sensor/judge/case_book.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { DAY_CASES = 3, WEEK_CASES = 5 };

struct bench {
	struct config config;
	struct case_book *book;
};

static void start(struct bench *b)
{
	config_defaults(&b->config);
	b->config.judge.budget_day = DAY_CASES;
	b->config.judge.budget_week = WEEK_CASES;
	assert_int_equal(case_book_new(&b->book, &b->config.judge, "", false), ERR_OK);
}

static void stop(struct bench *b)
{
	case_book_free(b->book);
}

static struct device device_of(uint8_t number)
{
	struct device device = { .number = number, .has_mac = true };

	device.mac = test_mac(number);
	return device;
}

/* A signal of `device` after `hours`, which opens its case or goes into it. */
static void tell(struct bench *b, uint8_t device, enum signal_kind kind, enum outcome outcome,
		 double hours)
{
	const struct device who = device_of(device);
	const struct case_subject subject = { .device = &who };
	const struct considered considered = { .count = 0 };
	nanotime when = test_after_seconds(hours * 3600);
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = (uint8_t)outcome,
			    .device = device,
			    .first = when,
			    .last = when,
			    .confidence = 0.8 };

	(void)snprintf(s.object.text, sizeof(s.object.text), "x.example");
	assert_true(case_book_fold(b->book, &s, &considered, 1, &subject));
}

static void tell_p3(struct bench *b, uint8_t device, double hours)
{
	tell(b, device, SIGNAL_TOR, OUTCOME_ATTEMPT, hours);
}

static void tell_p2(struct bench *b, uint8_t device, double hours)
{
	tell(b, device, SIGNAL_SCAN_INSIDE, OUTCOME_ATTEMPT, hours);
}

static void tell_p1(struct bench *b, uint8_t device, double hours)
{
	tell(b, device, SIGNAL_DNS_TUNNEL, OUTCOME_DATA, hours);
}

static const struct case_record *case_of(struct bench *b, uint8_t device)
{
	return case_book_open_case(b->book, device, test_after_seconds(0));
}

static bool is_digest(struct bench *b, uint8_t device)
{
	assert_non_null(case_of(b, device));
	return case_of(b, device)->is_digest;
}

static void what_exceeds_the_day_goes_to_the_digest(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= DAY_CASES + 2; d++)
		tell_p3(&b, d, d);
	for (uint8_t d = 1; d <= DAY_CASES + 2; d++)
		assert_int_equal(is_digest(&b, d), d > DAY_CASES);
	/* More of the same changes nothing; a day after the first there is room again. */
	tell_p3(&b, DAY_CASES + 2, DAY_CASES + 3);
	assert_true(is_digest(&b, DAY_CASES + 2));
	tell_p3(&b, 20, 25.5);
	assert_false(is_digest(&b, 20));
	tell_p3(&b, 21, 25.6);
	assert_true(is_digest(&b, 21));
	stop(&b);
}

static void and_so_does_what_exceeds_the_week(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	for (uint8_t d = 0; d < 7; d++)
		tell_p3(&b, (uint8_t)(d + 1), 24.0 * d);
	for (uint8_t d = 0; d < 7; d++)
		assert_int_equal(is_digest(&b, (uint8_t)(d + 1)), d >= WEEK_CASES);
	tell_p3(&b, 30, 24.0 * 7.5);
	assert_false(is_digest(&b, 30));
	stop(&b);
}

static void what_is_more_urgent_takes_a_place(void **state)
{
	struct bench b;
	uint32_t revision;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= DAY_CASES; d++)
		tell_p3(&b, d, d);
	revision = case_of(&b, DAY_CASES)->revision;
	tell_p2(&b, 10, 5);
	assert_false(is_digest(&b, 10));
	/* Equal but later: the last one gives way, and its revision says so. */
	assert_false(is_digest(&b, 1));
	assert_false(is_digest(&b, 2));
	assert_true(is_digest(&b, DAY_CASES));
	assert_int_equal(case_of(&b, DAY_CASES)->revision, revision + 1);
	tell_p2(&b, 11, 6);
	tell_p2(&b, 12, 7);
	tell_p2(&b, 13, 8); /* all told ones are as urgent */
	assert_true(is_digest(&b, 13));
	for (uint8_t d = 1; d <= DAY_CASES; d++)
		assert_true(is_digest(&b, d));
	stop(&b);
}

static void what_must_be_told_goes_past_it(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= 2 * DAY_CASES; d++)
		tell_p1(&b, d, d);
	for (uint8_t d = 1; d <= 2 * DAY_CASES; d++)
		assert_false(is_digest(&b, d));
	/* Nothing of the budget was spent on them. */
	for (uint8_t d = 11; d <= 11 + DAY_CASES; d++)
		tell_p3(&b, d, 8 + d / 100.0);
	assert_false(is_digest(&b, 10 + DAY_CASES));
	assert_true(is_digest(&b, 11 + DAY_CASES));
	/* A case of the digest that becomes P1 leaves it, at once. */
	tell_p1(&b, 11 + DAY_CASES, 9);
	assert_false(is_digest(&b, 11 + DAY_CASES));
	assert_int_equal(case_of(&b, 11 + DAY_CASES)->priority, PRIORITY_1);
	/* Remote access that somebody used, too, though it is P2. */
	tell(&b, 40, SIGNAL_EXPOSED_SERVICE, OUTCOME_DATA, 10);
	assert_int_equal(case_of(&b, 40)->priority, PRIORITY_2);
	assert_false(is_digest(&b, 40));
	stop(&b);
}

static void a_case_that_is_raised_is_looked_at_again(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= DAY_CASES + 1; d++)
		tell_p3(&b, d, d);
	assert_true(is_digest(&b, DAY_CASES + 1));
	tell_p2(&b, DAY_CASES + 1, 8);
	assert_false(is_digest(&b, DAY_CASES + 1));
	assert_true(is_digest(&b, DAY_CASES));
	stop(&b);
}

/* Captures of different days, read in the wrong order. */
static void time_that_goes_back_spends_nothing(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= DAY_CASES; d++)
		tell_p3(&b, d, 100 + d);
	tell_p3(&b, 20, 10);
	assert_false(is_digest(&b, 20));
	stop(&b);
}

static void the_digest_comes_last(void **state)
{
	const struct case_record *const *cases;
	struct bench b;
	size_t count;

	(void)state;
	start(&b);
	for (uint8_t d = 1; d <= DAY_CASES; d++)
		tell_p2(&b, d, d);
	tell_p2(&b, 10, 5);
	tell_p1(&b, 11, 6);
	cases = case_book_list(b.book, &count);
	assert_int_equal(count, DAY_CASES + 2);
	assert_int_equal(cases[0]->priority, PRIORITY_1);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(cases[i]->is_digest, i == count - 1);
	stop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_exceeds_the_day_goes_to_the_digest),
		cmocka_unit_test(and_so_does_what_exceeds_the_week),
		cmocka_unit_test(what_is_more_urgent_takes_a_place),
		cmocka_unit_test(what_must_be_told_goes_past_it),
		cmocka_unit_test(a_case_that_is_raised_is_looked_at_again),
		cmocka_unit_test(time_that_goes_back_spends_nothing),
		cmocka_unit_test(the_digest_comes_last),
	};

	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
