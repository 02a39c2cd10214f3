/* Which flow makes room in a full table, and in which order all of them end. */
#include "tests/unit/flow/flow_table_fixture.h"

/* Slots 0 to 8 are taken by flows of three classes; which of them makes room, one by one? */
static void full_table_ends_the_lowest_class_first(void **state)
{
	struct fixture *f = *state;
	const unsigned order[] = { 2, 1, 0, 5, 4, 3, 8, 7, 6 };

	for (unsigned i = 0; i < CAPACITY; i++) {
		unsigned id = order[i];

		(void)send(f, id, SECONDS(i));
		if (id >= 3)
			(void)send_payload(f, id, SECONDS(i));
		if (id >= 6)
			(void)answer(f, id, SECONDS(i));
	}
	for (unsigned i = 0; i < CAPACITY; i++) {
		(void)send_payload(f, 100 + i, SECONDS(CAPACITY));
		(void)answer(f, 100 + i, SECONDS(CAPACITY));
		assert_ended(f, i, order[i], SECONDS(CAPACITY), FLOW_END_EVICTED);
	}
	assert_int_equal(flow_table_stats(f->table).evicted, CAPACITY);
}

/* Flow 0 was armed first, and has had a packet since: flow 1 is idle for longer. */
static void eviction_knows_the_latest_packet(void **state)
{
	struct fixture *f = *state;

	for (unsigned id = 0; id < CAPACITY; id++)
		(void)send(f, id, SECONDS(id) / 2);
	(void)send(f, 0, SECONDS(5));
	(void)send(f, 50, SECONDS(6));
	assert_ended(f, 0, 1, SECONDS(6), FLOW_END_EVICTED);
}

/* A refused flow is no more than an attempt, and goes in its turn among them. */
static void refused_flow_does_not_outrank_attempts(void **state)
{
	struct fixture *f = *state;
	struct packet refusal = packet(IP_TCP, 1, 3);

	(void)send_tcp(f, TCP_SYN, 10, 2);
	refusal.source_is_low = false;
	refusal.tcp_flags = TCP_RST | TCP_ACK;
	(void)flow_table_touch(f->table, &refusal, flow_table_hash(f->table, &refusal.key));
	for (unsigned id = 10; id < 10 + CAPACITY; id++)
		(void)send(f, id, SECONDS(1) + id);
	assert_ended(f, 0, 1, SECONDS(1) + 10 + CAPACITY - 1, FLOW_END_EVICTED);
}

/* One-sided flows with payload fill the table: one of them makes room for an attempt. */
static void spray_leaves_room_for_attempts(void **state)
{
	struct fixture *f = *state;

	for (unsigned id = 0; id < CAPACITY; id++)
		(void)send_payload(f, id, SECONDS(id) / 4);
	(void)send(f, 50, SECONDS(3));
	assert_ended(f, 0, 0, SECONDS(3), FLOW_END_EVICTED);
}

/* Its deadline has passed within this second: idle is what ended it, room is what showed it. */
static void full_table_finds_an_idle_flow_idle(void **state)
{
	struct fixture *f = *state;

	for (unsigned id = 0; id < CAPACITY; id++)
		(void)send(f, id, id);
	(void)send(f, 50, SECONDS(10) + CAPACITY);
	assert_ended(f, 0, 0, SECONDS(10), FLOW_END_IDLE);
	assert_int_equal(flow_table_stats(f->table).evicted, 0);
}

static void all_flows_end_by_class_and_deadline_at_their_last_packet(void **state)
{
	struct fixture *f = *state;

	(void)send_payload(f, 1, SECONDS(1));
	(void)answer(f, 1, SECONDS(2));
	(void)send_payload(f, 2, SECONDS(3));
	(void)send(f, 3, SECONDS(4));
	(void)send(f, 4, SECONDS(5));
	(void)send(f, 3, SECONDS(6));
	flow_table_end_all(f->table, FLOW_END_CAPTURE);
	assert_int_equal(f->count, 4);
	assert_ended(f, 0, 4, SECONDS(5), FLOW_END_CAPTURE);
	assert_ended(f, 1, 3, SECONDS(6), FLOW_END_CAPTURE);
	assert_ended(f, 2, 2, SECONDS(3), FLOW_END_CAPTURE);
	assert_ended(f, 3, 1, SECONDS(2), FLOW_END_CAPTURE);
	assert_int_equal(flow_table_stats(f->table).live, 0);
}

struct rests {
	struct flow_table *table;
	uint64_t ended;
	uint64_t ended_at[4096]; /* by slot: the how manieth end it was; 0 is none */
};

static void note_slot(void *arg, struct flow_ref ref, const struct flow_record *flow, nanotime when,
		      enum flow_end reason)
{
	struct rests *r = arg;

	(void)flow;
	(void)when;
	(void)reason;
	assert_true(ref.index < ARRAY_LEN(r->ended_at));
	r->ended_at[ref.index] = ++r->ended;
}

/* So that lanes need not wait for one another at each flow of a flood: also in a full table. */
static void ended_slots_rest_before_others_have_them(void **state)
{
	enum { REST = 3, FLOWS = 40000 };
	struct flow_config config = timeouts;
	struct rests *r = calloc(1, sizeof(*r));
	uint64_t used_again = 0;

	(void)state;
	assert_non_null(r);
	config.budget_bytes = 1 << 16;
	assert_int_equal(flow_table_new(&r->table, &config, 0, &secret, note_slot, r), ERR_OK);
	for (unsigned id = 0; id < FLOWS; id++) {
		struct packet p = packet(IP_UDP, id, id);
		struct flow_touch touch =
			flow_table_touch(r->table, &p, flow_table_hash(r->table, &p.key));
		uint64_t before = r->ended_at[touch.ref.index];

		assert_true(touch.is_new);
		assert_true(before == 0 || r->ended - before >= REST);
		used_again += before != 0;
	}
	assert_true(used_again > FLOWS / 2);
	assert_int_equal(flow_table_stats(r->table).live, flow_table_stats(r->table).capacity);
	flow_table_free(r->table);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(full_table_ends_the_lowest_class_first),
		TABLE_TEST(eviction_knows_the_latest_packet),
		TABLE_TEST(refused_flow_does_not_outrank_attempts),
		TABLE_TEST(spray_leaves_room_for_attempts),
		TABLE_TEST(full_table_finds_an_idle_flow_idle),
		TABLE_TEST(all_flows_end_by_class_and_deadline_at_their_last_packet),
		cmocka_unit_test(ended_slots_rest_before_others_have_them),
	};

	return cmocka_run_group_tests_name("flow_eviction", tests, NULL, NULL);
}
