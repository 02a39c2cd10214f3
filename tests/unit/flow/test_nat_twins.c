#include "sensor/flow/nat_twins.h"

#include "tests/support/cmocka.h"

#include <string.h>

#define START      (UINT64_C(1700000000) * NANOTIME_SECOND)
#define HOST       "192.168.10.5"
#define OTHER_HOST "192.168.10.6"
#define ROUTER     "198.18.0.1"
#define REMOTE     "203.0.113.7"

enum { RELEASED_MAX = 512, FLOW = 77, OTHER_FLOW = 78 };

static struct {
	struct packet packets[RELEASED_MAX];
	size_t count;
	uint8_t first_payload_byte;
} released;

static struct network_config network;

static void take(void *arg, const struct packet *packet)
{
	(void)arg;
	assert_true(released.count < RELEASED_MAX);
	if (packet->payload.len > 0)
		released.first_payload_byte = packet->payload.data[0];
	released.packets[released.count++] = *packet;
}

static int new_twins(void **state)
{
	const struct nat_twins_setup setup = { .inside = &network, .release = take };
	struct nat_twins *twins = NULL;
	struct prefix prefix;

	memset(&network, 0, sizeof(network));
	memset(&released, 0, sizeof(released));
	if (prefix_parse("192.168.0.0/16", &prefix) != ERR_OK ||
	    network_config_add(&network, &prefix) != ERR_OK ||
	    nat_twins_new(&twins, &setup) != ERR_OK)
		return -1;
	*state = twins;
	return 0;
}

static int free_twins(void **state)
{
	nat_twins_free(*state);
	return 0;
}

static struct packet packet(uint8_t protocol, const char *source, uint16_t source_port,
			    const char *destination, uint16_t destination_port)
{
	struct packet p = { .time = START, .kind = PACKET_IP };
	struct address from;
	struct address to;

	assert_int_equal(address_parse(source, &from), ERR_OK);
	assert_int_equal(address_parse(destination, &to), ERR_OK);
	p.key = flow_key_of(&from, source_port, &to, destination_port, &p.source_is_low);
	p.key.protocol = protocol;
	p.key.ip_version = address_is_v4(&from) ? 4 : 6;
	return p;
}

static struct packet syn(const char *source, uint16_t source_port, const char *destination,
			 uint16_t destination_port)
{
	struct packet p = packet(IP_TCP, source, source_port, destination, destination_port);

	p.tcp_flags = TCP_SYN;
	p.tcp_sequence = 0x12345678;
	return p;
}

static struct packet said(struct packet p, const char *words)
{
	p.payload = (struct span){ .data = (const uint8_t *)words, .len = strlen(words) };
	p.payload_len = (uint32_t)strlen(words);
	p.ip = p.payload;
	return p;
}

static enum nat_answer outside(struct nat_twins *twins, const struct packet *p, uint64_t flow)
{
	nat_twins_pass_time(twins, p->time);
	return nat_twins_outside(twins, p, flow, 0);
}

static void inside(struct nat_twins *twins, const struct packet *p)
{
	nat_twins_pass_time(twins, p->time);
	nat_twins_inside(twins, p);
}

static struct packet later(struct packet p, nanotime by)
{
	p.time += by;
	return p;
}

static void call_out_is_known_again_behind_another_port(void **state)
{
	struct packet in = syn(HOST, 40000, REMOTE, 443);
	struct packet out = later(syn(ROUTER, 61000, REMOTE, 443), NANOTIME_MILLISECOND);
	struct packet answer = later(syn(REMOTE, 443, ROUTER, 61000), NANOTIME_SECOND);

	inside(*state, &in);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
	/* All of the flow from now on, also what comes in first. */
	answer.tcp_flags = TCP_SYN | TCP_ACK;
	assert_int_equal(outside(*state, &answer, FLOW), NAT_IS_TWIN);
	assert_int_equal(nat_twins_dropped(*state), 2);
	nat_twins_release_all(*state);
	assert_int_equal(released.count, 0);
}

