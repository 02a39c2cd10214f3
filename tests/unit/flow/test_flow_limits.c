#include "tests/unit/flow/packet_text.h"

static struct flow_record started(const char *packet, uint8_t protocol, struct packet *p)
{
	struct flow_record flow = { 0 };

	(void)read_packet(packet, (struct endpoints){ .protocol = protocol }, p);
	flow.key = p->key;
	flow_start(&flow, p, p->time);
	return flow;
}

static void counts_stay_at_their_most(void **state)
{
	struct packet p;
	struct flow_record flow = started("lA1+10", IP_TCP, &p);

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct flow_touch touch = counted(&flow, &p);

		assert_int_equal(touch.payload_packets_before, i < 255 ? i : 255);
	}
	assert_int_equal(flow.payload_packets, 255);
	assert_int_equal(flow.retransmitted, 255);
	flow.packets[FLOW_SIDE_LOW] = UINT32_MAX;
	(void)counted(&flow, &p);
	assert_int_equal(flow.packets[FLOW_SIDE_LOW], UINT32_MAX);
}

/* The milliseconds of a record wrap after 49.7 days; check-ins go on as before. */
static void check_ins_outlive_the_millisecond_counter(void **state)
{
	const nanotime wrap = START + ((nanotime)UINT32_MAX + 1) * NANOTIME_MILLISECOND;
	const struct {
		nanotime at;
		bool want;
	} packets[] = { { START, true },
			{ wrap - 4 * NANOTIME_SECOND, true },
			{ wrap - NANOTIME_MILLISECOND, false },
			{ wrap + 4 * NANOTIME_SECOND, false },
			{ wrap + 10 * NANOTIME_SECOND, true } };
	struct packet p;
	struct flow_record flow = started("l+10", IP_UDP, &p);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(packets); i++) {
		p.time = packets[i].at;
		assert_int_equal(counted(&flow, &p).is_check_in, packets[i].want);
	}
}

static void deadlines_do_not_overflow(void **state)
{
	const struct flow_config endless = { .closed = UINT64_MAX,
					     .embryonic = UINT64_MAX,
					     .unanswered = UINT64_MAX };
	struct flow_record flow = { .first = START, .last = START };

	(void)state;
	assert_int_equal(flow_deadline(&flow, &endless), UINT64_MAX);
	flow.class = FLOW_UNANSWERED;
	assert_int_equal(flow_deadline(&flow, &endless), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_stay_at_their_most),
		cmocka_unit_test(check_ins_outlive_the_millisecond_counter),
		cmocka_unit_test(deadlines_do_not_overflow),
	};

	return cmocka_run_group_tests_name("flow_limits", tests, NULL, NULL);
}
