#include "sensor/inventory/site.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define START  (UINT64_C(1700000000) * NANOTIME_SECOND)
#define OFFICE "2001:db8:1:1::"
#define NEXT   "2001:db8:77:1::" /* what a provider hands out after its maintenance */
#define SERVER "2001:db8:bad:7::53"

static const struct mac router = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac host = { { 2, 0, 0, 0, 0, 2 } };
static const struct mac other = { { 2, 0, 0, 0, 0, 3 } };
static const struct mac rogue = { { 2, 0, 0, 0, 0, 0x66 } };

/* An office that has learned nothing yet but who its router is. */
struct office {
	struct config config;
	struct devices *devices;
	struct site *site;
	nanotime now;
};

static struct address address_of(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

/* As the judge does with a sighting. */
static void sight(struct office *o, const char *text, const struct mac *mac)
{
	struct address a = address_of(text);

	if (site_place_of(o->site, &a) == SITE_INSIDE)
		(void)devices_see(o->devices, &a, mac, o->now);
	else if (site_note_outside(o->site, &a, mac))
		devices_note_outside(o->devices, mac, &a);
}

/* As the judge does with a flow: somebody talks to it. */
static enum site_place talk(struct office *o, const char *text)
{
	struct address a = address_of(text);

	return site_place_of_peer(o->site, &a);
}

static void neighbour(struct office *o, const char *text, const struct mac *mac)
{
	struct address a = address_of(text);

	site_learn(o->site, &a, mac);
	if (site_holds(o->site, &a))
		(void)devices_see(o->devices, &a, mac, o->now);
}

static void advertise(struct office *o, const char *text, const struct mac *mac)
{
	struct fact_prefix told = { .router_mac = *mac };

	assert_int_equal(prefix_parse(text, &told.prefix), ERR_OK);
	site_learn_prefix(o->site, &told, o->now);
}

static bool is_inside(const struct office *o, const char *text)
{
	struct address a = address_of(text);

	return site_holds(o->site, &a);
}

static struct office open_without_router(void)
{
	struct office o = { .now = START };
	static struct network_config network;
	struct prefix local;

	config_defaults(&o.config);
	memset(&network, 0, sizeof(network));
	assert_int_equal(prefix_parse("fe80::/10", &local), ERR_OK);
	assert_int_equal(network_config_add(&network, &local), ERR_OK);
	assert_int_equal(site_new(&o.site, &network), ERR_OK);
	assert_int_equal(devices_new(&o.devices, &o.config.judge), ERR_OK);
	site_know_devices(o.site, o.devices);
	return o;
}

static struct office open_office(void)
{
	struct office o = open_without_router();

	sight(&o, "198.51.100.1", &router);
	sight(&o, "192.0.2.1", &router);
	return o;
}

/* … whose network is settled. */
static struct office open_settled(void)
{
	struct office o = open_office();

	sight(&o, OFFICE "2", &host);
	advertise(&o, OFFICE "/64", &router);
	neighbour(&o, OFFICE "2", &host);
	assert_true(is_inside(&o, OFFICE "99"));
	return o;
}

static void close_office(struct office *o)
{
	site_free(o->site);
	devices_free(o->devices);
}

static void each_of_the_evidence_is_needed(void **state)
{
	(void)state;
	for (int missing = 0; missing <= 3; missing++) {
		struct office o = missing == 1 ? open_without_router() : open_office();

		if (missing != 2)
			advertise(&o, OFFICE "/64", &router);
		if (missing != 3)
			neighbour(&o, OFFICE "2", &host);
		assert_int_equal(is_inside(&o, OFFICE "99"), missing == 0);
		assert_int_equal(is_inside(&o, OFFICE "2"), missing != 3); /* by itself */
		close_office(&o);
	}
}

/* In whichever order the evidence comes, once all of it is there. */
static void router_may_be_found_last(void **state)
{
	struct office o = open_without_router();

	(void)state;
	neighbour(&o, OFFICE "2", &host);
	advertise(&o, OFFICE "/64", &router);
	sight(&o, "198.51.100.1", &router);
	neighbour(&o, OFFICE "2", &host);
	assert_false(is_inside(&o, OFFICE "99"));
	sight(&o, "192.0.2.1", &router);
	sight(&o, "2001:db8:5::1", &router);
	assert_true(is_inside(&o, OFFICE "99"));
	close_office(&o);
}

static void router_is_no_witness_of_its_own(void **state)
{
	struct office o = open_office();

	(void)state;
	advertise(&o, OFFICE "/64", &router);
	neighbour(&o, OFFICE "1", &router);
	assert_false(is_inside(&o, OFFICE "99"));
	close_office(&o);
}

/* NTT's maintenance: a new prefix comes, the old one is told no more. */
static void changed_prefix_makes_no_new_devices(void **state)
{
	struct office o = open_settled();
	uint32_t devices = devices_count(o.devices);

	(void)state;
	for (int change = 0; change < 30; change++) {
		char prefix[ADDRESS_TEXT_LEN], address[ADDRESS_TEXT_LEN];

		o.now += 30 * NANOTIME_DAY;
		(void)snprintf(prefix, sizeof(prefix), "2001:db8:%x:1::/64", 0x100 + change);
		(void)snprintf(address, sizeof(address), "2001:db8:%x:1::2", 0x100 + change);
		advertise(&o, prefix, &router);
		sight(&o, address, &host); /* it asks for the router */
		neighbour(&o, address, &host);
		assert_int_equal(talk(&o, address), SITE_INSIDE);
		assert_int_equal(devices_count(o.devices), devices);
		assert_false(devices_is_router(o.devices, &host));
	}
	close_office(&o);
}

/* … and what was under way with the old one stays inside. */
static void old_prefix_stays_for_a_week(void **state)
{
	struct office o = open_settled();

	(void)state;
	advertise(&o, NEXT "/64", &router);
	neighbour(&o, NEXT "2", &host);
	for (int day = 0; day < 9; day++) {
		assert_int_equal(is_inside(&o, OFFICE "2"), day < 7);
		assert_true(is_inside(&o, NEXT "2"));
		o.now += NANOTIME_DAY;
		advertise(&o, OFFICE "/64", &rogue); /* keeps nothing */
		advertise(&o, NEXT "/64", &router);
	}
	assert_false(is_inside(&o, OFFICE "2"));
	close_office(&o);
}

/* A new router that has carried nothing yet: its hosts are nobody's until it has. */
static void new_router_is_believed_once_it_carries(void **state)
{
	struct office o = open_settled();

	(void)state;
	advertise(&o, NEXT "/64", &other);
	sight(&o, NEXT "2", &host);
	neighbour(&o, NEXT "2", &host);
	assert_false(is_inside(&o, NEXT "2"));
	assert_false(devices_is_router(o.devices, &host));
	sight(&o, "198.51.100.1", &other);
	sight(&o, "192.0.2.1", &other);
	assert_true(is_inside(&o, NEXT "2"));
	assert_false(is_inside(&o, NEXT "3"));
	sight(&o, "2001:db8:5::1", &other);
	assert_true(is_inside(&o, NEXT "3"));
	close_office(&o);
}

static void whole_internet_is_not_believed(void **state)
{
	static const char *const wide[] = { "::/0", "2000::/3", "2001::/16", "2001:db8::/32",
					    "2001:db8:bad::/48" };
	static const struct mac *const liars[] = { &rogue, &router };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wide) * ARRAY_LEN(liars); i++) {
		struct office o = open_settled();

		advertise(&o, wide[i % ARRAY_LEN(wide)], liars[i / ARRAY_LEN(wide)]);
		neighbour(&o, SERVER, &host);
		neighbour(&o, "2001:db8:bad:8::1", &other);
		assert_false(is_inside(&o, SERVER));
		assert_false(is_inside(&o, "2001:db8:bad:9::1"));
		close_office(&o);
	}
}

