/* The pipeline's memory, for pipeline.c and pipeline_take.c alone. */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/flow/duplicate_filter.h"
#include "sensor/lane/teller.h"

#include <pthread.h>

enum {
	BATCH_MAX = 64, /* flow.batch's limit */
	KEPT_MAX = 256, /* bytes of a packet that are copied for it to wait in a batch */
};

/* Before the first frame: more than a jump from any time there is, so that the first is odd. */
#define NO_CLOCK (UINT64_MAX - 2 * NANOTIME_HOUR)

/* A packet on its way into the flow table. */
struct waiting {
	struct packet packet; /* its spans over `bytes`, or empty */
	uint64_t hash;
	uint8_t bytes[KEPT_MAX];
};

struct pipeline {
	struct pipeline_setup setup;
	struct decoder *decoder;
	struct flow_table *flows;
	struct vantage *vantage; /* NULL: all there is is judged */
	struct duplicate_filter *duplicates;
	struct lanes *lanes;
	struct teller *teller;
	nanotime clock;         /* packet time, never backwards within an epoch */
	nanotime idle_until;    /* the clock when it last passed without a packet … */
	nanotime latest;        /* … and what the packet before had brought it to */
	struct teller_place at; /* the frame at hand: that read last, or further back in a batch */
	struct pipeline_totals totals;
	pthread_t judge_thread;
	bool has_judge_thread;
	bool is_finished;
	size_t batch;
	size_t waiting_count;
	struct waiting waiting[BATCH_MAX];
};

/* What waits is taken in its order, now. */
void pipeline_take_waiting(struct pipeline *pipeline);

/* A packet that the vantage held back and lets go; `arg` is the pipeline. */
void pipeline_take_late(void *arg, const struct packet *packet);

/* The time of the latest packet; 0 before the first. */
nanotime pipeline_latest(const struct pipeline *pipeline);
