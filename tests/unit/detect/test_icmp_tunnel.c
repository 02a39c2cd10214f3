#include "sensor/detect/icmp_tunnel.h"

#include "tests/unit/detect/raw_bench.h"

struct ping {
	uint64_t bytes;
	bool is_altered;
	bool is_reused;
	bool carries;
	uint64_t different;
};

struct ping_case {
	const char *name;
	enum direction direction;
	struct ping pings[4];
	size_t count;
	double least; /* confidence; most 0: silent */
	double most;
};

static struct ping_case cases[] = {
	{ "answers that differ",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 500 }, { .bytes = 500, .is_altered = true } },
	  2,
	  0.3,
	  0.45 },
	{ "answers that differ, full of data, of many sizes",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 500, .carries = true }, { .bytes = 28, .is_altered = true } },
	  2,
	  0.85,
	  0.95 },
	{ "numbers spent again, for data of many sizes",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 788 }, { .bytes = 1056, .is_reused = true } },
	  2,
	  0.6,
	  0.7 },
	{ "the same inside an office",
	  DIRECTION_LATERAL,
	  { { .bytes = 788 }, { .bytes = 1056, .is_reused = true } },
	  2,
	  0.2,
	  0.3 },
	{ "a measuring tool's own filling",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 64, .carries = true } },
	  1,
	  0.12,
	  0.2 },
	{ "data that is another in each ping",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 64, .carries = true }, { .bytes = 64, .carries = true, .different = 4 } },
	  2,
	  0.5,
	  0.65 },
	{ "plain pings", DIRECTION_OUTBOUND, { { .bytes = 56 }, { .bytes = 56 } }, 2, 0, 0 },
	{ "how long may a packet be?",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 56 }, { .bytes = 1472 }, { .bytes = 1400 } },
	  3,
	  0,
	  0 },
	{ "too small to carry anything",
	  DIRECTION_OUTBOUND,
	  { { .bytes = 8, .is_altered = true } },
	  1,
	  0,
	  0 },
};

static void show_ping(struct test_bench *bench, const struct ping *ping, enum direction direction)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.5", 0, TEST_ICMP);
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(1), &flow);
	struct attributes *said = &fact.message.said;
	struct observation seen = test_seen(&fact);

	fact.message.message = MESSAGE_ICMP_ECHO;
	fact.message.is_from_client = !ping->is_altered;
	attributes_add_number(said, ATTRIBUTE_PAYLOAD_BYTES, ping->bytes);
	if (ping->is_altered)
		attributes_add_flag(said, ATTRIBUTE_ALTERED);
	if (ping->is_reused)
		attributes_add_flag(said, ATTRIBUTE_REUSED);
	if (ping->carries)
		attributes_add_flag(said, ATTRIBUTE_CARRIES);
	if (ping->different > 0)
		attributes_add_number(said, ATTRIBUTE_DIFFERENT, ping->different);
	seen.direction = direction;
	test_bench_show(bench, &seen);
}

static void run_case(void **state)
{
	const struct ping_case *c = *state;
	struct test_bench bench;

	test_bench_prepare(&bench, &detector_icmp_tunnel);
	test_bench_start(&bench, NULL);
	for (size_t i = 0; i < c->count; i++)
		show_ping(&bench, &c->pings[i], c->direction);
	if (c->most == 0) {
		assert_int_equal(bench.count, 0);
	} else {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_ICMP_TUNNEL);
		assert_float_equal(s->confidence, (c->least + c->most) / 2,
				   (c->most - c->least) / 2);
		assert_true(signal_is_sound(s));
		assert_string_equal(s->object.text, "203.0.113.5");
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

/* The two of them are one pair, and the device that asked first is named. */
static void questions_from_both_sides(void **state)
{
	static const struct ping first = { .bytes = 788 };
	struct fact_flow flow = test_flow(2, "192.168.1.11", "192.168.1.10", 0, TEST_ICMP);
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(2), &flow);
	struct observation seen = test_seen(&fact);
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_icmp_tunnel);
	test_bench_start(&bench, NULL);
	flow = test_flow(1, "192.168.1.10", "192.168.1.11", 0, TEST_ICMP);

	struct fact asked = test_fact(FACT_MESSAGE, test_after_seconds(1), &flow);
	struct observation by = test_seen(&asked);

	asked.message.message = MESSAGE_ICMP_ECHO;
	attributes_add_number(&asked.message.said, ATTRIBUTE_PAYLOAD_BYTES, first.bytes);
	by.direction = DIRECTION_LATERAL;
	by.peer_device = 11;
	test_bench_show(&bench, &by);
	fact.message.message = MESSAGE_ICMP_ECHO;
	attributes_add_number(&fact.message.said, ATTRIBUTE_PAYLOAD_BYTES, 1056);
	attributes_add_flag(&fact.message.said, ATTRIBUTE_REUSED);
	seen.direction = DIRECTION_LATERAL;
	seen.peer_device = 10;
	test_bench_show(&bench, &seen);
	assert_int_equal(test_bench_last(&bench)->device, 10);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_PING_SIZES));
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(questions_from_both_sides);
	return cmocka_run_group_tests_name("icmp_tunnel", tests, NULL, NULL);
}
