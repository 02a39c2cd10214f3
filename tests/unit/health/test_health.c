/* Counting, from frames as they come: through the decoder, as in the sensor. */
#include "sensor/health/health.h"

#include "sensor/decode/decode.h"
#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <string.h>

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

enum {
	IPV4 = 0x0800,
	IPV6 = 0x86dd,
	ARP = 0x0806,
	PPPOE = 0x8864,
	PPP_IPV4 = 0x0021,
	SYN = 0x02,
	ACK = 0x10,
	ARP_LEN = 28,
	PAYLOAD = 40,
};

struct run {
	struct health *health;
	struct decoder *decoder;
	nanotime now;
	uint64_t number;
};

static struct mac mac_of(uint8_t last)
{
	return (struct mac){ { 2, 0, 0, 0, 0, last } };
}

static int set_up(void **state)
{
	static struct run run;
	const struct mac own = mac_of(0xee);

	run = (struct run){ .now = T0 };
	assert_int_equal(health_new(&run.health, &own, 1), ERR_OK);
	assert_int_equal(decoder_new(&run.decoder), ERR_OK);
	*state = &run;
	return 0;
}

static int tear_down(void **state)
{
	struct run *run = *state;

	health_free(run->health);
	decoder_free(run->decoder);
	return 0;
}

/* From MAC 02:…:`from` to 02:…:`to`, or to all when `to` is 0xff. */
static void address(struct test_packet *p, uint8_t from, uint8_t to)
{
	memset(p->bytes, to == 0xff ? 0xff : 0, MAC_LEN);
	if (to != 0xff)
		memcpy(p->bytes, mac_of(to).bytes, MAC_LEN);
	memcpy(p->bytes + MAC_LEN, mac_of(from).bytes, MAC_LEN);
}

static void see_on(struct run *run, const struct test_packet *p, uint8_t interface)
{
	struct frame frame = { .time = run->now,
			       .bytes = { p->bytes, p->len },
			       .wire_len = (uint32_t)p->len,
			       .link_type = LINK_ETHERNET,
			       .interface = interface };
	struct packet packet;
	bool is_read = decoder_decode(run->decoder, &frame, ++run->number, &packet) == DECODE_OK;

	health_frame(run->health, &frame, is_read ? &packet : NULL);
}

static void see(struct run *run, const struct test_packet *p)
{
	see_on(run, p, 0);
}

static struct health_counts counts_of(const struct run *run)
{
	struct health_counts counts;

	health_counts(run->health, 0, &counts);
	return counts;
}

static unsigned opened_of(const struct run *run)
{
	struct health_counts counts = counts_of(run);

	return counts.lasting.opened_since_dns.count;
}

struct call {
	const char *from;
	const char *to;
	uint16_t port;
	uint8_t protocol;
	uint8_t ttl;
};

static void make_v4(struct test_packet *p, const struct call *call)
{
	const struct test_ipv4 ip = { .source = call->from,
				      .destination = call->to,
				      .protocol = call->protocol,
				      .ttl = call->ttl };

	test_packet_payload(p, NULL, PAYLOAD);
	if (call->protocol == IP_UDP)
		test_packet_udp(p, 40000, call->port);
	else
		test_packet_tcp(p, &(struct test_tcp){ .source_port = 40000,
						       .destination_port = call->port,
						       .flags = SYN });
	test_packet_ipv4(p, &ip);
}

static void send_v4(struct run *run, const struct call *call, uint8_t from, uint8_t to)
{
	struct test_packet p;

	make_v4(&p, call);
	test_packet_ethernet(&p, IPV4);
	address(&p, from, to);
	see(run, &p);
}

static void send_arp(struct run *run, uint8_t operation, uint8_t from, uint8_t to)
{
	static const uint8_t fixed[] = { 0, 1, 8, 0, 6, 4, 0 };
	uint8_t body[ARP_LEN] = { 0 };
	struct test_packet p;

	memcpy(body, fixed, sizeof(fixed));
	body[7] = operation;
	body[17] = from;
	body[14] = from == 0 ? 0 : 192;
	body[27] = to == 0xff ? 99 : to;
	body[24] = 192;
	test_packet_payload(&p, body, sizeof(body));
	test_packet_ethernet(&p, ARP);
	address(&p, from, to);
	see(run, &p);
}

static void who_speaks_to_whom(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 80, IP_TCP, 64 };

	send_v4(run, &call, 1, 2);
	send_v4(run, &call, 1, 2);
	send_v4(run, &call, 1, 3);
	assert_int_equal(counts_of(run).pairs, 2);
	assert_int_equal(counts_of(run).pairs_both, 0);
	send_v4(run, &call, 2, 1);
	send_v4(run, &call, 1, 0xff);

	struct health_counts c = counts_of(run);

	assert_int_equal(c.frames, 5);
	assert_int_equal(c.unicast, 4);
	assert_int_equal(c.group, 1);
	assert_int_equal(c.pairs_both, 1);
	assert_int_equal(c.senders.count, 2);
	assert_int_equal(c.group_senders.count, 1);
}

