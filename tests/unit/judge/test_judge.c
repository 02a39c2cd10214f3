#include "sensor/judge/judge.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HOSTS = 10, PORTS = 20, BEACON_CHECK_INS = 5, ROUTER = 1 };

static const double day = 86400;

struct trial {
	struct config config;
	struct intel_sets *indicators;
	struct judge *judge;
	uint64_t flow_id;
	uint64_t flows_told;
	char last_peer[FACT_HOST_LEN];
};

static void flow_told(void *arg, const struct fact *ended, const char *peer_name)
{
	struct trial *t = arg;

	if (ended->kind != FACT_FLOW_ENDED)
		return;
	t->flows_told++;
	(void)snprintf(t->last_peer, sizeof(t->last_peer), "%s", peer_name);
}

static void prepare(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	config_defaults(&t->config);
	t->indicators = test_indicators("evil.example.com\n203.0.113.66\n");
}

static void start_as(struct trial *t, const char *identity)
{
	const struct judge_setup setup = { .config = &t->config,
					   .indicators = t->indicators,
					   .identity = identity,
					   .flow_ended = flow_told,
					   .flow_arg = t };

	assert_int_equal(judge_new(&t->judge, &setup), ERR_OK);
}

static void start(struct trial *t)
{
	prepare(t);
	start_as(t, "");
}

/* Every test ends with the account: what is not in cases is held back by name. */
static void stop(struct trial *t)
{
	struct judge_totals totals = judge_totals(t->judge);
	uint64_t held = 0;
	uint64_t in_cases = 0;
	size_t count;
	const struct case_record *const *cases = judge_cases(t->judge, &count);

	for (int i = 0; i < GATE_ANSWERS; i++)
		held += totals.held[i];
	for (size_t i = 0; i < count; i++)
		in_cases += cases[i]->signal_count;
	assert_int_equal(totals.held[GATE_PASS], 0);
	assert_int_equal(totals.signals, totals.in_cases + held);
	assert_int_equal(totals.in_cases, in_cases);
	assert_int_equal(totals.cases, count);
	assert_int_equal(totals.flows, t->flows_told);
	judge_free(t->judge);
	intel_sets_free(t->indicators);
}

static const struct case_record *const *cases_of(struct trial *t, size_t want)
{
	size_t count;
	const struct case_record *const *cases = judge_cases(t->judge, &count);

	assert_int_equal(count, want);
	return cases;
}

static struct fact_flow open_flow(struct trial *t, uint8_t device, const char *server,
				  uint16_t port, double seconds)
{
	char client[16];

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);
	struct fact_flow flow = test_flow(++t->flow_id, client, server, port, TEST_TCP);
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(seconds), &flow);

	fact.sighting = (struct fact_sighting){ .source = flow.client,
						.source_mac = test_mac(device),
						.has_destination = true,
						.destination = flow.server,
						.destination_mac = test_mac(ROUTER) };
	judge_take(t->judge, &fact);
	return flow;
}

static void end_flow(struct trial *t, const struct fact_flow *flow, double seconds,
		     bool is_answered)
{
	struct fact fact = test_flow_ended(test_after_seconds(seconds), flow, is_answered);

	judge_take(t->judge, &fact);
}

static void whole_flow(struct trial *t, uint8_t device, const char *server, uint16_t port,
		       double seconds, bool is_answered)
{
	struct fact_flow flow = open_flow(t, device, server, port, seconds);

	end_flow(t, &flow, seconds, is_answered);
}

/* One signal, P2: addresses of the office on one port. */
static void scan_hosts(struct trial *t, uint8_t device, uint16_t port, double seconds)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		char server[16];

		(void)snprintf(server, sizeof(server), "192.168.1.%u", 100 + i);
		whole_flow(t, device, server, port, seconds, false);
	}
}

static void scan_ports(struct trial *t, uint8_t device, const char *server, double seconds)
{
	for (unsigned i = 0; i < PORTS; i++)
		whole_flow(t, device, server, (uint16_t)(100 + i), seconds, false);
}

/* One signal, P1. */
static void contact_listed(struct trial *t, uint8_t device, double seconds)
{
	whole_flow(t, device, "203.0.113.66", 443, seconds, true);
}

/* One signal, P1: an odd port and no name. The flows stay open; the last one is returned. */
static struct fact_flow beacon(struct trial *t, uint8_t device, double seconds)
{
	struct fact_flow flow = { 0 };

