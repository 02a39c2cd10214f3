#include "sensor/lane/sightings.h"

#include "tests/support/facts.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum {
	HOSTS = 40, /* of each kind */
	MACS = 12,
	STEPS = 20000,
	CARRIERS_KNOWN = 1024,
	TOLD_OF_A_ROUTER = 4, /* networks a minute */
};

static struct packet packet_of(const struct address *source, const struct mac *source_mac,
			       const struct address *destination, const struct mac *destination_mac,
			       nanotime time)
{
	struct packet p = { .time = time,
			    .kind = PACKET_IP,
			    .source_mac = *source_mac,
			    .destination_mac = *destination_mac };

	p.key = flow_key_of(source, 40000, destination, 443, &p.source_is_low);
	return p;
}

struct trial {
	struct config config;
	struct sightings *sightings;
	struct fact_sighting told;
};

static void start(struct trial *t, uint64_t devices)
{
	memset(t, 0, sizeof(*t));
	config_defaults(&t->config);
	t->config.judge.devices = devices;
	assert_int_equal(sightings_new(&t->sightings, &t->config), ERR_OK);
}

static bool see(struct trial *t, const char *source, const struct mac *source_mac,
		const char *destination, const struct mac *destination_mac, double seconds)
{
	struct address from = test_address(source);
	struct address to = test_address(destination);
	struct packet p =
		packet_of(&from, source_mac, &to, destination_mac, test_after_seconds(seconds));

	return (sightings_see(t->sightings, &p, &t->told) & SIGHTING_HOST) != 0;
}

static const struct mac none;
static const struct mac host = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac other = { { 2, 0, 0, 0, 0, 2 } };
static const struct mac router = { { 2, 0, 0, 0, 0, 3 } };
static const struct mac group = { { 0x33, 0x33, 0, 0, 0, 0xfb } };

struct look {
	const char *source;
	const struct mac *source_mac;
	const char *destination;
	const struct mac *destination_mac;
	double seconds;
	bool is_told;
	bool has_destination;
};

enum { LOOKS_MAX = 8 };

struct look_case {
	const char *name;
	struct look looks[LOOKS_MAX];
};

static struct look_case look_cases[] = {
	{ "a host is told once a minute",
	  { { "10.0.0.1", &host, "10.0.0.2", &other, 0, true, false },
	    { "10.0.0.1", &host, "10.0.0.2", &other, 1, false, false },
	    { "10.0.0.1", &host, "10.0.0.3", &other, 59.9, false, false },
	    { "10.0.0.1", &host, "10.0.0.2", &other, 60, true, false },
	    { "10.0.0.1", &host, "10.0.0.2", &other, 119, false, false } } },
	{ "another MAC is told at once",
	  { { "10.0.0.1", &host, "10.0.0.2", &host, 0, true, false },
	    { "10.0.0.1", &other, "10.0.0.2", &host, 1, true, false },
	    { "10.0.0.1", &other, "10.0.0.2", &host, 2, false, false },
	    { "10.0.0.1", &host, "10.0.0.2", &host, 3, true, false } } },
	{ "time that goes back makes news",
	  { { "10.0.0.1", &host, "203.0.113.1", &router, 10, true, true },
	    { "10.0.0.1", &host, "203.0.113.1", &router, 9, true, true },
	    { "10.0.0.1", &host, "203.0.113.1", &router, 10, false, false } } },
	{ "a link without MACs",
	  { { "10.0.0.1", &none, "203.0.113.1", &none, 0, true, false },
	    { "10.0.0.1", &none, "203.0.113.2", &none, 1, false, false },
	    { "203.0.113.1", &none, "10.0.0.1", &none, 2, false, false },
	    { "203.0.113.1", &none, "203.0.113.2", &none, 3, false, false } } },
	{ "networks behind a MAC, to it",
	  { { "10.0.0.1", &host, "203.0.113.1", &router, 0, true, true },
	    { "10.0.0.1", &host, "203.0.113.2", &router, 1, false, false },
	    { "10.0.0.1", &host, "198.51.100.1", &router, 2, true, true },
	    { "10.0.0.1", &host, "2001:db8::1", &router, 3, true, true },
	    { "10.0.0.1", &host, "2001:db8::2", &router, 4, false, false },
	    { "10.0.0.1", &host, "2001:db8:0:1::1", &router, 5, true, true },
	    { "10.0.0.1", &host, "192.0.2.1", &router, 6, false, false },
	    { "192.0.2.1", &router, "10.0.0.1", &host, 7, false, false } } },
	{ "networks behind a MAC, from it",
	  { { "203.0.113.1", &router, "10.0.0.1", &host, 0, true, false },
	    { "203.0.113.1", &router, "10.0.0.1", &host, 1, false, false },
	    { "198.51.100.1", &router, "10.0.0.1", &host, 2, true, false },
	    { "2001:db8::1", &router, "10.0.0.1", &host, 3, true, false },
	    { "192.0.2.1", &router, "10.0.0.1", &host, 4, true, false },
	    { "192.1.2.1", &router, "10.0.0.1", &host, 5, false, false },
	    { "192.1.2.1", &router, "10.0.0.1", &host, 59.5, false, false },
	    { "192.1.2.1", &router, "10.0.0.1", &host, 60, true, false } } },
	{ "a router's own address is a host's",
	  { { "203.0.113.1", &router, "198.51.100.1", &router, 0, true, true },
	    { "2001:db8::1", &router, "192.0.2.1", &router, 1, true, true },
	    { "10.0.0.254", &router, "10.0.0.1", &host, 2, true, false } } },
	{ "groups carry nothing",
	  { { "10.0.0.1", &host, "224.0.0.251", &group, 0, true, false },
	    { "10.0.0.1", &host, "224.0.0.251", &other, 1, false, false },
	    { "10.0.0.1", &host, "239.255.255.250", &other, 2, false, false },
	    { "10.0.0.1", &host, "239.1.1.1", &other, 3, false, false },
	    { "10.0.0.1", &host, "ff02::fb", &other, 4, false, false },
	    { "10.0.0.1", &host, "203.0.113.1", &other, 5, true, true },
	    { "10.0.0.1", &host, "198.51.100.1", &other, 6, true, true } } },
};

