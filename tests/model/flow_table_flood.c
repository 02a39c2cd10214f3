/*
 * A full table under attack, in packet time: 20,000 answered flows idle for 1 to 120 seconds, 100
 * new connections a second whose answer takes 50 ms, and a flood from random sources. No answered
 * flow may be lost, and the answer must find the flow of its SYN.
 */
#include "sensor/flow/flow_table.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum {
	ANSWERED = 20000,
	BUDGET = 9 << 20, /* some 69,000 flows: more than the floods' rates times the 50 ms */
	WAITING = 5,      /* connections of 50 ms, one each 10 ms */
	TRICKLED = 3,     /* packets of a half-open flow of a trickle, far from each other */
	SPRAYED = 4,      /* packets of a sprayed flow that wants to be more than an attempt */
};

#define START         (UINT64_C(1700000000) * NANOTIME_SECOND)
#define CONNECT_EVERY (10 * NANOTIME_MILLISECOND)

enum flood_kind {
	SYN_FLOOD,
	UDP_SPRAY,
	UDP_SPRAY_DEEP,
	RST_FLOOD,
	TRICKLE,
	SYN_AND_UDP,
	HALF_OPEN
};

struct flood_case {
	const char *name;
	enum flood_kind kind;
	unsigned rate; /* packets a second */
	unsigned packets;
};

static struct flood_case cases[] = {
	{ "10,000 SYNs a second", SYN_FLOOD, 10000, 200000 },
	{ "100,000 SYNs a second", SYN_FLOOD, 100000, 500000 },
	{ "500,000 SYNs a second", SYN_FLOOD, 500000, 1000000 },
	{ "10,000 datagrams a second", UDP_SPRAY, 10000, 200000 },
	{ "500,000 datagrams a second", UDP_SPRAY, 500000, 1000000 },
	{ "500,000 datagrams a second, four for each flow", UDP_SPRAY_DEEP, 500000, 1000000 },
	{ "500,000 RSTs a second", RST_FLOOD, 500000, 1000000 },
	{ "100,000 half-open flows that get a packet now and then", TRICKLE, 100000, 500000 },
	{ "100,000 SYNs and datagrams a second", SYN_AND_UDP, 100000, 500000 },
	{ "50,000 SYNs a second, each answered by an open port", HALF_OPEN, 100000, 500000 },
};

struct attack {
	struct flow_table *table;
	uint64_t lost; /* answered flows that ended */
	uint64_t connections;
	uint64_t tracked;
};

static void note_end(void *arg, struct flow_ref ref, const struct flow_record *flow, nanotime when,
		     enum flow_end reason)
{
	struct attack *attack = arg;

	(void)ref;
	(void)when;
	attack->lost += flow->class == FLOW_ESTABLISHED && reason != FLOW_END_CAPTURE;
}

/* Numbers, well spread, stand for sources: a flow for each. */
static struct packet packet_of(uint8_t net, uint32_t number, uint8_t protocol, nanotime time)
{
	uint64_t spread = (number + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
	struct packet p = { .time = time,
			    .key = { .low_port = (uint16_t)(spread >> 48),
				     .high_port = 443,
				     .protocol = protocol,
				     .ip_version = 4 },
			    .source_is_low = true,
			    .ip_len = 60 };

	p.key.low.bytes[11] = net;
	memcpy(&p.key.low.bytes[12], &number, sizeof(number));
	p.key.high.bytes[15] = 1;
	return p;
}

static struct flow_touch touch(struct attack *attack, const struct packet *p)
{
	return flow_table_touch(attack->table, p, flow_table_hash(attack->table, &p->key));
}

static void answered_flows(struct attack *attack)
{
	for (uint32_t i = 0; i < ANSWERED; i++) {
		nanotime time = START + i * (119 * NANOTIME_SECOND / ANSWERED);
		struct packet p = packet_of(1, i, i % 2 ? IP_TCP : IP_UDP, time);

		p.tcp_flags = TCP_SYN;
		(void)touch(attack, &p);
		p.source_is_low = false;
		p.tcp_flags = TCP_SYN | TCP_ACK;
		(void)touch(attack, &p);
		p.source_is_low = true;
		p.tcp_flags = TCP_ACK;
		(void)touch(attack, &p);
	}
}

/* A SYN each 10 ms, and the answer to the one of 50 ms ago. */
static void connect(struct attack *attack, nanotime time)
{
	uint32_t number = (uint32_t)attack->connections++;
	struct packet syn = packet_of(2, number, IP_TCP, time);

	syn.tcp_flags = TCP_SYN;
	assert_true(touch(attack, &syn).is_new);
	if (number < WAITING)
		return;

	struct packet answer = packet_of(2, number - WAITING, IP_TCP, time);

	answer.source_is_low = false;
	answer.tcp_flags = TCP_SYN | TCP_ACK;
	attack->tracked += !touch(attack, &answer).is_new;
}

static struct packet flood_packet(enum flood_kind kind, uint32_t i, nanotime time)
{
	struct packet p = packet_of(3, i, IP_TCP, time);

