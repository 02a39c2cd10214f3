#include "sensor/decode/transport_layer.h"

#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_LEN = 12 };

/* Reads `p`, a transport header and payload, of which `captured` bytes are there. */
static enum decode_result read_cut(uint8_t protocol, const struct test_packet *p, size_t captured,
				   struct packet *out, struct ports *ports)
{
	uint8_t *exact = test_packet_copy(p, captured);
	struct network_layer network = { .protocol = protocol,
					 .payload = { .data = exact, .len = captured },
					 .payload_len = (uint32_t)p->len };
	enum decode_result result = transport_layer_read(&network, out, ports);

	if (result == DECODE_OK && out->payload.len > 0)
		assert_in_range((uintptr_t)(out->payload.data + out->payload.len), (uintptr_t)exact,
				(uintptr_t)(exact + captured));
	free(exact);
	return result;
}

static enum decode_result read_whole(uint8_t protocol, const struct test_packet *p,
				     struct packet *out, struct ports *ports)
{
	return read_cut(protocol, p, p->len, out, ports);
}

/* Whole from `fixed_len` on; with less it is cut, and the results are as they were. */
static void check_every_prefix(uint8_t protocol, const struct test_packet *p, size_t fixed_len)
{
	for (size_t cut = 0; cut <= p->len; cut++) {
		struct packet out = { .tcp_window = 77 };
		struct ports ports = { 1, 2 };
		enum decode_result got = read_cut(protocol, p, cut, &out, &ports);

		assert_int_equal(got, cut < fixed_len ? DECODE_TRUNCATED_TRANSPORT : DECODE_OK);
		if (got == DECODE_OK) {
			assert_int_equal(out.payload_len, PAYLOAD_LEN);
			continue;
		}
		assert_int_equal(out.tcp_window, 77);
		assert_int_equal(ports.source, 1);
		assert_int_equal(ports.destination, 2);
	}
}

static void tcp_is_read(void **state)
{
	static const struct test_tcp tcp = { .source_port = 50000,
					     .destination_port = 443,
					     .sequence = 0x01020304,
					     .acknowledged = 0xf1f2f3f4,
					     .flags = TCP_PSH | TCP_ACK,
					     .option_words = 3,
					     .window = 0x1234 };
	struct test_packet p;
	struct packet out;
	struct ports ports;

	(void)state;
	memset(&out, 0xff, sizeof(out));
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_tcp(&p, &tcp);
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_OK);
	assert_int_equal(ports.source, 50000);
	assert_int_equal(ports.destination, 443);
	assert_int_equal(out.tcp_sequence, 0x01020304);
	assert_int_equal(out.tcp_acknowledged, 0xf1f2f3f4);
	assert_int_equal(out.tcp_flags, TCP_PSH | TCP_ACK);
	assert_int_equal(out.tcp_window, 0x1234);
	assert_int_equal(out.payload.len, PAYLOAD_LEN);
	assert_int_equal(out.payload_len, PAYLOAD_LEN);
	assert_int_equal(out.icmp_type, 0);
	assert_int_equal(out.icmp_code, 0);
	check_every_prefix(IP_TCP, &p, TEST_TCP_LEN);
}

static void tcp_lies_are_refused(void **state)
{
	static const struct test_tcp tcp = { .source_port = 1, .destination_port = 2 };
	struct test_packet p;
	struct packet out;
	struct ports ports;

	(void)state;
	test_packet_payload(&p, NULL, 8);
	test_packet_tcp(&p, &tcp);
	p.bytes[12] = 0x40; /* 16 bytes of header */
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
	p.bytes[12] = 0x70; /* 28, all there is */
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_OK);
	assert_int_equal(out.payload_len, 0);
	p.bytes[12] = 0x80;
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
	p.len = TEST_TCP_LEN - 1; /* on the wire, too */
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
}

struct udp_case {
	const char *name;
	uint8_t length_field;
	enum decode_result want;
	uint32_t want_payload_len;
};

