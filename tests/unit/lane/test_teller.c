#include "tests/unit/lane/teller_bench.h"

static void the_first_words_are_shown(void **state)
{
	struct trial *t = start(64);

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		bool is_shown = i < LANE_HANDSHAKE_PACKETS;
		struct words words = i % 2 ? down(10 + i, 0.1 * i) : up(10 + i, 0.1 * i);
		struct words nothing = up(0, 0.1 * i);

		say(t, &words);
		say(t, &nothing);
		assert_int_equal(t->of_kind[LANE_PACKET],
				 is_shown ? i + 1 : LANE_HANDSHAKE_PACKETS);
		if (!is_shown)
			continue;

		const struct lane_packet *lp = &last(t)->record.packet;

		assert_int_equal(lp->is_told_now, i == 0);
		assert_int_equal(lp->touch.from_client, i % 2 == 0);
		assert_int_equal(lp->touch.payload_packets_before, i);
		assert_int_equal(lp->is_answered, i > 0);
		assert_int_equal(lp->has_data_down, i > 0);
		assert_int_equal(lp->flow_first, test_start);
		assert_int_equal(lp->payload_at, HEADERS);
		assert_int_equal(last(t)->len, HEADERS + 10 + i);
	}
	stop(t);
}

static void a_check_in_is_shown_whenever_it_comes(void **state)
{
	struct trial *t = start(64);
	struct words words;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		words = i % 2 ? down(1, 0.01 * i) : up(1, 0.01 * i);
		say(t, &words);
	}
	words = up(9, 8.1); /* the last was at 2.98 s, the silence is 5 s */
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], LANE_HANDSHAKE_PACKETS + 1);
	assert_true(last(t)->record.packet.touch.is_check_in);
	words = down(9, 20);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], LANE_HANDSHAKE_PACKETS + 1);
	stop(t);
}

/* Behind the first packets: that it was said at all, not what. */
static void an_opening_is_news(void **state)
{
	struct trial *t = start(64);
	struct words words;
	uint64_t seen;

	(void)state;
	for (unsigned i = 0; i < LANE_HANDSHAKE_PACKETS; i++) {
		words = i % 2 ? down(1, 0.01 * i) : up(1, 0.01 * i);
		say(t, &words);
	}
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], 0);
	words = down(7, 1);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], 1);
	assert_true(last(t)->record.news.is_opening);
	assert_false(last(t)->record.news.from_client);
	assert_int_equal(last(t)->record.news.payload_len, 7);
	words = down(7, 1.5); /* too soon */
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], 1);
	words = down(0, 3); /* nothing said: it ends the silence all the same */
	say(t, &words);
	words = down(7, 3.1);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], 1);
	for (unsigned i = 0; i < 2 * UINT8_MAX; i++) {
		words = down(1, 4 + i);
		say(t, &words);
	}
	seen = t->of_kind[LANE_FLOW_NEWS];
	assert_in_range(seen, UINT8_MAX - LANE_HANDSHAKE_PACKETS - 3,
			UINT8_MAX - LANE_HANDSHAKE_PACKETS + 2 * UINT8_MAX / 60);
	stop(t);
}

static void a_flow_that_goes_on_is_news_about_each_minute(void **state)
{
	struct trial *t = start(64);
	const double minute = (double)(UINT64_C(1) << LANE_MINUTE_BITS) / (double)NANOTIME_SECOND;
	struct words words = up(5, 0);
	unsigned told = 0;

	(void)state;
	say(t, &words);
	for (unsigned i = 1; i < 6000; i++) {
		words = i % 3 ? down(1000, 0.1 * i) : up(0, 0.1 * i); /* ten minutes, no silence */
		say(t, &words);
		told += t->of_kind[LANE_FLOW_NEWS] > told;
		if (t->of_kind[LANE_FLOW_NEWS] == told && told > 0)
			assert_true(last(t)->record.kind != LANE_FLOW_NEWS ||
				    last(t)->record.news.is_minute);
	}
	assert_in_range(told, (uint64_t)(600 / minute) - 1, (uint64_t)(600 / minute) + 1);
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], told);
	stop(t);
}

static void a_flow_without_payload_is_no_news(void **state)
{
	struct trial *t = start(64);

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		const struct words words = up(0, 10.0 * i);

		say(t, &words);
	}
	assert_int_equal(t->of_kind[LANE_FLOW_NEWS], 0);
	stop(t);
}

static void services_are_shown_for_as_long_as_they_speak(void **state)
{
	struct trial *t = start(64);

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		const struct words words = {
			"192.168.1.10", 50000, "192.168.1.1", 53, 30, 0.01 * i
		};

		say(t, &words);
	}
	assert_int_equal(t->of_kind[LANE_PACKET], 100);
	stop(t);
}

