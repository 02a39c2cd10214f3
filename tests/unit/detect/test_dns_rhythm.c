/* Reports in name lookups: detector_dns_tunnel's third look. */
#include "sensor/detect/dns_rhythm.h"
#include "sensor/detect/dns_tunnel.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { A = 1, TXT = 16 };

struct talk {
	unsigned rounds;
	double period;
	double jitter; /* share of the period */
	bool is_fresh; /* another name each time */
	bool is_empty; /* answered by 0.0.0.0 */
	uint32_t ttl;
	uint16_t type;
};

static const struct talk beacon = { 24, 60, 0.2, true, true, 1, A };

static struct test_bench bench;

static void show(const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&bench, &seen);
}

static double told(const struct talk *talk)
{
	uint64_t random = 9;
	double at = 0;
	double confidence = 0;

	test_bench_prepare(&bench, &detector_dns_tunnel);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < talk->rounds; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%x.news.example.com",
			       talk->is_fresh ? 0xabc000 + i * 77 : 0xabc);
		at += talk->period * (1 + talk->jitter * (2 * test_random_share(&random) - 1));

		struct fact question = test_dns_question(test_after_seconds(at), name);
		struct fact answer = test_dns_answer(test_after_seconds(at + 0.1), name,
						     talk->is_empty ? "0.0.0.0" : "203.0.113.7");

		question.dns.type = talk->type;
		answer.dns.type = talk->type;
		answer.dns.lowest_ttl = talk->ttl;
		show(&question);
		show(&answer);
	}
	for (size_t i = 0; i < bench.count && i < TEST_SIGNALS_MAX; i++) {
		if (bench.signals[i].kind != SIGNAL_DNS_BEACON)
			continue;
		confidence = bench.signals[i].confidence;
		assert_string_equal(bench.signals[i].object.text, "example.com");
		assert_true(test_reason(&bench.signals[i], REASON_CHECK_INS)->value >= 16);
		assert_true(signal_is_sound(&bench.signals[i]));
	}
	test_bench_stop(&bench);
	return confidence;
}

static void a_beacon_is_told(void **state)
{
	struct talk slow = beacon;

	(void)state;
	assert_true(told(&beacon) >= 0.4);
	slow.period = 1800;
	slow.jitter = 0.5;
	assert_true(told(&slow) >= 0.4);
}

static void each_condition_and_sign_counts(void **state)
{
	struct talk less = beacon;

	(void)state;
	less.rounds = 15;
	assert_true(told(&less) == 0);
	less = beacon;
	less.ttl = 3600;
	assert_true(told(&less) == 0);
	less = beacon;
	less.jitter = 0.95; /* no rhythm is left */
	assert_true(told(&less) == 0);
	less = beacon;
	less.period = 2; /* all one round */
	assert_true(told(&less) == 0);
	less = beacon;
	less.is_empty = false;
	assert_true(told(&less) < told(&beacon));
	less = beacon;
	less.type = TXT;
	assert_true(told(&less) > told(&beacon));
}

/* A program that polls its maker's server is looked up as regularly. */
static void a_polled_server_is_silent(void **state)
{
	struct talk polled = beacon;

	(void)state;
	polled.is_fresh = false;
	polled.is_empty = false;
	assert_true(told(&polled) == 0);
}

static void rows_are_sound(void **state)
{
	const struct rhythm_key key = { .device = 10, .zone = 1 };
	const struct rhythm_key nobody = { .zone = 1 };
	struct rhythm_zone sound = {
		.rounds = 3, .fresh = 3, .flow_count = 1, .zone = "example.com"
	};
	struct rhythm_zone zone = sound;

	(void)state;
	assert_true(rhythm_zone_is_sound(&key, &sound));
	assert_false(rhythm_zone_is_sound(&nobody, &sound));
	zone.fresh = 4;
	assert_false(rhythm_zone_is_sound(&key, &zone));
	zone = sound;
	zone.flow_count = 0; /* the latest is read without asking */
	assert_false(rhythm_zone_is_sound(&key, &zone));
	zone = sound;
	zone.told = 4;
	assert_false(rhythm_zone_is_sound(&key, &zone));
	zone = sound;
	memset(zone.zone, 'x', sizeof(zone.zone));
	assert_false(rhythm_zone_is_sound(&key, &zone));
	zone = sound;
	memset(zone.intervals_ms, 1, sizeof(zone.intervals_ms));
	rhythm_zone_tidy(&zone);
	assert_int_equal(zone.intervals_ms[2], 0);
	assert_int_not_equal(zone.intervals_ms[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_beacon_is_told),
		cmocka_unit_test(each_condition_and_sign_counts),
		cmocka_unit_test(a_polled_server_is_silent),
		cmocka_unit_test(rows_are_sound),
	};

	return cmocka_run_group_tests_name("dns_rhythm", tests, NULL, NULL);
}
