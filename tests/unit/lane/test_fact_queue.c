#include "sensor/lane/fact_queue.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <string.h>

static struct fact fact_of(uint64_t i)
{
	struct fact_flow flow = test_flow(i, "192.168.1.10", "203.0.113.5", 443, TEST_TCP);
	struct fact fact = test_fact((enum fact_kind)(i % FACT_KINDS), test_start + i, &flow);

	fact.sequence = i;
	if (fact.kind == FACT_DNS) /* its last bytes, so that a cut shows */
		memset(fact.dns.name, 'a' + (int)(i % 26), sizeof(fact.dns.name) - 1);
	return fact;
}

static void add(struct fact_queue *queue, uint64_t i)
{
	struct fact fact = fact_of(i);

	assert_int_equal(fact_queue_add(queue, &fact, fact_size(&fact)), ERR_OK);
}

static void assert_next(struct fact_queue *queue, uint64_t i)
{
	struct fact want = fact_of(i);
	const struct fact *fact = fact_queue_peek(queue);

	assert_non_null(fact);
	assert_int_equal((uintptr_t)fact % _Alignof(struct fact), 0);
	assert_memory_equal(fact, &want, fact_size(&want));
	fact_queue_drop(queue);
}

static void empty_queue_has_none(void **state)
{
	struct fact_queue queue = { 0 };

	(void)state;
	assert_null(fact_queue_peek(&queue));
	fact_queue_release(&queue);
}

static void facts_come_out_in_order(void **state)
{
	struct fact_queue queue = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 5000; i++)
		add(&queue, i);
	for (uint64_t i = 0; i < 5000; i++)
		assert_next(&queue, i);
	assert_null(fact_queue_peek(&queue));
	fact_queue_release(&queue);
}

/* In and out in bursts of any length: memory stays about twice what waits at a time. */
static void it_does_not_grow_without_need(void **state)
{
	struct fact_queue queue = { 0 };
	uint64_t random = 3;
	uint64_t added = 0;
	uint64_t taken = 0;

	(void)state;
	while (taken < 200000) {
		for (uint64_t n = test_random(&random) % 100; n > 0 && added - taken < 100; n--)
			add(&queue, added++);
		for (uint64_t n = test_random(&random) % 100; n > 0 && taken < added; n--)
			assert_next(&queue, taken++);
	}
	assert_true(queue.room <= 512 * (size_t)1024);
	fact_queue_release(&queue);
}

static void it_grows_as_far_as_it_must(void **state)
{
	struct fact_queue queue = { 0 };

	(void)state;
	add(&queue, 0);
	size_t small = queue.room;

	for (uint64_t i = 1; i < 2000; i++)
		add(&queue, i);
	assert_true(queue.room > small);
	for (uint64_t i = 0; i < 2000; i++)
		assert_next(&queue, i);
	fact_queue_release(&queue);
	assert_null(fact_queue_peek(&queue));
	assert_int_equal(queue.room, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_queue_has_none),
		cmocka_unit_test(facts_come_out_in_order),
		cmocka_unit_test(it_does_not_grow_without_need),
		cmocka_unit_test(it_grows_as_far_as_it_must),
	};

	return cmocka_run_group_tests_name("fact_queue", tests, NULL, NULL);
}
