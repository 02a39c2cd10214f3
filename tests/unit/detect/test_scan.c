#include "sensor/detect/scan.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { FLAG_FIN = 0x01, FLAG_PSH = 0x08, FLAG_ACK = 0x10, FLAG_URG = 0x20 };
enum { SCANNER = 10, HOSTS = 10, HOSTS_OUTSIDE = 60, PORTS = 20, TTL_EXCEEDED = 11 };

struct trial {
	struct test_bench bench;
	uint64_t flow_id;
};

/* One contact, for the tests to spoil before it is shown. */
struct contact {
	struct fact fact;
	enum direction direction;
	bool is_group;
};

static void start(struct trial *t)
{
	t->flow_id = 0;
	test_bench_prepare(&t->bench, &detector_scan);
	test_bench_start(&t->bench, NULL);
}

static struct contact contact_with(struct trial *t, const char *server, uint16_t port,
				   uint8_t protocol, double seconds)
{
	struct fact_flow flow = test_flow(++t->flow_id, "192.168.1.10", server, port, protocol);
	bool is_inside = strncmp(server, "192.168.", 8) == 0;

	return (struct contact){ .fact = test_flow_ended(test_after_seconds(seconds), &flow, false),
				 .direction = is_inside ? DIRECTION_LATERAL : DIRECTION_OUTBOUND };
}

static void show(struct trial *t, const struct contact *c)
{
	struct observation seen = test_seen(&c->fact);

	seen.direction = c->direction;
	seen.is_group = c->is_group;
	test_bench_show(&t->bench, &seen);
}

/* Builds the `i`th contact of a sweep. */
typedef struct contact contact_fn(struct trial *t, unsigned i);

static struct contact to_inside_host(struct trial *t, unsigned i)
{
	char server[32];

	(void)snprintf(server, sizeof(server), "192.168.%u.%u", 1 + i / 200, 20 + i % 200);
	return contact_with(t, server, 445, TEST_TCP, i);
}

static struct contact to_outside_host(struct trial *t, unsigned i)
{
	char server[32];

	(void)snprintf(server, sizeof(server), "203.0.%u.%u", i / 200, 1 + i % 200);
	return contact_with(t, server, 23, TEST_TCP, i);
}

static struct contact to_port(struct trial *t, unsigned i)
{
	return contact_with(t, "192.168.1.20", (uint16_t)(1 + i), TEST_TCP, i);
}

static struct contact to_outside_port(struct trial *t, unsigned i)
{
	return contact_with(t, "203.0.113.5", (uint16_t)(1 + i), TEST_TCP, i);
}

static struct contact by_ping(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.flow.protocol = TEST_ICMP;
	c.fact.flow.client_port = 8;
	c.fact.flow.server_port = 0;
	return c;
}

static struct contact by_datagram(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.flow.protocol = TEST_UDP;
	c.fact.flow.server_port = 161;
	return c;
}

/* A DHCP server's answers: each goes to another device, and none is answered. */
static struct contact by_dhcp_reply(struct trial *t, unsigned i)
{
	struct contact c = by_datagram(t, i);

	c.fact.flow.client_port = 67;
	c.fact.flow.server_port = 68;
	return c;
}

/* The answers of a device to searches by SSDP, each from a port of its own. */
static struct contact by_search_reply(struct trial *t, unsigned i)
{
	struct contact c = to_port(t, i);

	c.fact.flow.protocol = TEST_UDP;
	c.fact.flow.client_port = 1900;
	c.fact.flow.server_port = (uint16_t)(50000 + i);
	return c;
}

static struct contact with_successes(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.ended.is_answered = i % 2 == 0;
	return c;
}

static struct contact with_few_failures_outside(struct trial *t, unsigned i)
{
	struct contact c = to_outside_host(t, i);

	c.fact.ended.is_answered = i % 5 == 0;
	return c;
}

static struct contact by_traceroute(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.flow.protocol = TEST_UDP;
	c.fact.flow.server_port = 33434;
	return c;
}

static struct contact traceroute_ports(struct trial *t, unsigned i)
{
	struct contact c = to_port(t, i);

	c.fact.flow.protocol = TEST_UDP;
	c.fact.flow.server_port = (uint16_t)(33434 + i);
	return c;
}

static struct contact with_ttl_exceeded(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.ended.icmp_error = TTL_EXCEEDED;
	return c;
}

/* As a capture shows them that began in their midst. */
static struct contact in_midstream(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.flow.is_midstream = true;
	c.fact.ended.tcp_flags_up = FLAG_ACK;
	return c;
}

/* A packet that only ends, without a connection. */
static struct contact ending_nothing(struct trial *t, unsigned i)
{
	struct contact c = to_port(t, i);

	c.fact.flow.is_midstream = true;
	c.fact.ended.tcp_flags_up = FLAG_FIN;
	return c;
}

/* The same, which somebody answers: the other half of a connection was not captured. */
static struct contact ending_something(struct trial *t, unsigned i)
{
	struct contact c = ending_nothing(t, i);

	c.fact.ended.is_answered = true;
	return c;
}