static void only_news_is_told(void **state)
{
	const struct look_case *c = *state;
	struct trial t;

	start(&t, 16);
	for (size_t i = 0; i < LOOKS_MAX && c->looks[i].source; i++) {
		const struct look *l = &c->looks[i];
		bool is_told = see(&t, l->source, l->source_mac, l->destination, l->destination_mac,
				   l->seconds);
		struct address source = test_address(l->source);
		struct address destination = test_address(l->destination);

		if (is_told != l->is_told)
			fail_msg("look %zu: %s", i, is_told ? "told" : "not told");
		if (!is_told)
			continue;
		assert_true(address_equal(&t.told.source, &source));
		assert_true(mac_equal(&t.told.source_mac, l->source_mac));
		assert_int_equal(t.told.has_destination, l->has_destination);
		assert_true(address_equal(&t.told.destination, &destination));
		assert_true(mac_equal(&t.told.destination_mac, l->destination_mac));
	}
	sightings_free(t.sightings);
}

static bool see_from(struct trial *t, const char *source, const struct mac *mac, uint8_t ttl,
		     double seconds)
{
	struct address from = test_address(source);
	struct address to = test_address("198.51.100.1");
	struct packet p = packet_of(&from, mac, &to, &group, test_after_seconds(seconds));

	p.ttl = ttl;
	return (sightings_see(t->sightings, &p, &t->told) & SIGHTING_HOST) != 0;
}

/* Of outside addresses, which show only so that they are on this wire. */
static void a_limit_that_no_router_lowered_is_news(void **state)
{
	struct trial t;

	(void)state;
	start(&t, 16);
	assert_true(see_from(&t, "203.0.113.7", &host, 57, 0));
	assert_false(see_from(&t, "203.0.113.7", &host, 57, 1));
	assert_true(see_from(&t, "203.0.113.7", &host, 64, 2));
	assert_int_equal(t.told.source_ttl, 64);
	assert_false(see_from(&t, "203.0.113.7", &host, 64, 3));
	assert_false(see_from(&t, "203.0.113.7", &host, 57, 4));
	assert_false(see_from(&t, "203.0.113.8", &none, 57, 5));
	assert_true(see_from(&t, "203.0.113.8", &none, 128, 6));
	assert_false(see_from(&t, "203.0.113.8", &none, 128, 7));
	assert_true(see_from(&t, "10.0.0.1", &host, 57, 8));
	assert_false(see_from(&t, "10.0.0.1", &host, 64, 9));
	sightings_free(t.sightings);
}

