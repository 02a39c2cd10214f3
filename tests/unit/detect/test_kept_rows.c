/* What detectors refuse of their own rows when they come back. */
#include "sensor/detect/beacon_pair.h"
#include "sensor/detect/dns_zone.h"
#include "sensor/detect/sweep.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <string.h>

enum { DEVICE = 10 };

static void set_byte(void *at, uint8_t byte)
{
	memcpy(at, &byte, sizeof(byte));
}

static struct signal_flow an_example(void)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.5", 443, TEST_TCP);

	return (struct signal_flow){ .flow = flow, .has_ended = true, .bytes_up = 5 };
}

static struct pair a_pair(void)
{
	struct pair pair = { .check_ins = 5, .direction = DIRECTION_OUTBOUND, .flow_count = 1 };

	pair.flows[0] = an_example();
	memcpy(pair.application, "TLS", 4);
	memcpy(pair.name, "c2.example.net", 15);
	return pair;
}

static void damage_pair(struct place_key *key, struct pair *pair, unsigned how)
{
	switch (how) {
	case 0:
		key->device = 0;
		return;
	case 1:
		key->by_name = 2;
		return;
	case 2:
		pair->check_ins = 0; /* there is one less interval */
		return;
	case 3:
		pair->check_ins = UINT64_MAX; /* would run over */
		return;
	case 4:
		pair->direction = DIRECTION_LATERAL + 1;
		return;
	case 5:
		set_byte(&pair->is_answered, 2);
		return;
	case 6:
		pair->flow_count = 0; /* the latest is read without asking */
		return;
	case 7:
		pair->flow_count = SIGNAL_FLOWS_MAX + 1;
		return;
	case 8:
		memset(pair->application, 'x', sizeof(pair->application));
		return;
	case 9:
		memset(pair->name, 'x', sizeof(pair->name));
		return;
	case 10:
		pair->name_from = HOST_DPI + 1;
		return;
	case 11:
		set_byte(&pair->flows[0].has_ended, 9);
		return;
	default:
		set_byte(&pair->flows[0].flow.is_midstream, 9);
		return;
	}
}

static void pairs(void **state)
{
	struct place_key sound_key = { .device = DEVICE, .by_name = 1 };
	struct pair sound = a_pair();

	(void)state;
	assert_true(pair_is_sound(&sound_key, &sound));
	for (unsigned how = 0; how <= 12; how++) {
		struct place_key key = sound_key;
		struct pair pair = sound;

		damage_pair(&key, &pair, how);
		assert_false(pair_is_sound(&key, &pair));
	}
}

static void destinations(void **state)
{
	struct destination d = { .device_count = DESTINATION_DEVICES };

	(void)state;
	assert_true(destination_is_sound(NULL, &d));
	d.device_count++;
	assert_false(destination_is_sound(NULL, &d));
}

static struct zone a_zone(void)
{
	struct zone zone = { .flow_count = 1, .is_apart = { true, false } };

	zone.flows[0] = an_example();
	memcpy(zone.domain, "example.com", 12);
	distinct_add(&zone.day.distinct, 12345);
	return zone;
}

static void damage_zone(struct zone *zone, unsigned how)
{
	switch (how) {
	case 0:
		zone->flow_count = 0;
		return;
	case 1:
		zone->flow_count = SIGNAL_FLOWS_MAX + 1;
		return;
	case 2:
		set_byte(&zone->is_apart[1], 3);
		return;
	case 3:
		set_byte(&zone->is_answered, 3);
		return;
	case 4:
		zone->domain[0] = 'f'; /* not what the key says */
		return;
	case 5:
		memset(zone->domain, 'x', sizeof(zone->domain));
		return;
	case 6:
		zone->day.distinct.registers[0] = UINT8_MAX; /* a shift by that is undefined */
		return;
	case 7:
		zone->day.distinct.filled++;
		return;
	case 8:
		zone->shorter[0].distinct.lost = 1;
		return;
	default: /* more than any number holds */
		memset(zone->day.distinct.registers, 57, sizeof(zone->day.distinct.registers));
		zone->day.distinct.filled = DISTINCT_REGISTERS;
		zone->day.distinct.lost = (uint64_t)DISTINCT_REGISTERS << 55;
		return;
	}
}

static void zones(void **state)
{
	struct zone_key key = { .device = DEVICE, .domain = distinct_hash("example.com", 11) };
	struct zone sound = a_zone();

	(void)state;
	assert_true(zone_is_sound(&key, &sound));
	for (unsigned how = 0; how <= 9; how++) {
		struct zone zone = sound;

		damage_zone(&zone, how);
		assert_false(zone_is_sound(&key, &zone));
	}
	key.device = 0;
	assert_false(zone_is_sound(&key, &sound));
}