static struct contact without_flags(struct trial *t, unsigned i)
{
	struct contact c = ending_nothing(t, i);

	c.fact.ended.tcp_flags_up = 0;
	return c;
}

static struct contact with_odd_flags(struct trial *t, unsigned i)
{
	struct contact c = ending_nothing(t, i);

	c.fact.ended.tcp_flags_up = FLAG_FIN | FLAG_PSH | FLAG_URG;
	return c;
}

/* Two of three answer. */
static struct contact by_answered_ping(struct trial *t, unsigned i)
{
	struct contact c = by_ping(t, i);

	c.fact.ended.is_answered = i % 3 != 0;
	return c;
}

/* As a monitor asks: machines that are there. */
static struct contact by_ping_of_known(struct trial *t, unsigned i)
{
	struct contact c = by_ping(t, i);

	c.fact.ended.is_answered = i % 6 != 0;
	return c;
}

static struct contact by_slow_ping(struct trial *t, unsigned i)
{
	struct contact c = by_answered_ping(t, i);

	c.fact.flow.first = test_after_seconds(10 * i);
	return c;
}

static struct contact of_other_icmp(struct trial *t, unsigned i)
{
	struct contact c = by_ping(t, i);

	c.fact.flow.client_port = 3;
	return c;
}

static struct contact to_groups(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.is_group = true;
	return c;
}

static struct contact from_outside(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.direction = DIRECTION_INBOUND;
	return c;
}

static struct contact too_slowly(struct trial *t, unsigned i)
{
	struct contact c = to_inside_host(t, i);

	c.fact.flow.first = test_after_seconds(i * 90);
	return c;
}

static struct contact to_the_same(struct trial *t, unsigned i)
{
	(void)i;
	return to_inside_host(t, 0);
}

struct sweep_case {
	const char *name;
	contact_fn *contact;
	unsigned threshold;
	enum signal_kind kind;
	enum direction direction;
	enum object_kind object;
	const char *text;
};

static struct sweep_case sweeps[] = {
	{ "hosts inside", to_inside_host, HOSTS, SIGNAL_SCAN_INSIDE, DIRECTION_LATERAL, OBJECT_PORT,
	  "445/tcp" },
	{ "hosts inside by datagrams", by_datagram, HOSTS, SIGNAL_SCAN_INSIDE, DIRECTION_LATERAL,
	  OBJECT_PORT, "161/udp" },
	{ "hosts inside by ping", by_ping, HOSTS, SIGNAL_SCAN_INSIDE, DIRECTION_LATERAL,
	  OBJECT_PORT, "ping" },
	{ "ports by a lone end", ending_nothing, PORTS, SIGNAL_SCAN_PORTS, DIRECTION_LATERAL,
	  OBJECT_ADDRESS, "192.168.1.20" },
	{ "ports without any flag", without_flags, PORTS, SIGNAL_SCAN_PORTS, DIRECTION_LATERAL,
	  OBJECT_ADDRESS, "192.168.1.20" },
	{ "ports by odd flags", with_odd_flags, PORTS, SIGNAL_SCAN_PORTS, DIRECTION_LATERAL,
	  OBJECT_ADDRESS, "192.168.1.20" },
	{ "hosts outside", to_outside_host, HOSTS_OUTSIDE, SIGNAL_SCAN_OUTSIDE, DIRECTION_OUTBOUND,
	  OBJECT_PORT, "23/tcp" },
	{ "ports of a host inside", to_port, PORTS, SIGNAL_SCAN_PORTS, DIRECTION_LATERAL,
	  OBJECT_ADDRESS, "192.168.1.20" },
	{ "ports of a host outside", to_outside_port, PORTS, SIGNAL_SCAN_PORTS, DIRECTION_OUTBOUND,
	  OBJECT_ADDRESS, "203.0.113.5" },
};

static void run_sweep(void **state)
{
	const struct sweep_case *c = *state;
	struct trial t;

	start(&t);
	for (unsigned i = 0; i < c->threshold; i++) {
		struct contact contact = c->contact(&t, i);

		assert_int_equal(t.bench.count, 0);
		show(&t, &contact);
	}
	assert_int_equal(t.bench.count, 1);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, c->kind);
	assert_int_equal(s->direction, c->direction);
	assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
	assert_int_equal(s->device, SCANNER);
	assert_int_equal(s->count, c->threshold);
	assert_int_equal(s->object.kind, c->object);
	assert_string_equal(s->object.text, c->text);
	assert_true(s->first == test_start);
	assert_true(s->last == test_after_seconds(c->threshold - 1));
	assert_int_equal(s->flow_count, SIGNAL_FLOWS_MAX);
	for (uint8_t i = 0; i < s->reason_count; i++) {
		const struct reason *r = &s->reasons[i];

		assert_true(r->comparison == COMPARE_AT_LEAST ? r->value >= r->threshold
							      : r->value <= r->threshold);
	}
	test_bench_stop(&t.bench);
}

struct silent_case {
	const char *name;
	contact_fn *contact;
};

