/*
 * The flow table against a naive one: an array that is searched from end to end. Random packets
 * with fixed seeds, too many flows for the table; each answer, each end, its time, its reason and
 * the order of ends must be the same, and must not depend on the hash key or on how many packets
 * are hashed and fetched ahead.
 */
#include "tests/model/flow_table_oracle.h"

#include "tests/support/cmocka.h"

enum {
	BUDGET_STEP = 64,
	BUDGET_MOST = 1 << 20,
	CAPACITY = 48,
	CAPACITY_FOR_ALL = 2 * 12 * 16,
	HOSTS = 12,
	PORTS = 16, /* HOSTS * PORTS * 2 flows: several times the capacity */
	BATCH_MOST = 32,
};

struct model_case {
	const char *name;
	struct flow_config config;
	uint64_t seed;
	unsigned steps;
	bool advances; /* between packets too */
	uint32_t capacity;
};

#define SECONDS(n) ((nanotime)(n)*NANOTIME_SECOND)
#define TIME_STEP  (100 * NANOTIME_MILLISECOND)

static struct model_case cases[] = {
	{ "short timeouts",
	  { .closed = SECONDS(1),
	    .embryonic = SECONDS(2),
	    .unanswered = SECONDS(5),
	    .established = SECONDS(20),
	    .datagram = SECONDS(10),
	    .check_in_silence = SECONDS(1) },
	  1,
	  600000,
	  true,
	  CAPACITY },
	{ "usual timeouts",
	  { .closed = SECONDS(3),
	    .embryonic = SECONDS(10),
	    .unanswered = SECONDS(60),
	    .established = SECONDS(300),
	    .datagram = SECONDS(120),
	    .check_in_silence = SECONDS(5) },
	  2,
	  600000,
	  true,
	  CAPACITY },
	{ "timeouts beyond the wheel's span, and of half seconds",
	  { .closed = SECONDS(20),
	    .embryonic = SECONDS(1) / 2,
	    .unanswered = SECONDS(1015),
	    .established = SECONDS(7200),
	    .datagram = SECONDS(1500),
	    .check_in_silence = SECONDS(5) },
	  3,
	  300000,
	  false,
	  CAPACITY },
	{ "a slot for each flow",
	  { .closed = SECONDS(1),
	    .embryonic = SECONDS(2),
	    .unanswered = SECONDS(5),
	    .established = SECONDS(2000),
	    .datagram = SECONDS(10),
	    .check_in_silence = SECONDS(1) },
	  4,
	  60000,
	  true,
	  CAPACITY_FOR_ALL },
};

/* What a result must not depend on. */
struct manner {
	uint64_t hash_key;
	unsigned batch;
};

static const struct manner manners[] = {
	{ 0, 1 },
	{ 0, BATCH_MOST },
	{ UINT64_C(0x9e3779b97f4a7c15), BATCH_MOST },
	{ UINT64_C(0x3c6ef372fe94f82a), 1 },
};

enum step_kind { STEP_TOUCH, STEP_ICMP_ERROR, STEP_ADVANCE, STEP_EPOCH };

/* Drawn ahead for a batch: what a step does must not draw. */
struct step {
	enum step_kind kind;
	struct packet packet;
	nanotime now;
	uint64_t hash;
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

static void compare(const struct oracle_flow *want, const struct flow_record *got)
{
	if (want == NULL || got == NULL) {
		fail_msg("there is a flow in both tables");
		return;
	}
	assert_int_equal(got->first, want->first);
	assert_int_equal(got->last, want->last);
	assert_int_equal(got->class, want->class);
	assert_int_equal(got->client_side, want->client);
	for (int side = 0; side < 2; side++) {
		assert_int_equal(got->bytes[side], want->bytes[side]);
		assert_int_equal(got->packets[side], want->packets[side]);
		assert_int_equal(got->tcp_flags[side], want->seen[side]);
	}
	assert_int_equal((got->flags & FLOW_CLOSED) != 0, want->is_closed);
	assert_int_equal((got->flags & FLOW_MIDSTREAM) != 0, want->is_midstream);
	assert_int_equal((got->flags & FLOW_CLIENT_KNOWN) != 0, want->is_known);
	assert_int_equal(got->payload_packets, want->payload_packets);
	assert_int_equal((got->flags & FLOW_LOW_SPOKE) != 0, want->spoke[0]);
	assert_int_equal((got->flags & FLOW_HIGH_SPOKE) != 0, want->spoke[1]);
	assert_int_equal(got->retransmitted, want->retransmitted);
	assert_int_equal(got->icmp_error, want->icmp_error);
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
	compare(&want->flow, flow);
	trace(r, (uint64_t)ref.index << 32 | ref.generation);
	trace(r, when + reason);
}

static struct flow_table *new_table(const struct model_case *c, uint64_t hash_key, struct run *run)
{
	const struct hash_key key = { hash_key, ~hash_key };
	struct flow_config sized = c->config;
	struct flow_table *table;