static void damage_sweep(struct sweep_key *key, struct sweep *sweep, unsigned how)
{
	switch (how) {
	case 0:
		key->kind = SWEEP_ARP + 1;
		return;
	case 1:
		key->device = 0;
		return;
	case 2:
		sweep->target_count = SWEEP_TARGETS_KEPT + 1;
		return;
	case 3:
		sweep->flow_count = SIGNAL_FLOWS_MAX + 1;
		return;
	case 4:
		sweep->direction = DIRECTION_LATERAL + 1;
		return;
	case 5:
		sweep->distinct.filled = 4;
		return;
	case 6:
		sweep->failures = UINT32_MAX; /* one more would be none */
		return;
	default: /* told, and no contact: a share of nothing */
		sweep->failures = 0;
		sweep->told_at = 4;
		return;
	}
}

static void sweeps(void **state)
{
	struct sweep_key sound_key = { .device = DEVICE, .kind = SWEEP_HOSTS_INSIDE };
	struct sweep sound = { .failures = 1 };

	(void)state;
	assert_true(sweep_add(&sound, 77));
	assert_true(sweep_is_sound(&sound_key, &sound));
	for (unsigned how = 0; how <= 7; how++) {
		struct sweep_key key = sound_key;
		struct sweep sweep = sound;

		damage_sweep(&key, &sweep, how);
		assert_false(sweep_is_sound(&key, &sweep));
	}
}

static void damage_signal(struct signal *s, unsigned how)
{
	switch (how) {
	case 0:
		s->kind = SIGNAL_KINDS;
		return;
	case 1:
		s->outcome = OUTCOME_DATA + 1;
		return;
	case 2:
		s->confidence = NAN;
		return;
	case 3:
		s->confidence = 1.5;
		return;
	case 4:
		s->reason_count = SIGNAL_REASONS_MAX + 1;
		return;
	case 5:
		s->reasons[0].code = REASON_CODES;
		return;
	case 6:
		s->reasons[0].value = INFINITY;
		return;
	case 7:
		s->reasons[0].comparison = COMPARE_AT_MOST + 1;
		return;
	case 8:
		s->object.kind = OBJECT_NETWORK + 1;
		return;
	case 9:
		s->object.name_from = HOST_DPI + 1;
		return;
	case 10:
		memset(s->object.text, 'x', sizeof(s->object.text));
		return;
	case 11:
		memset(s->detail, 'x', sizeof(s->detail));
		return;
	case 12:
		s->device = 0;
		return;
	default:
		set_byte(&s->is_forwarded, 7);
		return;
	}
}

static void signals(void **state)
{
	struct signal sound = { .kind = SIGNAL_BEACON, .device = DEVICE, .confidence = 0.5 };

	(void)state;
	signal_tell(&sound, REASON_PERIOD, 60);
	assert_true(signal_is_sound(&sound));
	for (unsigned how = 0; how <= 13; how++) {
		struct signal s = sound;

		damage_signal(&s, how);
		assert_false(signal_is_sound(&s));
	}
}

/* What does not count is cleared, and nothing else. */
static void tidying_keeps_what_counts(void **state)
{
	static const uint8_t zero[sizeof(struct signal_flow)];
	struct pair pair = a_pair();
	struct zone zone = a_zone();

	(void)state;
	for (unsigned i = 0; i < PAIR_HISTORY; i++)
		pair.intervals_ms[i] = pair.sizes[i] = 1000 + i;
	pair.flows[1] = an_example();
	pair_tidy(&pair);
	for (unsigned i = 0; i < PAIR_HISTORY; i++) {
		assert_int_equal(pair.sizes[i], i < 5 ? 1000 + i : 0);
		assert_int_equal(pair.intervals_ms[i], i < 4 ? 1000 + i : 0);
	}
	assert_memory_equal(&pair.flows[1], zero, sizeof(zero));
	assert_int_equal(pair.flows[0].bytes_up, 5);
	zone.shorter[0].names = zone.shorter[1].names = 3;
	zone_tidy(&zone);
	assert_int_equal(zone.shorter[0].names, 3);
	assert_int_equal(zone.shorter[1].names, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),   cmocka_unit_test(destinations),
		cmocka_unit_test(zones),   cmocka_unit_test(sweeps),
		cmocka_unit_test(signals), cmocka_unit_test(tidying_keeps_what_counts),
	};

	return cmocka_run_group_tests_name("kept_rows", tests, NULL, NULL);
}
