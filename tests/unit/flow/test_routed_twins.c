#include "sensor/flow/routed_twins.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#define START   (UINT64_C(1700000000) * NANOTIME_SECOND)
#define HOST    "192.168.10.5"
#define OTHER   "192.168.20.6"
#define NEAR    "192.168.10.6" /* on the same wire as HOST */
#define GATE    "192.168.10.1"
#define OUTSIDE "198.51.100.1" /* the gateway's */
#define REMOTE  "203.0.113.7"

enum { LAN, DMZ };

static const struct mac host_mac = { { 2, 0, 0, 0, 0, 5 } };
static const struct mac other_mac = { { 2, 0, 0, 0, 0, 6 } };
static const struct mac gate_mac = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac dmz_mac = { { 2, 0, 0, 0, 0, 2 } };
static struct network_config network;

static struct packet packet(uint8_t protocol, const char *source, uint16_t source_port,
			    const char *destination, uint16_t destination_port)
{
	struct packet p = {
		.time = START, .ttl = 64, .source_mac = host_mac, .destination_mac = gate_mac
	};
	struct address from;
	struct address to;

	assert_int_equal(address_parse(source, &from), ERR_OK);
	assert_int_equal(address_parse(destination, &to), ERR_OK);
	p.key = flow_key_of(&from, source_port, &to, destination_port, &p.source_is_low);
	p.key.protocol = protocol;
	return p;
}

static struct packet said(struct packet p, const char *words)
{
	p.payload = (struct span){ (const uint8_t *)words, strlen(words) };
	p.payload_len = (uint32_t)strlen(words);
	return p;
}

/* As the gateway sends it on, a moment later. */
static struct packet passed_on(struct packet p, const struct mac *from, const struct mac *to)
{
	p.time += NANOTIME_MILLISECOND;
	p.ttl--;
	p.source_mac = *from;
	p.destination_mac = *to;
	return p;
}

/* The same words from and to others. */
static struct packet rewritten(struct packet p, const char *source, uint16_t source_port,
			       const char *destination, uint16_t destination_port)
{
	struct packet q =
		packet(p.key.protocol, source, source_port, destination, destination_port);

	p.key = q.key;
	p.source_is_low = q.source_is_low;
	return p;
}

/* Any number that tells flows apart, the same for both directions. */
static bool is_again(struct routed_twins *twins, const struct packet *p, unsigned interface)
{
	const uint8_t *bytes = (const uint8_t *)&p->key;
	uint64_t hash = 14695981039346656037ULL;

	for (size_t i = 0; i < sizeof(p->key); i++)
		hash = (hash ^ bytes[i]) * 1099511628211ULL;
	return routed_twins_is_again(twins, p, interface, hash);
}

static int start(void **state)
{
	struct routed_twins *twins = NULL;
	struct prefix prefix;

	memset(&network, 0, sizeof(network));
	if (prefix_parse("192.168.0.0/16", &prefix) != ERR_OK ||
	    network_config_add(&network, &prefix) != ERR_OK ||
	    routed_twins_new(&twins, &network) != ERR_OK)
		return -1;
	*state = twins;
	return 0;
}

static int stop(void **state)
{
	routed_twins_free(*state);
	return 0;
}

static void datagram_without_an_id_counts_once(void **state)
{
	static const uint8_t protocols[] = { IP_UDP, IP_ICMP, IP_ICMPV6, 47 };

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		struct packet in = said(packet(protocols[i], HOST, 0, OTHER, 0), "words");
		struct packet out = passed_on(in, &dmz_mac, &other_mac);

		assert_false(is_again(*state, &in, LAN));
		assert_true(is_again(*state, &out, DMZ));
		assert_false(is_again(*state, &out, DMZ)); /* met once */
	}
	assert_int_equal(routed_twins_dropped(*state), ARRAY_LEN(protocols));
}

static void datagram_sent_again_counts_again(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, OTHER, 53), "words");
	struct packet out = passed_on(in, &dmz_mac, &other_mac);

	assert_false(is_again(*state, &in, LAN));
	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, DMZ));
	assert_true(is_again(*state, &out, DMZ));
	assert_false(is_again(*state, &out, DMZ));
}

static void two_networks_on_one_wire(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, OTHER, 53), "words");
	struct packet out = passed_on(in, &gate_mac, &other_mac);

	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, LAN));
}

static void card_that_tells_of_it_earlier(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, OTHER, 53), "words");
	struct packet out = passed_on(in, &dmz_mac, &other_mac);

	out.time = in.time;
	assert_false(is_again(*state, &out, DMZ));
	assert_true(is_again(*state, &in, LAN));
}

static void bridge_passes_on_what_it_was_given(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, NEAR, 53), "words");

	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &in, DMZ));
	assert_false(is_again(*state, &in, DMZ)); /* sent again, and first seen here */
}

struct other_case {
	const char *name;
	const char *words;
	uint8_t ttl;
	nanotime later;
	bool is_answer;
};

static struct other_case others[] = {
	{ "other words", "other", 63, 1, false },
	{ "a TTL that no router made", "words", 62, 1, false },
	{ "the same TTL", "words", 64, 1, false },
	{ "much later", "words", 63, ROUTED_TWINS_WINDOW + 1, false },
	{ "earlier", "words", 63, UINT64_MAX, false },
	{ "an answer of the same words", "words", 63, 1, true },
};

