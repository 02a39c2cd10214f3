#include "sensor/health/health_check.h"

#include "tests/support/cmocka.h"

#include <string.h>

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

enum { FOUND_MAX = 8 };

/* A view for the table to change: a mirror port on which all is well for three minutes. */
static struct health_view well(void)
{
	struct health_view view = {
		.since = T0,
		.now = T0 + 3 * NANOTIME_MINUTE,
		.flows = { .both = 40 },
		.surroundings = { .is_live = true,
				  .place = CAPTURE_MIRROR,
				  .interface_count = 1,
				  .clock_synchronised = HEALTH_YES,
				  .store = HEALTH_STORE_GOOD },
	};
	struct health_counts *c = &view.counts[0];

	view.surroundings.interfaces[0] = (struct health_interface){ .name = "mon0",
								     .link = HEALTH_LINK_UP,
								     .received = 5000,
								     .mtu = 1500,
								     .speed_mbit = 1000,
								     .joins_packets = HEALTH_NO };
	c->frames = 5000;
	c->looked = 5000;
	c->group = 400;
	c->unicast = 4600;
	c->senders.count = 8;
	c->group_senders.count = 7;
	c->answers = 25;
	c->plain_v4 = 4000;
	c->pairs = 8;
	c->pairs_both = 8;
	c->dns = 300;
	c->longest_tcp = 1500;
	c->vlan_count = 1;
	c->vlans[0] = (struct health_vlan){ .group = 400,
					    .unicast = 4600,

					    .group_senders = c->group_senders };
	c->lasting = (struct health_lasting){ .started = T0 - NANOTIME_DAY,
					      .last_look = view.now,
					      .last_unicast = view.now,
					      .last_dns = view.now,
					      .last_dhcp = view.now };
	return view;
}

static void change_nothing(struct health_view *v)
{
	(void)v;
}

/* Few packets, and nobody there to answer. */
static void an_office_asleep(struct health_view *v)
{
	struct health_counts *c = &v->counts[0];

	c->group = 25;
	c->unicast = 4;
	c->pairs_both = 2;
	c->answers = 2;
	c->lasting.unanswered = 4;
	v->flows = (struct health_flows){ 0 };
}

/* Broadcasts alone, but no question that should have had an answer, and only for minutes. */
static void a_still_office(struct health_view *v)
{
	an_office_asleep(v);
	v->counts[0].unicast = 0;
	v->counts[0].pairs_both = 0;
	v->counts[0].answers = 0;
	v->counts[0].lasting.last_unicast = v->now - 9 * NANOTIME_MINUTE;
}

static void a_still_office_for_long(struct health_view *v)
{
	a_still_office(v);
	v->counts[0].lasting.last_unicast = v->now - 10 * NANOTIME_MINUTE;
}

/* Three devices that are left on announce themselves, and ask for those that are off. */
static void a_night(struct health_view *v)
{
	struct health_counts *c = &v->counts[0];

	a_still_office(v);
	c->group_senders.count = 3;
	c->lasting.unanswered = 40;
	c->lasting.awake = 8;
	c->lasting.last_unicast = v->now - 2 * NANOTIME_DAY;
}

static void nights_for_days(struct health_view *v)
{
	a_night(v);
	v->counts[0].lasting.last_unicast = v->now - 3 * NANOTIME_DAY;
}

static void a_mirror_switched_off_at_work(struct health_view *v)
{
	a_night(v);
	v->counts[0].group_senders.count = 6;
	v->counts[0].lasting.last_unicast = v->since;
}

static void a_plain_port(struct health_view *v)
{
	an_office_asleep(v);
	v->counts[0].unicast = 6;
	v->counts[0].pairs_both = 0;
	v->counts[0].answers = 0;
	v->counts[0].lasting.unanswered = 5;
}

static void a_plain_port_of_two_devices(struct health_view *v)
{
	a_plain_port(v);
	v->counts[0].group_senders.count = 2;
}

static void a_plain_port_at_the_line(struct health_view *v)
{
	a_plain_port(v);
	v->surroundings.interfaces[0].is_outside = true;
}

static void only_clients(struct health_view *v)
{
	v->flows = (struct health_flows){ .client_only = 3 };
}

