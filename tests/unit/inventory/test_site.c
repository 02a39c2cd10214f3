#include "sensor/inventory/site.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

/* What a site knows that learned `address` and `prefix` (NULL: none) beside its configuration. */
struct site_case {
	const char *name;
	const char *learned;
	const char *announced;
	const char *question;
	bool want;
};

#define START      (UINT64_C(1700000000) * NANOTIME_SECOND)
#define CONFIGURED "192.168.0.0/16", "fd00::/8"

static struct site_case cases[] = {
	{ "a configured network is inside", NULL, NULL, "192.168.3.4", true },
	{ "of IPv6 too", NULL, NULL, "fd00:1::4", true },
	{ "any other is not", NULL, NULL, "192.169.3.4", false },
	{ "nor is any other of IPv6", NULL, NULL, "2001:db8::1", false },
	{ "multicast is no host", NULL, NULL, "224.0.0.251", false },
	{ "nor of IPv6", NULL, NULL, "ff02::fb", false },
	{ "nor is broadcast", NULL, NULL, "255.255.255.255", false },
	{ "nor a network's last address", NULL, NULL, "192.168.0.255", false },
	{ "nor no address", NULL, NULL, "0.0.0.0", false },
	{ "nor none of IPv6", NULL, NULL, "::", false },
	{ "a neighbour is inside whatever its network", "203.0.113.7", NULL, "203.0.113.7", true },
	{ "its neighbour is not", "203.0.113.7", NULL, "203.0.113.8", false },
	{ "a neighbour of IPv6", "2001:db8::7", NULL, "2001:db8::7", true },
	{ "a probe without an address teaches nothing", "0.0.0.0", NULL, "0.0.0.0", false },
	{ "a group teaches nothing", "224.0.0.251", NULL, "224.0.0.251", false },
	{ "an announced network is inside once a host uses it", NULL, "2001:db8:1:2::/64",
	  "2001:db8:1:2::99", true },
	{ "the one beside it is not", NULL, "2001:db8:1:2::/64", "2001:db8:1:3::99", false },
	{ "a narrower one too", NULL, "2001:db8:1:2:3::/80", "2001:db8:1:2:3::99", true },
	{ "a wider one is no link's", NULL, "2001:db8:1:2::/63", "2001:db8:1:2::99", false },
	{ "nor is one host", NULL, "2001:db8:1:2::1/128", "2001:db8:1:2::1", false },
	{ "global addresses are none", NULL, "2000::/3", "2001:db8:1:2::99", false },
	{ "nor are those of tomorrow", NULL, "4001:db8:1:2::/64", "4001:db8:1:2::99", false },
	{ "all of IPv6 is not", NULL, "::/0", "2001:db8::1", false },
	{ "nor IPv4, which no router announces so", NULL, "0.0.0.0/0", "203.0.113.7", false },
	{ "a network of IPv4 that was given out is inside", NULL, "203.0.113.0/24", "203.0.113.7",
	  true },
	{ "the one beside it is not", NULL, "203.0.113.0/24", "203.0.112.7", false },
	{ "its broadcast address is no host", NULL, "203.0.113.0/26", "203.0.113.63", false },
	{ "another's is one", NULL, "203.0.112.0/22", "203.0.113.255", true },
	{ "a /16 of IPv4 is believed", NULL, "133.1.0.0/16", "133.1.255.7", true },
	{ "a /15 is not", NULL, "133.2.0.0/15", "133.2.0.7", false },
	{ "nor one host", NULL, "203.0.113.7/32", "203.0.113.7", false },
	{ "nor loopback", NULL, "127.0.0.0/16", "127.0.0.1", false },
	{ "nor groups", NULL, "224.0.0.0/24", "224.0.0.251", false },
	{ "nor the network of nobody", NULL, "0.0.0.0/16", "0.0.0.1", false },
	{ "in an office of public addresses a neighbour tells nothing else", "8.8.8.8",
	  "203.0.113.0/24", "8.8.8.8", false },
	{ "nor in one with a network of IPv6", "2001:db8:f::7", "2001:db8:1::/64", "2001:db8:f::7",
	  false },
	{ "each family by itself", "8.8.8.8", "2001:db8:1::/64", "8.8.8.8", true },
	{ "what is announced holds no groups", NULL, "ff02::/64", "ff02::fb", false },
};

static struct address address_of(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

static struct prefix prefix_of(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(text, &p), ERR_OK);
	return p;
}

