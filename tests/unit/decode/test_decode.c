#include "sensor/decode/decode.h"

#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>
#include <string.h>

enum {
	IPV4 = 0x0800,
	ARP = 0x0806,
	IPV6 = 0x86dd,
	VLAN = 0x8100,
	PAYLOAD_LEN = 40,
	NUMBER = 7,
};

static const nanotime start = 1000 * NANOTIME_SECOND;

static int set_up(void **state)
{
	struct decoder *decoder;

	assert_int_equal(decoder_new(&decoder), ERR_OK);
	*state = decoder;
	return 0;
}

static int tear_down(void **state)
{
	decoder_free(*state);
	return 0;
}

/* The spans are checked against the block they borrow from, and then point at `p`'s own bytes. */
static enum decode_result decode_cut(struct decoder *decoder, const struct test_packet *p,
				     size_t captured, nanotime now, struct packet *out)
{
	uint8_t *exact = test_packet_copy(p, captured);
	struct frame frame = { .time = now,
			       .bytes = { .data = exact, .len = captured },
			       .wire_len = (uint32_t)p->len,
			       .link_type = LINK_ETHERNET };
	enum decode_result result = decoder_decode(decoder, &frame, NUMBER, out);

	if (result == DECODE_OK) {
		struct span *spans[] = { &out->ip, &out->payload };

		for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
			if (spans[i]->len == 0)
				continue;
			size_t at = (size_t)(spans[i]->data - exact);

			assert_true(at < captured && spans[i]->len <= captured - at);
			spans[i]->data = p->bytes + at;
		}
	}
	free(exact);
	return result;
}

static enum decode_result decode_at(struct decoder *decoder, const struct test_packet *p,
				    nanotime now, struct packet *out)
{
	return decode_cut(decoder, p, p->len, now, out);
}

static void assert_flow(const struct flow_key *key, const char *low, uint16_t low_port,
			const char *high, uint16_t high_port)
{
	char text[ADDRESS_TEXT_LEN];

	address_text(&key->low, text);
	assert_string_equal(text, low);
	address_text(&key->high, text);
	assert_string_equal(text, high);
	assert_int_equal(key->low_port, low_port);
	assert_int_equal(key->high_port, high_port);
	assert_int_equal(key->context, 0);
}

static const struct test_ipv4 out_v4 = { .source = "192.168.1.9",
					 .destination = "198.51.100.2",
					 .protocol = IP_TCP };
static const struct test_tcp out_tcp = {
	.source_port = 50000, .destination_port = 443, .sequence = 5, .flags = TCP_SYN
};

static void make_tcp(struct test_packet *p)
{
	test_packet_payload(p, NULL, PAYLOAD_LEN);
	test_packet_tcp(p, &out_tcp);
	test_packet_ipv4(p, &out_v4);
	test_packet_vlan(p, 7, IPV4);
	test_packet_ethernet(p, VLAN);
}

static void a_whole_packet(void **state)
{
	struct test_packet p;
	struct packet out;

	memset(&out, 0xff, sizeof(out));
	make_tcp(&p);
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);
	assert_int_equal(out.number, NUMBER);
	assert_int_equal(out.time, start);
	assert_int_equal(out.kind, PACKET_IP);
	assert_int_equal(out.source_mac.bytes[5], 1);
	assert_int_equal(out.destination_mac.bytes[5], 2);
	assert_int_equal(out.vlan, 7);
	assert_flow(&out.key, "192.168.1.9", 50000, "198.51.100.2", 443);
	assert_int_equal(out.key.protocol, IP_TCP);
	assert_int_equal(out.key.ip_version, 4);
	assert_true(out.source_is_low);
	assert_int_equal(out.ttl, 64);
	assert_false(out.is_fragment_rest);
	assert_false(out.has_quoted);
	assert_int_equal(out.tcp_flags, TCP_SYN);
	assert_int_equal(out.tcp_sequence, 5);
	assert_int_equal(out.ip_len, TEST_IPV4_LEN + TEST_TCP_LEN + PAYLOAD_LEN);
	assert_int_equal(out.ip.len, out.ip_len);
	assert_int_equal(out.payload_len, PAYLOAD_LEN);
	assert_int_equal(out.payload.len, PAYLOAD_LEN);
	assert_int_equal(out.payload.data[1], 1);
}

