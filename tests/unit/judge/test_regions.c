#include "sensor/judge/regions.h"

#include "tests/support/facts.h"
#include "tests/support/place_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Servers of tests/support/places.tsv. */
#define HOSTING "198.51.100.7"  /* NL, 64500, by its name a hosting company */
#define AT_HOME "203.0.113.5"   /* JP, 64502 */
#define ABROAD  "203.0.113.150" /* US, 64503 */

enum { DAY = 86400 };

struct bench {
	struct config config;
	struct place_databases *databases;
	struct regions *regions;
};

static void open_bench(struct bench *b)
{
	config_defaults(&b->config);
	(void)snprintf(b->config.places.databases, sizeof(b->config.places.databases), "%s",
		       place_file());
	b->config.places.oldest = 3650 * NANOTIME_DAY;
	assert_int_equal(place_databases_open(&b->databases, &b->config.places), ERR_OK);
	assert_int_equal(regions_new(&b->regions, &b->config), ERR_OK);
	regions_use(b->regions, b->databases);
}

static void close_bench(struct bench *b)
{
	regions_free(b->regions);
	place_databases_free(b->databases);
}

static void visit(struct bench *b, uint32_t device, const char *server, double seconds)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", server, 443, TEST_TCP);
	struct fact fact = test_fact(FACT_FLOW_ENDED, test_after_seconds(seconds), &flow);
	struct observation seen = { .fact = &fact, .device = device, .peer_name = "" };

	regions_ask(b->regions, &flow.server, fact.time);
	seen.place = regions_find(b->regions, &flow.server);
	regions_visit(b->regions, &seen);
}

/* A signal of a beacon to the server then, as likely as not. */
static struct signal beacon(uint32_t device, const char *server, double seconds)
{
	struct signal s = { .kind = SIGNAL_BEACON,
			    .direction = DIRECTION_OUTBOUND,
			    .device = device,
			    .confidence = 0.5,
			    .last = test_after_seconds(seconds),
			    .object = { .kind = OBJECT_HOST, .has_address = true } };

	s.object.address = test_address(server);
	return s;
}

/* Two devices at home for so long. */
static void live(struct bench *b, double days)
{
	for (double day = 0; day < days; day += 0.05) {
		visit(b, 10, AT_HOME, day * DAY);
		visit(b, 11, AT_HOME, day * DAY);
	}
}

static bool gives(const struct signal *s, enum reason_code code)
{
	return signal_find_reason(s, code) != NULL;
}

static void where_it_is_is_told_with_the_signal(void **state)
{
	struct signal s = beacon(10, HOSTING, 60);
	struct bench b;

	(void)state;
	open_bench(&b);
	visit(&b, 10, HOSTING, 0);
	regions_weigh(b.regions, &s);
	assert_string_equal(s.place.country, "NL");
	assert_int_equal(s.place.asn, 64500);
	assert_int_equal(s.reason_count, 0); /* in the first minutes all is new */
	close_bench(&b);
}

static void without_a_database_nothing_is_known(void **state)
{
	const struct address address = test_address(HOSTING);
	struct signal s = beacon(10, HOSTING, 60);
	struct bench b;

	(void)state;
	open_bench(&b);
	regions_use(b.regions, NULL);
	assert_false(regions_may_ask(b.regions));
	visit(&b, 10, HOSTING, 0);
	assert_null(regions_find(b.regions, &address));
	regions_weigh(b.regions, &s);
	assert_false(place_is_known(&s.place));
	close_bench(&b);
}

static void another_database_begins_anew(void **state)
{
	const struct address address = test_address(HOSTING);
	struct bench b;

	(void)state;
	open_bench(&b);
	visit(&b, 10, HOSTING, 0);
	assert_non_null(regions_find(b.regions, &address));
	regions_use(b.regions, b.databases);
	assert_null(regions_find(b.regions, &address));
	close_bench(&b);
}

/* What is new after so many days of watching, and for whom. */
struct new_case {
	const char *name;
	double days;             /* that both were at home before … */
	double until;            /* … device 10 went abroad, and days more before the signal */
	bool has_colleague_gone; /* on the first day */
	bool is_new_here;
	bool is_new;
	bool is_new_network;
};

static struct new_case news[] = {
	{ "new after the learning period", 20, 0.01, false, true, false, true },
	{ "new for the device alone", 20, 0.01, true, false, true, false },
	{ "in the first days", 6, 0.01, false, false, false, false },
	{ "during the learning period", 13, 0.01, false, false, false, false },
	{ "new some days ago", 20, 10, false, true, false, true },
	{ "known for long", 20, 30, false, false, false, false },
};