static const struct network_config *network(void)
{
	static const char *const texts[] = { CONFIGURED };
	static struct network_config config;

	memset(&config, 0, sizeof(config));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct prefix prefix = prefix_of(texts[i]);

		assert_int_equal(network_config_add(&config, &prefix), ERR_OK);
	}
	return &config;
}

static const struct mac router = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac host = { { 2, 0, 0, 0, 0, 2 } };
static struct devices *devices;

static struct address address_of(const char *text);

/* One of the MACs is a router's: it carries two networks of the internet. */
static struct site *site_of_network(void)
{
	struct site *site = NULL;
	struct address one = address_of("198.51.100.1");
	struct address other = address_of("192.0.2.1");

	assert_int_equal(site_new(&site, network()), ERR_OK);
	devices_note_outside(devices, &router, &one);
	devices_note_outside(devices, &router, &other);
	site_know_devices(site, devices);
	return site;
}

static bool holds(const struct site *site, const char *text)
{
	struct address a = address_of(text);

	return site_holds(site, &a);
}

static void learn(struct site *site, const char *text)
{
	struct address a = address_of(text);

	site_learn(site, &a, &host);
}

static struct fact_prefix told_by(const struct mac *mac, const struct prefix *prefix)
{
	return (struct fact_prefix){ .router_mac = *mac, .prefix = *prefix };
}

static void lease(struct site *site, const struct prefix *prefix, nanotime when)
{
	struct fact_prefix told = told_by(&router, prefix);

	site_learn_prefix(site, &told, when);
}

/* The prefix's own address with the last byte changed: somebody in it. */
static void use(struct site *site, const struct prefix *prefix)
{
	struct address a = prefix->address;

	a.bytes[ADDRESS_LEN - 1] ^= 0x77;
	if (!prefix_holds(prefix, &a))
		a = prefix->address;
	site_learn(site, &a, &host);
}

static void announce(struct site *site, const char *text)
{
	struct prefix p = prefix_of(text);

	lease(site, &p, START);
	lease(site, &p, START + NANOTIME_HOUR);
	if (!address_is_v4(&p.address) && p.bits >= 64 && p.bits < 128)
		use(site, &p);
}

static void private_office_believes_no_lease(void **state)
{
	(void)state;
	for (int is_first = 0; is_first < 2; is_first++) {
		struct prefix p = prefix_of("8.8.8.0/24");
		struct site *site = site_of_network();

		if (is_first)
			learn(site, "192.168.3.4");
		lease(site, &p, START);
		lease(site, &p, START + NANOTIME_MINUTE);
		learn(site, "192.168.3.4");
		lease(site, &p, START + NANOTIME_DAY);
		assert_false(holds(site, "8.8.8.8"));
		site_free(site);
	}
}

static void lease_is_believed_an_hour_later(void **state)
{
	struct prefix p = prefix_of("203.0.113.0/24");
	struct site *site = site_of_network();

	(void)state;
	lease(site, &p, START);
	lease(site, &p, START - NANOTIME_DAY);
	lease(site, &p, START + NANOTIME_HOUR - 1);
	assert_false(holds(site, "203.0.113.7"));
	lease(site, &p, START + NANOTIME_HOUR);
	assert_true(holds(site, "203.0.113.7"));
	learn(site, "192.168.3.4"); /* a stray machine changes nothing then */
	assert_true(holds(site, "203.0.113.7"));
	site_free(site);
}

static void run_case(void **state)
{
	const struct site_case *c = *state;
	struct site *site = site_of_network();

	if (c->learned)
		learn(site, c->learned);
	if (c->announced)
		announce(site, c->announced);
	assert_int_equal(holds(site, c->question), c->want);
	site_free(site);
}

static void groups_are_no_hosts(void **state)
{
	static const struct {
		const char *address;
		bool want;
	} asked[] = {
		{ "224.0.0.1", true },      { "239.255.255.250", true },
		{ "ff02::1", true },        { "255.255.255.255", true },
		{ "192.168.10.255", true }, { "203.0.113.255", false },
		{ "0.0.0.0", true },        { "::", true },
		{ "10.1.255.2", false },    { "10.1.2.254", false },
		{ "2001:db8::ff", false },  { "2001:db8::ffff", false },
		{ "127.0.0.1", false },     { "169.254.1.1", false },
	};

	struct site *site = site_of_network();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct address a = address_of(asked[i].address);

		assert_int_equal(site_is_group(site, &a), asked[i].want);
	}
	site_free(site);
}