static void only_servers(struct health_view *v)
{
	v->flows = (struct health_flows){ .server_only = 30, .both = 1 };
}

static void two_one_sided(struct health_view *v)
{
	v->flows = (struct health_flows){ .client_only = 2 };
}

static void a_third_one_sided(struct health_view *v)
{
	v->flows = (struct health_flows){ .both = 20, .client_only = 6, .server_only = 4 };
}

static void a_fifth_one_sided(struct health_view *v)
{
	v->flows = (struct health_flows){ .both = 40, .client_only = 6, .server_only = 4 };
}

static void pppoe(struct health_view *v)
{
	v->counts[0].pppoe = 2000;
	v->counts[0].plain_v4 = 100;
}

static void a_pc_with_pppoe_of_its_own(struct health_view *v)
{
	v->counts[0].pppoe = 2000;
	v->counts[0].plain_v4 = 101;
}

static void ds_lite(struct health_view *v)
{
	v->counts[0].four_in_six = 20;
	v->counts[0].plain_v4 = 0;
}

static void ds_lite_at_the_line(struct health_view *v)
{
	ds_lite(v);
	v->surroundings.interfaces[0].is_outside = true;
}

static void behind_nat(struct health_view *v)
{
	v->counts[0].common[1] = (struct health_common){
		.packets = 3900, .fresh = 5, .passed = 45, .peers.count = 8
	};
}

/* The same packets of a server that stands where the sensor is. */
static void a_server(struct health_view *v)
{
	behind_nat(v);
	v->counts[0].common[1].fresh = 45;
	v->counts[0].common[1].passed = 5;
}

static void many_addresses(struct health_view *v)
{
	behind_nat(v);
	v->counts[0].common[1].packets = 3700;
}

static void half_a_vlan(struct health_view *v)
{
	struct health_counts *c = &v->counts[0];

	c->vlans[c->vlan_count++] = (struct health_vlan){
		.id = 20, .group = 60, .unanswered = 8, .group_senders.count = 5
	};
}

static void quiet_guests(struct health_view *v)
{
	half_a_vlan(v);
	v->counts[0].vlans[1].group_senders.count = 2;
	v->counts[0].vlans[1].unanswered = 4;
}

static void copies(struct health_view *v)
{
	v->counts[0].copies = 500;
}

static void some_copies(struct health_view *v)
{
	v->counts[0].copies = 499;
}

static void a_gateway_that_routes(struct health_view *v)
{
	copies(v);
	v->surroundings.place = CAPTURE_GATEWAY;
}

static void long_packets(struct health_view *v)
{
	v->counts[0].longest_tcp = 1501;
}

static void jumbo_packets(struct health_view *v)
{
	v->counts[0].longest_tcp = 9000;
	v->surroundings.interfaces[0].mtu = 0;
}

static void longer_than_jumbo(struct health_view *v)
{
	jumbo_packets(v);
	v->counts[0].longest_tcp = 9217;
}

static void offloads_on(struct health_view *v)
{
	v->surroundings.interfaces[0].joins_packets = HEALTH_YES;
}

static void no_dns(struct health_view *v)
{
	struct health_counts *c = &v->counts[0];

	c->dns = 0;
	c->lasting.last_dns = v->now - 5 * NANOTIME_MINUTE;
	c->lasting.opened_since_dns.count = 10;
}

static void dns_on_the_other_interface(struct health_view *v)
{
	no_dns(v);
	v->surroundings.interface_count = 2;
	v->surroundings.interfaces[1] = v->surroundings.interfaces[0];
	v->counts[1] = v->counts[0];
	v->counts[1].lasting.last_dns = v->now;
	v->counts[1].lasting.opened_since_dns = (struct health_set){ 0 };
}

static void few_web_servers(struct health_view *v)
{
	no_dns(v);
	v->counts[0].lasting.opened_since_dns.count = 9;
}

static void no_dhcp(struct health_view *v)
{
	v->counts[0].lasting.last_dhcp = v->now - NANOTIME_DAY;
}

static void no_dhcp_yet(struct health_view *v)
{
	v->counts[0].lasting.last_dhcp = 0;
	v->counts[0].lasting.started = v->now - NANOTIME_DAY + 1;
}

static void tags_one_way(struct health_view *v)
{
	v->counts[0].odd_tags = 4;
}