/* Of 8 + 12 bytes on the wire. */
static struct udp_case udp_cases[] = {
	{ "true", 20, DECODE_OK, 12 },
	{ "shorter than the packet", 11, DECODE_OK, 3 },
	{ "longer than the packet", 200, DECODE_OK, 12 },
	{ "left to the card", 0, DECODE_OK, 12 },
	{ "header alone", 8, DECODE_OK, 0 },
	{ "shorter than its header", 7, DECODE_BAD_TRANSPORT, 0 },
};

static void run_udp(void **state)
{
	const struct udp_case *c = *state;
	struct test_packet p;
	struct packet out;
	struct ports ports;

	memset(&out, 0xff, sizeof(out));
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_udp(&p, 5353, 53);
	check_every_prefix(IP_UDP, &p, TEST_UDP_LEN);

	p.bytes[5] = c->length_field;
	assert_int_equal(read_whole(IP_UDP, &p, &out, &ports), c->want);
	if (c->want != DECODE_OK)
		return;
	assert_int_equal(ports.source, 5353);
	assert_int_equal(ports.destination, 53);
	assert_int_equal(out.payload_len, c->want_payload_len);
	assert_int_equal(out.payload.len, c->want_payload_len);
	assert_int_equal(out.tcp_flags, 0);
	assert_int_equal(out.tcp_sequence, 0);
	assert_int_equal(out.tcp_acknowledged, 0);
	assert_int_equal(out.tcp_window, 0);
}

struct icmp_case {
	const char *name;
	uint8_t protocol;
	uint8_t type;
	uint8_t code;
	uint16_t want_destination_port;
	bool is_error;
};

/* The pairs are those of the Community ID specification. */
static struct icmp_case icmp_cases[] = {
	{ "echo", IP_ICMP, 8, 0, 0, false },
	{ "echo reply", IP_ICMP, 0, 0, 8, false },
	{ "timestamp", IP_ICMP, 13, 0, 14, false },
	{ "timestamp reply", IP_ICMP, 14, 0, 13, false },
	{ "information", IP_ICMP, 15, 0, 16, false },
	{ "information reply", IP_ICMP, 16, 0, 15, false },
	{ "router solicitation", IP_ICMP, 10, 0, 9, false },
	{ "router advertisement", IP_ICMP, 9, 0, 10, false },
	{ "address mask", IP_ICMP, 17, 0, 18, false },
	{ "address mask reply", IP_ICMP, 18, 0, 17, false },
	{ "unreachable", IP_ICMP, 3, 13, 13, true },
	{ "source quench", IP_ICMP, 4, 0, 0, true },
	{ "redirect", IP_ICMP, 5, 1, 1, true },
	{ "time exceeded", IP_ICMP, 11, 1, 1, true },
	{ "parameter problem", IP_ICMP, 12, 2, 2, true },
	{ "v6 unreachable", IP_ICMPV6, 1, 4, 4, true },
	{ "v6 too big", IP_ICMPV6, 2, 0, 0, true },
	{ "v6 time exceeded", IP_ICMPV6, 3, 1, 1, true },
	{ "v6 parameter problem", IP_ICMPV6, 4, 2, 2, true },
	{ "v6 echo", IP_ICMPV6, 128, 0, 129, false },
	{ "v6 echo reply", IP_ICMPV6, 129, 0, 128, false },
	{ "v6 router solicitation", IP_ICMPV6, 133, 0, 134, false },
	{ "v6 router advertisement", IP_ICMPV6, 134, 0, 133, false },
	{ "v6 neighbour solicitation", IP_ICMPV6, 135, 0, 136, false },
	{ "v6 neighbour advertisement", IP_ICMPV6, 136, 0, 135, false },
	{ "v6 listener query", IP_ICMPV6, 130, 0, 131, false },
	{ "v6 listener report", IP_ICMPV6, 131, 0, 130, false },
	{ "v6 home agent discovery", IP_ICMPV6, 144, 0, 145, false },
	{ "v6 home agent reply", IP_ICMPV6, 145, 0, 144, false },
	{ "v6 node information", IP_ICMPV6, 139, 1, 140, false },
	{ "v6 node information reply", IP_ICMPV6, 140, 1, 139, false },
	{ "v6 redirect", IP_ICMPV6, 137, 5, 5, false },
	{ "v4 types mean nothing in v6", IP_ICMPV6, 8, 7, 7, false },
};