	for (unsigned i = 0; i < BEACON_CHECK_INS; i++) {
		flow = open_flow(t, device, "203.0.113.5", 4443, seconds + i * 60);
		struct fact fact =
			test_check_in(test_after_seconds(seconds + i * 60), &flow, 300, "");

		(void)snprintf(fact.check_in.names.protocol, FACT_PROTOCOL_LEN, "Unknown");
		judge_take(t->judge, &fact);
	}
	return flow;
}

static void quiet_office_has_no_case(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 200; i++)
		whole_flow(&t, (uint8_t)(10 + i % 20), "198.51.100.7", 443, i, true);
	(void)cases_of(&t, 0);
	assert_int_equal(judge_totals(t.judge).signals, 0);
	assert_int_equal(judge_totals(t.judge).devices, 20);
	assert_int_equal(judge_totals(t.judge).flows, 200);
	stop(&t);
}

static void one_device_has_one_case(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	contact_listed(&t, 10, 60);
	(void)beacon(&t, 10, 120);
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, 3);
	assert_int_equal(c->signal_count, 3);
	assert_int_equal(c->revision, 3);
	assert_int_equal(c->priority, PRIORITY_1);
	assert_int_equal(c->impact, 4);
	assert_true(c->first == test_start &&
		    c->last == test_after_seconds(120 + 60 * (BEACON_CHECK_INS - 1)));
	assert_true(mac_equal(&c->device.mac, &(struct mac){ { 2, 0, 0, 0, 0, 10 } }));
	for (uint32_t i = 0; i < c->finding_count; i++)
		assert_true(c->confidence > c->findings[i].signal.confidence);
	stop(&t);
}

static void findings_support_each_other(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	contact_listed(&t, 10, 60);
	c = cases_of(&t, 1)[0];
	assert_true(fabs(c->confidence - (1 - (1 - 0.6) * (1 - 0.652))) < 1e-9);
	scan_hosts(&t, 10, 139, 120); /* of the same kind: no new evidence for the story */
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, 3);
	assert_true(fabs(c->confidence - (1 - (1 - 0.6) * (1 - 0.652))) < 1e-9);
	stop(&t);
}

static void signals_of_one_object_are_one_finding(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	scan_hosts(&t, 10, 445, 3600); /* another window of the same sweep */
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, 1);
	assert_int_equal(c->findings[0].signal_count, 2);
	assert_true(c->findings[0].signal.first == test_start);
	assert_true(c->findings[0].signal.last == test_after_seconds(3600));
	stop(&t);
}

static void more_findings_than_are_kept_are_counted(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < CASE_FINDINGS_MAX + 3; i++)
		scan_hosts(&t, 10, (uint16_t)(1000 + i), i);
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, CASE_FINDINGS_MAX);
	assert_int_equal(c->signal_count, CASE_FINDINGS_MAX + 3);
	assert_int_equal(judge_totals(t.judge).in_cases, CASE_FINDINGS_MAX + 3);
	stop(&t);
}

static void two_devices_have_two_cases(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	scan_hosts(&t, 11, 445, 0);
	assert_string_not_equal(cases_of(&t, 2)[0]->id, cases_of(&t, 2)[1]->id);
	stop(&t);
}

static void quiet_time_ends_a_case(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	scan_hosts(&t, 10, 445, day); /* a day to the second is still the same */
	(void)cases_of(&t, 1);
	scan_hosts(&t, 10, 445, 2 * day + 1);
	assert_string_not_equal(cases_of(&t, 2)[0]->id, cases_of(&t, 2)[1]->id);
	assert_int_equal(cases_of(&t, 2)[0]->signal_count, 2);
	assert_int_equal(cases_of(&t, 2)[1]->signal_count, 1);
	stop(&t);
}

static void full_budget_is_counted(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t);
	t.config.judge.cases = 2;
	start_as(&t, "");
	for (uint8_t device = 10; device < 15; device++)
		scan_hosts(&t, device, 445, 0);
	(void)cases_of(&t, 2);
	assert_int_equal(judge_totals(t.judge).signals, 5);
	assert_int_equal(judge_totals(t.judge).in_cases, 2);
	assert_int_equal(judge_totals(t.judge).held[GATE_CASES_FULL], 3);
	scan_ports(&t, 10, "192.168.1.20", 60); /* an open case goes on */
	assert_int_equal(judge_totals(t.judge).in_cases, 3);
	stop(&t);
}

