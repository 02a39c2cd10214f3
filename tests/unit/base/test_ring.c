#include "sensor/base/ring.h"

#include "tests/support/cmocka.h"

#include <stdbool.h>
#include <string.h>

enum {
	CAPACITY = 256,
	HEADER = 8,
	ORACLE_RECORDS = 64, /* more than a ring of CAPACITY holds */
	ORACLE_STEPS = 200000,
};

struct capacity_case {
	const char *name;
	size_t capacity;
	enum err want;
};

static struct capacity_case capacities[] = {
	{ "capacity 0", 0, ERR_RANGE },
	{ "capacity under the least", RING_CAPACITY_MIN / 2, ERR_RANGE },
	{ "the least capacity", RING_CAPACITY_MIN, ERR_OK },
	{ "a capacity that is no power of two", 192, ERR_RANGE },
	{ "capacity 1 MiB", 1 << 20, ERR_OK },
	{ "capacity over the most", (size_t)RING_CAPACITY_MAX * 2, ERR_RANGE },
	{ "capacity SIZE_MAX", SIZE_MAX, ERR_RANGE },
};

static struct ring *ring_of(size_t capacity)
{
	struct ring *ring = NULL;

	assert_int_equal(ring_new(&ring, capacity), ERR_OK);
	return ring;
}

/* A record of `len` bytes that all tell its number. */
static bool produce(struct ring *ring, size_t len, uint8_t number)
{
	uint8_t *record = ring_reserve(ring, len);

	if (!record)
		return false;
	assert_int_equal((uintptr_t)record % RING_ALIGN, 0);
	memset(record, number, len);
	ring_publish(ring, len);
	return true;
}