static void what_is_new(void **state)
{
	const struct new_case *c = *state;
	double gone = c->days * DAY + 60;
	double now = gone + c->until * DAY;
	struct signal s = beacon(10, ABROAD, now);
	struct bench b;

	open_bench(&b);
	if (c->has_colleague_gone)
		visit(&b, 11, ABROAD, 1);
	live(&b, c->days);
	visit(&b, 10, ABROAD, gone);
	regions_weigh(b.regions, &s);
	assert_int_equal(gives(&s, REASON_COUNTRY_NEW_HERE), c->is_new_here);
	assert_int_equal(gives(&s, REASON_COUNTRY_NEW), c->is_new);
	assert_int_equal(gives(&s, REASON_NETWORK_NEW), c->is_new_network);
	assert_int_equal(s.confidence > 0.5, c->is_new_here || c->is_new || c->is_new_network);
	assert_true(s.confidence < 0.7); /* evidence, never enough by itself */
	close_bench(&b);
}

static void rare_hosting_weighs(void **state)
{
	struct signal rare = beacon(10, HOSTING, 20 * DAY);
	struct signal usual = rare;
	struct signal home = beacon(10, AT_HOME, 20 * DAY);
	struct bench b;

	(void)state;
	open_bench(&b);
	visit(&b, 10, HOSTING, 0);
	live(&b, 20);
	regions_weigh(b.regions, &rare);
	assert_true(gives(&rare, REASON_HOSTING_RARE));
	regions_weigh(b.regions, &home);
	assert_int_equal(home.reason_count, 0);
	for (int i = 0; i < 40; i++)
		visit(&b, 10, HOSTING, 19 * DAY);
	regions_weigh(b.regions, &usual);
	assert_false(gives(&usual, REASON_HOSTING_RARE));
	close_bench(&b);
}

static void what_the_office_expects_goes_over_what_is_new(void **state)
{
	struct signal expected = beacon(10, ABROAD, 20 * DAY + 60);
	struct signal other = beacon(10, HOSTING, 20 * DAY + 60);
	struct bench b;

	(void)state;
	open_bench(&b);
	b.config.places.expected = (struct country_codes){ .code = { "JP", "US" }, .count = 2 };
	visit(&b, 10, HOSTING, 0);
	live(&b, 20);
	visit(&b, 10, ABROAD, 20 * DAY);
	regions_weigh(b.regions, &expected);
	assert_false(gives(&expected, REASON_COUNTRY_NEW_HERE));
	assert_false(gives(&expected, REASON_COUNTRY_UNEXPECTED));
	regions_weigh(b.regions, &other);
	assert_true(gives(&other, REASON_COUNTRY_UNEXPECTED));
	assert_false(gives(&other, REASON_COUNTRY_NEW_HERE));
	close_bench(&b);
}

static void only_where_the_place_matters(void **state)
{
	struct signal s = beacon(10, ABROAD, 20 * DAY + 60);
	struct signal inside = s;
	struct signal full = s;
	struct bench b;

	(void)state;
	open_bench(&b);
	live(&b, 20);
	visit(&b, 10, ABROAD, 20 * DAY);
	s.kind = SIGNAL_DNS_TUNNEL;
	regions_weigh(b.regions, &s);
	assert_true(place_is_known(&s.place));
	assert_int_equal(s.reason_count, 0);
	inside.direction = DIRECTION_LATERAL;
	regions_weigh(b.regions, &inside);
	assert_false(place_is_known(&inside.place));
	full.reason_count = SIGNAL_REASONS_MAX - 1;
	regions_weigh(b.regions, &full);
	assert_int_equal(full.reason_count, SIGNAL_REASONS_MAX - 1);
	assert_true(fabs(full.confidence - 0.5) < 1e-9); /* nothing moves it that is not told */
	close_bench(&b);
}

static void a_name_without_an_address_is_where_its_flows_go(void **state)
{
	struct signal s = beacon(10, ABROAD, 60);
	struct bench b;

	(void)state;
	open_bench(&b);
	visit(&b, 10, ABROAD, 0);
	s.object.has_address = false;
	regions_weigh(b.regions, &s);
	assert_false(place_is_known(&s.place));
	s.flows[0].flow = test_flow(1, "192.168.1.10", ABROAD, 443, TEST_TCP);
	s.flow_count = 1;
	regions_weigh(b.regions, &s);
	assert_string_equal(s.place.country, "US");
	close_bench(&b);
}

int main(void)
{
	enum { NEWS = sizeof(news) / sizeof(news[0]), OTHERS = 7 };
	const struct CMUnitTest others[OTHERS] = {
		cmocka_unit_test(where_it_is_is_told_with_the_signal),
		cmocka_unit_test(without_a_database_nothing_is_known),
		cmocka_unit_test(another_database_begins_anew),
		cmocka_unit_test(rare_hosting_weighs),
		cmocka_unit_test(what_the_office_expects_goes_over_what_is_new),
		cmocka_unit_test(only_where_the_place_matters),
		cmocka_unit_test(a_name_without_an_address_is_where_its_flows_go),
	};
	struct CMUnitTest tests[NEWS + OTHERS];

	for (size_t i = 0; i < NEWS; i++)
		tests[i] = (struct CMUnitTest){ .name = news[i].name,
						.test_func = what_is_new,
						.initial_state = &news[i] };
	memcpy(tests + NEWS, others, sizeof(others));
	return cmocka_run_group_tests_name("regions", tests, NULL, NULL);
}