/* Refused up to the end of the TCP header; read with its wire lengths beyond. */
static void every_prefix(void **state)
{
	const size_t network_at = TEST_ETHERNET_LEN + TEST_VLAN_LEN;
	const size_t transport_at = network_at + TEST_IPV4_LEN;
	const size_t payload_at = transport_at + TEST_TCP_LEN;
	struct test_packet p;

	make_tcp(&p);
	for (size_t cut = 0; cut <= p.len; cut++) {
		struct packet out;
		enum decode_result want = DECODE_OK;

		if (cut < network_at)
			want = DECODE_TRUNCATED_LINK;
		else if (cut < transport_at)
			want = DECODE_TRUNCATED_NETWORK;
		else if (cut < payload_at)
			want = DECODE_TRUNCATED_TRANSPORT;
		assert_int_equal(decode_cut(*state, &p, cut, start, &out), want);
		if (want != DECODE_OK)
			continue;
		assert_int_equal(out.payload_len, PAYLOAD_LEN);
		assert_int_equal(out.payload.len, cut - payload_at);
	}
}

static void arp_has_no_key(void **state)
{
	struct test_packet p;
	struct packet out;

	test_packet_payload(&p, NULL, 28);
	test_packet_ethernet(&p, ARP);
	assert_int_equal(decode_cut(*state, &p, 42, start, &out), DECODE_OK);
	assert_int_equal(out.kind, PACKET_ARP);
	assert_int_equal(out.source_mac.bytes[5], 1);
	assert_int_equal(out.number, NUMBER);
	assert_int_equal(out.payload.len, 28);
	assert_int_equal(out.payload_len, 46); /* with its padding */
	assert_int_equal(out.key.protocol, 0);
	assert_int_equal(out.identity, 0);
}

static void lldp_is_a_packet_of_no_flow(void **state)
{
	struct test_packet p;
	struct packet out;

	test_packet_payload(&p, NULL, 28);
	test_packet_ethernet(&p, 0x88cc);
	assert_int_equal(decode_cut(*state, &p, 42, start, &out), DECODE_OK);
	assert_int_equal(out.kind, PACKET_LLDP);
	assert_int_equal(out.source_mac.bytes[5], 1);
	assert_int_equal(out.payload.len, 28);
	assert_int_equal(out.key.protocol, 0);
}

/* The key made in line is that of flow_key_of(), whatever comes before what. */
static void the_key_is_canonical(void **state)
{
	static const struct {
		const char *source;
		const char *destination;
		uint16_t source_port;
		uint16_t destination_port;
	} ends[] = {
		{ "10.0.0.1", "10.0.0.2", 9, 1 },
		{ "10.0.0.2", "10.0.0.1", 9, 1 },
		{ "9.255.255.255", "10.0.0.0", 1, 9 },
		{ "200.0.0.1", "10.0.0.2", 1, 1 },
		{ "127.0.0.1", "127.0.0.1", 9, 1 },
		{ "127.0.0.1", "127.0.0.1", 1, 9 },
		{ "127.0.0.1", "127.0.0.1", 0x0200, 0x0103 },
		{ "127.0.0.1", "127.0.0.1", 5, 5 },
		{ "2001:db8::1", "2001:db8::2", 9, 1 },
		{ "2001:db8::ff00:0:0:1", "2001:db8::2", 9, 1 },
		{ "fe80::1", "2001:db8::2", 1, 9 },
		{ "2001:db8:0:1::", "2001:db8::ffff", 1, 9 },
		{ "::ffff:10.0.0.1", "::1", 1, 9 },
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct test_ipv4 v4 = { ends[i].source, ends[i].destination, .protocol = IP_UDP };
		struct test_ipv6 v6 = { ends[i].source, ends[i].destination, .next = IP_UDP };
		bool is_v6 = strchr(ends[i].source, ':');
		struct test_packet p;
		struct packet out;
		struct address source;
		struct address destination;
		bool source_is_low;

		test_packet_payload(&p, NULL, PAYLOAD_LEN);
		test_packet_udp(&p, ends[i].source_port, ends[i].destination_port);
		if (is_v6)
			test_packet_ipv6(&p, &v6);
		else
			test_packet_ipv4(&p, &v4);
		test_packet_ethernet(&p, is_v6 ? IPV6 : IPV4);
		assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);

		assert_int_equal(address_parse(ends[i].source, &source), ERR_OK);
		assert_int_equal(address_parse(ends[i].destination, &destination), ERR_OK);
		struct flow_key want = flow_key_of(&source, ends[i].source_port, &destination,
						   ends[i].destination_port, &source_is_low);

		want.protocol = IP_UDP;
		want.ip_version = is_v6 ? 6 : 4;
		assert_true(flow_key_equal(&out.key, &want));
		assert_int_equal(out.source_is_low, source_is_low);
		assert_int_equal(packet_source_port(&out), ends[i].source_port);
		assert_true(address_equal(packet_destination(&out), &destination));
	}
}

