#include "sensor/delivery/stream_check.h"

#include "tests/unit/delivery/parcels.h"

enum { PARCELS = 5 };

static struct parcels stream;
static struct parcel made[PARCELS];

static int set_up(void **state)
{
	(void)state;
	parcels_start(&stream, 1);
	for (unsigned i = 0; i < PARCELS; i++)
		made[i] = parcels_next(&stream);
	return 0;
}

static void a_stream_in_order_advances(void **state)
{
	struct stream_head head = { 0 };

	(void)state;
	for (unsigned i = 0; i < PARCELS; i++) {
		assert_int_equal(stream_place(&head, &made[i], NULL), STREAM_NEXT);
		stream_advance(&head, &made[i]);
		assert_int_equal(head.sequence, i + 1);
	}
	assert_memory_equal(head.chain, stream.head.chain, SHA256_LEN);
}

static void what_is_beyond_a_gap_is_ahead(void **state)
{
	struct stream_head head = { 0 };

	(void)state;
	assert_int_equal(stream_place(&head, &made[1], NULL), STREAM_AHEAD);
	stream_advance(&head, &made[0]);
	assert_int_equal(stream_place(&head, &made[2], NULL), STREAM_AHEAD);
	assert_int_equal(stream_place(&head, &made[4], NULL), STREAM_AHEAD);
}

static void what_is_held_is_the_same_or_forked(void **state)
{
	struct stream_head head = { 0 };
	uint8_t chain[SHA256_LEN];

	(void)state;
	stream_advance(&head, &made[0]);
	parcel_chain(&made[0], chain);
	assert_int_equal(stream_place(&head, &made[0], chain), STREAM_AGAIN);
	chain[0] ^= 1;
	assert_int_equal(stream_place(&head, &made[0], chain), STREAM_FORKED);
	/* Beyond the head too. */
	parcel_chain(&made[3], chain);
	assert_int_equal(stream_place(&head, &made[3], chain), STREAM_AGAIN);
	/* What was let go cannot be told apart any more. */
	assert_int_equal(stream_place(&head, &made[0], NULL), STREAM_FORKED);
}

static void another_history_is_broken(void **state)
{
	struct stream_head head = { 0 };

	(void)state;
	stream_advance(&head, &made[0]);
	head.chain[SHA256_LEN - 1] ^= 1;
	assert_int_equal(stream_place(&head, &made[1], NULL), STREAM_BROKEN);
	/* The first names none before it. */
	head = (struct stream_head){ .chain = { 1 } };
	assert_int_equal(stream_place(&head, &made[0], NULL), STREAM_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_in_order_advances),
		cmocka_unit_test(what_is_beyond_a_gap_is_ahead),
		cmocka_unit_test(what_is_held_is_the_same_or_forked),
		cmocka_unit_test(another_history_is_broken),
	};

	return cmocka_run_group_tests_name("stream_check", tests, set_up, NULL);
}
