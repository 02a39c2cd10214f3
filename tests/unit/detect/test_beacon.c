#include "tests/unit/detect/beacon_bench.h"

#include <string.h>

struct weight_case {
	const char *name;
	struct party party;
	double times; /* against a named TLS server outside, of the same size, few intervals */
	int reason;   /* that it gives, or -1 */
};

static const double base_chance = 0.2;
static const double same_size_times = 1.25;

static struct weight_case weights[] = {
	{ "a named server outside", { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) }, 1, -1 },
	{ "no name", { OUTSIDE, NAMELESS, SPEAKS("TLS", 443, TEST_TCP) }, 1.25, REASON_NO_NAME },
	{ "no name where no DNS is seen",
	  { OUTSIDE, NAMELESS, SPEAKS("TLS", 443, TEST_TCP), .no_dns = true },
	  1,
	  -1 },
	{ "an odd port", { OUTSIDE, NAMED, SPEAKS("TLS", 4443, TEST_TCP) }, 2, REASON_ODD_PORT },
	{ "no known protocol",
	  { OUTSIDE, NAMED, SPEAKS("Unknown", 443, TEST_TCP) },
	  2,
	  REASON_UNKNOWN_PROTOCOL },
	{ "plain web requests that only ask",
	  { OUTSIDE, .host = "c2.example.net", .host_source = HOST_HTTP,
	    SPEAKS("HTTP", 80, TEST_TCP) },
	  1,
	  -1 },
	{ "plain web requests that send data",
	  { OUTSIDE, .host = "c2.example.net", .host_source = HOST_HTTP,
	    SPEAKS("HTTP", 80, TEST_TCP), .is_upload = true },
	  1.25,
	  REASON_PLAIN_UPLOAD },
	{ "datagrams", { OUTSIDE, NAMED, SPEAKS("QUIC", 443, TEST_UDP) }, 0.75, -1 },
	{ "datagrams to an odd port",
	  { OUTSIDE, NAMED, SPEAKS("Unknown", 9999, TEST_UDP) },
	  0.75,
	  -1 },
	{ "inside the office", { INSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) }, 0.75, -1 },
	{ "inside, without a name at an odd port",
	  { INSIDE, NAMELESS, SPEAKS("TLS", 9100, TEST_TCP) },
	  0.75,
	  -1 },
};

static void assert_confidence(const struct signal *s, double times)
{
	double want = signal_weigh(base_chance, times * same_size_times);

	if (fabs(s->confidence - want) > 1e-9)
		fail_msg("confidence is %f, not %f", s->confidence, want);
}

static void run_weight(void **state)
{
	static const enum reason_code weighed[] = { REASON_NO_NAME, REASON_ODD_PORT,
						    REASON_UNKNOWN_PROTOCOL, REASON_PLAIN_UPLOAD,
						    REASON_JITTER };
	const struct weight_case *c = *state;
	struct trial t;

	start(&t);
	check_in_exactly(&t, &c->party, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->direction, c->party.direction);
	assert_confidence(s, c->times);
	for (size_t i = 0; i < ARRAY_LEN(weighed); i++)
		assert_int_equal(test_reason(s, weighed[i]) != NULL, (int)weighed[i] == c->reason);
	test_bench_stop(&t.bench);
}

struct silent_case {
	const char *name;
	struct party party;
};

static struct silent_case silent[] = {
	{ "to a group address",
	  { OUTSIDE, NAMED, SPEAKS("SSDP", 1900, TEST_UDP), .is_group = true } },
	{ "from outside",
	  { BETWEEN("203.0.113.5", "192.168.1.10", DIRECTION_INBOUND), NAMED,
	    SPEAKS("TLS", 443, TEST_TCP) } },
	{ "between strangers",
	  { BETWEEN("203.0.113.5", "198.51.100.1", DIRECTION_UNKNOWN), NAMED,
	    SPEAKS("TLS", 443, TEST_TCP) } },
	{ "of no device", { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP), .has_no_device = true } },
};