static void tags_and_copies(struct health_view *v)
{
	tags_one_way(v);
	copies(v);
}

static void own_traffic(struct health_view *v)
{
	v->counts[0].own = 10;
}

static void own_traffic_of_a_gateway(struct health_view *v)
{
	own_traffic(v);
	v->surroundings.place = CAPTURE_GATEWAY;
}

static void nothing_comes(struct health_view *v)
{
	v->counts[0] = (struct health_counts){ 0 };
	v->flows = (struct health_flows){ 0 };
}

/* What was left on fell silent by and by. */
static void the_office_is_closed(struct health_view *v)
{
	nothing_comes(v);
	v->counts[0].lasting = (struct health_lasting){ .started = T0 - 4 * NANOTIME_DAY,
							.last_look = v->now - 2 * NANOTIME_DAY,
							.awake = 8,
							.busy = 4 };
}

static void nothing_comes_for_days(struct health_view *v)
{
	the_office_is_closed(v);
	v->counts[0].lasting.last_look = v->now - 3 * NANOTIME_DAY;
}

static void all_ends_at_once(struct health_view *v)
{
	the_office_is_closed(v);
	v->counts[0].lasting.last_look = v->since;
	v->counts[0].lasting.busy = 500;
}

static void link_is_down(struct health_view *v)
{
	nothing_comes(v);
	v->surroundings.interfaces[0].link = HEALTH_LINK_DOWN;
}

static void interface_is_gone(struct health_view *v)
{
	nothing_comes(v);
	v->surroundings.interfaces[0].link = HEALTH_LINK_MISSING;
}

static void kernel_drops(struct health_view *v)
{
	v->surroundings.interfaces[0].received = 990;
	v->surroundings.interfaces[0].dropped_kernel = 10;
}

static void kernel_drops_less(struct health_view *v)
{
	v->surroundings.interfaces[0].received = 991;
	v->surroundings.interfaces[0].dropped_kernel = 10;
}

static void card_drops(struct health_view *v)
{
	v->surroundings.interfaces[0].dropped_interface = 100;
}

static void a_link_of_100(struct health_view *v)
{
	v->surroundings.interfaces[0].speed_mbit = 100;
}

static void a_gateway_with_a_link_of_100(struct health_view *v)
{
	a_link_of_100(v);
	v->surroundings.place = CAPTURE_GATEWAY;
}

static void a_link_of_unknown_speed(struct health_view *v)
{
	v->surroundings.interfaces[0].speed_mbit = 0;
}

static void sheds(struct health_view *v)
{
	v->surroundings.shed = 50;
}

static void clock_alone(struct health_view *v)
{
	v->surroundings.clock_synchronised = HEALTH_NO;
}

static void clock_set_back(struct health_view *v)
{
	v->surroundings.clock_step_seconds = -2;
}

static void clock_slewed(struct health_view *v)
{
	v->surroundings.clock_step_seconds = 1.9;
}

static void store_full(struct health_view *v)
{
	v->surroundings.store = HEALTH_STORE_NO_ROOM;
}

static void store_read_only(struct health_view *v)
{
	v->surroundings.store = HEALTH_STORE_NO_WRITING;
}

static void was_off(struct health_view *v)
{
	v->surroundings.gap_from = T0 - NANOTIME_HOUR;
	v->surroundings.gap_until = T0;
}

static void fresh_lists(struct health_view *v)
{
	v->surroundings.lists = (struct health_lists){ .entries = 1000,
						       .made = v->now - 35 * NANOTIME_DAY,
						       .expires = v->now + 1,
						       .built = v->now - 400 * NANOTIME_DAY,
						       .oldest = 400 * NANOTIME_DAY };
}

static void an_old_list(struct health_view *v)
{
	fresh_lists(v);
	v->surroundings.lists.made--;
}

static void an_expired_list(struct health_view *v)
{
	an_old_list(v);
	v->surroundings.lists.expires = v->now;
}

static void a_refused_list(struct health_view *v)
{
	fresh_lists(v);
	v->surroundings.lists.has_refused = true;
}

static void a_refused_list_and_no_other(struct health_view *v)
{
	v->surroundings.lists.has_refused = true;
}