static struct silent_case silent[] = {
	{ "a client with successes", with_successes },
	{ "a fifth answers outside", with_few_failures_outside },
	{ "traceroute to many hosts", by_traceroute },
	{ "traceroute to many ports", traceroute_ports },
	{ "leases handed to many", by_dhcp_reply },
	{ "answers to many searches", by_search_reply },
	{ "time to live exceeded", with_ttl_exceeded },
	{ "flows whose beginning was not seen", in_midstream },
	{ "ends of connections seen by half", ending_something },
	{ "pings of machines that are there", by_ping_of_known },
	{ "pings without haste", by_slow_ping },
	{ "ICMP other than ping", of_other_icmp },
	{ "group addresses", to_groups },
	{ "strangers from outside", from_outside },
	{ "fewer than ten in ten minutes", too_slowly },
	{ "one host again and again", to_the_same },
};

static void run_silent(void **state)
{
	const struct silent_case *c = *state;
	struct trial t;

	start(&t);
	for (unsigned i = 0; i < 3 * HOSTS_OUTSIDE; i++) {
		struct contact contact = c->contact(&t, i);

		show(&t, &contact);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* Those that answer are what it looks for: haste tells it, not failure. */
static void sweep_by_ping_may_succeed(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < HOSTS; i++) {
		struct contact contact = by_answered_ping(&t, i);

		assert_int_equal(t.bench.count, 0);
		show(&t, &contact);
	}
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_SCAN_INSIDE);
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_ANSWERED);
	test_bench_stop(&t.bench);
}

/* Exact while they are few; beyond that the sketch's estimate doubles as well as it can. */
static void told_at_doublings_only(void **state)
{
	static const uint64_t exact[] = { 10, 20, 40 };
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 400; i++) {
		struct contact contact = to_inside_host(&t, i);

		show(&t, &contact);
	}
	assert_int_equal(t.bench.count, 6);
	for (size_t i = 0; i < t.bench.count; i++) {
		if (i < ARRAY_LEN(exact))
			assert_int_equal(t.bench.signals[i].count, exact[i]);
		else
			assert_true(t.bench.signals[i].count >= 2 * t.bench.signals[i - 1].count);
	}
	test_bench_stop(&t.bench);
}

static void last_numbers_are_told_at_the_end(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < HOSTS + 5; i++) {
		struct contact contact = to_inside_host(&t, i);

		show(&t, &contact);
	}
	for (unsigned i = 0; i < HOSTS_OUTSIDE - 1; i++) { /* never told */
		struct contact contact = to_outside_host(&t, i);

		show(&t, &contact);
	}
	assert_int_equal(t.bench.count, 1);
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_SCAN_INSIDE);
	assert_int_equal(test_bench_last(&t.bench)->count, HOSTS + 5);
	assert_int_equal(test_bench_last(&t.bench)->direction, DIRECTION_LATERAL);
	test_bench_finish(&t.bench); /* nothing more to tell */
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);
}

static void one_that_answers_is_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < HOSTS; i++) {
		struct contact contact = to_inside_host(&t, i);

		contact.fact.ended.is_answered = i == 4;
		show(&t, &contact);
	}
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_ANSWERED);
	test_bench_stop(&t.bench);
}

static void show_outside(struct trial *t, uint16_t port, unsigned after_seconds)
{
	for (unsigned i = 0; i < HOSTS_OUTSIDE; i++) {
		struct contact contact = to_outside_host(t, i);

		contact.fact.flow.server_port = port;
		contact.fact.flow.first += after_seconds * NANOTIME_SECOND;
		contact.fact.time += after_seconds * NANOTIME_SECOND;
		show(t, &contact);
	}
}

static void sharer_is_named_beside_the_sweep(void **state)
{
	struct fact_flow flow = test_flow(1000, "192.168.1.10", "203.0.113.5", 6881, TEST_TCP);
	struct fact named = test_fact(FACT_FLOW_NAMED, test_start, &flow);
	struct observation seen;
	struct trial t;

	(void)state;
	(void)snprintf(named.named.protocol, FACT_PROTOCOL_LEN, "BitTorrent");
	start(&t);
	seen = test_seen(&named);
	test_bench_show(&t.bench, &seen);
	show_outside(&t, 6881, 0);
	assert_string_equal(test_bench_last(&t.bench)->object.application, "BitTorrent");
	show_outside(&t, 445, 0); /* no file sharing uses this one */
	assert_string_equal(test_bench_last(&t.bench)->object.application, "");
	show_outside(&t, 6882, 2 * 3600); /* it has long stopped sharing */
	assert_string_equal(test_bench_last(&t.bench)->object.application, "");
	assert_int_equal(t.bench.count, 3);
	test_bench_stop(&t.bench);
}

#define TABLES (ARRAY_LEN(sweeps) + ARRAY_LEN(silent))

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(sweep_by_ping_may_succeed),
		cmocka_unit_test(told_at_doublings_only),
		cmocka_unit_test(last_numbers_are_told_at_the_end),
		cmocka_unit_test(one_that_answers_is_told),
		cmocka_unit_test(sharer_is_named_beside_the_sweep),
	};
	struct CMUnitTest tests[TABLES + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, sweeps, run_sweep);
	n += ADD_ROWS(tests + n, silent, run_silent);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
