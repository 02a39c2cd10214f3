#include "tests/unit/flow/flow_table_fixture.h"

static void packets_of_one_key_are_one_flow(void **state)
{
	struct fixture *f = *state;
	struct flow_touch first = send(f, 1, 0);
	struct flow_touch second = send(f, 1, 5);
	struct flow_touch other = send(f, 2, 6);

	assert_true(first.is_new);
	assert_false(second.is_new);
	assert_true(other.is_new);
	assert_int_equal(first.ref.index, second.ref.index);
	assert_int_equal(first.ref.generation, second.ref.generation);
	assert_int_equal(flow_table_get(f->table, first.ref)->packets[FLOW_SIDE_LOW], 2);
	assert_int_equal(flow_table_stats(f->table).live, 2);
}

static void idle_flow_ends_at_its_deadline(void **state)
{
	struct fixture *f = *state;

	(void)send(f, 1, 0);
	(void)send(f, 1, SECONDS(4));
	flow_table_advance(f->table, START + SECONDS(14));
	assert_int_equal(f->count, 0);
	flow_table_advance(f->table, START + SECONDS(15));
	assert_int_equal(f->count, 1);
	assert_ended(f, 0, 1, SECONDS(14), FLOW_END_IDLE);
}

/* A packet in the very second of the deadline: the wheel does not know yet, the packet does. */
static void packet_after_the_deadline_opens_a_new_flow(void **state)
{
	struct fixture *f = *state;
	struct flow_touch first = send(f, 1, 0);
	struct flow_touch in_time = send(f, 1, SECONDS(10));
	struct flow_touch late = send(f, 1, SECONDS(20) + 1);

	assert_false(in_time.is_new);
	assert_true(late.is_new);
	assert_int_equal(f->count, 1);
	assert_ended(f, 0, 1, SECONDS(20), FLOW_END_IDLE);
	assert_null(flow_table_get(f->table, first.ref));
	assert_int_equal(late.ref.index, first.ref.index);
	assert_int_equal(late.ref.generation, first.ref.generation + 1);
}

/* The fourth empty packet makes it more than an attempt; until then it has three idle times. */
static void trickle_holds_its_slot_for_three_idle_times(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(send(f, 1, SECONDS(10 * i)).is_new, i == 0);
	flow_table_advance(f->table, START + SECONDS(30));
	assert_int_equal(f->count, 0);
	flow_table_advance(f->table, START + SECONDS(31));
	assert_ended(f, 0, 1, SECONDS(30), FLOW_END_IDLE);
}

static void syn_on_a_closed_flow_opens_a_new_one(void **state)
{
	struct fixture *f = *state;
	struct flow_touch first = send_tcp(f, TCP_SYN, 1, 0);

	(void)send_tcp(f, TCP_RST, 2, 1);

	struct flow_touch second = send_tcp(f, TCP_SYN, 99, 2);

	assert_true(second.is_new);
	assert_ended(f, 0, 1, 2, FLOW_END_REUSED);
	assert_int_equal(second.ref.index, first.ref.index);
	assert_int_not_equal(second.ref.generation, first.ref.generation);
}

static void told_flows_are_counted_by_slot(void **state)
{
	struct fixture *f = *state;
	struct flow_ref first = send_tcp(f, TCP_SYN, 10, 0).ref;

	assert_int_equal(flow_table_tell(f->table, first), 0);
	assert_int_not_equal(flow_table_get(f->table, first)->flags & FLOW_TOLD, 0);
	(void)send_tcp(f, TCP_RST, 11, 1);
	assert_int_not_equal(flow_table_get(f->table, first)->flags & FLOW_TOLD, 0);

	struct flow_ref second = send_tcp(f, TCP_SYN, 99, 2).ref;

	assert_int_equal(second.index, first.index);
	assert_int_equal(flow_table_get(f->table, second)->flags & FLOW_TOLD, 0);
	assert_int_equal(flow_table_tell(f->table, second), 1);
}

