#include "sensor/dialogue/session.h"
#include "tests/unit/lane/lane_bench.h"

static void whole_hello_in_one_segment(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	const struct fact *fact;
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, len);
	answer(&t, &web, 0, "\x16\x03\x03");
	stop(&t);

	fact = nth(&t, FACT_SIGHTING, 0);
	assert_memory_equal(fact->sighting.source_mac.bytes, "\2\0\0\0\0\1", MAC_LEN);
	assert_memory_equal(fact->sighting.destination_mac.bytes, "\2\0\0\0\0\2", MAC_LEN);
	assert_true(fact->sighting.has_destination);

	fact = nth(&t, FACT_FLOW_NAMED, 0);
	assert_true(fact->flow.first == test_start);
	assert_int_equal(fact->flow.server_port, 443);
	assert_int_equal(fact->flow.client_port, 40000);
	assert_false(fact->flow.is_midstream);
	assert_string_equal(fact->named.host, "www.example.com");
	assert_int_equal(fact->named.host_source, HOST_TLS);

	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	fact = nth(&t, FACT_CHECK_IN, 0);
	assert_string_equal(fact->check_in.names.host, "www.example.com");
	assert_int_equal(fact->check_in.payload_len, len);
	assert_true(fact->check_in.is_first);

	fact = nth(&t, FACT_FLOW_ENDED, 0);
	assert_int_equal(fact->ended.reason, FACT_END_CAPTURE);
	assert_int_equal(fact->ended.packets_up, 3);
	assert_int_equal(fact->ended.packets_down, 2);
	assert_int_equal(fact->ended.bytes_up, 120 + len);
	assert_int_equal(fact->ended.bytes_down, 2 * 40 + 3);
	assert_int_equal(fact->ended.payload_packets, 2);
	assert_true(fact->ended.is_answered && !fact->ended.is_refused);
	assert_string_equal(fact->ended.names.host, "www.example.com");
}

/* Held until the name is known, with the time of its first byte. */
static void assert_held_check_in(const struct trial *t, double seconds)
{
	const struct fact *fact = nth(t, FACT_CHECK_IN, 0);

	assert_int_equal(count_of(t, FACT_CHECK_IN), 1);
	assert_string_equal(fact->check_in.names.host, "www.example.com");
	assert_true(fact->time == test_after_seconds(seconds));
	assert_true(fact->check_in.is_first);
}

static void hello_over_two_segments(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	say(&t, &web, hello, 30, len - 30);
	assert_held_check_in(&t, 0.3);
	assert_int_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.payload_len, 30);
	stop(&t);
}

static void hello_out_of_order(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 60, len - 60);
	say(&t, &web, hello, 30, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	say(&t, &web, hello, 0, 30);
	assert_held_check_in(&t, 0.3);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
}

/* The server acknowledges what was never sent: the client's own SYN says where its words begin. */
static void server_cannot_move_the_hello(void **state)
{
	const struct test_tcp lie = { .source_port = web.server_port,
				      .destination_port = web.port,
				      .sequence = SERVER_FIRST,
				      .acknowledged = CLIENT_FIRST + 20000,
				      .flags = SYN | ACK,
				      .window = 65535 };
	const struct test_ipv4 ip = { .source = "203.0.113.5",
				      .destination = "192.168.1.10",
				      .protocol = TEST_TCP };
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct test_packet p;
	struct trial t;

	(void)state;
	start(&t);
	tcp(&t, &web, true, SYN, CLIENT_FIRST, (struct span){ 0 });
	test_packet_payload(&p, "", 0);
	test_packet_tcp(&p, &lie);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(&t, &p);
	tcp(&t, &web, true, ACK, CLIENT_FIRST + 1, (struct span){ 0 });
	say(&t, &web, hello, 0, 30);
	say(&t, &web, hello, 30, len - 30);
	assert_held_check_in(&t, 0.3);
	stop(&t);
}

static void hello_byte_by_byte_at_its_edges(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);

	(void)state;
	for (size_t cut = 1; cut < len; cut += 7) {
		struct trial t;

		start(&t);
		handshake(&t, &web);
		say(&t, &web, hello, 0, cut);
		say(&t, &web, hello, 0, cut); /* again, as after a loss */
		say(&t, &web, hello, cut, len - cut);
		assert_held_check_in(&t, 0.3);
		stop(&t);
	}
}

