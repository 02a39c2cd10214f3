/*
 * The fixed number of lanes, the rings to and from them, and the threads that run them.
 *
 *     capture thread ──▶ ring ──▶ lane 0 … 3 (0 to 3 worker threads) ──▶ ring ──▶ judge thread
 *
 * Which lane a flow goes to, and what each lane is given, depends on the packets and the
 * configuration alone. The judge is handed the facts in the order of the records' sequence, held
 * back until every lane has passed that point: so the number of workers is invisible in what it
 * sees. With no workers the lane runs inside lanes_put() and the fact goes straight through.
 *
 * Of captures from files nothing is dropped: a full ring waits. Live, where the kernel would drop
 * whatever comes meanwhile, packets are shed when a ring has little room left or its lane is far
 * behind: flows keep their counters, and what is said in them goes unheard and is counted. Memory:
 * the rings, and a store of facts that wait for a slower lane, bounded because the capture thread
 * waits when it is LANES_LEAD records ahead of the slowest.
 */
#pragma once

#include "sensor/lane/lane.h"
#include "sensor/lane/lane_choice.h"

enum {
	LANES_WORKERS_MAX = 3,
	LANES_LEAD = 8192,
};

struct lanes;

/* Takes a fact on the judge's side; borrowed for the call. */
typedef void lanes_fact_fn(void *arg, const struct fact *fact);

/* Called on the judge's side between two facts, some times a second at least. */
typedef void lanes_between_fn(void *arg);

struct lanes_setup {
	const struct config *config; /* borrowed, like `slots` */
	struct lane_slot *slots;     /* see lane_new() */
	unsigned workers;
	bool is_live;        /* sheds rather than waits */
	lanes_fact_fn *take; /* by lanes_judge(), or without workers by lanes_put() */
	void *take_arg;
	lanes_between_fn *between; /* likewise, by lanes_flush(); NULL is nothing */
	void *between_arg;
};

/* The struct itself is not borrowed. */
MUST_USE enum err lanes_new(struct lanes **out, const struct lanes_setup *setup);

/* After lanes_close() and lanes_judge() have returned. NULL is fine. */
void lanes_free(struct lanes *lanes);

/*
 * Capture thread: gives `record` its sequence and hands it to `lane`, with a copy of `bytes`
 * behind it; both are borrowed for the call. Waits while the lane's ring is full.
 */
void lanes_put(struct lanes *lanes, unsigned lane, struct lane_record *record, struct span bytes);

/* Capture thread: what was put so far reaches the judge, even if nothing more comes. */
void lanes_flush(struct lanes *lanes);

/* Capture thread: packets that lanes were not shown, in a live capture. */
uint64_t lanes_shed(const struct lanes *lanes);

/* Capture thread: nothing more will be put. */
void lanes_close(struct lanes *lanes);

/* Judge's thread, when there are workers: hands over facts in order until all is done. */
void lanes_judge(struct lanes *lanes);

/* Of all lanes together; once they are idle. */
struct lane_stats lanes_stats(const struct lanes *lanes);