/* Even in the router's name, and though every host obeys it. */
static void network_that_is_talked_to_is_not_believed(void **state)
{
	static const struct mac *const liars[] = { &rogue, &router };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(liars) * 2; i++) {
		struct office o = i < ARRAY_LEN(liars) ? open_settled() : open_office();
		const struct mac *liar = liars[i % ARRAY_LEN(liars)];

		assert_int_equal(talk(&o, SERVER), SITE_OUTSIDE);
		sight(&o, SERVER, &router);
		advertise(&o, "2001:db8:bad:7::/64", liar);
		neighbour(&o, "2001:db8:bad:7::2", &host);
		neighbour(&o, "2001:db8:bad:7::3", &other);
		neighbour(&o, SERVER, &rogue); /* who answers for it */
		sight(&o, SERVER, &rogue);
		advertise(&o, "2001:db8:bad:7::/64", liar);
		neighbour(&o, SERVER, &rogue);
		assert_int_equal(talk(&o, SERVER), SITE_OUTSIDE);
		/* Who was drawn into it is not lost where no network is known, or by a router. */
		assert_int_equal(is_inside(&o, "2001:db8:bad:7::2"),
				 i >= ARRAY_LEN(liars) || liar == &router);
		close_office(&o);
	}
}

static void many_prefixes_push_nothing_out(void **state)
{
	struct office o = open_settled();
	char prefix[ADDRESS_TEXT_LEN], server[ADDRESS_TEXT_LEN];

	(void)state;
	advertise(&o, NEXT "/64", &router);
	for (unsigned i = 0; i < 64; i++) {
		(void)snprintf(prefix, sizeof(prefix), "2001:db8:f%02x:1::/64", i);
		(void)snprintf(server, sizeof(server), "2001:db8:f%02x:1::1", i);
		advertise(&o, prefix, &rogue);
		neighbour(&o, server, &host);
	}
	assert_true(is_inside(&o, OFFICE "99"));
	neighbour(&o, NEXT "2", &host);
	assert_true(is_inside(&o, NEXT "99"));
	for (unsigned i = 0; i < 64; i++) {
		(void)snprintf(server, sizeof(server), "2001:db8:f%02x:1::1", i);
		assert_false(is_inside(&o, server));
	}
	close_office(&o);
}