static void an_old_database(struct health_view *v)
{
	fresh_lists(v);
	v->surroundings.lists.built--;
}

static void a_refused_database(struct health_view *v)
{
	v->surroundings.lists.databases_refused = 1;
}

/* A machine without a clock has started: everything is of the future. */
static void lists_of_the_future(struct health_view *v)
{
	fresh_lists(v);
	v->surroundings.lists.made = v->now + NANOTIME_DAY;
	v->surroundings.lists.built = v->now + NANOTIME_DAY;
}

#define NOTHING HEALTH_CODES

struct check_case {
	const char *name;
	void (*change)(struct health_view *view);
	enum health_code want; /* NOTHING, or what alone is found */
	enum health_severity severity;
	enum health_story story;
};

static struct check_case cases[] = {
	{ "all is well", change_nothing, NOTHING, 0, 0 },
	{ "an office asleep is no fault", an_office_asleep, NOTHING, 0, 0 },
	{ "broadcasts alone for minutes are no fault", a_still_office, NOTHING, 0, 0 },
	{ "broadcasts alone for ten minutes are", a_still_office_for_long, HEALTH_ONLY_BROADCAST,
	  HEALTH_FAULT, 0 },
	{ "questions without answers are a plain port", a_plain_port, HEALTH_ONLY_BROADCAST,
	  HEALTH_FAULT, 0 },
	{ "what is left on at night is no fault", a_night, NOTHING, 0, 0 },
	{ "but for days it is", nights_for_days, HEALTH_ONLY_BROADCAST, HEALTH_FAULT, 0 },
	{ "a mirror that is switched off while people work", a_mirror_switched_off_at_work,
	  HEALTH_ONLY_BROADCAST, HEALTH_FAULT, 0 },
	{ "two devices alone may have nothing to say", a_plain_port_of_two_devices, NOTHING, 0, 0 },
	{ "the line has no broadcasts of the office", a_plain_port_at_the_line, NOTHING, 0, 0 },
	{ "only what clients send", only_clients, HEALTH_ONE_DIRECTION, HEALTH_FAULT,
	  HEALTH_STORY_CLIENTS },
	{ "only what servers send, nearly", only_servers, HEALTH_ONE_DIRECTION, HEALTH_FAULT,
	  HEALTH_STORY_SERVERS },
	{ "two one-sided conversations say nothing", two_one_sided, NOTHING, 0, 0 },
	{ "a third of conversations one-sided", a_third_one_sided, HEALTH_ONE_DIRECTION,
	  HEALTH_WARNING, HEALTH_STORY_USUAL },
	{ "a fifth of them says nothing", a_fifth_one_sided, NOTHING, 0, 0 },
	{ "all IPv4 in PPPoE", pppoe, HEALTH_PPPOE_SIDE, HEALTH_FAULT, 0 },
	{ "PPPoE of one computer", a_pc_with_pppoe_of_its_own, NOTHING, 0, 0 },
	{ "all IPv4 in IPv6", ds_lite, HEALTH_CARRIER_TUNNEL, HEALTH_FAULT, 0 },
	{ "… is right at a gateway's line", ds_lite_at_the_line, NOTHING, 0, 0 },
	{ "one address that others stand behind", behind_nat, HEALTH_AFTER_NAT, HEALTH_FAULT, 0 },
	{ "one address of its own", a_server, NOTHING, 0, 0 },
	{ "one address among others", many_addresses, NOTHING, 0, 0 },
	{ "a VLAN of which broadcasts come", half_a_vlan, HEALTH_MISSING_VLAN, HEALTH_WARNING, 0 },
	{ "a VLAN in which little happens", quiet_guests, NOTHING, 0, 0 },
	{ "each packet twice", copies, HEALTH_DUPLICATES, HEALTH_WARNING, 0 },
	{ "few packets twice", some_copies, NOTHING, 0, 0 },
	{ "a gateway routes: they come and go", a_gateway_that_routes, NOTHING, 0, 0 },
	{ "longer than the link carries", long_packets, HEALTH_OFFLOADS, HEALTH_WARNING,
	  HEALTH_STORY_USUAL },
	{ "jumbo frames of an unknown link", jumbo_packets, NOTHING, 0, 0 },
	{ "longer than jumbo frames", longer_than_jumbo, HEALTH_OFFLOADS, HEALTH_WARNING,
	  HEALTH_STORY_USUAL },
	{ "offloads are on", offloads_on, HEALTH_OFFLOADS, HEALTH_WARNING, HEALTH_STORY_CLIENTS },
	{ "web servers without a name", no_dns, HEALTH_NO_DNS, HEALTH_WARNING, 0 },
	{ "names are asked for elsewhere", dns_on_the_other_interface, NOTHING, 0, 0 },
	{ "few web servers", few_web_servers, NOTHING, 0, 0 },
	{ "a day without DHCP", no_dhcp, HEALTH_NO_DHCP, HEALTH_NOTE, 0 },
	{ "less than a day without DHCP", no_dhcp_yet, NOTHING, 0, 0 },
	{ "tags in one direction", tags_one_way, HEALTH_TAGS_ONE_WAY, HEALTH_NOTE, 0 },
	{ "copies explain tags in one direction", tags_and_copies, HEALTH_DUPLICATES,
	  HEALTH_WARNING, 0 },
	{ "own traffic on a mirror port", own_traffic, HEALTH_OWN_TRAFFIC, HEALTH_NOTE, 0 },
	{ "own traffic of a gateway", own_traffic_of_a_gateway, NOTHING, 0, 0 },
	{ "nothing comes", nothing_comes, HEALTH_NO_PACKETS, HEALTH_FAULT, 0 },
	{ "nothing comes at night", the_office_is_closed, NOTHING, 0, 0 },
	{ "nothing comes for days", nothing_comes_for_days, HEALTH_NO_PACKETS, HEALTH_FAULT, 0 },
	{ "all ends at once", all_ends_at_once, HEALTH_NO_PACKETS, HEALTH_FAULT, 0 },
	{ "a link that is down explains that", link_is_down, HEALTH_INTERFACE_DOWN, HEALTH_FAULT,
	  0 },
	{ "so does an interface that is gone", interface_is_gone, HEALTH_INTERFACE_MISSING,
	  HEALTH_FAULT, 0 },
	{ "the kernel drops one in a hundred", kernel_drops, HEALTH_DROPS, HEALTH_WARNING, 0 },
	{ "the kernel drops fewer", kernel_drops_less, NOTHING, 0, 0 },
	{ "the card drops", card_drops, HEALTH_CARD_TOO_SLOW, HEALTH_WARNING, HEALTH_STORY_USUAL },
	{ "a mirror over 100 Mbit/s", a_link_of_100, HEALTH_CARD_TOO_SLOW, HEALTH_WARNING,
	  HEALTH_STORY_CLIENTS },
	{ "a gateway's line of 100 Mbit/s", a_gateway_with_a_link_of_100, NOTHING, 0, 0 },
	{ "a link of unknown speed", a_link_of_unknown_speed, NOTHING, 0, 0 },
	{ "lanes are behind", sheds, HEALTH_SHED, HEALTH_WARNING, 0 },
	{ "nobody sets the clock", clock_alone, HEALTH_CLOCK_UNSYNCHRONISED, HEALTH_WARNING, 0 },
	{ "the clock was set back", clock_set_back, HEALTH_CLOCK_STEP, HEALTH_WARNING, 0 },
	{ "the clock was set a little", clock_slewed, NOTHING, 0, 0 },
	{ "the store is full", store_full, HEALTH_STORE_FULL, HEALTH_FAULT, 0 },
	{ "the store is read only", store_read_only, HEALTH_STORE_READ_ONLY, HEALTH_FAULT, 0 },
	{ "the sensor was off", was_off, HEALTH_GAP, HEALTH_WARNING, 0 },
	{ "lists and databases as old as they may be", fresh_lists, NOTHING, 0, 0 },
	{ "a list that is older", an_old_list, HEALTH_LIST_OLD, HEALTH_WARNING, 0 },
	{ "one that has expired is not also old", an_expired_list, HEALTH_LIST_EXPIRED,
	  HEALTH_WARNING, 0 },
	{ "one that was refused for the one before", a_refused_list, HEALTH_LIST_REFUSED,
	  HEALTH_WARNING, HEALTH_STORY_USUAL },
	{ "one that was refused, and there is no other", a_refused_list_and_no_other,
	  HEALTH_LIST_REFUSED, HEALTH_WARNING, HEALTH_STORY_WITHOUT },
	{ "a database that is not asked any more", an_old_database, HEALTH_DATABASE_OLD,
	  HEALTH_WARNING, 0 },
	{ "a database that cannot be read", a_refused_database, HEALTH_DATABASE_REFUSED,
	  HEALTH_WARNING, 0 },
	{ "lists of the future", lists_of_the_future, NOTHING, 0, 0 },
};

