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
	{ "an announced network is inside", NULL, "2001:db8:1:2::/64", "2001:db8:1:2::99", true },
	{ "the one beside it is not", NULL, "2001:db8:1:2::/64", "2001:db8:1:3::99", false },
	{ "a /48 is believed", NULL, "2001:db8:1::/48", "2001:db8:1:ffff::1", true },
	{ "a /47 is not", NULL, "2001:db8:2::/47", "2001:db8:2::1", false },
	{ "all of IPv6 is not", NULL, "::/0", "2001:db8::1", false },
	{ "nor IPv4, which no router announces so", NULL, "0.0.0.0/0", "203.0.113.7", false },
	{ "nor a part of it", NULL, "203.0.113.0/24", "203.0.113.7", false },
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

static struct site *site_of_network(void)
{
	struct site *site = NULL;

	assert_int_equal(site_new(&site, network()), ERR_OK);
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

	site_learn(site, &a);
}

static void announce(struct site *site, const char *text)
{
	struct prefix p = prefix_of(text);

	site_learn_prefix(site, &p);
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
		(void)snprintf(text, sizeof(text), "2001:db8:%x::/48", i + 1);
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
	announce(site, "2001:db8:1::/56");
	assert_true(holds(site, "2001:db8:1::1"));
	assert_true(holds(site, "2001:db8:2::1"));
	assert_true(holds(site, "2001:db8:1:ff::1"));
	site_free(site);
	site_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(groups_are_no_hosts),
		cmocka_unit_test(what_is_learned_is_bounded),
		cmocka_unit_test(a_network_announced_again_takes_no_room),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(&tests[ARRAY_LEN(cases)], others, sizeof(others));
	return cmocka_run_group_tests_name("site", tests, NULL, NULL);
}