	for (; sized.budget_bytes < BUDGET_MOST; sized.budget_bytes += BUDGET_STEP) {
		if (flow_table_new(&table, &sized, 0, &key, compare_end, run) != ERR_OK)
			continue;
		if (flow_table_stats(table).capacity >= c->capacity)
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

static void do_touch(struct run *r, const struct packet *p, uint64_t hash)
{
	struct flow_touch want = oracle_touch(&r->oracle, p);
	struct flow_touch got = flow_table_touch(r->table, p, hash);

	assert_int_equal(got.is_new, want.is_new);
	assert_int_equal(got.from_client, want.from_client);
	assert_int_equal(got.is_check_in, want.is_check_in);
	assert_int_equal(got.is_retransmission, want.is_retransmission);
	assert_int_equal(got.payload_packets_before, want.payload_packets_before);
	compare(oracle_find(&r->oracle, &p->key), flow_table_get(r->table, got.ref));
	trace(r, (uint64_t)got.ref.index << 32 | got.ref.generation);
	trace(r, (uint64_t)got.is_new << 3 | (uint64_t)got.from_client << 2 |
			 (uint64_t)got.is_check_in << 1 | got.is_retransmission);
}

static void do_icmp_error(struct run *r, const struct packet *p)
{
	struct flow_ref ref;
	bool want = oracle_note_icmp_error(&r->oracle, &p->key, 3);

	assert_int_equal(flow_table_note_icmp_error(r->table, &p->key, 3, &ref), want);
	if (want)
		compare(oracle_find(&r->oracle, &p->key), flow_table_get(r->table, ref));
}

static void do_step(struct run *r, const struct step *step)
{
	switch (step->kind) {
	case STEP_TOUCH:
		do_touch(r, &step->packet, step->hash);
		break;
	case STEP_ICMP_ERROR:
		do_icmp_error(r, &step->packet);
		break;
	case STEP_ADVANCE:
		oracle_advance(&r->oracle, step->now);
		flow_table_advance(r->table, step->now);
		break;
	case STEP_EPOCH:
		oracle_end_all(&r->oracle, FLOW_END_EPOCH);
		flow_table_end_all(r->table, FLOW_END_EPOCH);
		break;
	}
	assert_null(oracle_next_end(&r->oracle));
	assert_int_equal(flow_table_stats(r->table).live, r->oracle.live);
}

static struct step random_step(struct run *r, bool advances)
{
	uint32_t kind = random_below(r, 20000);
	struct step step = { .kind = STEP_TOUCH, .now = r->time };

	if (kind == 0) {
		step.kind = STEP_EPOCH;
		r->time -= random_below(r, 2) * NANOTIME_DAY;
	} else if (kind < 200) {
		step.kind = STEP_ICMP_ERROR;
		step.packet = random_packet(r);
	} else if (kind < 2000 && advances) {
		step.kind = STEP_ADVANCE;
	} else {
		step.packet = random_packet(r);
	}
	return step;
}

static void do_batch(struct run *r, unsigned count, bool advances)
{
	struct step steps[BATCH_MOST];

	for (unsigned i = 0; i < count; i++) {
		steps[i] = random_step(r, advances);
		steps[i].hash = flow_table_hash(r->table, &steps[i].packet.key);
	}
	for (unsigned i = 0; i < count; i++)
		flow_table_fetch(r->table, steps[i].hash);
	for (unsigned i = 0; i < count; i++)
		do_step(r, &steps[i]);
}

static uint64_t run_with(const struct model_case *c, const struct manner *manner)
{
	static struct run r;

	r = (struct run){ .random = c->seed, .time = SECONDS(1700000000) };
	r.table = new_table(c, manner->hash_key, &r);
	assert_non_null(r.table);
	oracle_init(&r.oracle, &c->config, flow_table_stats(r.table).capacity);
	for (unsigned i = 0; i < c->steps; i += manner->batch)
		do_batch(&r, manner->batch, c->advances);

	uint64_t evicted = flow_table_stats(r.table).evicted;

	assert_true(c->capacity == CAPACITY ? evicted > c->steps / 20 : evicted == 0);
	oracle_end_all(&r.oracle, FLOW_END_CAPTURE);
	flow_table_end_all(r.table, FLOW_END_CAPTURE);
	assert_null(oracle_next_end(&r.oracle));
	flow_table_free(r.table);
	return r.trace;
}

static void run_case(void **state)
{
	const struct model_case *c = *state;
	uint64_t first = run_with(c, &manners[0]);

	assert_int_equal(c->steps % BATCH_MOST, 0);
	for (size_t i = 1; i < ARRAY_LEN(manners); i++)
		assert_int_equal(run_with(c, &manners[i]), first);
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