/* Puts `count` tunnels around what `p` holds, an IPv4 packet: IPv6 and IPv4 by turns. */
static uint16_t wrap(struct test_packet *p, unsigned count)
{
	struct test_ipv4 v4 = { .source = "203.0.113.1", .destination = "203.0.113.2" };
	struct test_ipv6 v6 = { .source = "2001:db8::1", .destination = "2001:db8::2" };
	bool inner_is_v4 = true;

	for (unsigned i = 0; i < count; i++) {
		v4.protocol = v6.next = inner_is_v4 ? IP_IPIP : IP_IPV6;
		if (inner_is_v4)
			test_packet_ipv6(p, &v6);
		else
			test_packet_ipv4(p, &v4);
		inner_is_v4 = !inner_is_v4;
	}
	return inner_is_v4 ? IPV4 : IPV6;
}

static void tunnels_are_peeled(void **state)
{
	for (unsigned tunnels = 0; tunnels <= 5; tunnels++) {
		struct test_packet p;
		struct packet out;

		test_packet_payload(&p, NULL, PAYLOAD_LEN);
		test_packet_tcp(&p, &out_tcp);
		test_packet_ipv4(&p, &out_v4);
		test_packet_ethernet(&p, wrap(&p, tunnels));
		assert_int_equal(decode_at(*state, &p, start, &out),
				 tunnels > 4 ? DECODE_TOO_DEEP : DECODE_OK);
		if (tunnels > 4)
			continue;
		assert_flow(&out.key, "192.168.1.9", 50000, "198.51.100.2", 443);
		assert_int_equal(out.ip_len, TEST_IPV4_LEN + TEST_TCP_LEN + PAYLOAD_LEN);
		assert_int_equal(out.payload_len, PAYLOAD_LEN);
	}
}

static void a_tunnel_holds_what_it_says(void **state)
{
	struct test_ipv4 outer = out_v4;
	struct test_packet p;
	struct packet out;

	outer.protocol = IP_IPV6;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_tcp(&p, &out_tcp);
	test_packet_ipv4(&p, &out_v4);
	test_packet_ipv4(&p, &outer);
	test_packet_ethernet(&p, IPV4);
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_BAD_NETWORK);
}

static void an_icmp_error_names_its_flow(void **state)
{
	static const struct test_ipv4 back = { .source = "203.0.113.1",
					       .destination = "192.168.1.9",
					       .protocol = IP_ICMP };
	static const uint8_t unused[4];

	/* A router quotes the IP header and from 0 to all bytes behind it; ports need four. */
	for (size_t quoted = 0; quoted <= TEST_TCP_LEN; quoted++) {
		struct test_packet p;
		struct packet out;

		test_packet_payload(&p, NULL, PAYLOAD_LEN);
		test_packet_tcp(&p, &out_tcp);
		test_packet_ipv4(&p, &out_v4);
		p.len = TEST_IPV4_LEN + quoted;
		test_packet_prepend(&p, unused, sizeof(unused));
		test_packet_icmp(&p, 3, 1);
		test_packet_ipv4(&p, &back);
		test_packet_ethernet(&p, IPV4);
		assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);
		assert_flow(&out.key, "192.168.1.9", 1, "203.0.113.1", 3);
		assert_false(out.source_is_low);
		assert_int_equal(out.icmp_type, 3);
		assert_int_equal(out.icmp_code, 1);
		assert_int_equal(out.has_quoted, quoted >= 4);
		if (!out.has_quoted)
			continue;
		assert_flow(&out.quoted, "192.168.1.9", 50000, "198.51.100.2", 443);
		assert_int_equal(out.quoted.protocol, IP_TCP);
		assert_int_equal(out.quoted.ip_version, 4);
	}
}

