#include "sensor/lane/lanes_inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	WATERMARK_EVERY = 256, /* records, so that idle lanes do not hold the judge back */
	SPARE_SHARE = 2,       /* of the largest record that a ring holds */
};

static void emit(void *arg, const struct fact *fact)
{
	struct lane_line *line = arg;
	size_t len = fact_size(fact);
	unsigned idle = 0;
	void *room;

	if (line->all->setup.workers == 0) {
		line->all->setup.take(line->all->setup.take_arg, fact);
		return;
	}
	while (!(room = ring_reserve(line->facts, len)))
		lanes_wait_for_room(
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

	for (unsigned i = worker; i < LANES; i += lanes->setup.workers) {
		for (unsigned n = 0; n < WATERMARK_EVERY && run_one(&lanes->line[i]); n++)
			has_run = true;
	}
	return has_run;
}

/* A lane that only waits for another worker's has something left. */
static bool has_nothing_left(struct lanes *lanes, unsigned worker)
{
	size_t len;

	for (unsigned i = worker; i < LANES; i += lanes->setup.workers) {
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
		else if (!has_nothing_left(self->lanes, self->number))
			lanes_wait_for_room(&idle); /* another worker is at work on it */
		else if (is_closed)
			return NULL;
		else
			lanes_wait_for_work(self->lanes, &idle);
	}
}

static enum err line_start(struct lanes *lanes, struct lane_line *line)
{
	const struct lane_config *config = &lanes->setup.config->lane;
	size_t ring_bytes = 1;
	enum err err;

	while (ring_bytes <= config->ring_bytes / 2) /* a ring is a power of two */
		ring_bytes *= 2;

	line->all = lanes;
	err = lane_new(&line->lane, config, lanes->setup.slots, emit, line);
	if (err == ERR_OK && lanes->setup.workers > 0)
		err = ring_new(&line->records, ring_bytes);
	if (err == ERR_OK && lanes->setup.workers > 0)
		err = ring_new(&line->facts, ring_bytes);
	return err;
}

static enum err workers_start(struct lanes *lanes)
{
	for (unsigned i = 0; i < lanes->setup.workers; i++) {
		struct worker *w = &lanes->worker[i];

		w->lanes = lanes;
		w->number = i;
		if (pthread_create(&w->thread, NULL, work, w) != 0)
			return ERR_MEMORY;
		w->is_running = true;
	}
	return ERR_OK;
}

enum err lanes_new(struct lanes **out, const struct lanes_setup *setup)
{
	struct lanes *lanes = aligned_alloc(64, sizeof(*lanes));
	enum err err = ERR_OK;

	if (!lanes)
		return ERR_MEMORY;
	memset(lanes, 0, sizeof(*lanes));
	lanes->setup = *setup;
	for (unsigned i = 0; i < LANES && err == ERR_OK; i++)
		err = line_start(lanes, &lanes->line[i]);
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
	for (unsigned i = 0; i < lanes->setup.workers; i++) {
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

static uint64_t slowest_of(const struct lanes *lanes)
{
	uint64_t slowest = UINT64_MAX;

	for (unsigned i = 0; i < LANES; i++) {
		uint64_t done = atomic_load_explicit(&lanes->line[i].done, memory_order_acquire);

		slowest = done < slowest ? done : slowest;
	}
	return slowest;
}

/*
 * Room that is left for what must not be lost: openings and ends of flows, sightings. A lane that
 * misses a packet of a flow that it knows reads on as after a loss on the wire.
 */
static bool is_shed(struct lane_line *line, const struct lane_record *record, size_t size)
{
	struct lanes *lanes = line->all;

	if (lanes->setup.workers == 0 || record->kind != LANE_PACKET || record->packet.is_told_now)
		return false;
	/* Known from the last full round: what is shed takes no sequence, and would see none end.
	 */
	if (lanes->sequence - lanes->slowest > LANES_LEAD / 2)
		lanes->slowest = slowest_of(lanes);
	return lanes->sequence - lanes->slowest > LANES_LEAD / 2 ||
	       !ring_reserve(line->records, size + ring_largest(line->records) / SPARE_SHARE);
}

static void put_into_ring(struct lane_line *line, const struct lane_record *record,
			  struct span bytes)
{
	size_t size = lane_record_size((enum lane_record_kind)record->kind);
	unsigned idle = 0;
	uint8_t *room;

	while (!(room = ring_reserve(line->records, size + bytes.len)))
		lanes_wait_for_room(&idle);
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

	lanes->slowest = slowest_of(lanes);
	while (lanes->sequence - lanes->slowest > LANES_LEAD) {
		lanes_wait_for_room(&idle);
		lanes->slowest = slowest_of(lanes);
	}
}

void lanes_put(struct lanes *lanes, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct lane_line *line = &lanes->line[lane];

	if (lanes->setup.is_live &&
	    is_shed(line, record, lane_record_size(LANE_PACKET) + bytes.len)) {
		lanes->shed++; /* takes no sequence: what comes behind it need not wait */
		return;
	}
	record->sequence = ++lanes->sequence;
	if (lanes->setup.workers == 0) {
		lane_take(line->lane, record, bytes);
		return;
	}
	put_into_ring(line, record, bytes);
	if (lanes->sequence % WATERMARK_EVERY == 0) {
		put_watermarks(lanes, lanes->sequence);
		wait_for_slowest(lanes);
	}
}

void lanes_flush(struct lanes *lanes)
{
	if (lanes->setup.workers > 0)
		put_watermarks(lanes, lanes->sequence);
	else if (lanes->setup.between)
		lanes->setup.between(lanes->setup.between_arg);
}

uint64_t lanes_shed(const struct lanes *lanes)
{
	return lanes->shed;
}

void lanes_close(struct lanes *lanes)
{
	if (lanes->setup.workers > 0)
		put_watermarks(lanes, lanes->sequence);
	join_workers(lanes);
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