static void held_back_is_counted_by_reason(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t);
	t.config.judge.confidence = 0.62;
	start_as(&t, "");
	scan_hosts(&t, 10, 445, 0);
	scan_hosts(&t, 11, 445, 0);
	scan_ports(&t, 12, "192.168.1.20", 0);
	(void)beacon(&t, 13, 0);
	(void)beacon(&t, 14, 1000); /* the second device to do so */
	(void)cases_of(&t, 1);
	assert_int_equal(judge_totals(t.judge).held[GATE_UNCORROBORATED], 3);
	assert_int_equal(judge_totals(t.judge).held[GATE_COMMON_IN_OFFICE], 1);
	assert_int_equal(judge_totals(t.judge).in_cases, 1);
	stop(&t);
}

/* The first of several: what passed while it was alone is taken back. */
static void second_thoughts_withdraw_a_case(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	(void)beacon(&t, 13, 0);
	(void)cases_of(&t, 1);
	(void)beacon(&t, 14, 1000);
	judge_finish(t.judge);
	(void)cases_of(&t, 0);
	assert_int_equal(judge_totals(t.judge).in_cases, 0);
	stop(&t);
}

static void start_strict(struct trial *t)
{
	prepare(t);
	t->config.judge.confidence = 0.76;
	start_as(t, "");
}

/* Neither is enough alone, and they are of different tactics. */
static void doubts_open_a_case_together(void **state)
{
	struct trial t;

	(void)state;
	start_strict(&t);
	scan_hosts(&t, 13, 445, 0);
	(void)cases_of(&t, 0);
	assert_int_equal(judge_totals(t.judge).held[GATE_UNCORROBORATED], 1);
	(void)beacon(&t, 13, 1000);
	assert_int_equal(cases_of(&t, 1)[0]->finding_count, 2);
	assert_int_equal(judge_totals(t.judge).in_cases, 2);
	assert_int_equal(judge_totals(t.judge).held[GATE_UNCORROBORATED], 0);
	stop(&t);
}

static void doubts_of_two_devices_do_not(void **state)
{
	struct trial t;

	(void)state;
	start_strict(&t);
	scan_hosts(&t, 12, 445, 0);
	(void)beacon(&t, 13, 1000);
	(void)cases_of(&t, 0);
	assert_int_equal(judge_totals(t.judge).held[GATE_UNCORROBORATED], 2);
	stop(&t);
}

static void what_stood_on_a_withdrawn_finding_goes_with_it(void **state)
{
	struct trial t;

	(void)state;
	start_strict(&t);
	scan_hosts(&t, 13, 445, 0);
	(void)beacon(&t, 13, 1000);
	(void)cases_of(&t, 1);
	(void)beacon(&t, 14, 2000); /* the second device to do so */
	judge_finish(t.judge);
	(void)cases_of(&t, 0);
	assert_int_equal(judge_totals(t.judge).in_cases, 0);
	assert_true(judge_totals(t.judge).held[GATE_UNCORROBORATED] >= 1);
	stop(&t);
}

/* A case shows a bounded number of findings, and never leaves out the urgent one. */
static void urgent_finding_takes_the_place_of_a_lesser(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	for (uint16_t port = 1; port <= CASE_FINDINGS_MAX + 1; port++)
		scan_hosts(&t, 10, port, 60.0 * port);
	contact_listed(&t, 10, 6000);
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, CASE_FINDINGS_MAX);
	assert_int_equal(c->priority, PRIORITY_1);
	assert_int_equal(case_lead(c)->signal.kind, SIGNAL_LISTED_CONTACT);
	assert_int_equal(c->signal_count, CASE_FINDINGS_MAX + 2);
	stop(&t);
}

/* The id of the one case that a scan gives. */
static void id_of(const char *identity, uint8_t device, double seconds, char out[CASE_ID_LEN])
{
	struct trial t;

	prepare(&t);
	start_as(&t, identity);
	scan_hosts(&t, device, 445, seconds);
	memcpy(out, cases_of(&t, 1)[0]->id, CASE_ID_LEN);
	stop(&t);
}