static void hello_that_never_ends(void **state)
{
	uint8_t hello[512];
	struct trial t;

	(void)state;
	(void)lane_feed_hello("www.example.com", hello);
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	assert_true(nth(&t, FACT_CHECK_IN, 0)->time == test_after_seconds(0.3));
	assert_string_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.names.host, "");
	assert_ptr_equal(nth(&t, FACT_FLOW_ENDED, 0), &t.facts[t.count - 1]);
}

static void conflicting_bytes_are_counted(void **state)
{
	uint8_t hello[512];
	uint8_t other[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	(void)lane_feed_hello("www.example.org", other);
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 40, len - 40);
	say(&t, &web, other, 40, len - 40);
	say(&t, &web, hello, 0, 40);
	assert_held_check_in(&t, 0.3); /* the first bytes to arrive win */
	assert_int_equal(lane_stats(t.lane).conflicting, 1);
	stop(&t);
}

struct http_case {
	const char *name;
	const char *request;
	const char *host;
	const char *agent;
};

static struct http_case requests[] = {
	{ "a host", "GET / HTTP/1.1\r\nHost: Shop.Example.com\r\nUser-Agent: curl/8\r\n\r\n",
	  "shop.example.com", "curl/8" },
	{ "a host with its port", "GET / HTTP/1.1\r\nHost: shop.example.com:8080\r\n\r\n",
	  "shop.example.com", "" },
	{ "an address is no name", "GET / HTTP/1.1\r\nHost: 203.0.113.5\r\n\r\n", "", "" },
	{ "an address with its port is no name", "GET / HTTP/1.1\r\nHost: 203.0.113.5:8080\r\n\r\n",
	  "", "" },
	{ "an IPv6 address is no name", "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n", "", "" },
	{ "no host", "GET / HTTP/1.0\r\n\r\n", "", "" },
};

static void run_request(void **state)
{
	static const struct tcp_end plain = { 40000, 80 };
	const struct http_case *c = *state;
	const struct fact *fact;
	struct trial t;

	start(&t);
	handshake(&t, &plain);
	say(&t, &plain, c->request, 0, strlen(c->request));
	stop(&t);
	fact = nth(&t, FACT_CHECK_IN, 0);
	assert_string_equal(fact->check_in.names.host, c->host);
	assert_string_equal(fact->check_in.names.agent, c->agent);
	assert_int_equal(fact->check_in.names.host_source, HOST_HTTP);
}

/* More hellos in pieces than there are windows: the oldest is given up, its check-in is not. */
static void full_windows_give_up_the_oldest(void **state)
{
	const uint16_t many = SESSION_WINDOWS_MAX + 8;
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	t.step = 0.001; /* all within one silence */
	for (uint16_t i = 0; i < many; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 443 };

		handshake(&t, &end);
		say(&t, &end, hello, 0, 30);
	}
	assert_int_equal(lane_stats(t.lane).windows_evicted, 8);
	for (uint16_t i = 0; i < many; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 443 };

		say(&t, &end, hello, 30, len - 30);
	}
	assert_int_equal(lane_stats(t.lane).windows_evicted, 8);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), many);
	stop(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_hello_in_one_segment),
		cmocka_unit_test(hello_over_two_segments),
		cmocka_unit_test(hello_out_of_order),
		cmocka_unit_test(server_cannot_move_the_hello),
		cmocka_unit_test(hello_byte_by_byte_at_its_edges),
		cmocka_unit_test(hello_that_never_ends),
		cmocka_unit_test(conflicting_bytes_are_counted),
		cmocka_unit_test(full_windows_give_up_the_oldest),
	};
	struct CMUnitTest all[ARRAY_LEN(tests) + ARRAY_LEN(requests)];
	size_t n = ARRAY_LEN(tests);

	memcpy(all, tests, sizeof(tests));
	n += ADD_ROWS(all + n, requests, run_request);
	return cmocka_run_group_tests_name("lane_hello", all, NULL, NULL);
}
