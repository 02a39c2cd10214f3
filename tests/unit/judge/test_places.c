#include "sensor/judge/gate.h"
#include "sensor/judge/places.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>

struct bench {
	struct config config;
	struct suffix_rules *suffixes;
	struct places *places;
};

static void open_bench(struct bench *b)
{
	config_defaults(&b->config);
	assert_int_equal(suffix_rules_new(&b->suffixes), ERR_OK);
	assert_int_equal(places_new(&b->places, &b->config.judge, b->suffixes), ERR_OK);
}

static void visit(struct bench *b, uint32_t device, const char *name, const char *address,
		  double seconds)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", address, 443, TEST_TCP);
	struct fact fact = test_fact(FACT_CHECK_IN, test_after_seconds(seconds), &flow);
	const struct observation seen = { .fact = &fact, .device = device, .peer_name = name };

	places_visit(b->places, &seen);
}

static struct signal_object host(const char *name)
{
	struct signal_object o = { .kind = OBJECT_HOST };

	(void)snprintf(o.text, sizeof(o.text), "%s", name);
	return o;
}

static void visitors_of_one_domain_are_counted_once(void **state)
{
	struct signal_object o = host("c.example.net");
	struct bench b;

	(void)state;
	open_bench(&b);
	visit(&b, 1, "a.example.net", "203.0.113.5", 0);
	visit(&b, 1, "b.example.net", "203.0.113.6", 10);
	visit(&b, 2, "example.net", "203.0.113.7", 20);
	assert_int_equal(places_use_of(b.places, &o).visitor_count, 2);
	assert_int_equal(places_use_of(b.places, &o).first, test_start);
	for (uint32_t device = 3; device < 9; device++)
		visit(&b, device, "example.net", "203.0.113.7", 30);
	assert_int_equal(places_use_of(b.places, &o).visitor_count, PLACE_VISITORS_MAX);
	o = host("example.org");
	assert_int_equal(places_use_of(b.places, &o).visitor_count, 0);
	places_free(b.places);
	suffix_rules_free(b.suffixes);
}

static void an_address_without_a_name_is_a_place(void **state)
{
	struct signal_object o = { .kind = OBJECT_ADDRESS, .has_address = true };
	struct bench b;

	(void)state;
	open_bench(&b);
	o.address = test_address("203.0.113.5");
	visit(&b, 1, "", "203.0.113.5", 0);
	assert_int_equal(places_use_of(b.places, &o).visitor_count, 1);
	o.address = test_address("203.0.113.6");
	assert_int_equal(places_use_of(b.places, &o).visitor_count, 0);
	o.kind = OBJECT_PORT;
	assert_int_equal(places_use_of(b.places, &o).visitor_count, 0);
	places_free(b.places);
	suffix_rules_free(b.suffixes);
}

/* What the office's own use says of a beacon's place. */
struct weigh_case {
	const char *name;
	enum signal_kind kind;
	enum direction direction;
	uint32_t visitors;
	double days;
	double want; /* of one half */
};

static struct weigh_case weights[] = {
	{ "new, and one device's", SIGNAL_BEACON, DIRECTION_OUTBOUND, 1, 1, 0.5 },
	{ "two devices'", SIGNAL_BEACON, DIRECTION_OUTBOUND, 2, 1, 0.5 },
	{ "several devices'", SIGNAL_BEACON, DIRECTION_OUTBOUND, 3, 1, 0.4 / 1.4 },
	{ "old", SIGNAL_BEACON, DIRECTION_OUTBOUND, 1, 14, 0.5 / 1.5 },
	{ "several devices', and old", SIGNAL_BEACON, DIRECTION_OUTBOUND, 4, 30, 0.2 / 1.2 },
	{ "inside the office nothing is rare", SIGNAL_BEACON, DIRECTION_LATERAL, 4, 30, 0.5 },
	{ "a listed place is listed however many use it", SIGNAL_LISTED_CONTACT, DIRECTION_OUTBOUND,
	  4, 30, 0.5 },
	{ "never seen", SIGNAL_BEACON, DIRECTION_OUTBOUND, 0, 0, 0.5 },
};

static void run_weigh(void **state)
{
	const struct weigh_case *c = *state;
	const nanotime age = (nanotime)(c->days * (double)NANOTIME_DAY);
	const struct gate_view view = {
		.resolved = "", .place = { .first = test_start, .visitor_count = c->visitors }
	};
	struct signal s = { .kind = (uint8_t)c->kind,
			    .direction = (uint8_t)c->direction,
			    .last = test_start + age,
			    .confidence = 0.5 };
	struct config config;

	config_defaults(&config);
	gate_weigh_place(&config.judge, &s, &view);
	assert_true(fabs(s.confidence - c->want) < 1e-9);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(weights) + 2] = {
		cmocka_unit_test(visitors_of_one_domain_are_counted_once),
		cmocka_unit_test(an_address_without_a_name_is_a_place),
	};

	(void)ADD_ROWS(tests + 2, weights, run_weigh);
	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