static void another_packet(void **state)
{
	const struct other_case *c = *state;
	void *twins = NULL;

	assert_int_equal(start(&twins), 0);

	struct packet in = said(packet(IP_UDP, HOST, 40000, OTHER, 53), "words");
	struct packet out = said(passed_on(in, &dmz_mac, &other_mac), c->words);

	out.ttl = c->ttl;
	out.time = in.time + c->later;
	if (c->is_answer)
		out.source_is_low = !out.source_is_low;
	assert_false(is_again(twins, &in, LAN));
	assert_false(is_again(twins, &out, DMZ));
	assert_int_equal(stop(&twins), 0);
}

static struct packet syn(const char *source, uint16_t source_port, const char *destination,
			 uint16_t destination_port)
{
	struct packet p = packet(IP_TCP, source, source_port, destination, destination_port);

	p.tcp_flags = TCP_SYN;
	p.tcp_sequence = 0x12345678;
	return p;
}

/* A whole conversation by the gateway's outside address: which of its packets are dropped. */
static void hairpin_is_the_callers_flow(void **state)
{
	struct packet in = syn(HOST, 40000, OUTSIDE, 8080);
	struct packet out = rewritten(passed_on(in, &gate_mac, &other_mac), GATE, 50000, NEAR, 80);

	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, LAN));

	struct packet answer = packet(IP_TCP, NEAR, 80, GATE, 50000);

	answer.time += 2 * NANOTIME_MILLISECOND;
	answer.source_mac = other_mac;
	answer.tcp_flags = TCP_SYN | TCP_ACK;
	answer.tcp_sequence = 777;
	answer.tcp_acknowledged = in.tcp_sequence + 1;
	out = rewritten(passed_on(answer, &gate_mac, &host_mac), OUTSIDE, 8080, HOST, 40000);
	assert_true(is_again(*state, &answer, LAN));
	assert_false(is_again(*state, &out, LAN));

	in.tcp_flags = TCP_ACK;
	in.time += 4 * NANOTIME_MILLISECOND;
	out = rewritten(passed_on(in, &gate_mac, &other_mac), GATE, 50000, NEAR, 80);
	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, LAN));
}

/* Into another network the caller's address is left as it is. */
static void forwarded_port_of_a_datagram(void **state)
{
	struct packet in = said(packet(IP_UDP, HOST, 40000, OUTSIDE, 8080), "words");
	struct packet out =
		rewritten(passed_on(in, &dmz_mac, &other_mac), HOST, 40000, OTHER, 5000);

	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, DMZ));
}

static void two_hosts_that_ask_the_same_are_two(void **state)
{
	struct packet one = said(packet(IP_UDP, HOST, 40000, "192.168.10.255", 1900), "M-SEARCH");
	struct packet two = said(packet(IP_UDP, OTHER, 40001, "192.168.20.255", 1900), "M-SEARCH");

	two.source_mac = other_mac;
	two.ttl = 63;
	assert_false(is_again(*state, &one, LAN));
	assert_false(is_again(*state, &two, DMZ));
}

/* Whoever forges the gateway's sending on hides no flow to the internet. */
static void nobody_hides_behind_a_hairpin(void **state)
{
	struct packet in = syn(HOST, 40000, OUTSIDE, 8080);
	struct packet out = rewritten(passed_on(in, &gate_mac, &dmz_mac), HOST, 40001, REMOTE, 443);

	assert_false(is_again(*state, &in, LAN));
	assert_false(is_again(*state, &out, LAN));
}

static void rewritten_flow_is_asked_about_anew(void **state)
{
	struct packet in = syn(HOST, 40000, OUTSIDE, 8080);
	struct packet out = rewritten(passed_on(in, &gate_mac, &other_mac), GATE, 50000, NEAR, 80);

	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, LAN));
	out.tcp_flags = TCP_ACK;
	out.time += 4 * NANOTIME_MINUTE;
	assert_true(is_again(*state, &out, LAN));
	out.time += 6 * NANOTIME_MINUTE;
	assert_false(is_again(*state, &out, LAN));

	out = rewritten(passed_on(in, &gate_mac, &other_mac), GATE, 50000, NEAR, 80);
	in.time = out.time += NANOTIME_HOUR;
	assert_false(is_again(*state, &in, LAN));
	assert_true(is_again(*state, &out, LAN));
	out.tcp_sequence++; /* the gateway calls by itself, from the same port */
	assert_false(is_again(*state, &out, LAN));
	out.tcp_flags = TCP_ACK;
	assert_false(is_again(*state, &out, LAN));
}

static void however_much_passes_nothing_is_dropped_for_it(void **state)
{
	for (unsigned i = 0; i < 100000; i++) {
		struct packet p = said(packet(IP_UDP, HOST, (uint16_t)i, OTHER, 53), "words");

		p.time += i * (NANOTIME_MILLISECOND / 1000);
		p.tcp_sequence = i;
		assert_false(is_again(*state, &p, LAN));
	}
	routed_twins_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest plain[] = {
#define TWINS(test) cmocka_unit_test_setup_teardown(test, start, stop)
		TWINS(datagram_without_an_id_counts_once),
		TWINS(datagram_sent_again_counts_again),
		TWINS(two_networks_on_one_wire),
		TWINS(card_that_tells_of_it_earlier),
		TWINS(bridge_passes_on_what_it_was_given),
		TWINS(hairpin_is_the_callers_flow),
		TWINS(forwarded_port_of_a_datagram),
		TWINS(two_hosts_that_ask_the_same_are_two),
		TWINS(nobody_hides_behind_a_hairpin),
		TWINS(rewritten_flow_is_asked_about_anew),
		TWINS(however_much_passes_nothing_is_dropped_for_it),
#undef TWINS
	};
	struct CMUnitTest tests[ARRAY_LEN(plain) + ARRAY_LEN(others)];
	size_t n = ADD_ROWS(tests, others, another_packet);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("routed twins", tests, NULL, NULL);
}
