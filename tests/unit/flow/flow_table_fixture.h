/* A table of nine slots that notes what ends, and packets for it. */
#pragma once

#include "sensor/flow/flow_table.h"

#include "tests/support/cmocka.h"

#define START      (1700000000 * NANOTIME_SECOND)
#define SECONDS(n) ((nanotime)(n)*NANOTIME_SECOND)

enum { ENDS = 64, CAPACITY = 9, BUDGET_STEP = 64, BUDGET_MOST = 1 << 20 };

struct ended {
	struct flow_record flow;
	nanotime when;
	enum flow_end reason;
};

struct fixture {
	struct ended ended[ENDS];
	size_t count;
	struct flow_table *table;
};

static const struct flow_config timeouts = {
	.closed = SECONDS(10),
	.embryonic = SECONDS(10),
	.unanswered = SECONDS(60),
	.established = SECONDS(300),
	.datagram = SECONDS(120),
	.check_in_silence = SECONDS(5),
};

static const struct hash_key secret = { 11, 22 };

static inline void note_end(void *arg, struct flow_ref ref, const struct flow_record *flow,
			    nanotime when, enum flow_end reason)
{
	struct fixture *f = arg;

	assert_int_equal(ref.generation, flow->generation);
	assert_true(f->count < ENDS);
	f->ended[f->count++] = (struct ended){ .flow = *flow, .when = when, .reason = reason };
}

/* The smallest table of the capacity wanted: only the budget says what it holds. */
static inline struct flow_table *new_table(const struct flow_config *config, uint32_t capacity,
					   void *arg)
{
	struct flow_config sized = *config;
	struct flow_table *table;

	for (sized.budget_bytes = 0; sized.budget_bytes < BUDGET_MOST;
	     sized.budget_bytes += BUDGET_STEP) {
		if (flow_table_new(&table, &sized, 0, &secret, note_end, arg) != ERR_OK)
			continue;
		if (flow_table_stats(table).capacity >= capacity)
			return table;
		flow_table_free(table);
	}
	return NULL;
}

static inline int new_fixture(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->table = new_table(&timeouts, CAPACITY, f);
	*state = f;
	return f->table != NULL ? 0 : -1;
}

static inline int free_fixture(void **state)
{
	struct fixture *f = *state;

	flow_table_free(f->table);
	free(f);
	return 0;
}

/* A packet of the flow `id`, from its low side at `at` after the start. */
static inline struct packet packet(uint8_t protocol, unsigned id, nanotime at)
{
	return (struct packet){
		.time = START + at,
		.key = { .low = { { 1 } },
			 .high = { { 2 } },
			 .low_port = (uint16_t)(10000 + id),
			 .high_port = 2000,
			 .protocol = protocol,
			 .ip_version = 6 },
		.source_is_low = true,
		.ip_len = 100,
	};
}

static inline struct flow_touch send(struct fixture *f, unsigned id, nanotime at)
{
	struct packet p = packet(IP_UDP, id, at);

	return flow_table_touch(f->table, &p, flow_table_hash(f->table, &p.key));
}

/* With payload, so that the flow is not embryonic any more. */
static inline struct flow_touch send_payload(struct fixture *f, unsigned id, nanotime at)
{
	struct packet p = packet(IP_UDP, id, at);

	p.payload_len = 60;
	return flow_table_touch(f->table, &p, flow_table_hash(f->table, &p.key));
}

static inline struct flow_touch answer(struct fixture *f, unsigned id, nanotime at)
{
	struct packet p = packet(IP_UDP, id, at);

	p.source_is_low = false;
	return flow_table_touch(f->table, &p, flow_table_hash(f->table, &p.key));
}

static inline struct flow_touch send_tcp(struct fixture *f, uint8_t flags, uint32_t sequence,
					 nanotime at)
{
	struct packet p = packet(IP_TCP, 1, at);

	p.tcp_flags = flags;
	p.tcp_sequence = sequence;
	return flow_table_touch(f->table, &p, flow_table_hash(f->table, &p.key));
}

static inline void assert_ended(const struct fixture *f, size_t i, unsigned id, nanotime at,
				enum flow_end reason)
{
	assert_true(i < f->count);
	assert_int_equal(f->ended[i].flow.key.low_port, 10000 + id);
	assert_int_equal(f->ended[i].when, START + at);
	assert_int_equal(f->ended[i].reason, reason);
}

#define TABLE_TEST(f) cmocka_unit_test_setup_teardown(f, new_fixture, free_fixture)