	p.tcp_flags = TCP_SYN;
	switch (kind) {
	case SYN_FLOOD:
		break;
	case UDP_SPRAY_DEEP:
	case UDP_SPRAY:
		p = packet_of(3, kind == UDP_SPRAY ? i : i / SPRAYED, IP_UDP, time);
		p.tcp_flags = 0;
		p.payload_len = 20;
		break;
	case RST_FLOOD:
		p = packet_of(3, i / 2, IP_TCP, time);
		p.source_is_low = i % 2 == 0;
		p.tcp_flags = i % 2 == 0 ? TCP_SYN : TCP_RST | TCP_ACK;
		break;
	case TRICKLE:
		p = packet_of(3, i / TRICKLED + i % TRICKLED * 10000, IP_TCP, time);
		p.tcp_flags = TCP_SYN;
		break;
	case HALF_OPEN:
		p = packet_of(3, i / 2, IP_TCP, time);
		p.source_is_low = i % 2 == 0;
		p.tcp_flags = i % 2 == 0 ? TCP_SYN : TCP_SYN | TCP_ACK;
		break;
	case SYN_AND_UDP:
		return flood_packet(i % 2 == 0 ? SYN_FLOOD : UDP_SPRAY, i, time);
	}
	return p;
}

static void run_case(void **state)
{
	const struct flood_case *c = *state;
	const struct hash_key key = { 5, 6 };
	struct attack attack = { 0 };
	nanotime start = START + 120 * NANOTIME_SECOND;
	nanotime next_connection = start;
	struct config config;

	config_defaults(&config);
	config.flow.budget_bytes = BUDGET;
	assert_int_equal(flow_table_new(&attack.table, &config.flow, 0, &key, note_end, &attack),
			 ERR_OK);
	answered_flows(&attack);
	for (uint32_t i = 0; i < c->packets; i++) {
		nanotime now = start + i * (NANOTIME_SECOND / c->rate);
		struct packet p = flood_packet(c->kind, i, now);

		for (; next_connection <= now; next_connection += CONNECT_EVERY)
			connect(&attack, next_connection);
		(void)touch(&attack, &p);
	}

	uint64_t answers = attack.connections - WAITING;

	print_message("answered lost %llu, new tracked %llu of %llu, evicted %llu\n",
		      (unsigned long long)attack.lost, (unsigned long long)attack.tracked,
		      (unsigned long long)answers,
		      (unsigned long long)flow_table_stats(attack.table).evicted);
	assert_int_equal(attack.lost, 0);
	assert_true(attack.tracked >= answers * 99 / 100);
	assert_true(flow_table_stats(attack.table).live_peak ==
		    flow_table_stats(attack.table).capacity);
	flow_table_end_all(attack.table, FLOW_END_CAPTURE);
	flow_table_free(attack.table);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("flow_table_flood", tests, NULL, NULL);
}
