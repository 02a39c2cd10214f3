#include "tests/support/busy_office.h"

#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { CHECK_INS = 7, HOSTS = 12, PORTS = 22, ARP_QUESTIONS = 40, ARP_ANSWERS = 3, NAMES = 260 };

struct office {
	double seconds;
	uint64_t *flow_id;
	office_fact_fn *told;
	void *arg;
};

static nanotime at(const struct office *o, double seconds)
{
	return test_after_seconds(o->seconds + seconds);
}

/* A flow opens, and with it who speaks is seen. */
static struct fact_flow open_flow(const struct office *o, uint8_t device, const char *server,
				  uint16_t port, double seconds)
{
	char client[16];
	struct fact fact;
	struct fact_flow flow;

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);
	flow = test_flow(++*o->flow_id, client, server, port, TEST_TCP);
	flow.first = at(o, seconds);
	fact = test_fact(FACT_SIGHTING, at(o, seconds), &flow);
	fact.sighting = (struct fact_sighting){ .source = flow.client,
						.source_mac = test_mac(device),
						.has_destination = true,
						.destination = flow.server,
						.destination_mac = test_mac(OFFICE_ROUTER) };
	o->told(o->arg, &fact);
	return flow;
}

static void contact(const struct office *o, uint8_t device, const char *server, uint16_t port,
		    double seconds, bool is_answered)
{
	struct fact_flow flow = open_flow(o, device, server, port, seconds);
	struct fact fact = test_flow_ended(at(o, seconds + 0.1), &flow, is_answered);

	o->told(o->arg, &fact);
}

static void beacon(const struct office *o)
{
	for (unsigned i = 0; i < CHECK_INS; i++) {
		struct fact_flow flow = open_flow(o, OFFICE_BEACON, "203.0.113.5", 4443, i * 60);
		struct fact fact = test_check_in(at(o, i * 60), &flow, 300, "");

		(void)snprintf(fact.check_in.names.protocol, FACT_PROTOCOL_LEN, "Unknown");
		o->told(o->arg, &fact);
		fact = test_flow_ended(at(o, i * 60 + 2), &flow, true);
		if (i % 2 == 0)
			o->told(o->arg, &fact);
	}
}

static void ask_for_all(const struct office *o, uint8_t device, double seconds)
{
	for (unsigned i = 0; i < ARP_QUESTIONS; i++) {
		struct fact fact =
			test_arp(at(o, seconds + i * 0.2), device, (uint8_t)(30 + i), true);

		o->told(o->arg, &fact);
	}
}

static void scans(const struct office *o)
{
	char host[16];

	for (unsigned i = 0; i < HOSTS; i++) {
		(void)snprintf(host, sizeof(host), "192.168.1.%u", 100 + i);
		contact(o, OFFICE_HOST_SCAN, host, 445, 10 + i, false);
	}
	for (unsigned i = 0; i < PORTS; i++)
		contact(o, OFFICE_PORT_SCAN, "192.168.1.200", (uint16_t)(100 + i), 30 + i, false);
	for (unsigned i = 0; i < ARP_QUESTIONS; i++) {
		struct fact fact =
			test_arp(at(o, 60 + i * 0.2), OFFICE_ARP_SCAN, (uint8_t)(30 + i), true);

		o->told(o->arg, &fact);
	}
	for (unsigned i = 0; i < ARP_ANSWERS; i++) {
		struct fact fact =
			test_arp(at(o, 70 + i), (uint8_t)(30 + i), OFFICE_ARP_SCAN, false);

		o->told(o->arg, &fact);
	}
}

static void tunnel(const struct office *o)
{
	uint64_t random = 5;

	for (unsigned i = 0; i < NAMES; i++) {
		char name[FACT_NAME_LEN];
		struct fact fact;

		(void)snprintf(name, sizeof(name), "%016llx%016llx%08llx.t.example.net",
			       (unsigned long long)test_random(&random),
			       (unsigned long long)test_random(&random),
			       (unsigned long long)test_random(&random) & UINT32_MAX);
		fact = test_dns_question(at(o, 80 + i), name);
		fact.flow.client = test_address("192.168.1.14");
		o->told(o->arg, &fact);
		if (i % 4 > 0)
			continue;
		fact = test_dns_answer(at(o, 80.1 + i), name, "198.51.100.9");
		fact.flow.client = test_address("192.168.1.14");
		o->told(o->arg, &fact);
	}
}

/* The router is seen itself, then with two outside networks, and asks for everybody's address. */
static void router(const struct office *o)
{
	(void)open_flow(o, OFFICE_ROUTER, "192.168.1.2", 443, 1);
	contact(o, OFFICE_ROUTER, "192.168.1.3", 443, 1, true);
	(void)open_flow(o, OFFICE_SHARER, "198.51.100.7", 443, 2);
	(void)open_flow(o, OFFICE_SHARER, "203.0.113.9", 443, 3);
	ask_for_all(o, OFFICE_ROUTER, 4);
}

/* One who shares files, with a name of its own; a network; a flood. */
static void others(const struct office *o)
{
	struct fact_flow flow = open_flow(o, OFFICE_SHARER, "198.51.100.7", 6881, 20);
	struct fact fact = test_fact(FACT_FLOW_NAMED, at(o, 21), &flow);

	(void)snprintf(fact.named.protocol, sizeof(fact.named.protocol), "BitTorrent");
	o->told(o->arg, &fact);
	contact(o, OFFICE_SHARER, "203.0.113.200", 6881, 22, false);
	fact = test_fact(FACT_DEVICE_NAME, at(o, 23), NULL);
	fact.device_name.mac = test_mac(OFFICE_SHARER);
	(void)snprintf(fact.device_name.name, FACT_HOST_LEN, "sharer");
	o->told(o->arg, &fact);
	fact = test_fact(FACT_PREFIX, at(o, 24), NULL);
	fact.prefix.prefix = (struct prefix){ .address = test_address("2001:db8:1::"), .bits = 64 };
	o->told(o->arg, &fact);
	fact = test_fact(FACT_ATTEMPTS, at(o, 25), NULL);
	fact.attempts.host = test_address("203.0.113.201");
	fact.attempts.count = 3;
	o->told(o->arg, &fact);
}

void busy_office(double seconds, uint64_t *flow_id, office_fact_fn *told, void *arg)
{
	const struct office o = {
		.seconds = seconds, .flow_id = flow_id, .told = told, .arg = arg
	};

	router(&o);
	others(&o);
	scans(&o);
	contact(&o, OFFICE_LISTED, "203.0.113.66", 443, 75, true);
	tunnel(&o);
	beacon(&o);
}