static void forwarded_call_in_waits_for_its_twin(void **state)
{
	struct packet out = syn(REMOTE, 50000, ROUTER, 8443);
	struct packet again = later(out, NANOTIME_MILLISECOND);
	struct packet in = later(syn(REMOTE, 50000, HOST, 443), 2 * NANOTIME_MILLISECOND);

	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	assert_int_equal(outside(*state, &again, FLOW), NAT_IS_HELD);
	inside(*state, &in);
	assert_int_equal(nat_twins_dropped(*state), 2);
	nat_twins_pass_time(*state, START + NANOTIME_SECOND);
	assert_int_equal(released.count, 0);
	again = later(packet(IP_TCP, REMOTE, 50000, ROUTER, 8443), 2 * NANOTIME_SECOND);
	assert_int_equal(outside(*state, &again, FLOW), NAT_IS_TWIN);
}

static void stranger_goes_on_when_its_time_is_up(void **state)
{
	struct packet out = said(packet(IP_UDP, REMOTE, 50000, ROUTER, 53), "?");
	struct packet answer =
		later(said(packet(IP_UDP, ROUTER, 53, REMOTE, 50000), "!"), NANOTIME_MILLISECOND);
	struct packet next = later(out, NANOTIME_SECOND);

	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	assert_int_equal(outside(*state, &answer, FLOW), NAT_IS_HELD);
	nat_twins_pass_time(*state, START + NAT_TWINS_HELD);
	assert_int_equal(released.count, 0);
	/* However late time passes, they go on when they were due: live as in a file. */
	nat_twins_pass_time(*state, START + NANOTIME_MINUTE);
	assert_int_equal(released.count, 2);
	assert_int_equal(released.packets[0].time, START + NAT_TWINS_HELD);
	assert_int_equal(released.packets[1].time, START + NAT_TWINS_HELD);
	assert_int_equal(released.first_payload_byte, '!');
	assert_int_equal(outside(*state, &next, FLOW), NAT_GOES_ON);
	assert_int_equal(nat_twins_dropped(*state), 0);
}

static void settled_flow_may_still_turn_out_a_twin(void **state)
{
	struct packet out = packet(IP_TCP, REMOTE, 443, ROUTER, 61000);
	struct packet in = later(packet(IP_TCP, HOST, 40000, REMOTE, 443), NANOTIME_SECOND);
	struct packet twin;

	in.tcp_sequence = 9;
	twin = packet(IP_TCP, ROUTER, 61000, REMOTE, 443);
	twin.tcp_sequence = 9;
	twin = later(twin, NANOTIME_SECOND + NAT_TWINS_BEFORE);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	inside(*state, &in);
	assert_int_equal(released.count, 1);
	assert_int_equal(outside(*state, &twin, FLOW), NAT_IS_TWIN);
	out = later(out, 2 * NANOTIME_SECOND);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
}

static void opening_asks_anew(void **state)
{
	struct packet in = syn(HOST, 40000, REMOTE, 443);
	struct packet out = syn(ROUTER, 61000, REMOTE, 443);

	inside(*state, &in);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
	out = later(out, NANOTIME_MINUTE);
	out.tcp_sequence++;
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	nat_twins_release_all(*state);
	assert_int_equal(released.count, 1);
	out.tcp_flags = TCP_ACK;
	out = later(out, NANOTIME_SECOND);
	assert_int_equal(outside(*state, &out, FLOW), NAT_GOES_ON);
}

static void late_twin_is_none(void **state)
{
	struct packet in = syn(HOST, 40000, REMOTE, 443);
	struct packet out = later(syn(ROUTER, 61000, REMOTE, 443), NAT_TWINS_BEFORE + 1);

	inside(*state, &in);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	out.time = START - NANOTIME_SECOND; /* time went back */
	assert_int_equal(outside(*state, &out, OTHER_FLOW), NAT_IS_HELD);
	assert_int_equal(released.count, 1);
}

struct unlike {
	const char *name;
	struct packet in;
	struct packet out;
};