static void run_silent(void **state)
{
	const struct silent_case *c = *state;
	struct trial t;

	start(&t);
	check_in_exactly(&t, &c->party, 40, 0, 60);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void connections_of_one_check_in_count_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT - 1; i++) {
		check_in(&t, &usual, i * 60, USUAL_SIZE);
		check_in(&t, &usual, i * 60 + 0.2, USUAL_SIZE);
		check_in(&t, &usual, i * 60 + 4.9, USUAL_SIZE);
	}
	assert_int_equal(t.bench.count, 0);
	check_in(&t, &usual, 60 * (EXACT - 1), USUAL_SIZE);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->count, EXACT);
	test_bench_stop(&t.bench);
}

static void sizes_that_vary_stay_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 40; i++)
		check_in(&t, &usual, i * 60, USUAL_SIZE * (1 + i % 5));
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void told_again_when_doubled_or_surer(void **state)
{
	static const uint64_t want[] = { 5, 16, 18, 64 };
	struct trial t;

	(void)state;
	start(&t);
	check_in_exactly(&t, &usual, 95, 0, 60);
	assert_int_equal(t.bench.count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_int_equal(t.bench.signals[i].count, want[i]);
	assert_confidence(&t.bench.signals[1], 1);
	assert_confidence(&t.bench.signals[2], 1.25); /* half the history is there */
	test_bench_stop(&t.bench);
}

static void last_numbers_are_told_at_the_end(void **state)
{
	struct party other = usual;
	struct trial t;

	(void)state;
	other.client = "192.168.1.11";
	start(&t);
	check_in_exactly(&t, &usual, 9, 0, 60);
	check_in_exactly(&t, &other, EXACT - 1, 0, 60); /* never told */
	assert_int_equal(t.bench.count, 1);
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->count, 9);
	assert_int_equal(test_bench_last(&t.bench)->device, 10);
	assert_confidence(test_bench_last(&t.bench), 1);
	test_bench_finish(&t.bench); /* the same again: the gate may know more by now */
	assert_int_equal(t.bench.count, 3);
	assert_int_equal(test_bench_last(&t.bench)->count, 9);
	test_bench_stop(&t.bench);
}

static void signal_says_what_was_seen(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in_exactly(&t, &usual, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_BEACON);
	assert_int_equal(s->device, 10);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_true(s->first == test_start && s->last == test_after_seconds(60 * (EXACT - 1)));
	assert_int_equal(s->object.kind, OBJECT_HOST);
	assert_string_equal(s->object.text, "c2.example.net");
	assert_int_equal(s->object.port, 443);
	assert_int_equal(s->object.protocol, TEST_TCP);
	assert_string_equal(s->object.application, "TLS");
	assert_int_equal(s->flow_count, SIGNAL_FLOWS_MAX);
	assert_int_equal(s->flows[s->flow_count - 1].flow.id, EXACT);
	assert_true(fabs(test_reason(s, REASON_PERIOD)->value - 60) < 1e-9);
	assert_true(test_reason(s, REASON_CHECK_INS)->threshold == (double)EXACT);
	assert_true(test_reason(s, REASON_SPREAD)->value == 0);
	assert_true(test_reason(s, REASON_SAME_SIZE)->value == 1);
	test_bench_stop(&t.bench);
}

static void nameless_server_is_told_by_its_address(void **state)
{
	struct party nameless = usual;
	struct trial t;

	(void)state;
	nameless.host = "";
	nameless.is_unanswered = true;
	start(&t);
	check_in_exactly(&t, &nameless, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->object.kind, OBJECT_ADDRESS);
	assert_string_equal(s->object.text, "203.0.113.5");
	assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
	test_bench_stop(&t.bench);
}

static void one_name_over_many_addresses_is_one_destination(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT; i++) {
		struct party p = usual;
		char server[16];

		(void)snprintf(server, sizeof(server), "203.0.113.%u", i + 1);
		p.server = server;
		check_in(&t, &p, i * 60, USUAL_SIZE);
	}
	assert_int_equal(t.bench.count, 1);
	test_bench_stop(&t.bench);
}