/* One TCP packet, whether it was shown. */
static bool is_shown(struct trial *t, const struct words *where, const char *begins)
{
	static uint8_t bytes[4096];
	struct address source = test_address(where->source);
	struct address destination = test_address(where->destination);
	uint64_t before = t->of_kind[LANE_PACKET];
	struct packet p = { .number = ++t->feed.at.number,
			    .time = test_after_seconds(where->seconds),
			    .kind = PACKET_IP,
			    .source_mac = test_mac(1),
			    .destination_mac = test_mac(2),
			    .tcp_flags = TCP_ACK,
			    .ip_len = HEADERS + where->len,
			    .payload_len = where->len,
			    .ip = { bytes, HEADERS + where->len },
			    .payload = { bytes + HEADERS, where->len } };

	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes + HEADERS, begins, strlen(begins));
	p.key = flow_key_of(&source, where->source_port, &destination, where->destination_port,
			    &p.source_is_low);
	p.key.protocol = IP_TCP;
	p.key.ip_version = 4;
	t->feed.at.now = p.time;
	lane_feed_packet(&t->feed, &p);
	return t->of_kind[LANE_PACKET] > before;
}

static const char head[] = "GET /a HTTP/1.1\r\n";

static void heads_are_shown_on_any_port_and_where_they_go_on(void **state)
{
	struct trial *t = start(64);
	struct words small = up(50, 0);
	struct words full = up(1400, 0);

	(void)state;
	for (unsigned i = 0; i < LANE_HANDSHAKE_PACKETS; i++)
		assert_true(is_shown(t, &small, "x"));
	assert_false(is_shown(t, &small, "x"));
	assert_false(is_shown(t, &small, "GE"));
	assert_true(is_shown(t, &small, head)); /* whole in its packet */
	assert_false(is_shown(t, &small, "x"));
	assert_true(is_shown(t, &full, head));
	assert_true(is_shown(t, &small, "x")); /* its end */
	assert_false(is_shown(t, &small, "x"));
	assert_true(is_shown(t, &full, head));
	assert_true(is_shown(t, &full, head));
	assert_true(is_shown(t, &full, "x"));
	assert_false(is_shown(t, &full, "x"));
	stop(t);
}

/* The last of the first packets may be full of a head too. */
static void a_head_goes_on_behind_the_first_packets(void **state)
{
	struct trial *t = start(64);
	struct words small = up(50, 0);
	struct words full = up(1400, 0);

	(void)state;
	for (unsigned i = 1; i < LANE_HANDSHAKE_PACKETS; i++)
		assert_true(is_shown(t, &small, "x"));
	assert_true(is_shown(t, &full, head));
	assert_true(is_shown(t, &small, "x"));
	assert_false(is_shown(t, &small, "x"));
	stop(t);
}

static void dialogues_are_shown_up_to_a_number_of_packets(void **state)
{
	const struct words there = { "192.168.1.10", 50000, "192.168.1.1", 21, 20, 0 };
	struct trial *t = start(64);

	(void)state;
	for (unsigned i = 0; i < UINT8_MAX; i++)
		assert_true(is_shown(t, &there, "NOOP"));
	assert_false(is_shown(t, &there, "NOOP"));
	assert_true(is_shown(t, &there, head));
	assert_false(is_shown(t, &there, "NOOP"));
	stop(t);
}

static void a_copy_is_cut(void **state)
{
	struct trial *t = start(64);
	const struct words words = up(COPIED, 0);

	(void)state;
	say(t, &words);
	assert_int_equal(last(t)->len, COPIED);
	assert_int_equal(last(t)->record.packet.payload_at, HEADERS);
	stop(t);
}

static void a_flow_without_words_is_told_of_at_its_end(void **state)
{
	struct trial *t = start(64);
	struct words words = up(0, 0);

	(void)state;
	say_by(t, IP_TCP, TCP_SYN, &words);
	words = down(0, 1);
	say_by(t, IP_TCP, TCP_SYN | TCP_ACK, &words);
	assert_int_equal(t->of_kind[LANE_PACKET] + t->of_kind[LANE_FLOW_END], 0);
	words = (struct words){ "192.168.1.11", 1, "192.168.1.12", 2, 0, 7200 };
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_FLOW_END], 1);
	stop(t);
}

static void a_link_packet_goes_by_its_mac(void **state)
{
	static const uint8_t bytes[28];
	struct trial *t = start(64);
	const struct packet arp = { .number = 1,
				    .time = test_start,
				    .kind = PACKET_ARP,
				    .source_mac = test_mac(7),
				    .payload = { bytes, sizeof(bytes) } };

	(void)state;
	teller_link(t->feed.teller, &arp);
	assert_int_equal(t->of_kind[LANE_LINK], 1);
	assert_int_equal(last(t)->len, sizeof(bytes));
	assert_int_equal(last(t)->record.packet.payload_at, 0);
	stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_words_are_shown),
		cmocka_unit_test(a_check_in_is_shown_whenever_it_comes),
		cmocka_unit_test(an_opening_is_news),
		cmocka_unit_test(a_flow_that_goes_on_is_news_about_each_minute),
		cmocka_unit_test(a_flow_without_payload_is_no_news),
		cmocka_unit_test(services_are_shown_for_as_long_as_they_speak),
		cmocka_unit_test(heads_are_shown_on_any_port_and_where_they_go_on),
		cmocka_unit_test(a_head_goes_on_behind_the_first_packets),
		cmocka_unit_test(dialogues_are_shown_up_to_a_number_of_packets),
		cmocka_unit_test(a_copy_is_cut),
		cmocka_unit_test(a_flow_without_words_is_told_of_at_its_end),
		cmocka_unit_test(a_link_packet_goes_by_its_mac),
	};

	return cmocka_run_group_tests_name("teller", tests, NULL, NULL);
}