static struct packet tcp_numbers(uint32_t sequence, uint32_t acknowledged, uint8_t flags,
				 const char *source)
{
	struct packet p = packet(IP_TCP, source, 1, REMOTE, 443);

	p.tcp_sequence = sequence;
	p.tcp_acknowledged = acknowledged;
	p.tcp_flags = flags;
	return p;
}

static void only_what_translation_changes_may_differ(void **state)
{
	const struct unlike cases[] = {
		{ "sequence", tcp_numbers(1, 2, TCP_ACK, HOST),
		  tcp_numbers(3, 2, TCP_ACK, ROUTER) },
		{ "acknowledged", tcp_numbers(1, 2, TCP_ACK, HOST),
		  tcp_numbers(1, 3, TCP_ACK, ROUTER) },
		{ "flags", tcp_numbers(1, 2, TCP_ACK, HOST),
		  tcp_numbers(1, 2, TCP_ACK | TCP_FIN, ROUTER) },
		{ "remote port", packet(IP_UDP, HOST, 1, REMOTE, 2),
		  packet(IP_UDP, ROUTER, 1, REMOTE, 3) },
		{ "remote address", packet(IP_UDP, HOST, 1, REMOTE, 2),
		  packet(IP_UDP, ROUTER, 1, "203.0.113.8", 2) },
		{ "direction", packet(IP_UDP, HOST, 1, REMOTE, 2),
		  packet(IP_UDP, REMOTE, 2, ROUTER, 1) },
		{ "protocol", packet(IP_UDP, HOST, 1, REMOTE, 2),
		  packet(IP_SCTP, ROUTER, 1, REMOTE, 2) },
		{ "payload", said(packet(IP_UDP, HOST, 1, REMOTE, 2), "one"),
		  said(packet(IP_UDP, ROUTER, 1, REMOTE, 2), "two") },
		{ "an office host's other end", packet(IP_UDP, REMOTE, 2, HOST, 1),
		  packet(IP_UDP, ROUTER, 2, HOST, 1) },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct packet in = later(cases[i].in, i * NANOTIME_SECOND);
		struct packet out = later(cases[i].out, i * NANOTIME_SECOND);

		inside(*state, &in);
		if (outside(*state, &out, 1000 + i) != NAT_IS_HELD)
			fail_msg("%s", cases[i].name);
	}
	assert_int_equal(nat_twins_dropped(*state), 0);
}

static void pings_are_known_again_behind_another_id(void **state)
{
	struct packet in = said(packet(IP_ICMP, HOST, 8, REMOTE, 0), "\x11\x22 number 1 and data");
	struct packet out =
		said(packet(IP_ICMP, ROUTER, 8, REMOTE, 0), "\x99\x88 number 1 and data");

	in.icmp_type = out.icmp_type = 8;
	inside(*state, &in);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
}

static void error_follows_the_flow_that_it_quotes(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, REMOTE, 53), "?");
	struct packet out = said(packet(IP_UDP, ROUTER, 61000, REMOTE, 53), "?");
	struct packet error = said(packet(IP_ICMP, "203.0.113.1", 3, ROUTER, 1), "quoted");

	inside(*state, &in);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
	error.has_quoted = true;
	assert_int_equal(nat_twins_outside(*state, &error, OTHER_FLOW, FLOW), NAT_IS_TWIN);
	assert_int_equal(nat_twins_outside(*state, &error, OTHER_FLOW, OTHER_FLOW), NAT_IS_HELD);
}

static void what_is_only_routed_is_its_own_twin(void **state)
{
	struct packet out = said(packet(IP_UDP, "2001:db8:10::5", 40000, "2001:db8::53", 53), "?");
	struct packet in = said(packet(IP_UDP, "2001:db8::53", 53, "2001:db8:10::6", 40000), "!");

	inside(*state, &out);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
	assert_int_equal(outside(*state, &in, OTHER_FLOW), NAT_IS_HELD);
	inside(*state, &in);
	nat_twins_release_all(*state);
	assert_int_equal(released.count, 0);
	assert_int_equal(nat_twins_dropped(*state), 2);
}

