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
 * Rings block and never drop (captures from files). Memory: the rings, and a store of facts that
 * wait for a slower lane, bounded because the capture thread waits when it is LANES_LEAD records
 * ahead of the slowest.
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

/*
 * `config` and `slots` (see lane_new()) are borrowed. `take` is called by lanes_judge(), or without
 * workers by lanes_put().
 */
MUST_USE enum err lanes_new(struct lanes **out, const struct config *config,
			    struct lane_slot *slots, unsigned workers, lanes_fact_fn *take,
			    void *take_arg);

/* After lanes_close() and lanes_judge() have returned. NULL is fine. */
void lanes_free(struct lanes *lanes);

/*
 * Capture thread: gives `record` its sequence and hands it to `lane`, with a copy of `bytes`
 * behind it; both are borrowed for the call. Waits while the lane's ring is full.
 */
void lanes_put(struct lanes *lanes, unsigned lane, struct lane_record *record, struct span bytes);

/* Capture thread: nothing more will be put. */
void lanes_close(struct lanes *lanes);

/* Judge's thread, when there are workers: hands over facts in order until all is done. */
void lanes_judge(struct lanes *lanes);

/* Of all lanes together; once they are idle. */
struct lane_stats lanes_stats(const struct lanes *lanes);
