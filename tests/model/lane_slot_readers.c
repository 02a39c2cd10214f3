/*
 * One writer that renames slots and gives them to new flows; two threads and another process, over
 * a shared mapping, that read them. No name may be torn: host and protocol say which flow they are
 * of and which of its names they are. Also for ThreadSanitizer.
 */
#include "sensor/lane/lane_slot.h"

#include "tests/support/cmocka.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	THREADS = 2,
	READERS = THREADS + 1, /* and a process */
	SLOTS = 2,             /* few, so that readers and writer meet */
	ROUNDS = 300000,
	NAMES = 3,         /* of a flow, before the slot is given to the next */
	WHOLE_LEAST = 200, /* names that each reader must have seen whole */
	STAMP_LEN = 16,
};

struct reader {
	_Atomic uint64_t whole;
	_Atomic uint64_t torn;
	_Atomic uint64_t nameless; /* or of another flow, or the writer was inside */
};

/* What the processes share. */
struct stage {
	struct lane_slot slots[SLOTS];
	_Atomic uint32_t generations[SLOTS]; /* of the flows that the writer has named last */
	atomic_bool is_over;
	struct reader readers[READERS];
};

struct part {
	struct stage *stage;
	struct reader *reader;
};

/* The text of its length that says again and again which flow and which name it is of. */
static void stamp(char *out, size_t len, uint32_t generation, uint32_t number)
{
	char once[STAMP_LEN + 1];

	(void)snprintf(once, sizeof(once), "%08x%08x", generation, number);
	for (size_t i = 0; i + 1 < len; i++)
		out[i] = once[i % STAMP_LEN];
	out[len - 1] = '\0';
}

static bool is_whole(const struct lane_slot_view *view, uint32_t generation)
{
	struct lane_slot_view want;
	unsigned number;

	if (sscanf(view->host + STAMP_LEN / 2, "%8x", &number) != 1)
		return false;
	stamp(want.host, sizeof(want.host), generation, number);
	stamp(want.protocol, sizeof(want.protocol), generation, number);
	return memcmp(&want, view, sizeof(want)) == 0;
}

static void read_slot(struct stage *stage, unsigned at, struct reader *reader)
{
	struct lane_slot_view view;
	uint32_t generation = atomic_load_explicit(&stage->generations[at], memory_order_relaxed);

	if (!lane_slot_read(&stage->slots[at], generation, &view))
		atomic_fetch_add_explicit(&reader->nameless, 1, memory_order_relaxed);
	else if (is_whole(&view, generation))
		atomic_fetch_add_explicit(&reader->whole, 1, memory_order_relaxed);
	else
		atomic_fetch_add_explicit(&reader->torn, 1, memory_order_relaxed);
}

static void *read_all(void *arg)
{
	struct part *part = arg;

	while (!atomic_load_explicit(&part->stage->is_over, memory_order_relaxed)) {
		for (unsigned i = 0; i < SLOTS; i++)
			read_slot(part->stage, i, part->reader);
	}
	return NULL;
}

static bool have_all_read_enough(struct stage *stage)
{
	for (unsigned i = 0; i < READERS; i++) {
		if (atomic_load_explicit(&stage->readers[i].whole, memory_order_relaxed) <
		    WHOLE_LEAST)
			return false;
	}
	return true;
}

/* A flow: its slot is opened, named some times over, and closed. */
static void write_flow(struct stage *stage, uint32_t generation)
{
	unsigned at = generation % SLOTS;
	struct lane_slot *slot = &stage->slots[at];
	struct lane_names names = { .generation = generation };

	lane_slot_open(slot, generation);
	atomic_store_explicit(&stage->generations[at], generation, memory_order_relaxed);
	for (uint32_t number = 0; number < NAMES; number++) {
		stamp(names.host, sizeof(names.host), generation, number);
		stamp(names.protocol, sizeof(names.protocol), generation, number);
		lane_slot_name(slot, &names);
	}
	lane_slot_close(slot);
}

static pid_t start_process(struct stage *stage)
{
	struct part part = { stage, &stage->readers[THREADS] };
	pid_t child = fork();

	if (child == 0) {
		(void)read_all(&part);
		_exit(0);
	}
	return child;
}

static void no_name_is_torn(void **state)
{
	struct stage *stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct part parts[THREADS];
	pthread_t threads[THREADS];
	int status = -1;

	(void)state;
	assert_ptr_not_equal(stage, MAP_FAILED);

	pid_t child = start_process(stage);

	assert_true(child > 0);
	for (unsigned i = 0; i < THREADS; i++) {
		parts[i] = (struct part){ stage, &stage->readers[i] };
		assert_int_equal(pthread_create(&threads[i], NULL, read_all, &parts[i]), 0);
	}
	for (uint32_t i = 1; i <= ROUNDS || !have_all_read_enough(stage); i++)
		write_flow(stage, i);
	atomic_store_explicit(&stage->is_over, true, memory_order_relaxed);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	for (unsigned i = 0; i < READERS; i++) {
		print_message("whole %llu, nameless %llu, torn %llu\n",
			      (unsigned long long)stage->readers[i].whole,
			      (unsigned long long)stage->readers[i].nameless,
			      (unsigned long long)stage->readers[i].torn);
		assert_int_equal(stage->readers[i].torn, 0);
	}
	(void)munmap(stage, sizeof(*stage));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_name_is_torn),
	};

	return cmocka_run_group_tests_name("lane_slot_readers", tests, NULL, NULL);
}