static void questions_and_answers(void **state)
{
	struct run *run = *state;

	send_arp(run, 1, 1, 0xff);
	send_arp(run, 1, 2, 0xff);
	send_arp(run, 2, 3, 0xff);  /* tells what nobody asked */
	send_arp(run, 1, 99, 0xff); /* announces itself */
	send_arp(run, 1, 0, 0xff);  /* tries whether the address is free */
	assert_int_equal(counts_of(run).lasting.unanswered, 2);
	assert_int_equal(counts_of(run).vlans[0].unanswered, 2);
	health_next_window(run->health);
	send_arp(run, 1, 1, 0xff);
	assert_int_equal(counts_of(run).lasting.unanswered, 3);
	assert_int_equal(counts_of(run).vlan_count, 1);
	assert_int_equal(counts_of(run).vlans[0].unanswered, 3);
	assert_int_equal(counts_of(run).vlans[0].group, 1);
	send_arp(run, 2, 3, 1);
	assert_int_equal(counts_of(run).answers, 1);
	assert_int_equal(counts_of(run).lasting.unanswered, 0);
	assert_int_equal(counts_of(run).vlans[0].unanswered, 0);
	health_next_window(run->health);
	health_next_window(run->health);
	assert_int_equal(counts_of(run).vlan_count, 0);
}

static void own_frames_are_apart(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 53, IP_UDP, 64 };

	send_v4(run, &call, 0xee, 2);
	send_v4(run, &call, 2, 0xee);

	struct health_counts c = counts_of(run);

	assert_int_equal(c.own, 2);
	assert_int_equal(c.unicast + c.group + c.dns + c.pairs, 0);
}

static void what_carries_ipv4(void **state)
{
	struct run *run = *state;
	const struct call call = { "203.0.113.5", "198.51.100.7", 443, IP_TCP, 63 };
	struct test_packet p;

	make_v4(&p, &call);
	test_packet_prepend(&p, (uint8_t[]){ 0x11, 0, 0, 7, 0, PAYLOAD + 42, 0, PPP_IPV4 }, 8);
	test_packet_ethernet(&p, PPPOE);
	see(run, &p);
	make_v4(&p, &call);
	test_packet_ipv6(&p, &(struct test_ipv6){ .source = "2001:db8::1",
						  .destination = "2001:db8::2",
						  .next = IP_IPIP });
	test_packet_vlan(&p, 5, IPV6);
	test_packet_ethernet(&p, 0x8100);
	see(run, &p);
	send_v4(run, &call, 1, 2);

	struct health_counts c = counts_of(run);

	assert_int_equal(c.pppoe, 1);
	assert_int_equal(c.four_in_six, 1);
	assert_int_equal(c.plain_v4, 1);
	assert_int_equal(c.unicast, 3);
}

static void requests_tell_by_their_ttl(void **state)
{
	struct run *run = *state;
	static const uint8_t ttls[] = { 64, 63, 124, 123, 128, 255, 200, 31 };
	struct call call = { "203.0.113.5", "198.51.100.7", 443, IP_TCP, 0 };
	struct call answer = { "198.51.100.7", "203.0.113.5", 40001, IP_TCP, 63 };

	for (size_t i = 0; i < sizeof(ttls); i++) {
		call.ttl = ttls[i];
		send_v4(run, &call, 1, 2);
		send_v4(run, &answer, 2, 1);
	}

	struct health_counts c = counts_of(run);

	assert_int_equal(c.common[0].packets, 16);
	assert_int_equal(c.common[0].fresh, 3);
	assert_int_equal(c.common[0].passed, 3); /* 63, 124, 31 */
	assert_int_equal(c.common[1].fresh + c.common[1].passed, 0);
}

static void tags_of_one_direction(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 80, IP_TCP, 64 };
	struct test_packet p;

	send_v4(run, &call, 1, 2);
	make_v4(&p, &call);
	test_packet_vlan(&p, 10, IPV4);
	test_packet_ethernet(&p, 0x8100);
	address(&p, 2, 1);
	see(run, &p);

	struct health_counts c = counts_of(run);

	assert_int_equal(c.odd_tags, 1);
	assert_int_equal(c.vlan_count, 2);
	assert_int_equal(c.vlans[1].id, 10);
	assert_int_equal(c.vlans[1].unicast, 1);
}

