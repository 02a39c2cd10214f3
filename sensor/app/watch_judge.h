/*
 * What the judge's thread of a sensor does besides judging: it hands what is learned to the store,
 * cases at once and the rest when the store asks, tells cases to who reads standard output, and
 * takes up a reload between two facts.
 *
 * The other threads see of it what the calls marked so give.
 */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/app/read_report.h"
#include "sensor/app/watch_canary.h"
#include "sensor/app/watch_decided.h"
#include "sensor/health/health_surroundings.h"
#include "sensor/service/journal.h"
#include "sensor/store/store.h"

struct watch_judge;

struct watch_judge_setup {
	struct config *config;                   /* the judge's own: a reload changes it */
	struct intel_sets *indicators;           /* owned on ERR_OK, like … */
	struct decisions *decisions;             /* … what people have decided; NULL is none */
	struct device_labels *labels;            /* … and what they call their devices */
	struct place_databases *place_databases; /* … and where in the world addresses are */
	const struct read_report *report;
	bool tells_cases; /* on standard output, as they open and grow worse */
	struct journal *journal;
	struct watch_canary *canary;
};

/*
 * Makes the judge. All in `setup` is borrowed but for indicators, decisions, labels and databases,
 * the struct itself is not.
 */
MUST_USE enum err watch_judge_new(struct watch_judge **out, const struct watch_judge_setup *setup);
void watch_judge_free(struct watch_judge *self);

struct judge *watch_judge_of(struct watch_judge *self);

/*
 * Before the first fact: takes back what `store` holds, and hands over to it from then on. The
 * errors are store_load_kept()'s; then the judge is of no more use.
 */
MUST_USE enum err watch_judge_restore(struct watch_judge *self, struct store *store);

/* A lanes_between_fn. */
void watch_judge_between(void *arg);

/*
 * Any thread: what a reload brings, taken up soon; owned by the judge from then on. False while the
 * last one has not been taken up.
 */
struct watch_change {
	struct intel_sets *indicators;
	bool is_intel_alone; /* else the rest changes too: */
	struct config config;
	struct decisions *decisions;
	struct device_labels *labels;
	struct place_databases *place_databases;
};

bool watch_judge_change(struct watch_judge *self, struct watch_change *change);

/* Any thread: how often watch_judge_between() was called, to see that the judge lives. */
uint64_t watch_judge_beats(const struct watch_judge *self);

/* Any thread: the judge's totals as of a second ago or so. */
struct judge_totals watch_judge_totals(struct watch_judge *self);

/* Any thread: what people have decided, and what it did; likewise. */
struct decided_figures watch_judge_decided(struct watch_judge *self);

/* Any thread: what became of the evidence of cases; likewise. */
struct capsule_counts watch_judge_capsules(struct watch_judge *self);

/* Any thread: how old is what it judges by; likewise. */
struct health_lists watch_judge_lists(struct watch_judge *self);

/* Any thread: whether sets that were to be read could not be, so that it goes on without them. */
void watch_judge_lists_refused(struct watch_judge *self, bool is_so);

/* The capture thread: what cases say that the sensor has seen meanwhile. */
void watch_judge_note(struct watch_judge *self, const struct pipeline_totals *totals);

/*
 * After the last fact, in any one thread: everything to the store, which is closing. False when it
 * did not take every case.
 */
bool watch_judge_keep_all(struct watch_judge *self, const struct pipeline_totals *totals);

/* After that, for a report: detectors tell their last numbers, as at the end of a capture. */
void watch_judge_finish(struct watch_judge *self);