/* What the judge makes of sightings: whose MAC, and which MACs carry two networks. */
struct known {
	struct mac mac_of[HOSTS];
	struct address carried[MACS]; /* the first network */
	bool has_carried[MACS];
	bool is_router[MACS];
};

/* Numbers of addresses: inside, outside in IPv4 and IPv6, and groups. */
static struct address address_of(uint32_t number)
{
	char text[ADDRESS_TEXT_LEN];
	unsigned n = number % HOSTS;

	switch (number / HOSTS) {
	case 0:
		(void)snprintf(text, sizeof(text), "192.168.1.%u", n + 1);
		break;
	case 1:
		(void)snprintf(text, sizeof(text), "203.0.%u.%u", n / 4, n + 1);
		break;
	case 2:
		(void)snprintf(text, sizeof(text), "2001:db8:0:%u::%u", n / 4, n + 1);
		break;
	default:
		(void)snprintf(text, sizeof(text), "239.255.%u.%u", n, n + 1);
		break;
	}
	return test_address(text);
}

/* 0 is none, the last is a group's. */
static struct mac mac_of(uint32_t number)
{
	if (number == MACS - 1)
		return group;
	return number > 0 ? test_mac((uint8_t)number) : none;
}

static void learn_carrier(struct known *known, const struct address *outside, const struct mac *mac)
{
	struct address network = *outside;
	unsigned at = mac->bytes[MAC_LEN - 1];

	if (mac_is_zero(mac) || mac_is_group(mac) || address_is_multicast(outside))
		return;
	if (address_is_v4(&network))
		network.bytes[ADDRESS_LEN - 1] = 0;
	else
		memset(network.bytes + 8, 0, 8);
	if (!known->has_carried[at])
		known->carried[at] = network;
	known->has_carried[at] = true;
	known->is_router[at] |= !address_equal(&known->carried[at], &network);
}

static void learn(struct known *known, const struct config *config, const struct fact_sighting *s)
{
	const struct address *destination = &s->destination;

	if (s->has_destination && !network_config_holds(&config->network, destination))
		learn_carrier(known, destination, &s->destination_mac);
	if (network_config_holds(&config->network, &s->source))
		known->mac_of[s->source.bytes[ADDRESS_LEN - 1] - 1] = s->source_mac;
	else
		learn_carrier(known, &s->source, &s->source_mac);
}

struct walk_case {
	const char *name;
	double step; /* seconds */
	bool goes_back;
	bool keeps_macs; /* an address has one MAC, as in most networks */
};

static struct walk_case walk_cases[] = {
	{ "an office, slow", 0.5, false, true },
	{ "an office, fast", 0.001, false, true },
	{ "MACs that change", 0.05, false, false },
	{ "time goes back", 0.05, true, false },
};

static struct packet random_packet(const struct walk_case *c, uint64_t *random, nanotime time)
{
	uint32_t from = (uint32_t)(test_random(random) % (3 * HOSTS)); /* no group sends */
	uint32_t to = (uint32_t)(test_random(random) % (4 * HOSTS));
	uint32_t from_mac = (uint32_t)(test_random(random) % MACS);
	uint32_t to_mac = (uint32_t)(test_random(random) % MACS);
	struct address source = address_of(from);
	struct address destination = address_of(to);
	struct mac source_mac = mac_of(c->keeps_macs ? from * 7 % MACS : from_mac);
	struct mac destination_mac = mac_of(c->keeps_macs ? to * 5 % MACS : to_mac);

	return packet_of(&source, &source_mac, &destination, &destination_mac, time);
}

/* After each packet the judge knows what it would know if it were told of all. */
static void nothing_of_use_is_left_out(void **state)
{
	const struct walk_case *c = *state;
	struct known by_all = { 0 };
	struct known by_told = { 0 };
	uint64_t random = 5;
	uint32_t told = 0;
	double seconds = 7200;
	struct trial t;

	start(&t, 512);
	for (uint32_t i = 0; i < STEPS; i++) {
		if (c->goes_back && test_random(&random) % 500 == 0)
			seconds -= 3600 * test_random_share(&random) * (i > STEPS / 2);

		struct packet p = random_packet(c, &random, test_after_seconds(seconds));
		const struct fact_sighting all = { .source = *packet_source(&p),
						   .source_mac = p.source_mac,
						   .has_destination = true,
						   .destination = *packet_destination(&p),
						   .destination_mac = p.destination_mac };

		learn(&by_all, &t.config, &all);
		if (sightings_see(t.sightings, &p, &t.told)) {
			learn(&by_told, &t.config, &t.told);
			told++;
		}
		assert_memory_equal(by_told.mac_of, by_all.mac_of, sizeof(by_all.mac_of));
		assert_memory_equal(by_told.is_router, by_all.is_router, sizeof(by_all.is_router));
		seconds += c->step;
	}
	print_message("told of %u packets in %u\n", told, STEPS);
	sightings_free(t.sightings);
}