static void run_icmp(void **state)
{
	const struct icmp_case *c = *state;
	struct test_packet p;
	struct packet out;
	struct ports ports;

	memset(&out, 0xff, sizeof(out));
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_icmp(&p, c->type, c->code);
	assert_int_equal(read_whole(c->protocol, &p, &out, &ports), DECODE_OK);
	assert_int_equal(ports.source, c->type);
	assert_int_equal(ports.destination, c->want_destination_port);
	assert_int_equal(out.icmp_type, c->type);
	assert_int_equal(out.icmp_code, c->code);
	assert_int_equal(out.payload.len, PAYLOAD_LEN);
	assert_int_equal(out.tcp_flags, 0);
	assert_int_equal(transport_layer_is_icmp_error(c->protocol, c->type), c->is_error);
	check_every_prefix(c->protocol, &p, TEST_ICMP_LEN);
}

static void too_small_for_a_header_is_bad(void **state)
{
	struct test_packet p;
	struct packet out;
	struct ports ports;

	(void)state;
	test_packet_payload(&p, NULL, 3);
	assert_int_equal(read_whole(IP_ICMP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
	assert_int_equal(read_whole(IP_UDP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
	assert_int_equal(read_whole(IP_TCP, &p, &out, &ports), DECODE_BAD_TRANSPORT);
}

static void other_protocols_are_payload(void **state)
{
	static const uint8_t protocols[] = { 2, 47, 50, 59, 132, 255 };
	struct test_packet p;
	struct packet out;
	struct ports ports;

	(void)state;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	for (size_t i = 0; i < sizeof(protocols); i++) {
		assert_int_equal(read_whole(protocols[i], &p, &out, &ports), DECODE_OK);
		assert_int_equal(ports.source, 0);
		assert_int_equal(ports.destination, 0);
		assert_int_equal(out.payload.len, PAYLOAD_LEN);
		assert_int_equal(out.payload_len, PAYLOAD_LEN);
		check_every_prefix(protocols[i], &p, 0);
	}
}

static void quoted_ports_need_few_bytes(void **state)
{
	static const struct {
		size_t needed;
		struct ports want;
		uint8_t protocol;
	} quotes[] = {
		{ 4, { 0x0800, 0x1234 }, IP_TCP },
		{ 4, { 0x0800, 0x1234 }, IP_UDP },
		{ 2, { 8, 0 }, IP_ICMP },
		{ 2, { 8, 0 }, IP_ICMPV6 },
		{ 0, { 0, 0 }, 47 },
	};
	struct test_packet p;

	(void)state;
	test_packet_payload(&p, "\x08\x00\x12\x34", 4);
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		for (size_t cut = 0; cut <= p.len; cut++) {
			uint8_t *exact = test_packet_copy(&p, cut);
			struct network_layer network = { .protocol = quotes[i].protocol,
							 .payload = { exact, cut } };
			struct ports ports = { 1, 2 };
			bool got = transport_layer_quoted_ports(&network, &ports);

			free(exact);
			assert_int_equal(got, cut >= quotes[i].needed);
			assert_int_equal(ports.source, got ? quotes[i].want.source : 1);
			assert_int_equal(ports.destination, got ? quotes[i].want.destination : 2);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest single[] = {
		cmocka_unit_test(tcp_is_read),
		cmocka_unit_test(tcp_lies_are_refused),
		cmocka_unit_test(too_small_for_a_header_is_bad),
		cmocka_unit_test(other_protocols_are_payload),
		cmocka_unit_test(quoted_ports_need_few_bytes),
	};
	struct CMUnitTest tests[ARRAY_LEN(single) + ARRAY_LEN(udp_cases) + ARRAY_LEN(icmp_cases)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		tests[count++] = single[i];
	for (size_t i = 0; i < ARRAY_LEN(udp_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = udp_cases[i].name,
						      .test_func = run_udp,
						      .initial_state = &udp_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(icmp_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = icmp_cases[i].name,
						      .test_func = run_icmp,
						      .initial_state = &icmp_cases[i] };
	return cmocka_run_group_tests_name("transport_layer", tests, NULL, NULL);
}
