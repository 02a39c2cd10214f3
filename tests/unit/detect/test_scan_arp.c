#include "sensor/detect/scan.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

enum { SCANNER = 10, ARP = 30 };

struct trial {
	struct test_bench bench;
};

static void start(struct trial *t)
{
	test_bench_prepare(&t->bench, &detector_scan);
	test_bench_start(&t->bench, NULL);
}

static void arp(struct trial *t, const struct fact *fact, bool is_router)
{
	struct observation seen = test_seen(fact);

	seen.direction = DIRECTION_LATERAL;
	seen.is_router = is_router;
	seen.peer_device = fact->neighbour.target.bytes[ADDRESS_LEN - 1];
	test_bench_show(&t->bench, &seen);
}

static void ask(struct trial *t, double seconds, uint8_t target, bool is_router)
{
	struct fact fact = test_arp(test_after_seconds(seconds), SCANNER, target, true);

	arp(t, &fact, is_router);
}

static void answer(struct trial *t, double seconds, uint8_t target)
{
	struct fact fact = test_arp(test_after_seconds(seconds), target, SCANNER, false);

	arp(t, &fact, false);
}

static void arp_fires_at_its_threshold(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < ARP; i++) {
		assert_int_equal(t.bench.count, 0);
		ask(&t, i * 0.1, (uint8_t)(20 + i), false);
	}
	assert_int_equal(t.bench.count, 1);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_SCAN_ARP);
	assert_int_equal(s->object.kind, OBJECT_NETWORK);
	assert_int_equal(s->count, ARP);
	assert_int_equal(s->device, SCANNER);
	assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
	test_bench_stop(&t.bench);
}

static void arp_of_a_router_is_ignored(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < 200; i++)
		ask(&t, i * 0.1, (uint8_t)(20 + i), true);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void arp_for_itself_is_ignored(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < 200; i++) {
		struct fact fact = test_arp(test_start, (uint8_t)(20 + i), (uint8_t)(20 + i), true);
		struct observation seen = test_seen(&fact);

		seen.device = SCANNER; /* all its own addresses */
		test_bench_show(&t.bench, &seen);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void arp_too_slowly_is_ignored(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < 200; i++)
		ask(&t, i * 2, (uint8_t)(20 + i), false);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void arp_answered_ones_leave(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < 200; i++) { /* all are there: an inventory that harms nobody */
		ask(&t, i * 0.1, (uint8_t)(20 + i), false);
		answer(&t, i * 0.1 + 0.01, (uint8_t)(20 + i));
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);

	start(&t);
	for (unsigned i = 0; i < ARP + 4; i++) { /* five answered: thirty-five must be asked */
		ask(&t, i * 0.1, (uint8_t)(20 + i), false);
		if (i < 5)
			answer(&t, i * 0.1 + 0.01, (uint8_t)(20 + i));
	}
	assert_int_equal(t.bench.count, 0);
	ask(&t, 4, 200, false);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->count, ARP);
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_ANSWERED);
	test_bench_stop(&t.bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_fires_at_its_threshold),
		cmocka_unit_test(arp_of_a_router_is_ignored),
		cmocka_unit_test(arp_for_itself_is_ignored),
		cmocka_unit_test(arp_too_slowly_is_ignored),
		cmocka_unit_test(arp_answered_ones_leave),
	};

	return cmocka_run_group_tests_name("scan_arp", tests, NULL, NULL);
}