/* Two with hashes of their own, and more hosts and MACs than they remember. */
static void what_is_forgotten_follows_from_the_packets(void **state)
{
	uint64_t random = 9;
	uint32_t told = 0;
	struct trial one;
	struct trial two;

	(void)state;
	start(&one, 16);
	start(&two, 16);
	for (uint32_t i = 0; i < 4 * STEPS; i++) {
		uint64_t dice = test_random(&random);
		const uint8_t from[4] = { 10, 0, 0, (uint8_t)(dice % 60) };
		const uint8_t to[4] = { 203, 0, (uint8_t)(dice >> 8 & 3), 1 };
		const struct mac mac = { { 2, 0, 0, 1, (uint8_t)(dice >> 16 & 7),
					   (uint8_t)(dice >> 24) } };
		struct address source = address_v4(from);
		struct address destination = address_v4(to);
		struct packet p = packet_of(&source, &host, &destination, &mac,
					    test_after_seconds(0.001 * i));
		bool is_told = sightings_see(one.sightings, &p, &one.told) != 0;

		assert_int_equal(sightings_see(two.sightings, &p, &two.told) != 0, is_told);
		if (is_told)
			assert_memory_equal(&one.told, &two.told, sizeof(one.told));
		told += is_told;
	}
	assert_true(told > 2 * CARRIERS_KNOWN);
	sightings_free(one.sightings);
	sightings_free(two.sightings);
}

/* What Linux sends; the options' place is behind the fixed part. */
struct syn {
	uint8_t bytes[60];
	struct packet packet;
};

enum { SYN_WINDOW = 64240, OPTIONS_AT = 40, STAMP_AT = OPTIONS_AT + 8 };

static void make_syn(struct syn *syn, const char *source, const struct mac *mac, double seconds)
{
	static const uint8_t options[] = { 2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2,
					   3, 4, 0, 0,    0, 0, 1, 3,  3, 7 };
	struct address from = test_address(source);
	struct address to = test_address("203.0.113.1");

	memset(syn, 0, sizeof(*syn));
	syn->bytes[0] = 0x45;
	memcpy(syn->bytes + OPTIONS_AT, options, sizeof(options));
	syn->packet = packet_of(&from, mac, &to, &router, test_after_seconds(seconds));
	syn->packet.key.protocol = IP_TCP;
	syn->packet.key.ip_version = 4;
	syn->packet.ttl = 64;
	syn->packet.tcp_flags = TCP_SYN;
	syn->packet.tcp_window = SYN_WINDOW;
	syn->packet.ip = (struct span){ syn->bytes, sizeof(syn->bytes) };
}

static bool is_syn_told(struct trial *t, const struct syn *syn)
{
	return (sightings_see(t->sightings, &syn->packet, &t->told) & SIGHTING_SYN) != 0;
}

static void a_syn_is_told_once_of_its_kind(void **state)
{
	struct trial t;
	struct syn syn;

	(void)state;
	start(&t, 16);
	make_syn(&syn, "192.168.1.7", &host, 1);
	assert_true(is_syn_told(&t, &syn));
	assert_false(is_syn_told(&t, &syn));
	syn.bytes[STAMP_AT] ^= 0xff; /* another time */
	syn.packet.time = test_after_seconds(100);
	assert_false(is_syn_told(&t, &syn));
	make_syn(&syn, "192.168.1.8", &host, 101);
	assert_true(is_syn_told(&t, &syn));
	make_syn(&syn, "192.168.1.7", &other, 102); /* another machine */
	assert_true(is_syn_told(&t, &syn));
	sightings_free(t.sightings);
}

static void only_a_few_kinds_of_one_host_are_told(void **state)
{
	uint32_t told = 0;
	struct trial t;
	struct syn syn;

	(void)state;
	start(&t, 16);
	for (uint16_t i = 0; i < 100; i++) {
		make_syn(&syn, "192.168.1.7", &host, 1 + i);
		syn.packet.tcp_window = i;
		told += is_syn_told(&t, &syn);
	}
	assert_int_equal(told, 4);
	sightings_free(t.sightings);
}

