/*
 * One writer, two readers that look at every slot in a loop: no snapshot may be torn. What holds
 * for each record that the writer leaves behind must hold for each copy. Once with threads, also
 * for ThreadSanitizer; once with other processes, which read the file that the table lives in.
 */
#include "sensor/flow/flow_table.h"
#include "sensor/flow/flow_view.h"

#include "tests/support/cmocka.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	READERS = 2,
	PACKETS = 300000,
	PACKET_BYTES = 1000,
	BUDGET = 34 << 10, /* some twenty flows, so that readers and writer meet */
	FLOWS = 100,       /* several times as many: slots change hands all the time */
};

struct reader {
	pthread_t thread;
	const struct flow_table *table;
	const atomic_bool *is_over;
	uint32_t capacity;
	uint64_t whole;
	uint64_t busy;
	uint64_t torn;
};

/* The address and the high port follow from the low port; bytes from packets. */
static struct packet packet_of(uint32_t flow, bool source_is_low, nanotime time)
{
	struct packet p = {
		.time = time,
		.key = { .low_port = (uint16_t)flow,
			 .high_port = (uint16_t)~flow,
			 .protocol = IP_UDP,
			 .ip_version = 6 },
		.source_is_low = source_is_low,
		.ip_len = PACKET_BYTES,
		.payload_len = flow % 3,
	};

	memset(p.key.low.bytes, (int)(flow & 0xff), ADDRESS_LEN);
	memset(p.key.high.bytes, (int)(flow >> 8 & 0xff), ADDRESS_LEN);
	return p;
}

static bool is_whole(const struct flow_record *flow)
{
	struct packet p = packet_of(flow->key.low_port, true, 0);

	if (!flow_key_equal(&flow->key, &p.key) || flow->generation == 0 ||
	    flow->version % 2 != 0 || flow->first > flow->last)
		return false;
	for (int side = 0; side < FLOW_SIDES; side++)
		if (flow->bytes[side] != (uint64_t)PACKET_BYTES * flow->packets[side])
			return false;
	return flow->packets[0] + flow->packets[1] == 0 || flow->last != 0;
}

static void *read_all(void *arg)
{
	struct reader *reader = arg;

	while (!atomic_load_explicit(reader->is_over, memory_order_relaxed)) {
		for (uint32_t i = 0; i < reader->capacity; i++) {
			struct flow_record copy;
			enum flow_read got = flow_table_snapshot(reader->table, i, &copy);

			reader->busy += got == FLOW_READ_BUSY;
			reader->whole += got == FLOW_READ_OK && is_whole(&copy);
			reader->torn += got == FLOW_READ_OK && !is_whole(&copy);
		}
	}
	return NULL;
}

static void ignore_end(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	(void)arg;
	(void)ref;
	(void)flow;
	(void)when;
	(void)reason;
}

static struct flow_table *new_table(const char *path)
{
	struct flow_config config = {
		.budget_bytes = BUDGET,
		.closed = NANOTIME_SECOND,
		.embryonic = NANOTIME_SECOND,
		.unanswered = 2 * NANOTIME_SECOND,
		.established = 10 * NANOTIME_SECOND,
		.datagram = 5 * NANOTIME_SECOND,
		.check_in_silence = NANOTIME_SECOND,
	};
	const struct hash_key key = { 3, 4 };
	struct flow_table *table;

	(void)snprintf(config.shared, sizeof(config.shared), "%s", path);
	return flow_table_new(&table, &config, 0, &key, ignore_end, NULL) == ERR_OK ? table : NULL;
}

/* Half of the packets go to few flows, so that a reader meets one again and again. */
static void write_packets(struct flow_table *table)
{
	uint64_t random = 1;

	for (uint32_t i = 0; i < PACKETS; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;

		uint32_t flow = (uint32_t)(random >> 33) % (i % 2 == 0 ? FLOWS : 8);
		struct packet p = packet_of(flow, (random >> 40) % 2 == 0,
					    NANOTIME_DAY + i * (10 * NANOTIME_MILLISECOND));

		(void)flow_table_touch(table, &p, flow_table_hash(table, &p.key));
	}
}

static void no_snapshot_is_torn(void **state)
{
	struct flow_table *table = new_table("");
	struct reader readers[READERS];
	atomic_bool is_over = false;

	(void)state;
	assert_non_null(table);
	for (int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .table = table,
					      .is_over = &is_over,
					      .capacity = flow_table_stats(table).capacity };
		assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]),
				 0);
	}
	write_packets(table);
	atomic_store_explicit(&is_over, true, memory_order_relaxed);
	for (int i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
		print_message(
			"whole %llu, busy %llu, torn %llu\n", (unsigned long long)readers[i].whole,
			(unsigned long long)readers[i].busy, (unsigned long long)readers[i].torn);
		assert_int_equal(readers[i].torn, 0);
		assert_true(readers[i].whole > 0);
	}
	flow_table_free(table);
}

/* What a reader in another process has found: in memory that both have. */
struct found {
	atomic_bool is_ready;
	atomic_bool is_over; /* set by the writer */
	uint64_t whole;
	uint64_t busy;
	uint64_t torn;
};

static int view_all(const char *path, struct found *found)
{
	struct flow_view *view;

	if (flow_view_open(&view, path) != ERR_OK)
		return EXIT_FAILURE;
	atomic_store(&found->is_ready, true);
	while (!atomic_load_explicit(&found->is_over, memory_order_relaxed)) {
		for (uint32_t i = 0; i < flow_view_capacity(view); i++) {
			struct flow_record copy;
			enum flow_read got = flow_view_snapshot(view, i, &copy);

			found->busy += got == FLOW_READ_BUSY;
			found->whole += got == FLOW_READ_OK && is_whole(&copy);
			found->torn += got == FLOW_READ_OK && !is_whole(&copy);
		}
	}
	flow_view_close(view);
	return EXIT_SUCCESS;
}

static void no_snapshot_of_another_process_is_torn(void **state)
{
	char dir[] = "/tmp/hinomi-readers-XXXXXX";
	char path[sizeof(dir) + sizeof("/flows")];
	int status = -1;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/flows", dir);

	struct found *found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct flow_table *table = new_table(path);

	assert_ptr_not_equal(found, MAP_FAILED);
	assert_non_null(table);

	pid_t reader = fork();

	assert_int_not_equal(reader, -1);
	if (reader == 0)
		_exit(view_all(path, found));
	while (!atomic_load(&found->is_ready) && waitpid(reader, &status, WNOHANG) == 0)
		(void)usleep(1000);
	write_packets(table);
	atomic_store(&found->is_over, true);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	print_message("whole %llu, busy %llu, torn %llu\n", (unsigned long long)found->whole,
		      (unsigned long long)found->busy, (unsigned long long)found->torn);
	assert_int_equal(found->torn, 0);
	assert_true(found->whole > 0);
	flow_table_free(table);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(munmap(found, sizeof(*found)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_snapshot_is_torn),
		cmocka_unit_test(no_snapshot_of_another_process_is_torn),
	};

	return cmocka_run_group_tests_name("flow_table_readers", tests, NULL, NULL);
}
