#include "sensor/inventory/site.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { NEAR = 64, FAR = 57, STEPS_MAX = 6 };

/* Who sends to whom, by the last byte of their MACs; 0 is a link without MACs. */
struct step {
	const char *source;
	uint8_t source_mac;
	uint8_t ttl;
	const char *destination;
	uint8_t destination_mac;
};

struct lone_case {
	const char *name;
	struct step steps[STEPS_MAX];
	const char *inside;  /* NULL is nobody */
	const char *outside; /* likewise */
};

static struct lone_case cases[] = {
	{ "who sends with the limit that hosts begin with is on this wire",
	  { { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 } },
	  "203.0.113.7",
	  "198.51.100.1" },
	{ "so is Windows", { { "203.0.113.7", 7, 128, "198.51.100.1", 1 } }, "203.0.113.7", NULL },
	{ "and a printer", { { "203.0.113.7", 7, 255, "198.51.100.1", 1 } }, "203.0.113.7", NULL },
	{ "who comes from afar is not",
	  { { "203.0.113.7", 7, FAR, "198.51.100.1", 1 } },
	  NULL,
	  "203.0.113.7" },
	{ "nor one router away",
	  { { "203.0.113.7", 7, 63, "198.51.100.1", 1 } },
	  NULL,
	  "203.0.113.7" },
	{ "whose first packet shows nothing is believed later",
	  { { "203.0.113.7", 7, 56, "198.51.100.1", 1 },
	    { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 } },
	  "203.0.113.7",
	  "198.51.100.1" },
	{ "a link without MACs has one host",
	  { { "203.0.113.7", 0, NEAR, "198.51.100.1", 0 },
	    { "198.51.100.1", 0, NEAR, "203.0.113.7", 0 } },
	  "203.0.113.7",
	  "198.51.100.1" },
	{ "a link of IPv6: its network",
	  { { "2001:db8:1:2::7", 7, NEAR, "2001:db8:9::1", 1 } },
	  "2001:db8:1:2:3::1",
	  "2001:db8:1:3::7" },
	{ "behind address translation: one address, three networks through a router",
	  { { "203.0.113.7", 7, 63, "198.51.100.1", 1 },
	    { "203.0.113.7", 7, 63, "192.0.2.1", 1 },
	    { "203.0.113.7", 7, 63, "198.18.0.1", 1 },
	    { "203.0.113.7", 7, 63, "198.18.1.1", 1 } },
	  "203.0.113.7",
	  "198.51.100.1" },
	{ "two networks are too few",
	  { { "203.0.113.7", 7, 63, "198.51.100.1", 1 },
	    { "203.0.113.7", 7, 63, "192.0.2.1", 1 },
	    { "203.0.113.7", 7, 63, "198.18.0.1", 1 } },
	  NULL,
	  "203.0.113.7" },
	{ "between two routers nobody is inside",
	  { { "203.0.113.7", 7, 63, "198.51.100.1", 1 },
	    { "203.0.113.7", 7, 63, "192.0.2.1", 1 },
	    { "203.0.114.7", 7, 63, "198.18.0.1", 1 },
	    { "203.0.113.7", 7, 63, "198.18.1.1", 1 },
	    { "203.0.113.7", 7, 63, "198.18.2.1", 1 } },
	  NULL,
	  "203.0.113.7" },
	{ "whom a stranger's limit made seem near is not, once its MAC carries networks",
	  { { "198.51.100.1", 1, NEAR, "203.0.113.7", 7 },
	    { "203.0.113.7", 7, NEAR, "192.0.2.1", 1 },
	    { "203.0.113.7", 7, NEAR, "198.18.0.1", 1 } },
	  "203.0.113.7",
	  "198.51.100.1" },
	{ "one MAC has one address: the second that it sends from is not believed",
	  { { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 },
	    { "203.0.113.8", 7, NEAR, "198.51.100.1", 1 } },
	  "203.0.113.7",
	  "203.0.113.8" },
	{ "an address of two MACs is nobody's",
	  { { "8.8.8.8", 7, NEAR, "198.51.100.1", 1 }, { "8.8.8.8", 8, NEAR, "192.0.2.1", 1 } },
	  NULL,
	  "8.8.8.8" },
	{ "a host of a known network: that is the office",
	  { { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 },
	    { "192.168.1.4", 8, NEAR, "198.51.100.1", 1 } },
	  "192.168.1.4",
	  "203.0.113.7" },
	{ "before, too",
	  { { "192.168.1.4", 8, NEAR, "198.51.100.1", 1 },
	    { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 } },
	  "192.168.1.4",
	  "203.0.113.7" },
	{ "one without a lease yet is none of a known network",
	  { { "169.254.1.4", 8, NEAR, "169.254.1.5", 1 },
	    { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 } },
	  "203.0.113.7",
	  "198.51.100.1" },
};