/* In the router's name they are believed, as many as there are places; what is in use stays. */
static void many_prefixes_of_the_router_are_bounded(void **state)
{
	struct office o = open_settled();
	char prefix[ADDRESS_TEXT_LEN], server[ADDRESS_TEXT_LEN];
	unsigned believed = 0;

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		(void)snprintf(prefix, sizeof(prefix), "2001:db8:f%02x:1::/64", i);
		(void)snprintf(server, sizeof(server), "2001:db8:f%02x:1::1", i);
		advertise(&o, prefix, &router);
		neighbour(&o, server, &host);
		(void)snprintf(server, sizeof(server), "2001:db8:f%02x:1::7", i);
		believed += is_inside(&o, server);
	}
	assert_true(believed < 16);
	assert_true(is_inside(&o, OFFICE "99"));
	o.now += 2 * NANOTIME_DAY; /* they have made room by then */
	advertise(&o, OFFICE "/64", &router);
	advertise(&o, NEXT "/64", &router);
	neighbour(&o, NEXT "2", &host);
	assert_true(is_inside(&o, NEXT "99"));
	assert_true(is_inside(&o, OFFICE "99"));
	close_office(&o);
}

/* Two networks of one office: a router carries the one into the other before it announces it. */
static void other_networks_of_the_office_are_believed(void **state)
{
	struct office o = open_settled();

	(void)state;
	sight(&o, "2001:db8:1:2::5", &router); /* the same /48 */
	assert_int_equal(talk(&o, "2001:db8:1:2::5"), SITE_OUTSIDE);
	advertise(&o, "2001:db8:1:2::/64", &router);
	neighbour(&o, "2001:db8:1:2::6", &other);
	assert_true(is_inside(&o, "2001:db8:1:2::5"));
	sight(&o, "2001:db8:88:2::6", &other); /* its own frames */
	sight(&o, "2001:db8:88:2::5", &router);
	advertise(&o, "2001:db8:88:2::/64", &router);
	neighbour(&o, "2001:db8:88:2::6", &other);
	assert_true(is_inside(&o, "2001:db8:88:2::5"));
	close_office(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_the_evidence_is_needed),
		cmocka_unit_test(router_may_be_found_last),
		cmocka_unit_test(router_is_no_witness_of_its_own),
		cmocka_unit_test(changed_prefix_makes_no_new_devices),
		cmocka_unit_test(old_prefix_stays_for_a_week),
		cmocka_unit_test(new_router_is_believed_once_it_carries),
		cmocka_unit_test(whole_internet_is_not_believed),
		cmocka_unit_test(network_that_is_talked_to_is_not_believed),
		cmocka_unit_test(many_prefixes_push_nothing_out),
		cmocka_unit_test(many_prefixes_of_the_router_are_bounded),
		cmocka_unit_test(other_networks_of_the_office_are_believed),
	};

	return cmocka_run_group_tests_name("site prefixes", tests, NULL, NULL);
}
