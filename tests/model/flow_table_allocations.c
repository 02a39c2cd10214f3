/*
 * A table takes its memory once: a million packets that open, end and evict flows call no
 * allocator. The linker puts these counters in the place of the calls (--wrap).
 */
#include "sensor/flow/duplicate_filter.h"
#include "sensor/flow/flow_table.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { PACKETS = 1000000, FLOWS = 40000, BUDGET = 4 << 20 };

static unsigned long calls;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);

void *__wrap_malloc(size_t size)
{
	calls++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	calls++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	calls++;
	return __real_realloc(old, size);
}

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	calls++;
	return __real_mmap(at, len, protection, flags, fd, offset);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static uint64_t ended;

static void count_end(void *arg, struct flow_ref ref, const struct flow_record *flow, nanotime when,
		      enum flow_end reason)
{
	(void)arg;
	(void)ref;
	(void)flow;
	(void)when;
	(void)reason;
	ended++;
}

static void no_packet_allocates(void **state)
{
	const struct hash_key key = { 7, 8 };
	struct duplicate_filter *duplicates = NULL;
	struct flow_table *table = NULL;
	struct config config;
	uint64_t random = 1;

	(void)state;
	config_defaults(&config);
	config.flow.budget_bytes = BUDGET;
	assert_int_equal(duplicate_filter_new(&duplicates), ERR_OK);
	assert_int_equal(flow_table_new(&table, &config.flow, 64, &key, count_end, NULL), ERR_OK);
	assert_int_not_equal(calls, 0);
	calls = 0;
	for (uint32_t i = 0; i < PACKETS; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;

		struct packet p = {
			.time = NANOTIME_DAY + i * NANOTIME_MILLISECOND,
			.key = { .low_port = (uint16_t)((random >> 33) % FLOWS),
				 .protocol = i % 2 ? IP_TCP : IP_UDP,
				 .ip_version = i % 3 ? 4 : 6 },
			.source_is_low = i % 5 < 3,
			.tcp_flags = i % 7 == 0 ? TCP_SYN : TCP_ACK,
			.payload_len = i % 4,
			.identity = random,
		};
		uint64_t hash = flow_table_hash(table, &p.key);

		flow_table_fetch(table, hash);
		if (!duplicate_filter_seen(duplicates, hash, &p))
			(void)flow_table_touch(table, &p, hash);
	}
	assert_true(flow_table_stats(table).evicted > FLOWS);
	flow_table_end_all(table, FLOW_END_CAPTURE);
	assert_int_equal(calls, 0);
	assert_int_equal(ended, flow_table_stats(table).opened);
	flow_table_free(table);
	duplicate_filter_free(duplicates);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_packet_allocates),
	};

	return cmocka_run_group_tests_name("flow_table_allocations", tests, NULL, NULL);
}