/* Beside the other flags, until the flow ends; the next in its slot is not wanted. */
static void what_is_wanted_is_told_with_each_packet(void **state)
{
	struct fixture *f = *state;
	struct flow_ref first = send_tcp(f, TCP_SYN, 10, 0).ref;

	(void)flow_table_tell(f->table, first);
	for (unsigned i = FLOW_WANTED_NONE; i <= FLOW_WANTED_ALL; i++) {
		uint8_t before = flow_table_get(f->table, first)->flags;
		uint8_t after;

		flow_table_want(f->table, first, (enum flow_wanted)i);
		after = flow_table_get(f->table, first)->flags;
		assert_int_equal(after >> FLOW_WANTED_AT, i);
		assert_int_equal((after ^ before) & ((1U << FLOW_WANTED_AT) - 1), 0);
		assert_int_equal(send_tcp(f, TCP_ACK, 11, i).wanted, i);
		assert_int_equal(flow_table_get(f->table, first)->flags >> FLOW_WANTED_AT, i);
	}
	(void)send_tcp(f, TCP_RST, 11, 5);

	struct flow_touch second = send_tcp(f, TCP_SYN, 99, 6);

	assert_true(second.is_new);
	assert_int_equal(second.ref.index, first.index);
	assert_int_equal(second.wanted, FLOW_WANTED_NONE);
}

static void time_may_go_back_only_over_an_epoch(void **state)
{
	struct fixture *f = *state;

	(void)send(f, 1, SECONDS(100));
	(void)send(f, 1, SECONDS(50));
	flow_table_advance(f->table, START);
	flow_table_end_all(f->table, FLOW_END_EPOCH);
	assert_ended(f, 0, 1, SECONDS(100), FLOW_END_EPOCH);
	(void)send(f, 2, SECONDS(50));
	flow_table_advance(f->table, START + SECONDS(70));
	assert_ended(f, 1, 2, SECONDS(60), FLOW_END_IDLE);
}

/* Were empty seconds walked one by one, this would take for ever. */
static void jump_of_centuries_takes_no_time(void **state)
{
	struct fixture *f = *state;

	flow_table_advance(f->table, START);
	(void)send(f, 1, 0);
	(void)send_payload(f, 2, 0);
	flow_table_advance(f->table, START + 100000 * NANOTIME_DAY);
	assert_ended(f, 0, 1, SECONDS(10), FLOW_END_IDLE);
	assert_ended(f, 1, 2, SECONDS(60), FLOW_END_IDLE);
	flow_table_advance(f->table, UINT64_MAX);
	(void)send(f, 3, 0);
	flow_table_end_all(f->table, FLOW_END_CAPTURE);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->ended[2].when, UINT64_MAX);
}

static void icmp_error_is_noted_in_a_live_flow(void **state)
{
	struct fixture *f = *state;
	struct flow_touch touch = send(f, 1, 0);
	struct packet p = packet(IP_UDP, 1, 0);
	struct packet unknown = packet(IP_UDP, 2, 0);
	struct flow_ref ref;

	assert_true(flow_table_note_icmp_error(f->table, &p.key, 3, &ref));
	assert_int_equal(ref.index, touch.ref.index);
	assert_int_equal(flow_table_get(f->table, ref)->icmp_error, 3);
	assert_false(flow_table_note_icmp_error(f->table, &unknown.key, 3, &ref));
	flow_table_advance(f->table, START + SECONDS(10) + 1);
	assert_false(flow_table_note_icmp_error(f->table, &p.key, 3, &ref));
}

static void snapshot_is_a_copy_of_a_live_slot(void **state)
{
	struct fixture *f = *state;
	struct flow_record copy;
	struct flow_touch touch = send(f, 1, 0);

	assert_int_equal(flow_table_snapshot(f->table, touch.ref.index, &copy), FLOW_READ_OK);
	assert_int_equal(copy.key.low_port, 10001);
	assert_int_equal(copy.generation, touch.ref.generation);
	assert_int_equal(copy.bytes[FLOW_SIDE_LOW], 100);
	assert_int_equal(flow_table_snapshot(f->table, touch.ref.index + 1, &copy),
			 FLOW_READ_EMPTY);
	assert_int_equal(flow_table_snapshot(f->table, CAPACITY, &copy), FLOW_READ_EMPTY);
	assert_int_equal(flow_table_snapshot(f->table, UINT32_MAX, &copy), FLOW_READ_EMPTY);
	flow_table_end_all(f->table, FLOW_END_CAPTURE);
	assert_int_equal(flow_table_snapshot(f->table, touch.ref.index, &copy), FLOW_READ_EMPTY);
}