static void many_at_once_go_on_in_their_order(void **state)
{
	enum { MANY = 3 * NAT_HELD_MAX };

	for (unsigned i = 0; i < MANY; i++) {
		struct packet out = syn(REMOTE, (uint16_t)i, ROUTER, 22);

		assert_int_equal(outside(*state, &out, i), NAT_IS_HELD);
	}
	nat_twins_release_all(*state);
	assert_int_equal(released.count, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(packet_source_port(&released.packets[i]), i);
}

/* Of two that sent the same at once each flow outside is a twin: no flow inside is lost by that. */
static void same_words_of_two_hosts(void **state)
{
	struct packet one = said(packet(IP_UDP, HOST, 500, REMOTE, 500), "same");
	struct packet other = said(packet(IP_UDP, OTHER_HOST, 500, REMOTE, 500), "same");
	struct packet out = said(packet(IP_UDP, ROUTER, 61000, REMOTE, 500), "same");

	inside(*state, &one);
	inside(*state, &other);
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_TWIN);
	assert_int_equal(outside(*state, &out, OTHER_FLOW), NAT_IS_TWIN);
}

static void large_packet_is_held_cut(void **state)
{
	static uint8_t bytes[3 * NAT_HELD_BYTES];
	struct packet out = packet(IP_UDP, REMOTE, 1, ROUTER, 2);

	bytes[28] = 'p';
	out.ip = (struct span){ bytes, sizeof(bytes) };
	out.payload = (struct span){ bytes + 28, sizeof(bytes) - 28 };
	out.payload_len = sizeof(bytes) - 28;
	assert_int_equal(outside(*state, &out, FLOW), NAT_IS_HELD);
	memset(bytes, 0, sizeof(bytes));
	nat_twins_release_all(*state);
	assert_int_equal(released.first_payload_byte, 'p');
	assert_int_equal(released.packets[0].payload.len, NAT_HELD_BYTES - 28);
	assert_int_equal(released.packets[0].payload_len, sizeof(bytes) - 28);
}

static void what_is_of_the_wire(void **state)
{
	const struct packet of_it[] = {
		packet(IP_UDP, "0.0.0.0", 68, "255.255.255.255", 67),
		packet(IP_UDP, ROUTER, 68, "198.18.0.2", 67),
		packet(IP_UDP, "fe80::1", 546, "ff02::1:2", 547),
		packet(IP_ICMPV6, "fe80::1", 134, "ff02::1", 133),
		packet(2, "198.18.0.2", 0, "224.0.0.1", 0),
	};
	struct packet solicitation = packet(IP_ICMPV6, "2001:db8::1", 135, "2001:db8::2", 136);
	struct packet dns = packet(IP_UDP, ROUTER, 67, REMOTE, 53);
	struct packet arp = { .kind = PACKET_ARP };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of_it); i++)
		assert_true(nat_is_of_the_wire(&of_it[i]));
	solicitation.icmp_type = 135;
	assert_true(nat_is_of_the_wire(&solicitation));
	solicitation.icmp_type = 128;
	assert_false(nat_is_of_the_wire(&solicitation));
	assert_false(nat_is_of_the_wire(&dns));
	assert_true(nat_is_of_the_wire(&arp));
}

/*
 * A gateway with office hosts that call out, hosts that are called from outside, and calls of its
 * own, at random: what is the office's is dropped outside, what is not goes on, once each, in the
 * order of its flow, and time never goes back.
 */
enum { FLOWS = 60, PACKETS = 40000, KINDS = 3, CALLS_OUT = 0, CALLED = 1, OF_GATEWAY = 2 };

struct gateway {
	struct nat_twins *twins;
	uint64_t random;
	nanotime now;
	uint32_t sent[FLOWS];
	uint32_t gone_on[FLOWS];
	uint64_t office_packets;
	nanotime last;
};

static struct gateway gateway;