static void a_v6_error_names_its_flow(void **state)
{
	static const struct test_ipv6 sent = { .source = "2001:db8::9",
					       .destination = "2001:db8::53",
					       .next = IP_UDP };
	static const struct test_ipv6 back = { .source = "2001:db8::1",
					       .destination = "2001:db8::9",
					       .next = IP_ICMPV6 };
	static const uint8_t mtu[4] = { 0, 0, 5, 0 };
	struct test_packet p;
	struct packet out;

	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_udp(&p, 5000, 53);
	test_packet_ipv6(&p, &sent);
	test_packet_prepend(&p, mtu, sizeof(mtu));
	test_packet_icmp(&p, 2, 0);
	test_packet_ipv6(&p, &back);
	test_packet_ethernet(&p, IPV6);
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);
	assert_true(out.has_quoted);
	assert_flow(&out.quoted, "2001:db8::9", 5000, "2001:db8::53", 53);
	assert_int_equal(out.quoted.protocol, IP_UDP);
}

/* Writes `value` over the two bytes at `at`, counted from the end of the payload backwards. */
static void put_back(struct test_packet *p, size_t from_end, uint16_t value)
{
	p->bytes[p->len - from_end] = (uint8_t)(value >> 8);
	p->bytes[p->len - from_end + 1] = (uint8_t)value;
}

/* The identity of what `p`, an IP packet of `type`, becomes behind a tag of `vlan`. */
static uint64_t identity_of(struct decoder *decoder, struct test_packet p, uint16_t type,
			    uint16_t vlan)
{
	struct packet out;

	test_packet_vlan(&p, vlan, type);
	test_packet_ethernet(&p, VLAN);
	assert_int_equal(decode_at(decoder, &p, start, &out), DECODE_OK);
	return out.identity;
}

/* Of each protocol: what stands in the headers, whatever a router or mirror port changes. */
static void identities_are_of_the_packet(void **state)
{
	static const struct {
		uint8_t protocol;
		size_t checksum_at; /* in the transport header; 0 where it has none */
		size_t header_len;
	} protocols[] = {
		{ IP_TCP, 16, TEST_TCP_LEN },  { IP_UDP, 6, TEST_UDP_LEN },
		{ IP_ICMP, 2, TEST_ICMP_LEN }, { IP_ICMPV6, 2, TEST_ICMP_LEN },
		{ IP_SCTP, 0, TEST_ICMP_LEN },
	};

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		struct test_ipv4 v4 = out_v4;
		struct test_ipv6 v6 = { "2001:db8::1", "2001:db8::2", .hop_limit = 5 };
		size_t header_len = protocols[i].header_len;
		uint64_t checksum = protocols[i].checksum_at > 0 ? 0xbeef : 0;
		struct test_packet segment;
		struct test_packet p;

		v4.protocol = v6.next = protocols[i].protocol;
		v4.id = 0xf1d2;
		v4.fragment = 0x4000;
		test_packet_payload(&segment, NULL, PAYLOAD_LEN);
		if (header_len == TEST_TCP_LEN)
			test_packet_tcp(&segment, &out_tcp);
		else if (header_len == TEST_UDP_LEN)
			test_packet_udp(&segment, 5000, 53);
		else
			test_packet_icmp(&segment, 8, 0);
		if (checksum > 0)
			put_back(&segment, segment.len - protocols[i].checksum_at, 0xbeef);

		uint64_t v4_len = TEST_IPV4_LEN + header_len + PAYLOAD_LEN;
		uint64_t want = UINT64_C(0xf1d24000) << 32 | checksum << 16 | v4_len;

		for (v4.ttl = 60; v4.ttl < 64; v4.ttl++) {
			p = segment;
			test_packet_ipv4(&p, &v4);
			assert_int_equal(identity_of(*state, p, IPV4, v4.ttl), want);
		}
		p = segment;
		test_packet_ipv6(&p, &v6);
		want = checksum << 16 | (TEST_IPV6_LEN + header_len + PAYLOAD_LEN);
		assert_int_equal(identity_of(*state, p, IPV6, 7), want);
	}
}