static void ids_follow_from_what_happened(void **state)
{
	char id[CASE_ID_LEN];
	char other[CASE_ID_LEN];

	(void)state;
	id_of("", 10, 0, id);
	id_of("", 10, 0, other);
	assert_string_equal(id, other);
	id_of("", 10, 3600, other); /* another hour of that day */
	assert_string_equal(id, other);
	id_of("", 11, 0, other);
	assert_string_not_equal(id, other);
	id_of("", 10, day, other);
	assert_string_not_equal(id, other);
	id_of("office-7", 10, 0, other);
	assert_string_not_equal(id, other);
	assert_int_equal(id[14], '8');           /* UUID version */
	assert_non_null(strchr("89ab", id[19])); /* … and variant */
}

static void most_urgent_case_comes_first(void **state)
{
	const struct case_record *const *cases;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	scan_hosts(&t, 11, 445, 60);
	contact_listed(&t, 12, 120);
	cases = cases_of(&t, 3);
	assert_int_equal(cases[0]->priority, PRIORITY_1);
	assert_int_equal(cases[1]->priority, PRIORITY_2);
	assert_true(cases[1]->first < cases[2]->first);
	for (size_t i = 1; i < 3; i++)
		assert_true(case_compare(cases[i - 1], cases[i]) < 0);
	contact_listed(&t, 11, 180); /* rises */
	cases = cases_of(&t, 3);
	assert_int_equal(cases[0]->finding_count, 2);
	assert_int_equal(cases[1]->priority, PRIORITY_1);
	stop(&t);
}

static void evidence_learns_how_flows_ended(void **state)
{
	const struct signal *s;
	struct fact_flow flow;
	struct trial t;

	(void)state;
	start(&t);
	flow = beacon(&t, 10, 0);
	s = &cases_of(&t, 1)[0]->findings[0].signal;
	assert_int_equal(s->kind, SIGNAL_BEACON);
	assert_int_equal(s->flows[s->flow_count - 1].flow.id, flow.id);
	assert_false(s->flows[s->flow_count - 1].has_ended);
	end_flow(&t, &flow, 390, true); /* another process's, of the same number */
	assert_false(s->flows[s->flow_count - 1].has_ended);
	flow.first = s->flows[s->flow_count - 1].flow.first;
	end_flow(&t, &flow, 400, true);
	s = &cases_of(&t, 1)[0]->findings[0].signal;
	assert_true(s->flows[s->flow_count - 1].has_ended);
	assert_int_equal(s->flows[s->flow_count - 1].bytes_down, 2000);
	stop(&t);
}

static void names_told_by_dns_name_the_server(void **state)
{
	struct fact answer = test_dns_answer(test_start, "evil.example.com", "203.0.113.5");
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	whole_flow(&t, 10, "203.0.113.5", 443, 0, true);
	assert_string_equal(t.last_peer, "");
	(void)cases_of(&t, 0);
	judge_take(t.judge, &answer);
	assert_true(judge_totals(t.judge).dns_seen);
	whole_flow(&t, 10, "203.0.113.5", 443, 10, true);
	assert_string_equal(t.last_peer, "evil.example.com");
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->finding_count, 2); /* looked up, and contacted */
	assert_string_equal(case_lead(c)->signal.object.text, "evil.example.com");
	stop(&t);
}

static void device_is_called_by_the_name_it_told(void **state)
{
	struct fact fact = test_fact(FACT_DEVICE_NAME, test_start, NULL);
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	fact.device_name.mac = test_mac(10);
	fact.device_name.source = DEVICE_NAME_MDNS;
	(void)snprintf(fact.device_name.name, FACT_HOST_LEN, "reception");
	judge_take(t.judge, &fact);
	scan_ports(&t, 10, "192.168.1.20", 60);
	assert_string_equal(cases_of(&t, 1)[0]->device.names[DEVICE_NAME_MDNS], "reception");
	stop(&t);
}

/* It asks for a lease, under a name that no other machine has. */
static void ask_for_lease(struct trial *t, uint8_t device, double seconds)
{
	struct fact name = test_fact(FACT_DEVICE_NAME, test_after_seconds(seconds), NULL);
	struct fact_flow flow = test_flow(++t->flow_id, "0.0.0.0", "255.255.255.255", 67, 17);
	struct fact manner = test_fact(FACT_MESSAGE, test_after_seconds(seconds), &flow);
	struct mac mac = test_mac(device);

	manner.message.message = MESSAGE_DHCP;
	manner.message.is_from_client = true;
	attributes_add_mac(&manner.message.said, ATTRIBUTE_MAC, &mac);
	attributes_add_text(&manner.message.said, ATTRIBUTE_FINGERPRINT, "request=1,3,6");
	judge_take(t->judge, &manner);
	name.device_name.mac = mac;
	name.device_name.source = DEVICE_NAME_DHCP;
	(void)snprintf(name.device_name.name, FACT_HOST_LEN, "DESKTOP-3KF92LQ");
	judge_take(t->judge, &name);
}