static uint64_t draw(uint64_t below)
{
	gateway.random = gateway.random * UINT64_C(6364136223846793005) + 1;
	return (gateway.random >> 33) % below;
}

static void went_on(const struct packet *p)
{
	unsigned flow =
		packet_source_port(p) == 443 ? packet_destination_port(p) : packet_source_port(p);

	assert_int_equal(flow % KINDS, OF_GATEWAY);
	assert_int_equal(p->tcp_sequence, gateway.gone_on[flow]++);
	assert_true(p->time >= gateway.last);
	gateway.last = p->time;
}

static void take_of_gateway(void *arg, const struct packet *packet)
{
	(void)arg;
	went_on(packet);
}

static struct packet one_of(unsigned flow, bool goes_out, const char *near)
{
	struct packet p = goes_out ? packet(IP_TCP, near, (uint16_t)flow, REMOTE, 443)
				   : packet(IP_TCP, REMOTE, 443, near, (uint16_t)flow);

	p.tcp_flags = gateway.sent[flow] == 0 ? TCP_SYN : TCP_ACK;
	p.tcp_sequence = gateway.sent[flow];
	p.tcp_acknowledged = flow * 1000;
	return p;
}

static void send_outside(unsigned flow, bool goes_out)
{
	struct packet p = one_of(flow, goes_out, ROUTER);

	p.time = gateway.now;
	if (outside(gateway.twins, &p, 5000 + flow) == NAT_GOES_ON)
		went_on(&p);
}

static void send_inside(unsigned flow, bool goes_out)
{
	struct packet p = one_of(flow, goes_out, HOST);

	p.time = gateway.now;
	inside(gateway.twins, &p);
}

static void send_through(unsigned flow)
{
	bool goes_out = gateway.sent[flow] == 0 ? flow % KINDS != CALLED : draw(2) == 0;

	gateway.now += draw(NANOTIME_MILLISECOND);
	if (flow % KINDS == OF_GATEWAY) {
		send_outside(flow, goes_out);
	} else if (goes_out) {
		send_inside(flow, true);
		gateway.now += draw(NAT_TWINS_BEFORE / 4);
		send_outside(flow, true);
	} else {
		send_outside(flow, false);
		gateway.now += draw(NAT_TWINS_HELD);
		send_inside(flow, false);
	}
	gateway.office_packets += flow % KINDS != OF_GATEWAY;
	gateway.sent[flow]++;
}

static void any_traffic_is_told_apart(void **state)
{
	const struct nat_twins_setup setup = { .inside = &network, .release = take_of_gateway };

	(void)state;
	memset(&gateway, 0, sizeof(gateway));
	gateway.now = START;
	gateway.random = 1;
	assert_int_equal(nat_twins_new(&gateway.twins, &setup), ERR_OK);
	for (unsigned i = 0; i < PACKETS; i++)
		send_through((unsigned)draw(FLOWS));
	nat_twins_release_all(gateway.twins);
	for (unsigned flow = 0; flow < FLOWS; flow++)
		assert_int_equal(gateway.gone_on[flow],
				 flow % KINDS == OF_GATEWAY ? gateway.sent[flow] : 0);
	assert_int_equal(nat_twins_dropped(gateway.twins), gateway.office_packets);
	nat_twins_free(gateway.twins);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_twins, free_twins)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(call_out_is_known_again_behind_another_port),
		TEST(forwarded_call_in_waits_for_its_twin),
		TEST(stranger_goes_on_when_its_time_is_up),
		TEST(settled_flow_may_still_turn_out_a_twin),
		TEST(opening_asks_anew),
		TEST(late_twin_is_none),
		TEST(only_what_translation_changes_may_differ),
		TEST(pings_are_known_again_behind_another_id),
		TEST(error_follows_the_flow_that_it_quotes),
		TEST(what_is_only_routed_is_its_own_twin),
		TEST(many_at_once_go_on_in_their_order),
		TEST(same_words_of_two_hosts),
		TEST(large_packet_is_held_cut),
		TEST(what_is_of_the_wire),
		TEST(any_traffic_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