/* Also of fragments, whose offset is in it; a later one has no checksum. */
static void identities_of_fragments(void **state)
{
	struct test_ipv4 v4 = out_v4;
	struct test_ipv6 v6 = { "2001:db8::1", "2001:db8::2", .next = 44 };
	struct test_packet p;

	v4.protocol = IP_UDP;
	v4.id = 9;
	for (uint16_t i = 0; i < 2; i++) {
		uint16_t offset = i * (TEST_UDP_LEN + PAYLOAD_LEN);
		uint64_t checksum = i == 0 ? 0xbeef : 0;

		test_packet_payload(&p, NULL, PAYLOAD_LEN);
		test_packet_udp(&p, 5000, 53);
		put_back(&p, p.len - 6, 0xbeef);
		v4.fragment = (uint16_t)(0x2000 | offset / 8);

		struct test_packet v4_packet = p;
		uint64_t len = p.len;

		test_packet_ipv4(&v4_packet, &v4);
		assert_int_equal(identity_of(*state, v4_packet, IPV4, 7),
				 (UINT64_C(9) << 16 | v4.fragment) << 32 | checksum << 16 |
					 (TEST_IPV4_LEN + len));

		test_packet_ipv6_fragment(&p, IP_UDP, offset, 1, 0xaaaa0009);
		test_packet_ipv6(&p, &v6);
		assert_int_equal(identity_of(*state, p, IPV6, 7),
				 (UINT64_C(9) << 16 | offset | 1) << 32 | checksum << 16 |
					 (TEST_IPV6_LEN + 8 + len));
	}
}

static void each_answer_is_counted(void **state)
{
	const struct decode_stats *stats = decoder_stats(*state);
	struct test_packet p;
	struct packet out;

	make_tcp(&p);
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OK);
	assert_int_equal(decode_cut(*state, &p, 3, start, &out), DECODE_TRUNCATED_LINK);
	p.bytes[TEST_ETHERNET_LEN + 3] = 1; /* EtherType 0x0801 in the tag */
	assert_int_equal(decode_at(*state, &p, start, &out), DECODE_OTHER_PROTOCOL);
	for (size_t i = 0; i < DECODE_RESULTS; i++) {
		uint64_t want = i == DECODE_TRUNCATED_LINK || i == DECODE_OTHER_PROTOCOL;

		assert_int_equal(stats->count[i], i == DECODE_OK ? 2 : want);
	}
}

static void each_answer_has_its_own_name(void **state)
{
	(void)state;
	for (enum decode_result i = DECODE_OK; i < DECODE_RESULTS; i++) {
		assert_non_null(decode_result_name(i));
		for (enum decode_result j = DECODE_OK; j < i; j++)
			assert_string_not_equal(decode_result_name(i), decode_result_name(j));
	}
}

#define WITH_DECODER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_DECODER(a_whole_packet),
		WITH_DECODER(every_prefix),
		WITH_DECODER(arp_has_no_key),
		WITH_DECODER(lldp_is_a_packet_of_no_flow),
		WITH_DECODER(the_key_is_canonical),
		WITH_DECODER(tunnels_are_peeled),
		WITH_DECODER(a_tunnel_holds_what_it_says),
		WITH_DECODER(an_icmp_error_names_its_flow),
		WITH_DECODER(a_v6_error_names_its_flow),
		WITH_DECODER(identities_are_of_the_packet),
		WITH_DECODER(identities_of_fragments),
		WITH_DECODER(each_answer_is_counted),
		cmocka_unit_test(each_answer_has_its_own_name),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
