#include "tests/unit/lane/lane_bench.h"

static void check_in_of_another_protocol_is_told_at_once(void **state)
{
	static const struct tcp_end odd = { 40000, 4444 };
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say(&t, &odd, "\x99hello, master", 0, 14);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	assert_int_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.payload_len, 14);
	stop(&t);
}

static void check_in_again_after_silence(void **state)
{
	static const struct tcp_end odd = { 40000, 4444 };
	const struct fact *fact;
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    0, 4);
	answer(&t, &odd, 0, "ok");
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    4, 4); /* soon after: the same one */
	t.seconds = 60;
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    8, 5);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 2);
	fact = nth(&t, FACT_CHECK_IN, 1);
	assert_false(fact->check_in.is_first);
	assert_true(fact->check_in.is_answered);
	assert_int_equal(fact->check_in.payload_len, 5);
	assert_true(fact->time == test_after_seconds(60));
	stop(&t);
}

static void first_answer_is_told_of_once(void **state)
{
	static const struct tcp_end odd = { 40000, 4444 };
	struct trial t;
	size_t before;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say(&t, &odd, "\x99hello, master", 0, 14);
	before = count_of(&t, FACT_FLOW_NAMED);
	for (size_t i = 0; i < before; i++)
		assert_false(nth(&t, FACT_FLOW_NAMED, i)->named.has_data_down);
	answer(&t, &odd, 0, "\x98wait");
	assert_int_equal(count_of(&t, FACT_FLOW_NAMED), before + 1);
	assert_true(nth(&t, FACT_FLOW_NAMED, before)->named.has_data_down);
	say(&t, &odd, "\x99hello, master", 14, 0);
	answer(&t, &odd, 5, "\x98more");
	assert_int_equal(count_of(&t, FACT_FLOW_NAMED), before + 1);
	stop(&t);
}

struct ending_case {
	const char *name;
	uint8_t server_flags; /* of the answer to a SYN; 0 is none */
	bool is_unreachable;
	bool is_answered;
	bool is_refused;
};

static struct ending_case endings[] = {
	{ "nobody answers", 0, false, false, false },
	{ "answered", SYN | ACK, false, true, false },
	{ "refused by reset", RST | ACK, false, false, true },
	{ "refused by a router", 0, true, false, true },
};

/* Destination unreachable, with the SYN's first bytes in it. */
static void unreachable(struct trial *t)
{
	const struct test_ipv4 quoted = { .source = "192.168.1.10",
					  .destination = "203.0.113.5",
					  .protocol = TEST_TCP };
	const struct test_ipv4 ip = { .source = "192.168.1.1",
				      .destination = "192.168.1.10",
				      .protocol = TEST_ICMP };
	const struct test_tcp header = { .source_port = web.port,
					 .destination_port = web.server_port,
					 .sequence = CLIENT_FIRST,
					 .flags = SYN };
	struct test_packet p;

	test_packet_payload(&p, "", 0);
	test_packet_tcp(&p, &header);
	test_packet_ipv4(&p, &quoted);
	test_packet_prepend(&p, "\0\0\0\0", 4);
	test_packet_icmp(&p, 3, 1);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}

static void run_ending(void **state)
{
	const struct ending_case *c = *state;
	struct trial t;

	start(&t);
	tcp(&t, &web, true, SYN, CLIENT_FIRST, (struct span){ 0 });
	if (c->server_flags)
		tcp(&t, &web, false, c->server_flags, SERVER_FIRST, (struct span){ 0 });
	if (c->is_unreachable)
		unreachable(&t);
	stop(&t);
	for (size_t i = 0; i < t.count; i++) {
		const struct fact *fact = &t.facts[i];

		if (fact->kind != FACT_FLOW_ENDED || fact->flow.protocol != TEST_TCP)
			continue;
		assert_int_equal(fact->ended.is_answered, c->is_answered);
		assert_int_equal(fact->ended.is_refused, c->is_refused);
		assert_int_equal(fact->ended.icmp_error, c->is_unreachable ? 3 : 0);
		return;
	}
	fail_msg("the flow did not end");
}

static void epoch_is_told_and_watermark_is_not(void **state)
{
	struct lane_record record = { .number = 7, .time = test_start, .kind = LANE_EPOCH };
	struct trial t;

	(void)state;
	start(&t);
	take(&t, 0, &record, (struct span){ 0 });
	record.kind = LANE_WATERMARK;
	take(&t, 0, &record, (struct span){ 0 });
	stop(&t);
	assert_int_equal(t.count, 1);
	assert_int_equal(t.facts[0].kind, FACT_EPOCH);
	assert_int_equal(t.facts[0].number, 7);
	assert_true(t.facts[0].time == test_start);
}

/* More flows than nDPI may look at: the oldest is settled early, and nothing is lost. */
static void full_dpi_settles_the_oldest(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t);
	t.feed.config.lane.dpi_flows = 16;
	start_prepared(&t);
	for (uint16_t i = 0; i < 20; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 4444 };

		handshake(&t, &end);
		say(&t, &end, "\x99\x98\x97\x96", 0, 4);
	}
	assert_int_equal(lane_stats(t.lane).dpi_evicted, 4);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 20);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_FLOW_ENDED), 20);
}

static void slot_of_an_ended_flow_is_used_again(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 30; i++) {
		handshake(&t, &web);
		say(&t, &web, "\x99hello", 0, 6);
		tcp(&t, &web, true, FIN | ACK, CLIENT_FIRST + 7, (struct span){ 0 });
		tcp(&t, &web, false, FIN | ACK, SERVER_FIRST + 1, (struct span){ 0 });
		t.seconds += 120; /* idle beyond what a closed flow is kept */
	}
	stop(&t);
	assert_int_equal(count_of(&t, FACT_FLOW_ENDED), 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 30);
	for (size_t i = 0; i < 29; i++)
		assert_int_equal(nth(&t, FACT_FLOW_ENDED, i)->ended.reason, FACT_END_IDLE);
	assert_true(nth(&t, FACT_FLOW_ENDED, 0)->flow.id != nth(&t, FACT_FLOW_ENDED, 1)->flow.id);
}

static void beginning_not_seen_is_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	say(&t, &web, "\x99hello", 0, 6);
	stop(&t);
	assert_true(nth(&t, FACT_CHECK_IN, 0)->flow.is_midstream);
	assert_true(nth(&t, FACT_FLOW_ENDED, 0)->flow.is_midstream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_in_of_another_protocol_is_told_at_once),
		cmocka_unit_test(check_in_again_after_silence),
		cmocka_unit_test(first_answer_is_told_of_once),
		cmocka_unit_test(epoch_is_told_and_watermark_is_not),
		cmocka_unit_test(full_dpi_settles_the_oldest),
		cmocka_unit_test(slot_of_an_ended_flow_is_used_again),
		cmocka_unit_test(beginning_not_seen_is_told),
	};
	struct CMUnitTest all[ARRAY_LEN(tests) + ARRAY_LEN(endings)];
	size_t n = ARRAY_LEN(tests);

	memcpy(all, tests, sizeof(tests));
	n += ADD_ROWS(all + n, endings, run_ending);
	return cmocka_run_group_tests_name("lane", all, NULL, NULL);
}
