#include "sensor/detect/wide_beacon.h"

#include "tests/unit/detect/raw_bench.h"

#include <math.h>

/* Who calls where. */
struct where {
	const char *client;
	const char *server;
	uint16_t port;
	const char *host; /* "" is none: called by its address */
	const char *protocol;
};

static const struct where service = { "192.168.1.10", "203.0.113.5", 443, "sync.example.net",
				      "TLS" };
static const struct where rented = { "192.168.1.10", "203.0.113.5", 443, "sync.ddns.net", "TLS" };
static const struct where bare = { "192.168.1.10", "203.0.113.6", 4460, "", "Unknown" };
static const struct where bare_too = { "192.168.1.11", "203.0.113.6", 4460, "", "Unknown" };

enum { SIZE = 300 };

static struct test_bench bench;
static uint64_t flows;
static uint64_t random_state;

static void start(void)
{
	random_state = 7;
	test_bench_prepare(&bench, &detector_wide_beacon);
	test_bench_start(&bench, NULL);
}

static void call(const struct where *w, double seconds, uint32_t size)
{
	struct fact_flow flow = test_flow(++flows, w->client, w->server, w->port, TEST_TCP);
	struct fact fact = test_check_in(test_after_seconds(seconds), &flow, size, w->host);
	struct observation seen;

	fact.check_in.is_answered = true;
	fact.check_in.has_data_down = true;
	fact.check_in.names.host_source = w->host[0] != '\0' ? HOST_TLS : HOST_NONE;
	(void)snprintf(fact.check_in.names.protocol, FACT_PROTOCOL_LEN, "%s", w->protocol);
	seen = test_seen(&fact);
	test_bench_show(&bench, &seen);
}

typedef double (*waits)(double period);

static double four_fifths_either_way(double period)
{
	return period * (0.2 + 1.6 * test_random_share(&random_state));
}

static double at_any_time(double period)
{
	return -period * log(1 - test_random_share(&random_state));
}

static double set_back_by_use(double period)
{
	return fmin(period, at_any_time(1.4 * period));
}

static double by_the_clock(double period)
{
	return period;
}

/* A day or two of calls, as the case says. */
struct wide_case {
	const char *name;
	const struct where *where;
	waits next;
	unsigned calls;
	double period;
	unsigned every_odd_size; /* every so many are of any size; 0 is none */
	unsigned awake_before;   /* hours in which the device called others alone, in between */
	double least;            /* of the last signal's confidence; 0: nothing is told … */
	double most;
	bool is_drawn;
};

static struct wide_case cases[] = {
	{ "drawn, to a service", &service, four_fifths_either_way, 128, 600, 0, 0, 0.3, 0.5, true },
	{ "drawn, to a rented name", &rented, four_fifths_either_way, 128, 600, 0, 0, 0.5, 0.8,
	  true },
	{ "too few", &rented, four_fifths_either_way, 63, 1200, 0, 0, 0, 0, false },
	{ "in an hour", &rented, four_fifths_either_way, 128, 30, 0, 0, 0, 0, false },
	{ "of all sizes", &rented, four_fifths_either_way, 128, 600, 2, 0, 0, 0, false },
	{ "while the device did other things for days", &rented, four_fifths_either_way, 128, 600,
	  0, 40, 0, 0, false },
	{ "at any time is less sure", &rented, at_any_time, 128, 600, 0, 0, 0.2, 0.4, false },
	{ "a timer that use sets back is less sure", &rented, set_back_by_use, 128, 600, 0, 0, 0.2,
	  0.4, false },
	{ "by the clock is another's story", &rented, by_the_clock, 128, 600, 0, 0, 0, 0, false },
};