/* Window, flags, time to live, an option's value, its kind, data, Don't Fragment. */
static void what_makes_another_kind(void **state)
{
	struct trial t;
	struct syn syn;

	(void)state;
	for (int change = 0; change < 6; change++) {
		start(&t, 16);
		make_syn(&syn, "192.168.1.7", &host, 1);
		assert_true(is_syn_told(&t, &syn));
		if (change == 0)
			syn.packet.tcp_window = 1;
		else if (change == 1)
			syn.packet.tcp_flags |= 0x40;
		else if (change == 2)
			syn.packet.ttl = 128;
		else if (change == 3)
			syn.bytes[OPTIONS_AT + 3]++;
		else if (change == 4)
			syn.bytes[OPTIONS_AT + 16] = 0;
		else
			syn.packet.identity = UINT64_C(1) << 46;
		assert_true(is_syn_told(&t, &syn));
		sightings_free(t.sightings);
	}
}

/* Another flag, a fragment, headers that were not kept or were cut. */
static void what_is_no_whole_syn_is_not_told(void **state)
{
	struct trial t;
	struct syn syn;

	(void)state;
	start(&t, 16);
	make_syn(&syn, "192.168.1.7", &host, 1);
	syn.packet.tcp_flags = TCP_SYN | TCP_ACK;
	assert_false(is_syn_told(&t, &syn));
	make_syn(&syn, "192.168.1.7", &host, 1);
	syn.packet.is_fragment_rest = true;
	assert_false(is_syn_told(&t, &syn));
	make_syn(&syn, "192.168.1.7", &host, 1);
	syn.packet.ip = (struct span){ 0 };
	assert_false(is_syn_told(&t, &syn));
	syn.packet.ip = (struct span){ syn.bytes, OPTIONS_AT - 1 };
	assert_false(is_syn_told(&t, &syn));
	sightings_free(t.sightings);
}

struct flood_case {
	const char *name;
	bool from_outside;
	uint32_t most; /* told in a minute */
};

static struct flood_case flood_cases[] = {
	{ "random sources through the router", true, TOLD_OF_A_ROUTER },
	{ "a host asks for everything", false, TOLD_OF_A_ROUTER },
};

static void floods_tell_a_bounded_number(void **state)
{
	const struct flood_case *c = *state;
	uint64_t random = 13;
	uint32_t told = 0;
	struct trial t;

	start(&t, 16);
	for (uint32_t i = 0; i < 4 * STEPS; i++) {
		uint64_t dice = test_random(&random);
		const uint8_t bytes[4] = { 203, (uint8_t)dice, (uint8_t)(dice >> 8),
					   (uint8_t)(dice >> 16) };
		struct address outside = address_v4(bytes);
		struct address inside = test_address("192.168.1.7");
		nanotime time = test_after_seconds(59.0 * i / (4.0 * STEPS));
		struct packet p = c->from_outside
					  ? packet_of(&outside, &router, &inside, &host, time)
					  : packet_of(&inside, &host, &outside, &router, time);

		told += sightings_see(t.sightings, &p, &t.told) != 0;
	}
	assert_int_equal(told, c->most);
	sightings_free(t.sightings);
}

int main(void)
{
	enum { OTHERS = 6 };
	struct CMUnitTest tests[OTHERS + ARRAY_LEN(look_cases) + ARRAY_LEN(walk_cases) +
				ARRAY_LEN(flood_cases)] = {
		cmocka_unit_test(what_is_forgotten_follows_from_the_packets),
		cmocka_unit_test(a_syn_is_told_once_of_its_kind),
		cmocka_unit_test(only_a_few_kinds_of_one_host_are_told),
		cmocka_unit_test(what_makes_another_kind),
		cmocka_unit_test(what_is_no_whole_syn_is_not_told),
		cmocka_unit_test(a_limit_that_no_router_lowered_is_news),
	};
	size_t count = OTHERS;

	count += ADD_ROWS(tests + count, look_cases, only_news_is_told);
	count += ADD_ROWS(tests + count, walk_cases, nothing_of_use_is_left_out);
	count += ADD_ROWS(tests + count, flood_cases, floods_tell_a_bounded_number);
	return cmocka_run_group_tests_name("sightings", tests, NULL, NULL);
}