static void check_in_with_jitter(struct trial *t, const struct party *p, double from)
{
	for (unsigned i = 0; i < LOOSE; i++) {
		check_in(t, p, from, USUAL_SIZE);
		from += three_fifths_either_way(i, 0);
	}
}

static void jitter_weighs_where_the_content_stays_the_same(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in_with_jitter(&t, &usual, 0);
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_JITTER));
	assert_confidence(test_bench_last(&t.bench), 3.25);
	test_bench_stop(&t.bench);
}

/* A line that is kept open: its check-ins are all in one connection. */
static void keep_alive_weighs_little(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT; i++) {
		t.flow_id = 0;
		t.is_one_line = i > 0;
		check_in(&t, &usual, i * 60, USUAL_SIZE);
	}
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_ONE_LINE));
	assert_confidence(test_bench_last(&t.bench), 0.05);
	test_bench_stop(&t.bench);
}

/* The gate's question; it must be there however much else there is to tell. */
static void devices_are_counted_beside_every_other_reason(void **state)
{
	struct party p = { OUTSIDE, .host = "", .host_source = HOST_HTTP,
			   SPEAKS("Unknown", 8081, TEST_TCP), .is_upload = true };
	static const enum reason_code all[] = { REASON_JITTER,       REASON_NO_NAME,
						REASON_ODD_PORT,     REASON_UNKNOWN_PROTOCOL,
						REASON_PLAIN_UPLOAD, REASON_DEVICES };
	struct trial t;

	(void)state;
	start(&t);
	check_in_with_jitter(&t, &p, 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_non_null(test_reason(test_bench_last(&t.bench), all[i]));
	assert_true(test_reason(test_bench_last(&t.bench), REASON_DEVICES)->value == 1);

	p.client = "192.168.1.11";
	check_in_with_jitter(&t, &p, 5000);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->device, 11);
	assert_true(test_reason(test_bench_last(&t.bench), REASON_DEVICES)->value == 2);
	test_bench_stop(&t.bench);
}

static void end_of_a_flow_tells_protocol_and_counters(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT; i++) {
		struct fact_flow flow = { 0 };

		check_in(&t, &usual, i * 60, USUAL_SIZE);
		flow = test_flow(t.flow_id, usual.client, usual.server, usual.port,
				 usual.transport);
		flow.first = test_after_seconds(i * 60);
		struct fact ended = test_flow_ended(test_after_seconds(i * 60 + 1), &flow, true);

		(void)snprintf(ended.ended.names.host, FACT_HOST_LEN, "%s", usual.host);
		(void)snprintf(ended.ended.names.protocol, FACT_PROTOCOL_LEN, "TLS.Example");
		if (i < EXACT - 1)
			show(&t, &usual, &ended);
	}
	const struct signal *s = test_bench_last(&t.bench);

	assert_true(s->flows[0].has_ended);
	assert_int_equal(s->flows[0].bytes_down, 2000);
	assert_false(s->flows[s->flow_count - 1].has_ended);
	test_bench_stop(&t.bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(connections_of_one_check_in_count_once),
		cmocka_unit_test(sizes_that_vary_stay_silent),
		cmocka_unit_test(told_again_when_doubled_or_surer),
		cmocka_unit_test(last_numbers_are_told_at_the_end),
		cmocka_unit_test(signal_says_what_was_seen),
		cmocka_unit_test(nameless_server_is_told_by_its_address),
		cmocka_unit_test(one_name_over_many_addresses_is_one_destination),
		cmocka_unit_test(jitter_weighs_where_the_content_stays_the_same),
		cmocka_unit_test(keep_alive_weighs_little),
		cmocka_unit_test(devices_are_counted_beside_every_other_reason),
		cmocka_unit_test(end_of_a_flow_tells_protocol_and_counters),
	};
	struct CMUnitTest tests[ARRAY_LEN(weights) + ARRAY_LEN(silent) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, weights, run_weight);
	n += ADD_ROWS(tests + n, silent, run_silent);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("beacon", tests, NULL, NULL);
}
