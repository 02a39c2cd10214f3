#include "sensor/detect/contact_before.h"

#include "sensor/intel/intel_item.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>

static const double day = 86400;

/* Told on the twelfth day: contacts on the first, of 48 MB. */
static struct fact told_of(const char *name)
{
	struct fact fact = test_fact(FACT_CONTACT_BEFORE, test_after_seconds(12 * day), NULL);
	struct fact_contact_before *c = &fact.contact_before;

	c->device = 10;
	c->is_name = true;
	c->entry_kind = INTEL_NAME;
	c->confidence = 80;
	c->first = test_start;
	c->last = test_after_seconds(3600);
	c->flows = 3;
	c->bytes_up = 48000000;
	c->bytes_down = 1000;
	(void)snprintf(c->name, sizeof(c->name), "%s", name);
	(void)snprintf(c->entry, sizeof(c->entry), "%s (urlhaus)", name);
	return fact;
}

static void start(struct test_bench *bench)
{
	test_bench_prepare(bench, &detector_contact_before);
	test_bench_start(bench, NULL);
}

static void show(struct test_bench *bench, const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.device = fact->contact_before.device;
	test_bench_show(bench, &seen);
}

static const struct signal *signal_of(struct test_bench *bench, const struct fact *fact)
{
	size_t before = bench->count;

	show(bench, fact);
	assert_int_equal(bench->count, before + 1);
	return test_bench_last(bench);
}

static void it_tells_what_is_remembered(void **state)
{
	struct test_bench bench;
	struct fact fact = told_of("evil.example.com");
	const struct signal *s;

	(void)state;
	start(&bench);
	s = signal_of(&bench, &fact);
	assert_int_equal(s->kind, SIGNAL_LISTED_BEFORE);
	assert_int_equal(s->device, 10);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_int_equal(s->count, 3);
	assert_true(s->first == test_start && s->last == test_after_seconds(12 * day));
	assert_string_equal(s->object.text, "evil.example.com");
	assert_string_equal(s->detail, "evil.example.com (urlhaus)");
	assert_true(test_reason(s, REASON_DAYS_BEFORE)->value == 12);
	assert_true(test_reason(s, REASON_BYTES_UP)->value == 48000000);
	assert_in_range((int)(100 * s->confidence), 50, 80);
	test_bench_stop(&bench);
}

/* Once for one listing; another date is another listing. */
static void it_is_told_once(void **state)
{
	struct test_bench bench;
	struct fact fact = told_of("evil.example.com");

	(void)state;
	start(&bench);
	(void)signal_of(&bench, &fact);
	show(&bench, &fact);
	fact.time = test_after_seconds(20 * day);
	fact.contact_before.flows = 9;
	fact.contact_before.confirmed = test_after_seconds(19 * day);
	(void)snprintf(fact.contact_before.entry, sizeof(fact.contact_before.entry),
		       "evil.example.com (urlhaus, threatfox)");
	show(&bench, &fact);
	assert_int_equal(bench.count, 1);
	fact.contact_before.listed = test_after_seconds(11 * day);
	(void)signal_of(&bench, &fact);
	fact.contact_before.device = 11;
	(void)signal_of(&bench, &fact);
	test_bench_stop(&bench);
}

/* The day that the list gives, as long as it lies between. */
static void the_day_of_listing_counts(void **state)
{
	struct test_bench bench;
	struct fact fact = told_of("evil.example.com");

	(void)state;
	start(&bench);
	fact.contact_before.listed = test_after_seconds(5 * day);
	assert_true(test_reason(signal_of(&bench, &fact), REASON_DAYS_BEFORE)->value == 5);
	assert_true(test_reason(test_bench_last(&bench), REASON_LISTED_DAYS)->value == 7);
	fact.contact_before.listed = test_start - 3 * NANOTIME_DAY; /* but the list came late */
	assert_true(test_reason(signal_of(&bench, &fact), REASON_DAYS_BEFORE)->value == 12);
	fact.contact_before.listed = test_after_seconds(30 * day); /* a maker's clock */
	assert_true(test_reason(signal_of(&bench, &fact), REASON_DAYS_BEFORE)->value == 12);
	test_bench_stop(&bench);
}

