#include "sensor/lane/lanes.h"

#include "sensor/base/ring.h"
#include "sensor/lane/fact_queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	WATERMARK_EVERY = 256, /* records, so that idle lanes do not hold the judge back */
	SPINS_BEFORE_SLEEP = 64,
	SLEEP_NANOSECONDS = 100 * 1000, /* of who waits for room: others wait for it */
	SLEEP_DOUBLINGS = 4,            /* who waits for work sleeps longer each time, to 1.6 ms */
};

struct lane_line {
	/* The lane's, on a cache line of its own: facts up to this sequence are published. */
	_Alignas(64) _Atomic uint64_t done;
	_Alignas(64) struct lane *lane;
	struct lanes *all;
	struct ring *records;      /* capture → lane */
	struct ring *facts;        /* lane → judge */
	struct fact_queue waiting; /* the judge's */
	uint64_t put;              /* capture's: sequence of the last record for this lane */
};

struct worker {
	pthread_t thread;
	struct lanes *lanes;
	unsigned number;
	bool is_running;
};

struct lanes {
	struct lane_line line[LANES];
	struct worker worker[LANES_WORKERS_MAX];
	const struct config *config;
	lanes_fact_fn *take;
	void *take_arg;
	unsigned workers;
	uint64_t sequence; /* capture's */
	uint64_t slowest;  /* capture's: a lower bound of every lane's `done` */
	_Atomic bool is_closed;
};

static void sleep_if_idle(unsigned *idle, unsigned most_doublings)
{
	unsigned sleeps = ++*idle > SPINS_BEFORE_SLEEP ? *idle - SPINS_BEFORE_SLEEP : 0;
	unsigned doublings = sleeps < most_doublings ? sleeps : most_doublings;
	const struct timespec nap = { .tv_nsec = (long)SLEEP_NANOSECONDS << doublings };

	if (sleeps > 0)
		(void)nanosleep(&nap, NULL);
}

/* For room in a ring, or for a lane that has fallen behind. */
static void wait_for_room(unsigned *idle)
{
	sleep_if_idle(idle, 0);
}

/*
 * Longer each time nothing could be done; any work resets it. Threads that looked again every 50 us
 * cost a third more CPU in all than the work they did.
 */
static void wait_for_work(unsigned *idle)
{
	sleep_if_idle(idle, SLEEP_DOUBLINGS);
}

static void emit(void *arg, const struct fact *fact)
{
	struct lane_line *line = arg;
	size_t len = fact_size(fact);
	unsigned idle = 0;
	void *room;

	if (line->all->workers == 0) {
		line->all->take(line->all->take_arg, fact);
		return;
	}
	while (!(room = ring_reserve(line->facts, len)))
		wait_for_room(
			&idle); /* the judge always drains: it waits for no lane in particular */
	memcpy(room, fact, len);
	ring_publish(line->facts, len);
}

/*
 * Runs one record of the lane, if there is one. A record that is not ready waits for one that was
 * put before it into another lane, so the earliest of all is always ready, and every worker comes
 * past each of its lanes again and again: nobody waits for ever.
 */
static bool run_one(struct lane_line *line)
{
	size_t len;
	const struct lane_record *record = ring_peek(line->records, &len);

	if (!record || !lane_is_ready(line->lane, record))
		return false;

	struct cursor rest = cursor_over((const uint8_t *)record, len);

	cursor_skip(&rest, lane_record_size((enum lane_record_kind)record->kind));
	lane_take(line->lane, record, rest.rest);
	atomic_store_explicit(&line->done, record->sequence, memory_order_release);
	ring_consume(line->records);
	return true;
}

static bool run_lanes(struct lanes *lanes, unsigned worker)
{
	bool has_run = false;

	for (unsigned i = worker; i < LANES; i += lanes->workers) {
		for (unsigned n = 0; n < WATERMARK_EVERY && run_one(&lanes->line[i]); n++)
			has_run = true;
	}
	return has_run;
}

/* A lane that only waits for another worker's has something left. */
static bool has_nothing_left(struct lanes *lanes, unsigned worker)
{
	size_t len;

	for (unsigned i = worker; i < LANES; i += lanes->workers) {
		if (ring_peek(lanes->line[i].records, &len))
			return false;
	}
	return true;
}

