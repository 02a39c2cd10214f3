/*
 * The flow table against a naive one: an array that is searched from end to end. Random packets
 * with fixed seeds, too many flows for the table; each answer, each end, its time, its reason and
 * the order of ends must be the same, and must not depend on the hash key.
 */
#include "tests/model/flow_table_oracle.h"

#include "tests/support/cmocka.h"

enum {
	BUDGET_STEP = 64,
	BUDGET_MOST = 1 << 20,
	CAPACITY = 48,
	HOSTS = 12,
	PORTS = 16, /* HOSTS * PORTS * 2 flows: several times the capacity */
	HASH_KEYS = 3,
};

struct model_case {
	const char *name;
	struct flow_config config;
	uint64_t seed;
	unsigned steps;
	bool advances; /* between packets too */
};

#define SECONDS(n) ((nanotime)(n)*NANOTIME_SECOND)
#define TIME_STEP  (100 * NANOTIME_MILLISECOND)

static struct model_case cases[] = {
	{ "short timeouts",
	  { .embryonic = SECONDS(2),
	    .unanswered = SECONDS(5),
	    .established = SECONDS(20),
	    .datagram = SECONDS(10),
	    .check_in_silence = SECONDS(1) },
	  1,
	  600000,
	  true },
	{ "usual timeouts",
	  { .embryonic = SECONDS(10),
	    .unanswered = SECONDS(60),
	    .established = SECONDS(300),
	    .datagram = SECONDS(120),
	    .check_in_silence = SECONDS(5) },
	  2,
	  600000,
	  true },
	{ "timeouts beyond the wheel's span, and of half seconds",
	  { .embryonic = SECONDS(1) / 2,
	    .unanswered = SECONDS(1015),
	    .established = SECONDS(7200),
	    .datagram = SECONDS(1500),
	    .check_in_silence = SECONDS(5) },
	  3,
	  300000,
	  false },
};

struct run {
	struct oracle oracle;
	struct flow_table *table;
	uint64_t random;
	uint64_t trace; /* of all that the table says */
	nanotime time;
};

static uint32_t random_below(struct run *r, uint32_t limit)
{
	r->random = r->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)((r->random >> 33) % limit);
}

static void trace(struct run *r, uint64_t value)
{
	r->trace = (r->trace ^ value) * UINT64_C(0x100000001b3);
	r->trace ^= r->trace >> 29;
}

static void compare_end(void *arg, struct flow_ref ref, const struct flow_record *flow,
			nanotime when, enum flow_end reason)
{
	struct run *r = arg;
	const struct oracle_end *want = oracle_next_end(&r->oracle);

	if (want == NULL) {
		fail_msg("the oracle ends a flow too");
		return;
	}
	assert_true(flow_key_equal(&flow->key, &want->flow.key));
	assert_int_equal(when, want->when);
	assert_int_equal(reason, want->reason);
	oracle_compare(&want->flow, flow);
	trace(r, (uint64_t)ref.index << 32 | ref.generation);
	trace(r, when + reason);
}

static struct flow_table *new_table(const struct flow_config *config, uint64_t hash_key,
				    struct run *run)
{
	const struct hash_key key = { hash_key, ~hash_key };
	struct flow_config sized = *config;
	struct flow_table *table;

	for (; sized.budget_bytes < BUDGET_MOST; sized.budget_bytes += BUDGET_STEP) {
		if (flow_table_new(&table, &sized, &key, compare_end, run) != ERR_OK)
			continue;
		if (flow_table_stats(table).capacity >= CAPACITY)
			return table;
		flow_table_free(table);
	}
	return NULL;
}

/* In coarse steps, so that packets meet deadlines to the nanosecond. Mostly small ones; now and
 * then a pause, seldom hours, sometimes backwards. */
static nanotime next_time(struct run *r)
{
	uint32_t kind = random_below(r, 1000);

	if (kind < 5)
		return r->time + SECONDS(random_below(r, 3000));
	if (kind == 5 && random_below(r, 20) == 0)
		return r->time + SECONDS(random_below(r, 4000000));
	if (kind < 30)
		return r->time + random_below(r, 40) * TIME_STEP;
	if (kind < 40)
		return r->time - random_below(r, 30) * TIME_STEP;
	return r->time + (random_below(r, 3) == 0 ? TIME_STEP : 0);
}

static uint8_t random_flags(struct run *r)
{
	static const uint8_t flags[] = {
		TCP_SYN,           TCP_SYN,           TCP_SYN | TCP_ACK, TCP_ACK,
		TCP_ACK,           TCP_ACK | TCP_PSH, TCP_ACK | TCP_PSH, TCP_ACK | TCP_PSH,
		TCP_FIN | TCP_ACK, TCP_ACK,           TCP_ACK,           TCP_ACK,
	};
	uint32_t kind = random_below(r, 200);

	if (kind == 0)
		return TCP_RST;
	if (kind == 1)
		return (uint8_t)random_below(r, 256);
	return flags[kind % sizeof(flags)];
}