struct found {
	struct health_finding all[FOUND_MAX];
	size_t count;
};

static void keep(void *arg, const struct health_finding *finding)
{
	struct found *found = arg;

	assert_true(found->count < FOUND_MAX);
	found->all[found->count++] = *finding;
}

/* What a finding says it was decided by must have decided it. */
static void figures_hold(const struct health_finding *finding)
{
	for (unsigned i = 0; i < finding->figure_count; i++) {
		const struct health_figure *f = &finding->figures[i];

		assert_true(f->bound != HEALTH_AT_LEAST || f->value >= f->threshold);
		assert_true(f->bound != HEALTH_AT_MOST || f->value <= f->threshold);
	}
}

static void run_case(void **state)
{
	const struct check_case *c = *state;
	struct health_view view = well();
	struct found found = { 0 };

	c->change(&view);
	health_check(&view, keep, &found);
	if (c->want == NOTHING) {
		assert_int_equal(found.count, 0);
		return;
	}
	assert_int_equal(found.count, 1);
	assert_string_equal(health_code_name(found.all[0].code), health_code_name(c->want));
	assert_int_equal(found.all[0].severity, c->severity);
	assert_int_equal(found.all[0].story, c->story);
	figures_hold(&found.all[0]);
}

static void findings_come_in_their_order(void **state)
{
	struct health_view view = well();
	struct found found = { 0 };

	(void)state;
	was_off(&view);
	own_traffic(&view);
	only_clients(&view);
	copies(&view);
	store_full(&view);
	health_check(&view, keep, &found);
	assert_int_equal(found.count, 5);
	for (size_t i = 1; i < found.count; i++)
		assert_true(found.all[i - 1].code < found.all[i].code);
}