static void *work(void *arg)
{
	const struct worker *self = arg;
	unsigned idle = 0;

	for (;;) {
		/* Asked before looking: what was put before closing is then seen below. */
		bool is_closed =
			atomic_load_explicit(&self->lanes->is_closed, memory_order_acquire);

		if (run_lanes(self->lanes, self->number))
			idle = 0;
		else if (is_closed && has_nothing_left(self->lanes, self->number))
			return NULL;
		else
			wait_for_work(&idle);
	}
}

static enum err line_start(struct lanes *lanes, struct lane_line *line, struct lane_slot *slots)
{
	const struct lane_config *config = &lanes->config->lane;
	size_t ring_bytes = 1;
	enum err err;

	while (ring_bytes <= config->ring_bytes / 2) /* a ring is a power of two */
		ring_bytes *= 2;

	line->all = lanes;
	err = lane_new(&line->lane, config, slots, emit, line);
	if (err == ERR_OK && lanes->workers > 0)
		err = ring_new(&line->records, ring_bytes);
	if (err == ERR_OK && lanes->workers > 0)
		err = ring_new(&line->facts, ring_bytes);
	return err;
}

static enum err workers_start(struct lanes *lanes)
{
	for (unsigned i = 0; i < lanes->workers; i++) {
		struct worker *w = &lanes->worker[i];

		w->lanes = lanes;
		w->number = i;
		if (pthread_create(&w->thread, NULL, work, w) != 0)
			return ERR_MEMORY;
		w->is_running = true;
	}
	return ERR_OK;
}

enum err lanes_new(struct lanes **out, const struct config *config, struct lane_slot *slots,
		   unsigned workers, lanes_fact_fn *take, void *take_arg)
{
	struct lanes *lanes = aligned_alloc(64, sizeof(*lanes));
	enum err err = ERR_OK;

	if (!lanes)
		return ERR_MEMORY;
	memset(lanes, 0, sizeof(*lanes));
	lanes->config = config;
	lanes->take = take;
	lanes->take_arg = take_arg;
	lanes->workers = workers;
	for (unsigned i = 0; i < LANES && err == ERR_OK; i++)
		err = line_start(lanes, &lanes->line[i], slots);
	if (err == ERR_OK)
		err = workers_start(lanes);
	if (err != ERR_OK) {
		lanes_free(lanes);
		return err;
	}
	*out = lanes;
	return ERR_OK;
}

static void join_workers(struct lanes *lanes)
{
	atomic_store_explicit(&lanes->is_closed, true, memory_order_release);
	for (unsigned i = 0; i < lanes->workers; i++) {
		if (lanes->worker[i].is_running)
			(void)pthread_join(lanes->worker[i].thread, NULL);
		lanes->worker[i].is_running = false;
	}
}

void lanes_free(struct lanes *lanes)
{
	if (!lanes)
		return;
	join_workers(lanes);
	for (unsigned i = 0; i < LANES; i++) {
		lane_free(lanes->line[i].lane);
		ring_free(lanes->line[i].records);
		ring_free(lanes->line[i].facts);
		fact_queue_release(&lanes->line[i].waiting);
	}
	free(lanes);
}

static void put_into_ring(struct lane_line *line, const struct lane_record *record,
			  struct span bytes)
{
	size_t size = lane_record_size((enum lane_record_kind)record->kind);
	unsigned idle = 0;
	uint8_t *room;

	while (!(room = ring_reserve(line->records, size + bytes.len)))
		wait_for_room(&idle);
	memcpy(room, record, size);
	if (bytes.len > 0)
		memcpy(room + size, bytes.data, bytes.len);
	ring_publish(line->records, size + bytes.len);
	line->put = record->sequence;
}

static void put_watermarks(struct lanes *lanes, uint64_t sequence)
{
	struct lane_record record = { .sequence = sequence, .kind = LANE_WATERMARK };

	for (unsigned i = 0; i < LANES; i++) {
		if (lanes->line[i].put < sequence)
			put_into_ring(&lanes->line[i], &record, (struct span){ 0 });
	}
}