static void run_case(void **state)
{
	const struct wide_case *c = *state;
	const struct where other = { "192.168.1.10", "203.0.113.99", 443, "www.example.com",
				     "TLS" };
	double at = 1;

	start();
	for (unsigned i = 0; i < c->calls; i++) {
		uint32_t size = c->every_odd_size > 0 && i % c->every_odd_size == 0
					? (uint32_t)(test_random(&random_state) % 1400)
					: SIZE;

		call(c->where, at, size);
		at += c->next(c->period);
		if (i == c->calls / 4) {
			for (unsigned h = 0; h < c->awake_before; h++, at += 3600)
				call(&other, at, 100 + 37 * h);
		}
	}
	assert_int_equal(bench.count > 0, c->least > 0);
	if (c->least > 0) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_WIDE_BEACON);
		assert_true(s->confidence >= c->least && s->confidence < c->most);
		assert_int_equal(test_reason(s, REASON_JITTER) != NULL, c->is_drawn);
		assert_true(signal_is_sound(s));
		assert_true(bench.count <= 3);
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

static void take_turns(unsigned names, unsigned calls, double from)
{
	char host[32];
	struct where w = rented;

	w.host = host;
	for (unsigned i = 0; i < calls; i++) {
		(void)snprintf(host, sizeof(host), "n%u.relay.example.net", i % names);
		call(&w, from + 60 * i, SIZE);
	}
}

static void a_rhythm_over_names_of_one_domain(void **state)
{
	(void)state;
	start();
	take_turns(4, 16, 1);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_WIDE_BEACON);
	assert_true(test_reason(test_bench_last(&bench), REASON_NAMES_OF_DOMAIN)->value == 4);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);

	start();
	take_turns(2, 16, 1); /* two names are a service and its log */
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void call_together(const struct where *one, double period, const struct where *other,
			  double other_period, double later)
{
	double at = 1;
	double other_at = 3 + later;

	for (unsigned i = 0; i < 60;) {
		if (at <= other_at) {
			call(one, at, SIZE);
			at += period;
			i++;
		} else {
			call(other, other_at, SIZE);
			other_at += other_period;
			i++;
		}
	}
}

static void several_devices_in_one_rhythm(void **state)
{
	const struct where named = { "192.168.1.11", "203.0.113.5", 443, "sync.example.net",
				     "TLS" };

	(void)state;
	start();
	call_together(&bare, 60, &bare_too, 62, 0);
	assert_true(bench.count >= 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_SHARED_BEACON);
	assert_true(test_reason(test_bench_last(&bench), REASON_TOGETHER)->value == 2);
	assert_true(test_bench_last(&bench)->confidence > 0.4);
	assert_null(test_reason(test_bench_last(&bench), REASON_DEVICES));
	test_bench_stop(&bench);

	start();
	call_together(&bare, 60, &bare_too, 150, 0); /* each its own rhythm */
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);

	start();
	call_together(&service, 60, &named, 60, 0); /* a program of two devices */
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void who_comes_days_later_is_not_together(void **state)
{
	double day = 86400;

	(void)state;
	start();
	for (unsigned i = 0; i < 4 * 1440 / 5; i++)
		call(&bare, 1 + 300.0 * i, SIZE);
	for (unsigned i = 0; i < 40; i++) {
		call(&bare, 4 * day + 300.0 * i, SIZE);
		call(&bare_too, 4 * day + 300.0 * i + 2, SIZE);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void what_was_pushed_out_or_is_of_another_age_begins_anew(void **state)
{
	char host[32];
	struct where other = service;

	(void)state;
	random_state = 7;
	test_bench_prepare(&bench, &detector_wide_beacon);
	bench.config.detect.wide_beacon.places = 256;
	test_bench_start(&bench, NULL);
	take_turns(4, 12, 1);
	other.host = host;
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(host, sizeof(host), "www.site%u.example", i);
		call(&other, 1000 + i, SIZE);
	}
	take_turns(4, 12, 2000);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);

	start();
	take_turns(4, 12, 500000);
	take_turns(4, 12, 1);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]), MORE = 4 };
	struct CMUnitTest tests[CASES + MORE] = { { 0 } };
	const struct CMUnitTest more[MORE] = {
		cmocka_unit_test(a_rhythm_over_names_of_one_domain),
		cmocka_unit_test(several_devices_in_one_rhythm),
		cmocka_unit_test(who_comes_days_later_is_not_together),
		cmocka_unit_test(what_was_pushed_out_or_is_of_another_age_begins_anew),
	};

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(tests + CASES, more, sizeof(more));
	return cmocka_run_group_tests_name("wide_beacon", tests, NULL, NULL);
}