/* Few sequence numbers close to each other and to the wrap, so that all their cases come up. */
static uint32_t random_sequence(struct run *r)
{
	if (random_below(r, 50) == 0)
		return random_below(r, UINT32_MAX);
	return (uint32_t)0 - 500 + random_below(r, 12) * 100;
}

/* Some flows much more often than others. */
static struct packet random_packet(struct run *r)
{
	static const uint16_t services[] = { 53, 443, 2000, 40000 };
	uint32_t host = random_below(r, random_below(r, HOSTS) + 1);
	uint32_t port = random_below(r, random_below(r, PORTS) + 1);
	bool is_tcp = random_below(r, 3) > 0;
	struct packet p = {
		.key = { .low = { { 10, (uint8_t)host } },
			 .high = { { 20 } },
			 .low_port = (uint16_t)(1000 + port * 8),
			 .high_port = services[port % 4],
			 .protocol = is_tcp ? IP_TCP : IP_UDP,
			 .ip_version = host % 2 ? 4 : 6 },
		.source_is_low = random_below(r, 3) > 0,
		.is_fragment_rest = random_below(r, 40) == 0,
		.payload_len = random_below(r, 2) ? 0 : random_below(r, 300),
	};

	if (is_tcp) {
		p.tcp_flags = random_flags(r);
		p.tcp_sequence = random_sequence(r);
		p.tcp_acknowledged = random_sequence(r);
	}
	p.ip_len = 40 + p.payload_len;
	p.time = next_time(r);
	if (p.time > r->time)
		r->time = p.time;
	return p;
}

static void step_touch(struct run *r)
{
	struct packet p = random_packet(r);
	struct flow_touch want = oracle_touch(&r->oracle, &p);
	struct flow_touch got = flow_table_touch(r->table, &p);

	assert_int_equal(got.is_new, want.is_new);
	assert_int_equal(got.from_client, want.from_client);
	assert_int_equal(got.is_check_in, want.is_check_in);
	assert_int_equal(got.is_retransmission, want.is_retransmission);
	assert_int_equal(got.payload_packets_before, want.payload_packets_before);
	oracle_compare(oracle_find(&r->oracle, &p.key), flow_table_get(r->table, got.ref));
	trace(r, (uint64_t)got.ref.index << 32 | got.ref.generation);
	trace(r, (uint64_t)got.is_new << 3 | (uint64_t)got.from_client << 2 |
			 (uint64_t)got.is_check_in << 1 | got.is_retransmission);
}

static void step_icmp_error(struct run *r)
{
	struct packet p = random_packet(r);
	struct flow_ref ref;
	bool want = oracle_note_icmp_error(&r->oracle, &p.key, 3);

	assert_int_equal(flow_table_note_icmp_error(r->table, &p.key, 3, &ref), want);
	if (want)
		oracle_compare(oracle_find(&r->oracle, &p.key), flow_table_get(r->table, ref));
}

static void step_epoch(struct run *r)
{
	oracle_end_all(&r->oracle, FLOW_END_EPOCH);
	flow_table_end_all(r->table, FLOW_END_EPOCH);
	r->time -= random_below(r, 2) * NANOTIME_DAY;
}

static void step(struct run *r, bool advances)
{
	uint32_t kind = random_below(r, 20000);

	if (kind == 0) {
		step_epoch(r);
	} else if (kind < 200) {
		step_icmp_error(r);
	} else if (kind < 2000 && advances) {
		oracle_advance(&r->oracle, r->time);
		flow_table_advance(r->table, r->time);
	} else {
		step_touch(r);
	}
	assert_null(oracle_next_end(&r->oracle));
	assert_int_equal(flow_table_stats(r->table).live, r->oracle.live);
}

static uint64_t run_with(const struct model_case *c, uint64_t hash_key)
{
	static struct run r;

	r = (struct run){ .random = c->seed, .time = SECONDS(1700000000) };
	r.table = new_table(&c->config, hash_key, &r);
	assert_non_null(r.table);
	oracle_init(&r.oracle, &c->config, flow_table_stats(r.table).capacity);
	for (unsigned i = 0; i < c->steps; i++)
		step(&r, c->advances);
	assert_true(flow_table_stats(r.table).evicted > c->steps / 20);
	oracle_end_all(&r.oracle, FLOW_END_CAPTURE);
	flow_table_end_all(r.table, FLOW_END_CAPTURE);
	assert_null(oracle_next_end(&r.oracle));
	flow_table_free(r.table);
	return r.trace;
}

static void run_case(void **state)
{
	const struct model_case *c = *state;
	uint64_t first = run_with(c, 0);

	for (uint64_t hash_key = 1; hash_key < HASH_KEYS; hash_key++)
		assert_int_equal(run_with(c, hash_key * UINT64_C(0x9e3779b97f4a7c15)), first);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("flow_table_model", tests, NULL, NULL);
}