/* So that the judge's store of waiting facts stays bounded. */
static void wait_for_slowest(struct lanes *lanes)
{
	unsigned idle = 0;

	while (lanes->sequence - lanes->slowest > LANES_LEAD) {
		uint64_t slowest = UINT64_MAX;

		for (unsigned i = 0; i < LANES; i++) {
			uint64_t done =
				atomic_load_explicit(&lanes->line[i].done, memory_order_acquire);

			slowest = done < slowest ? done : slowest;
		}
		lanes->slowest = slowest;
		if (lanes->sequence - slowest > LANES_LEAD)
			wait_for_room(&idle);
	}
}

void lanes_put(struct lanes *lanes, unsigned lane, struct lane_record *record, struct span bytes)
{
	record->sequence = ++lanes->sequence;
	if (lanes->workers == 0) {
		lane_take(lanes->line[lane].lane, record, bytes);
		return;
	}
	put_into_ring(&lanes->line[lane], record, bytes);
	if (lanes->sequence % WATERMARK_EVERY == 0) {
		put_watermarks(lanes, lanes->sequence);
		wait_for_slowest(lanes);
	}
}

void lanes_close(struct lanes *lanes)
{
	if (lanes->workers > 0)
		put_watermarks(lanes, lanes->sequence);
	join_workers(lanes);
}

/* Takes over what the lane has published; true when there was anything. */
static bool drain(struct lane_line *line)
{
	bool has_drained = false;
	const void *fact;
	size_t len;

	while ((fact = ring_peek(line->facts, &len))) {
		if (fact_queue_add(&line->waiting, fact, len) != ERR_OK) {
			/* Its bound is part of the start-up budget: nothing can go on without. */
			(void)fputs("hinomi: out of memory for waiting facts\n", stderr);
			abort();
		}
		ring_consume(line->facts);
		has_drained = true;
	}
	return has_drained;
}

static struct lane_line *earliest(struct lanes *lanes, uint64_t until)
{
	struct lane_line *found = NULL;
	uint64_t first = until;

	for (unsigned i = 0; i < LANES; i++) {
		const struct fact *fact = fact_queue_peek(&lanes->line[i].waiting);

		if (fact && fact->sequence <= first) {
			first = fact->sequence;
			found = &lanes->line[i];
		}
	}
	return found;
}

static bool hand_over(struct lanes *lanes, uint64_t until)
{
	struct lane_line *line;
	bool has_handed = false;

	while ((line = earliest(lanes, until))) {
		lanes->take(lanes->take_arg, fact_queue_peek(&line->waiting));
		fact_queue_drop(&line->waiting);
		has_handed = true;
	}
	return has_handed;
}

void lanes_judge(struct lanes *lanes)
{
	unsigned idle = 0;

	if (lanes->workers == 0)
		return;
	for (;;) {
		bool is_closed = atomic_load_explicit(&lanes->is_closed, memory_order_acquire);
		uint64_t until = UINT64_MAX;
		bool has_moved = false;

		/* `done` before the ring: what it covers has then been drained. */
		for (unsigned i = 0; i < LANES; i++) {
			uint64_t done =
				atomic_load_explicit(&lanes->line[i].done, memory_order_acquire);

			until = done < until ? done : until;
			has_moved |= drain(&lanes->line[i]);
		}
		has_moved |= hand_over(lanes, until);
		if (has_moved)
			idle = 0;
		else if (is_closed && until == lanes->sequence)
			return;
		else
			wait_for_work(&idle);
	}
}

struct lane_stats lanes_stats(const struct lanes *lanes)
{
	struct lane_stats sum = { 0 };

	for (unsigned i = 0; i < LANES; i++) {
		struct lane_stats one = lane_stats(lanes->line[i].lane);

		sum.malformed += one.malformed;
		sum.dpi_evicted += one.dpi_evicted;
		sum.windows_evicted += one.windows_evicted;
		sum.conflicting += one.conflicting;
		sum.agents_refused += one.agents_refused;
		sum.dpi_heap_exceeded += one.dpi_heap_exceeded;
		sum.dpi_off += one.dpi_off;
	}
	return sum;
}