/* Two cases of two addresses, before its names show that they are a laptop's two interfaces. */
static void two_devices_that_are_one_have_one_case(void **state)
{
	char before[CASE_ID_LEN];
	const struct case_record *c;
	uint32_t revision;
	struct trial t;

	(void)state;
	start(&t);
	scan_hosts(&t, 10, 445, 0);
	contact_listed(&t, 11, 30);
	ask_for_lease(&t, 10, 60);
	memcpy(before, cases_of(&t, 2)[0]->id, sizeof(before));
	revision = cases_of(&t, 2)[0]->revision;
	if (cases_of(&t, 2)[0]->device.addresses[0].bytes[ADDRESS_LEN - 1] != 10) {
		memcpy(before, cases_of(&t, 2)[1]->id, sizeof(before));
		revision = cases_of(&t, 2)[1]->revision;
	}
	ask_for_lease(&t, 11, 61);
	c = cases_of(&t, 1)[0];
	assert_string_equal(c->id, before);
	assert_int_equal(c->revision, revision + 1);
	assert_int_equal(c->finding_count, 2);
	assert_int_equal(c->signal_count, 2);
	assert_int_equal(c->device.former_count, 1);
	assert_int_equal(c->findings[0].signal.device, c->device.number);
	assert_int_equal(c->findings[1].signal.device, c->device.number);
	scan_ports(&t, 11, "192.168.1.20", 90);
	scan_ports(&t, 10, "192.168.1.21", 120);
	assert_int_equal(cases_of(&t, 1)[0]->device.number, c->device.number);
	assert_int_equal(cases_of(&t, 1)[0]->signal_count, 4);
	stop(&t);
}

/* Only the later one has a case: it goes on with the earlier one's number. */
static void a_case_goes_with_its_device(void **state)
{
	const struct case_record *c;
	struct trial t;

	(void)state;
	start(&t);
	ask_for_lease(&t, 10, 0);
	whole_flow(&t, 10, "192.168.1.20", 80, 1, true);
	scan_hosts(&t, 11, 445, 30);
	assert_int_equal(cases_of(&t, 1)[0]->device.number, 2);
	assert_int_equal(cases_of(&t, 1)[0]->revision, 1);
	ask_for_lease(&t, 11, 60);
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->device.number, 1);
	assert_int_equal(c->revision, 2);
	assert_int_equal(c->signal_count, 1);
	scan_ports(&t, 10, "192.168.1.21", 120);
	assert_int_equal(cases_of(&t, 1)[0]->signal_count, 2);
	stop(&t);
}

static void strangers_are_nobodys_case(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 300; i++) { /* from outside in, and past the office */
		char server[16];

		(void)snprintf(server, sizeof(server), "%s.%u", i % 2 ? "192.168.1" : "198.51.100",
			       1 + i % 250);
		struct fact_flow flow =
			test_flow(++t.flow_id, "203.0.113.66", server, 445, TEST_TCP);

		end_flow(&t, &flow, i, false);
	}
	(void)cases_of(&t, 0);
	stop(&t);
}

static void tell_network(struct trial *t, uint8_t mac, double seconds)
{
	struct fact fact = test_fact(FACT_PREFIX, test_after_seconds(seconds), NULL);

	fact.prefix.router_mac = test_mac(mac);
	assert_int_equal(prefix_parse("133.1.2.0/24", &fact.prefix.prefix), ERR_OK);
	judge_take(t->judge, &fact);
}

static void contact_from_public(struct trial *t, double seconds)
{
	struct fact_flow flow = test_flow(++t->flow_id, "133.1.2.5", "203.0.113.66", 443, TEST_TCP);
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(seconds), &flow);

	fact.sighting = (struct fact_sighting){ .source = flow.client, .source_mac = test_mac(5) };
	judge_take(t->judge, &fact);
	end_flow(t, &flow, seconds, true);
}