struct wire {
	struct network_config network;
	struct judge_config judge;
	struct devices *devices;
	struct site *site;
};

static struct address address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

/* 0 is a link without MACs. */
static struct mac mac_of(uint8_t last)
{
	return last == 0 ? (struct mac){ { 0 } } : (struct mac){ { 2, 0, 0, 0, 0, last } };
}

static void start(struct wire *wire)
{
	static const char *const inside[] = { "192.168.0.0/16", "169.254.0.0/16", "fe80::/10" };

	memset(wire, 0, sizeof(*wire));
	for (size_t i = 0; i < ARRAY_LEN(inside); i++) {
		struct prefix prefix;

		assert_int_equal(prefix_parse(inside[i], &prefix), ERR_OK);
		assert_int_equal(network_config_add(&wire->network, &prefix), ERR_OK);
	}
	wire->judge.devices = 64;
	assert_int_equal(devices_new(&wire->devices, &wire->judge), ERR_OK);
	assert_int_equal(site_new(&wire->site, &wire->network), ERR_OK);
	site_know_devices(wire->site, wire->devices);
}

static void stop(struct wire *wire)
{
	site_free(wire->site);
	devices_free(wire->devices);
}

static bool holds(const struct wire *wire, const char *text)
{
	struct address address = address_of(text);

	return site_holds(wire->site, &address);
}

static void note_outside(const struct wire *wire, const struct address *address,
			 const struct mac *mac)
{
	if (!site_holds(wire->site, address) && site_note_outside(wire->site, address, mac))
		devices_note_outside(wire->devices, mac, address);
}

/* As the judge does with a sighting. */
static void send_packet(struct wire *wire, const struct step *step)
{
	const struct fact_sighting seen = { .source = address_of(step->source),
					    .source_mac = mac_of(step->source_mac),
					    .source_ttl = step->ttl,
					    .has_destination = true,
					    .destination = address_of(step->destination),
					    .destination_mac = mac_of(step->destination_mac) };

	note_outside(wire, &seen.destination, &seen.destination_mac);
	site_learn_sender(wire->site, &seen);
	note_outside(wire, &seen.source, &seen.source_mac);
}

static void run_case(void **state)
{
	const struct lone_case *c = *state;
	struct wire wire;

	start(&wire);
	for (size_t i = 0; i < STEPS_MAX && c->steps[i].source; i++)
		send_packet(&wire, &c->steps[i]);
	if (c->inside)
		assert_true(holds(&wire, c->inside));
	if (c->outside)
		assert_false(holds(&wire, c->outside));
	stop(&wire);
}

/* Who answers for others draws nobody's address in here, nor drives those out who are. */
static void a_forged_neighbour_moves_nothing(void **state)
{
	const struct step own = { "203.0.113.7", 7, NEAR, "198.51.100.1", 1 };
	const struct mac forger = mac_of(66);

	(void)state;
	for (int is_first = 0; is_first < 2; is_first++) {
		struct address far = address_of("198.51.100.1");
		struct address beside = address_of("203.0.113.9");
		struct wire wire;

		start(&wire);
		if (is_first)
			site_learn(wire.site, &far, &forger);
		send_packet(&wire, &own);
		site_learn(wire.site, &far, &forger);
		site_learn(wire.site, &beside, &forger);
		assert_true(holds(&wire, "203.0.113.7"));
		assert_false(holds(&wire, "198.51.100.1"));
		assert_true(holds(&wire, "203.0.113.9"));
		stop(&wire);
	}
}

static void what_is_believed_is_bounded(void **state)
{
	struct wire wire;
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	start(&wire);
	for (unsigned i = 1; i < 200; i++) {
		struct step step = { text, (uint8_t)i, NEAR, "198.51.100.1", 250 };

		(void)snprintf(text, sizeof(text), "203.0.%u.7", i);
		send_packet(&wire, &step);
	}
	assert_true(holds(&wire, "203.0.32.7"));
	assert_false(holds(&wire, "203.0.33.7"));
	stop(&wire);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[ARRAY_LEN(cases)] =
		(struct CMUnitTest)cmocka_unit_test(a_forged_neighbour_moves_nothing);
	tests[ARRAY_LEN(cases) + 1] =
		(struct CMUnitTest)cmocka_unit_test(what_is_believed_is_bounded);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