struct weaker_case {
	const char *name;
	void (*change)(struct fact_contact_before *c);
};

static void is_older(struct fact_contact_before *c)
{
	c->first -= 17 * NANOTIME_DAY;
	c->last -= 17 * NANOTIME_DAY;
}

static void is_less_sure(struct fact_contact_before *c)
{
	c->confidence = 50;
}

static void is_shared(struct fact_contact_before *c)
{
	c->entry_kind = INTEL_ADDRESS;
	c->entry_class = INTEL_CDN;
}

static void has_known_name(struct fact_contact_before *c)
{
	c->has_known_name = true;
}

static void is_lookup(struct fact_contact_before *c)
{
	c->is_lookup = true;
	c->lookups = 4;
	c->flows = 0;
}

static void run_weaker(void **state)
{
	const struct weaker_case *w = *state;
	struct test_bench bench;
	struct fact fact = told_of("evil.example.com");
	double before;

	start(&bench);
	before = signal_of(&bench, &fact)->confidence;
	test_bench_stop(&bench);
	start(&bench);
	w->change(&fact.contact_before);
	assert_true(signal_of(&bench, &fact)->confidence < before - 0.03);
	if (fact.contact_before.is_lookup) {
		assert_int_equal(test_bench_last(&bench)->outcome, OUTCOME_ATTEMPT);
		assert_int_equal(test_bench_last(&bench)->count, 4);
		assert_null(test_reason(test_bench_last(&bench), REASON_BYTES_UP));
	}
	test_bench_stop(&bench);
}

static void what_is_not_sure_any_more_is_silent(void **state)
{
	struct test_bench bench;
	struct fact fact = told_of("evil.example.com");

	(void)state;
	start(&bench);
	fact.contact_before.confidence = 1;
	show(&bench, &fact);
	assert_int_equal(bench.count, 0);
	fact = told_of("evil.example.com"); /* a device that is not known any more */
	fact.contact_before.device = 0;
	show(&bench, &fact);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void ports_of_an_address_are_two(void **state)
{
	struct test_bench bench;
	struct fact fact = told_of("");
	struct fact_contact_before *c = &fact.contact_before;

	(void)state;
	start(&bench);
	c->is_name = false;
	c->entry_kind = INTEL_ADDRESS;
	c->address = test_address("203.0.113.7");
	c->port = 443;
	(void)snprintf(c->entry, sizeof(c->entry), "203.0.113.7");
	assert_int_equal(signal_of(&bench, &fact)->object.kind, OBJECT_ADDRESS);
	assert_string_equal(test_bench_last(&bench)->object.text, "203.0.113.7");
	show(&bench, &fact);
	c->port = 8443;
	assert_int_equal(signal_of(&bench, &fact)->object.port, 8443);
	test_bench_stop(&bench);
}

static void it_says_no_more_than_its_budget(void **state)
{
	struct test_bench bench;
	char name[64];

	(void)state;
	start(&bench);
	for (unsigned i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "h%u.example.com", i);

		struct fact fact = told_of(name);

		show(&bench, &fact);
	}
	assert_int_equal(bench.count, 5000);
	test_bench_stop(&bench);
}

int main(void)
{
	static struct weaker_case weaker[] = {
		{ "longer ago", is_older },
		{ "a list that is less sure", is_less_sure },
		{ "an address that many share", is_shared },
		{ "an address asked for by a known name", has_known_name },
		{ "a lookup alone", is_lookup },
	};
	struct CMUnitTest tests[16] = {
		cmocka_unit_test(it_tells_what_is_remembered),
		cmocka_unit_test(it_is_told_once),
		cmocka_unit_test(the_day_of_listing_counts),
		cmocka_unit_test(what_is_not_sure_any_more_is_silent),
		cmocka_unit_test(ports_of_an_address_are_two),
		cmocka_unit_test(it_says_no_more_than_its_budget),
	};
	size_t count = 6;

	for (size_t i = 0; i < sizeof(weaker) / sizeof(weaker[0]); i++)
		tests[count++] = (struct CMUnitTest){ .name = weaker[i].name,
						      .test_func = run_weaker,
						      .initial_state = &weaker[i] };
	return _cmocka_run_group_tests("contact_before", tests, count, NULL, NULL);
}