static void reference_from_nowhere_has_no_flow(void **state)
{
	struct fixture *f = *state;

	(void)send(f, 1, 0);
	assert_null(flow_table_get(f->table, (struct flow_ref){ 0, 0 }));
	assert_null(flow_table_get(f->table, (struct flow_ref){ CAPACITY, 1 }));
	assert_null(flow_table_get(f->table, (struct flow_ref){ UINT32_MAX, UINT32_MAX }));
}

/* Longer than the 1024 seconds that a wheel of one-second slots reaches. */
static void long_timeouts_are_kept(void **state)
{
	struct fixture *f = *state;
	struct flow_config config = timeouts;

	config.datagram = NANOTIME_DAY;
	flow_table_free(f->table);
	f->table = new_table(&config, CAPACITY, f);
	assert_non_null(f->table);
	(void)send(f, 1, 0);
	(void)answer(f, 1, 0);
	for (nanotime at = 0; at <= NANOTIME_DAY; at += SECONDS(1000))
		flow_table_advance(f->table, START + at);
	assert_int_equal(f->count, 0);
	flow_table_advance(f->table, START + NANOTIME_DAY + SECONDS(256));
	assert_ended(f, 0, 1, NANOTIME_DAY, FLOW_END_IDLE);
}

/* More flows than a stretch of the wheel's slot that is fetched at once. */
static void many_flows_of_one_second_all_end(void **state)
{
	struct fixture *f = *state;

	flow_table_free(f->table);
	f->table = new_table(&timeouts, 2 * CAPACITY, f);
	assert_non_null(f->table);

	unsigned capacity = flow_table_stats(f->table).capacity;

	for (unsigned id = 0; id < capacity; id++)
		(void)send(f, id, id);
	flow_table_advance(f->table, START + SECONDS(11));
	assert_int_equal(f->count, capacity);
	for (unsigned id = 0; id < capacity; id++)
		assert_ended(f, id, id, SECONDS(10) + id, FLOW_END_IDLE);
}

static void budget_without_room_is_refused(void **state)
{
	struct flow_config config = timeouts;
	struct flow_table *table = NULL;

	(void)state;
	for (config.budget_bytes = 0; config.budget_bytes <= 4096; config.budget_bytes += 1024)
		assert_int_equal(flow_table_new(&table, &config, 0, &secret, note_end, NULL),
				 ERR_RANGE);
	assert_null(table);
	flow_table_free(NULL);
}

static void budget_is_kept_and_used(void **state)
{
	const uint64_t budgets[] = { 1 << 20, 3 << 20, 16 << 20, 100 << 20 };
	struct flow_config config = timeouts;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(budgets); i++) {
		struct flow_table *table;

		config.budget_bytes = budgets[i];
		assert_int_equal(flow_table_new(&table, &config, 0, &secret, note_end, NULL),
				 ERR_OK);

		uint64_t records = flow_table_stats(table).capacity * sizeof(struct flow_record);

		assert_true(records < budgets[i]);
		assert_true(records > budgets[i] / 10 * 8);
		flow_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(packets_of_one_key_are_one_flow),
		TABLE_TEST(idle_flow_ends_at_its_deadline),
		TABLE_TEST(packet_after_the_deadline_opens_a_new_flow),
		TABLE_TEST(trickle_holds_its_slot_for_three_idle_times),
		TABLE_TEST(syn_on_a_closed_flow_opens_a_new_one),
		TABLE_TEST(told_flows_are_counted_by_slot),
		TABLE_TEST(what_is_wanted_is_told_with_each_packet),
		TABLE_TEST(time_may_go_back_only_over_an_epoch),
		TABLE_TEST(jump_of_centuries_takes_no_time),
		TABLE_TEST(icmp_error_is_noted_in_a_live_flow),
		TABLE_TEST(snapshot_is_a_copy_of_a_live_slot),
		TABLE_TEST(reference_from_nowhere_has_no_flow),
		TABLE_TEST(long_timeouts_are_kept),
		TABLE_TEST(many_flows_of_one_second_all_end),
		cmocka_unit_test(budget_without_room_is_refused),
		cmocka_unit_test(budget_is_kept_and_used),
	};

	return cmocka_run_group_tests_name("flow_table", tests, NULL, NULL);
}