/* Whoever invents neighbours and networks cannot push out what is configured, nor grow us. */
static void what_is_learned_is_bounded(void **state)
{
	struct site *site = site_of_network();
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	learn(site, "203.0.113.7");
	for (unsigned i = 0; i < 20000; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8::%x", i + 1);
		learn(site, text);
	}
	assert_false(holds(site, "203.0.113.7"));
	assert_true(holds(site, text));
	assert_true(holds(site, "192.168.3.4"));
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:%x::/64", i + 1);
		announce(site, text);
	}
	assert_true(holds(site, "2001:db8:1::1"));
	assert_false(holds(site, "2001:db8:3e8::1"));
	assert_true(holds(site, "192.168.3.4"));
	site_free(site);
}

/* A router repeats itself every few minutes: that takes no room from another. */
static void a_network_announced_again_takes_no_room(void **state)
{
	struct site *site = site_of_network();

	(void)state;
	for (int i = 0; i < 100; i++)
		announce(site, "2001:db8:1::/64");
	announce(site, "2001:db8:2::/64");
	announce(site, "2001:db8:1:ff::/64");
	assert_true(holds(site, "2001:db8:1::1"));
	assert_true(holds(site, "2001:db8:2::1"));
	assert_true(holds(site, "2001:db8:1:ff::1"));
	site_free(site);
	site_free(NULL);
}

/* A host that answers for an address of the internet makes no office host of it. */
static void neighbour_is_not_believed_beside_known_ones(void **state)
{
	(void)state;
	for (int is_first = 0; is_first < 2; is_first++) {
		struct site *site = site_of_network();

		if (is_first)
			learn(site, "192.168.3.4");
		learn(site, "8.8.8.8");
		assert_int_equal(holds(site, "8.8.8.8"), !is_first);
		learn(site, "192.168.3.4");
		assert_false(holds(site, "8.8.8.8"));
		site_free(site);
	}
}

static void few_networks_of_v4_are_believed(void **state)
{
	struct site *site = site_of_network();
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	announce(site, "192.168.7.0/24"); /* configured: takes no room */
	for (unsigned i = 1; i <= 9; i++) {
		(void)snprintf(text, sizeof(text), "203.0.%u.0/24", i);
		announce(site, text);
		announce(site, text);
	}
	assert_true(holds(site, "203.0.4.1"));
	assert_false(holds(site, "203.0.5.1"));
	announce(site, "2001:db8:1::/64");
	assert_true(holds(site, "2001:db8:1::1"));
	site_free(site);
}

/* Who gives addresses out need not be the router: then it has to name one (option 3). */
static void lease_of_a_server_that_names_the_router(void **state)
{
	struct prefix p = prefix_of("203.0.113.0/24");
	struct fact_prefix told = told_by(&host, &p);
	struct address gateway = address_of("203.0.113.1");

	(void)state;
	for (int step = 0; step < 3; step++) {
		struct site *site = site_of_network();

		told.router = address_of(step == 0   ? "0.0.0.0"
					 : step == 1 ? "203.0.113.2"
						     : "203.0.113.1");
		site_learn(site, &gateway, &router);
		site_learn_prefix(site, &told, START);
		site_learn_prefix(site, &told, START + NANOTIME_HOUR);
		assert_int_equal(holds(site, "203.0.113.7"), step == 2);
		site_free(site);
	}
}

static int start(void **state)
{
	static struct config config;

	(void)state;
	config_defaults(&config);
	return devices_new(&devices, &config.judge) == ERR_OK ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	devices_free(devices);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(groups_are_no_hosts),
		cmocka_unit_test(what_is_learned_is_bounded),
		cmocka_unit_test(neighbour_is_not_believed_beside_known_ones),
		cmocka_unit_test(private_office_believes_no_lease),
		cmocka_unit_test(lease_is_believed_an_hour_later),
		cmocka_unit_test(few_networks_of_v4_are_believed),
		cmocka_unit_test(a_network_announced_again_takes_no_room),
		cmocka_unit_test(lease_of_a_server_that_names_the_router),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(others)];

	(void)ADD_ROWS(tests, cases, run_case);
	memcpy(&tests[ARRAY_LEN(cases)], others, sizeof(others));
	return cmocka_run_group_tests_name("site", tests, start, stop);
}