static void an_interface_has_its_own_findings(void **state)
{
	struct health_view view = well();
	struct found found = { 0 };

	(void)state;
	view.surroundings.interface_count = 2;
	view.surroundings.interfaces[1] = view.surroundings.interfaces[0];
	view.counts[1] = view.counts[0];
	view.surroundings.interfaces[1].link = HEALTH_LINK_DOWN;
	view.surroundings.interfaces[0].dropped_kernel = 500;
	health_check(&view, keep, &found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.all[0].code, HEALTH_INTERFACE_DOWN);
	assert_int_equal(found.all[0].interface, 1);
	assert_int_equal(found.all[1].code, HEALTH_DROPS);
	assert_int_equal(found.all[1].interface, 0);
}

/* A tap gives each direction on an interface of its own. */
static void a_tap_is_heard(void **state)
{
	struct health_view view = well();
	struct found found = { 0 };

	(void)state;
	view.surroundings.interface_count = 2;
	view.surroundings.interfaces[1] = view.surroundings.interfaces[0];
	view.counts[0].pairs_both = 0;
	view.counts[1] = view.counts[0];
	health_check(&view, keep, &found);
	assert_int_equal(found.count, 0);
	assert_true(health_is_heard(&view));
}

static void the_two_ends_of_a_line_are_no_office(void **state)
{
	struct health_view view = well();

	(void)state;
	assert_true(health_is_heard(&view));
	view.counts[0].senders.count = 2;
	assert_false(health_is_heard(&view));
	view.counts[0].without_link = 4600;
	assert_true(health_is_heard(&view));
	view.counts[0].unicast = 19;
	assert_false(health_is_heard(&view));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 4] = {
		cmocka_unit_test(findings_come_in_their_order),
		cmocka_unit_test(an_interface_has_its_own_findings),
		cmocka_unit_test(a_tap_is_heard),
		cmocka_unit_test(the_two_ends_of_a_line_are_no_office),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 4] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("health_check", tests, NULL, NULL);
}