/* An office of public addresses is known by its DHCP server; any host may play one. */
static void router_alone_tells_networks_of_v4(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	contact_from_public(&t, 0);
	tell_network(&t, 7, 1);
	tell_network(&t, ROUTER, 1); /* nothing has come through it yet */
	contact_from_public(&t, 2);
	(void)cases_of(&t, 0);
	whole_flow(&t, 10, "198.51.100.7", 443, 3, true);
	whole_flow(&t, 10, "198.51.101.7", 443, 3, true);
	tell_network(&t, 7, 4);
	contact_from_public(&t, 4);
	(void)cases_of(&t, 0);
	tell_network(&t, ROUTER, 5);
	contact_from_public(&t, 6);
	(void)cases_of(&t, 0);
	tell_network(&t, 7, 3610);
	contact_from_public(&t, 3611);
	(void)cases_of(&t, 0);
	tell_network(&t, ROUTER, 3612);
	contact_from_public(&t, 3613);
	(void)cases_of(&t, 1);
	stop(&t);
}

/* Facts of every kind about anything: the account is exact whatever comes. */
static void any_facts_add_up(void **state)
{
	struct trial t;
	uint64_t random = 11;

	(void)state;
	prepare(&t);
	t.config.judge.cases = 8;
	t.config.judge.devices = 16;
	start_as(&t, "");
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t dice = test_random(&random);
		char client[16];
		char server[16];

		(void)snprintf(client, sizeof(client), "192.168.1.%u", (unsigned)(dice % 8));
		(void)snprintf(server, sizeof(server), "%s.%u",
			       dice & 0x100 ? "192.168.1" : "203.0.113",
			       (unsigned)(dice >> 16) % 256);
		struct fact_flow flow = test_flow(i + 1, client, server, (uint16_t)(dice >> 32) % 4,
						  dice & 0x200 ? TEST_TCP : TEST_UDP);
		struct fact fact = test_fact((enum fact_kind)((dice >> 40) % FACT_EXCERPT),
					     test_after_seconds(i * 0.05), &flow);

		if (fact.kind == FACT_SIGHTING) {
			fact.sighting.source = flow.client;
			fact.sighting.source_mac = test_mac((uint8_t)(dice % 8));
		} else if (fact.kind == FACT_NEIGHBOUR) {
			fact = test_arp(fact.time, (uint8_t)(dice % 8), (uint8_t)(dice >> 16),
					dice & 0x800);
		} else if (fact.kind == FACT_DNS) {
			fact = test_dns_answer(fact.time, "www.example.com", server);
		}
		judge_take(t.judge, &fact);
	}
	assert_true(judge_totals(t.judge).signals > 0);
	assert_int_equal(judge_totals(t.judge).facts, 20000);
	stop(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_office_has_no_case),
		cmocka_unit_test(one_device_has_one_case),
		cmocka_unit_test(findings_support_each_other),
		cmocka_unit_test(signals_of_one_object_are_one_finding),
		cmocka_unit_test(more_findings_than_are_kept_are_counted),
		cmocka_unit_test(two_devices_have_two_cases),
		cmocka_unit_test(quiet_time_ends_a_case),
		cmocka_unit_test(full_budget_is_counted),
		cmocka_unit_test(held_back_is_counted_by_reason),
		cmocka_unit_test(second_thoughts_withdraw_a_case),
		cmocka_unit_test(doubts_open_a_case_together),
		cmocka_unit_test(doubts_of_two_devices_do_not),
		cmocka_unit_test(what_stood_on_a_withdrawn_finding_goes_with_it),
		cmocka_unit_test(urgent_finding_takes_the_place_of_a_lesser),
		cmocka_unit_test(ids_follow_from_what_happened),
		cmocka_unit_test(most_urgent_case_comes_first),
		cmocka_unit_test(evidence_learns_how_flows_ended),
		cmocka_unit_test(names_told_by_dns_name_the_server),
		cmocka_unit_test(device_is_called_by_the_name_it_told),
		cmocka_unit_test(two_devices_that_are_one_have_one_case),
		cmocka_unit_test(a_case_goes_with_its_device),
		cmocka_unit_test(strangers_are_nobodys_case),
		cmocka_unit_test(router_alone_tells_networks_of_v4),
		cmocka_unit_test(any_facts_add_up),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