static void names_and_web_servers(void **state)
{
	struct run *run = *state;
	struct call call = { "192.168.1.10", "203.0.113.5", 443, IP_TCP, 64 };

	send_v4(run, &call, 1, 2);
	call.to = "203.0.113.6";
	send_v4(run, &call, 1, 2);
	call.to = "192.168.1.1"; /* inside */
	send_v4(run, &call, 1, 2);
	assert_int_equal(opened_of(run), 2);
	call.to = "1.1.1.1";
	send_v4(run, &call, 1, 2);
	assert_int_equal(counts_of(run).encrypted_dns, 1);
	assert_int_equal(opened_of(run), 0);
	send_v4(run, &(struct call){ "192.168.1.10", "192.168.1.1", 53, IP_UDP, 64 }, 1, 2);
	assert_int_equal(counts_of(run).dns, 1);
	assert_true(counts_of(run).lasting.last_dns == run->now);
}

static void a_window_keeps_what_lasts(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 53, IP_UDP, 64 };

	send_v4(run, &call, 1, 2);
	health_next_window(run->health);
	assert_int_equal(counts_of(run).frames, 0);
	assert_int_equal(counts_of(run).dns, 0);
	assert_true(counts_of(run).lasting.last_dns == T0);
	run->now += NANOTIME_HOUR;
	send_v4(run, &call, 1, 0xff);
	assert_true(counts_of(run).lasting.started == T0);
	/* Of more than an hour without a frame nothing is known. */
	run->now += NANOTIME_HOUR + 1;
	send_v4(run, &(struct call){ "192.168.1.10", "192.168.1.1", 81, IP_UDP, 64 }, 1, 0xff);
	assert_true(counts_of(run).lasting.started == run->now);
	assert_true(counts_of(run).lasting.last_dns == 0);
}

static void a_busy_interface_is_sampled(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 80, IP_TCP, 64 };

	for (unsigned i = 0; i < HEALTH_LOOKS + 10 * HEALTH_LOOK_EVERY; i++)
		send_v4(run, &call, 1, 2);
	assert_int_equal(counts_of(run).frames, HEALTH_LOOKS + 10 * HEALTH_LOOK_EVERY);
	assert_int_equal(counts_of(run).looked, HEALTH_LOOKS + 10);
}

static void interfaces_are_apart(void **state)
{
	struct run *run = *state;
	const struct call call = { "192.168.1.10", "192.168.1.1", 80, IP_TCP, 64 };
	struct health_counts last;
	struct test_packet p;

	make_v4(&p, &call);
	test_packet_ethernet(&p, IPV4);
	see_on(run, &p, INTERFACES_MAX - 1);
	see_on(run, &p, 200); /* beyond the last is the last */
	health_counts(run->health, INTERFACES_MAX - 1, &last);
	assert_int_equal(last.frames, 2);
	assert_int_equal(counts_of(run).frames, 0);
}

struct flow_case {
	const char *name;
	uint8_t protocol;
	uint8_t flags;
	uint32_t low, high;
	struct health_flows want; /* the low side is the client */
};

static struct flow_case flow_cases[] = {
	{ "both sides spoke", IP_TCP, ACK, 3, 1, { .both = 1 } },
	{ "only the client", IP_TCP, ACK | SYN, 4, 0, { .client_only = 1 } },
	{ "only the server", IP_TCP, ACK, 0, 9, { .server_only = 1 } },
	{ "too few to tell", IP_TCP, ACK, 3, 0, { 0 } },
	{ "a call that nobody answered", IP_TCP, SYN, 6, 0, { 0 } },
	{ "datagrams go one way by nature", IP_UDP, 0, 900, 0, { 0 } },
};

static void flow_case_run(void **state)
{
	const struct flow_case *c = *state;
	struct health *health;
	const struct flow_record flow = { .key.protocol = c->protocol,
					  .tcp_flags = { c->flags, 0 },
					  .packets = { c->low, c->high } };

	assert_int_equal(health_new(&health, NULL, 0), ERR_OK);
	health_flow(health, &flow);

	struct health_flows got = health_flows(health);

	assert_int_equal(got.both, c->want.both);
	assert_int_equal(got.client_only, c->want.client_only);
	assert_int_equal(got.server_only, c->want.server_only);
	health_free(health);
}

#define WITH_RUN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(flow_cases) + 10] = {
		WITH_RUN(who_speaks_to_whom),          WITH_RUN(questions_and_answers),
		WITH_RUN(own_frames_are_apart),        WITH_RUN(what_carries_ipv4),
		WITH_RUN(requests_tell_by_their_ttl),  WITH_RUN(tags_of_one_direction),
		WITH_RUN(names_and_web_servers),       WITH_RUN(a_window_keeps_what_lasts),
		WITH_RUN(a_busy_interface_is_sampled), WITH_RUN(interfaces_are_apart),
	};

	for (size_t i = 0; i < ARRAY_LEN(flow_cases); i++)
		tests[i + 10] = (struct CMUnitTest){ .name = flow_cases[i].name,
						     .test_func = flow_case_run,
						     .initial_state = &flow_cases[i] };
	return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
