#include "tests/unit/lane/teller_bench.h"

#include <stdio.h>

enum { TINY_FLOWS = 24 };

/* The office's limit for `203.0.113.5` as a target is reached at second 35: two that end at 30. */
static void flood(struct trial *t, double seconds)
{
	const struct words one = { "198.51.100.1", 1000, "203.0.113.5", 443, 0, seconds };
	const struct words two = { "198.51.100.2", 1000, "203.0.113.5", 443, 0, seconds };
	const struct words later = { "192.168.1.1", 7, "192.168.1.2", 7, 0, seconds + 35 };

	say(t, &one);
	say(t, &two);
	say(t, &later);
	assert_int_equal(t->ended, 2);
}

static void a_flooded_target_is_looked_into_when_it_answers(void **state)
{
	struct trial *t = start(2);
	struct words words = up(10, 40);

	(void)state;
	flood(t, 0);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], 0);
	words = down(10, 41);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], 1);
	assert_true(last(t)->record.packet.is_told_now);
	assert_int_equal(last(t)->record.packet.told_before, 0);
	words = up(10, 42);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], 2);
	assert_false(last(t)->record.packet.is_told_now);
	stop(t);
}

static void a_flooded_services_words_are_shown(void **state)
{
	struct trial *t = start(2);
	const struct words words = { "192.168.1.10", 40000, "203.0.113.5", 53, 10, 40 };

	(void)state;
	flood(t, 0);
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], 1);
	stop(t);
}

/* Where one direction is captured, what goes on will be told one by one: so it is looked into. */
static void a_flow_that_goes_on_is_not_put_off(void **state)
{
	struct trial *t = start(2);

	(void)state;
	flood(t, 0);
	for (unsigned i = 1; i <= 6; i++) {
		struct words words = up(10, 40 + i);

		say(t, &words);
		assert_int_equal(t->of_kind[LANE_PACKET], i < 4 ? 0 : i - 3);
	}
	stop(t);
}

static void what_was_told_of_ends_quietly_in_a_flood(void **state)
{
	struct trial *t = start(2);
	struct words words = up(10, 0); /* told at once, and ends at second 60 */

	(void)state;
	say(t, &words);
	flood(t, 1);
	words = (struct words){ "198.51.100.3", 9, "203.0.113.5", 443, 10, 37 };
	say(t, &words); /* put off: never told */
	assert_int_equal(t->of_kind[LANE_PACKET], 1);
	words = (struct words){ "192.168.1.1", 8, "192.168.1.2", 7, 0, 130 };
	say(t, &words);
	assert_int_equal(t->quiet, 1);
	assert_int_equal(t->ended, 3); /* flood()'s two and its third, between others */
	assert_int_equal(t->counted, 0);
	stop(t);
}

/* Figures first, so that they are of the time before; then each count begins anew. */
static void an_epoch_is_told_after_its_figures(void **state)
{
	struct trial *t = start(2);
	struct words words = up(0, 40);

	(void)state;
	flood(t, 0);
	say(t, &words);
	t->feed.at.number++;
	flow_table_end_all(t->feed.flows, FLOW_END_EPOCH);
	t->feed.at.now = test_after_seconds(9000);
	teller_epoch(t->feed.teller, t->feed.at);
	assert_int_equal(last(t)->record.kind, LANE_EPOCH);
	assert_int_equal(last(t)->record.number, t->feed.at.number);
	assert_int_equal(last(t)->record.time, test_after_seconds(9000));
	assert_int_equal(t->heard[t->count - 2].record.kind, LANE_ATTEMPTS);
	assert_int_equal(t->counted, 1);
	words = up(10, 41); /* in the same ten minutes */
	say(t, &words);
	assert_int_equal(t->of_kind[LANE_PACKET], 1);
	stop(t);
}

/* Few flows find room, so that slots go from hand to hand, also between lanes. */
static uint64_t flows_come_and_go(const struct hash_key *key)
{
	struct trial *t = prepare(3);
	struct flow_config *config = &t->feed.config.flow;
	uint64_t random = 21;
	double seconds = 0;

	lane_feed_start(&t->feed);
	config->budget_bytes = lane_feed_budget(TINY_FLOWS);
	flow_table_free(t->feed.flows);
	assert_int_equal(flow_table_new(&t->feed.flows, config, sizeof(struct lane_slot), key,
					lane_feed_ended, &t->feed),
			 ERR_OK);
	for (unsigned i = 0; i < 100000; i++) {
		static const uint8_t flags[] = { TCP_SYN, TCP_ACK, TCP_SYN | TCP_ACK, TCP_RST };
		uint64_t dice = test_random(&random);
		char inside[16];
		char outside[16];
		uint16_t port = (uint16_t)(40000 + (dice & 1));

		(void)snprintf(inside, sizeof(inside), "192.168.1.%u", (unsigned)(dice >> 8) % 16);
		(void)snprintf(outside, sizeof(outside), "203.0.113.%u",
			       (unsigned)(dice >> 16) % 4);
		seconds += test_random_share(&random);

		const struct words out = { inside, port, outside, 443, dice >> 32 & 3, seconds };
		const struct words in = { outside, 443, inside, port, dice >> 32 & 3, seconds };

		say_by(t, dice >> 40 & 1 ? IP_TCP : IP_UDP, flags[dice >> 48 & 3],
		       dice >> 56 & 3 ? &out : &in);
	}
	assert_true(flow_table_stats(t->feed.flows).evicted > 1000);
	assert_true(t->quiet > 100 && t->of_kind[LANE_ATTEMPTS] > 100);
	assert_true(t->of_kind[LANE_PACKET] > 10000);

	uint64_t account = t->account;

	stop(t);
	return account;
}

static void slots_are_numbered_for_the_lanes(void **state)
{
	const struct hash_key one = { 1, 2 };
	const struct hash_key two = { UINT64_MAX, 3 };

	(void)state;
	assert_true(flows_come_and_go(&one) == flows_come_and_go(&two));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flooded_target_is_looked_into_when_it_answers),
		cmocka_unit_test(a_flooded_services_words_are_shown),
		cmocka_unit_test(a_flow_that_goes_on_is_not_put_off),
		cmocka_unit_test(what_was_told_of_ends_quietly_in_a_flood),
		cmocka_unit_test(an_epoch_is_told_after_its_figures),
		cmocka_unit_test(slots_are_numbered_for_the_lanes),
	};

	return cmocka_run_group_tests_name("teller_floods", tests, NULL, NULL);
}