static void expect(struct ring *ring, size_t want_len, uint8_t number)
{
	size_t len = SIZE_MAX;
	const uint8_t *record = ring_peek(ring, &len);

	assert_non_null(record);
	assert_int_equal((uintptr_t)record % RING_ALIGN, 0);
	assert_int_equal(len, want_len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(record[i], number);
	ring_consume(ring);
}

static void expect_empty(struct ring *ring)
{
	size_t len = 12345;

	assert_null(ring_peek(ring, &len));
	assert_int_equal(len, 12345);
}

static void run_capacity(void **state)
{
	const struct capacity_case *c = *state;
	struct ring *ring = NULL;

	assert_int_equal(ring_new(&ring, c->capacity), c->want);
	assert_int_equal(ring != NULL, c->want == ERR_OK);
	if (ring)
		expect_empty(ring);
	ring_free(ring);
}

static void freeing_null_is_fine(void **state)
{
	(void)state;
	ring_free(NULL);
}

static void records_come_out_in_order(void **state)
{
	struct ring *ring = ring_of(CAPACITY);

	(void)state;
	for (uint8_t i = 0; i < 9; i++)
		assert_true(produce(ring, i, i));
	for (uint8_t i = 0; i < 9; i++)
		expect(ring, i, i);
	expect_empty(ring);
	ring_free(ring);
}

static void peeking_again_gives_the_same(void **state)
{
	struct ring *ring = ring_of(CAPACITY);
	size_t len = 0;

	(void)state;
	assert_true(produce(ring, 5, 1));
	assert_true(produce(ring, 6, 2));

	const void *first = ring_peek(ring, &len);

	assert_ptr_equal(ring_peek(ring, &len), first);
	assert_int_equal(len, 5);
	expect(ring, 5, 1);
	expect(ring, 6, 2);
	ring_free(ring);
}

static void a_full_ring_refuses_until_consumed(void **state)
{
	struct ring *ring = ring_of(CAPACITY);

	(void)state;
	for (size_t i = 0; i < CAPACITY / 16; i++)
		assert_true(produce(ring, 16 - HEADER, (uint8_t)i));
	assert_false(produce(ring, 0, 99));
	expect(ring, 16 - HEADER, 0);
	assert_false(produce(ring, 17 - HEADER, 99));
	assert_true(produce(ring, 16 - HEADER, 16));
	assert_false(produce(ring, 0, 99));
	for (size_t i = 1; i <= CAPACITY / 16; i++)
		expect(ring, 16 - HEADER, (uint8_t)i);
	expect_empty(ring);
	ring_free(ring);
}

/* From every position in the ring, so from every distance to its end. */
static void the_largest_fits_an_empty_ring_anywhere(void **state)
{
	size_t positions = CAPACITY / RING_ALIGN;

	(void)state;
	for (size_t position = 0; position < positions; position++) {
		struct ring *ring = ring_of(CAPACITY);
		size_t largest = ring_largest(ring);

		assert_int_equal(largest, CAPACITY / 2 - HEADER);
		for (size_t i = 0; i < position; i++) {
			assert_true(produce(ring, 0, 0));
			expect(ring, 0, 0);
		}
		assert_true(produce(ring, largest, 7));
		expect(ring, largest, 7);
		expect_empty(ring);
		ring_free(ring);
	}
}

static void a_record_is_never_split(void **state)
{
	struct ring *ring = ring_of(CAPACITY);
	uint8_t number = 0;

	(void)state;
	assert_true(produce(ring, 80, number));
	for (; number < 100; number++) { /* 88 bytes each: every round ends elsewhere */
		expect(ring, 80, number);
		assert_true(produce(ring, 80, (uint8_t)(number + 1)));
	}
	ring_free(ring);
}

static void publishing_less_than_reserved(void **state)
{
	struct ring *ring = ring_of(CAPACITY);

	(void)state;
	for (uint8_t i = 0; i < 50; i++) {
		uint8_t *record = ring_reserve(ring, 100);

		assert_non_null(record);
		memset(record, i, 3);
		ring_publish(ring, 3);
		assert_true(produce(ring, 1, 200));
		expect(ring, 3, i);
		expect(ring, 1, 200);
	}
	expect_empty(ring);
	ring_free(ring);
}

static void an_unpublished_reserve_is_not_seen(void **state)
{
	struct ring *ring = ring_of(CAPACITY);

	(void)state;
	for (size_t i = 0; i < 25; i++) { /* 8 bytes a time: now 56 from the end */
		assert_true(produce(ring, 0, 0));
		expect(ring, 0, 0);
	}
	assert_non_null(ring_reserve(ring, 100)); /* would skip to the start */
	expect_empty(ring);
	assert_true(produce(ring, 40, 3)); /* fits before the end after all */
	expect(ring, 40, 3);
	expect_empty(ring);
	ring_free(ring);
}

/* The records that the ring must hold, and the room that each takes with what it skipped. */
struct oracle {
	size_t lens[ORACLE_RECORDS];
	size_t rooms[ORACLE_RECORDS];
	size_t first;
	size_t count;
	size_t bytes; /* the sum of the rooms */
	size_t at;    /* where in the ring the next header goes */
	uint32_t random;
};

static uint32_t random_next(struct oracle *o)
{
	/* xorshift32 (Marsaglia 2003) */
	o->random ^= o->random << 13;
	o->random ^= o->random >> 17;
	o->random ^= o->random << 5;
	return o->random;
}

static void oracle_produce(struct ring *ring, struct oracle *o)
{
	size_t len = random_next(o) % (random_next(o) % 8 == 0 ? ring_largest(ring) + 1 : 24);
	size_t record = HEADER + (len + RING_ALIGN - 1) / RING_ALIGN * RING_ALIGN;
	size_t skip = record > CAPACITY - o->at ? CAPACITY - o->at : 0;
	size_t slot = (o->first + o->count) % ORACLE_RECORDS;
	bool fits = o->bytes + skip + record <= CAPACITY;

	assert_int_equal(produce(ring, len, (uint8_t)slot), fits);
	if (!fits)
		return;
	o->lens[slot] = len;
	o->rooms[slot] = skip + record;
	o->at = (o->at + skip + record) % CAPACITY;
	o->bytes += o->rooms[slot];
	o->count++;
}

static void oracle_consume(struct ring *ring, struct oracle *o)
{
	if (o->count == 0) {
		expect_empty(ring);
		return;
	}
	expect(ring, o->lens[o->first], (uint8_t)o->first);
	o->bytes -= o->rooms[o->first];
	o->first = (o->first + 1) % ORACLE_RECORDS;
	o->count--;
}

static void random_sizes_match_a_queue(void **state)
{
	struct ring *ring = ring_of(CAPACITY);
	struct oracle o = { .random = 2463534242 };

	(void)state;
	for (int i = 0; i < ORACLE_STEPS; i++) {
		bool fill = random_next(&o) % 16 < (i / 1000 % 2 ? 10 : 6);

		if (fill)
			oracle_produce(ring, &o);
		else
			oracle_consume(ring, &o);
	}
	ring_free(ring);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(freeing_null_is_fine),
		cmocka_unit_test(records_come_out_in_order),
		cmocka_unit_test(peeking_again_gives_the_same),
		cmocka_unit_test(a_full_ring_refuses_until_consumed),
		cmocka_unit_test(the_largest_fits_an_empty_ring_anywhere),
		cmocka_unit_test(a_record_is_never_split),
		cmocka_unit_test(publishing_less_than_reserved),
		cmocka_unit_test(an_unpublished_reserve_is_not_seen),
		cmocka_unit_test(random_sizes_match_a_queue),
	};
	struct CMUnitTest tests[ARRAY_LEN(capacities) + ARRAY_LEN(others)];

	(void)ADD_ROWS(tests, capacities, run_capacity);
	memcpy(tests + ARRAY_LEN(capacities), others, sizeof(others));
	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
