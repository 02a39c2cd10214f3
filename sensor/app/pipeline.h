/*
 * The way of a packet, put together: capture files → decode → flow table → lanes → judge.
 *
 * pipeline_run() is the capture thread. With workers the lanes run in threads of their own and the
 * judge in another; without, everything runs inside pipeline_run(). The verdict is the same.
 */
#pragma once

#include "sensor/capture/capture_set.h"
#include "sensor/decode/decode.h"
#include "sensor/flow/flow_table.h"
#include "sensor/judge/judge.h"
#include "sensor/lane/lanes.h"

struct pipeline;

struct pipeline_setup {
	const struct config *config;
	struct judge *judge;
	unsigned workers;
	struct hash_key hash_key; /* of the flow table; the verdict does not depend on it */
};

struct pipeline_totals {
	uint64_t frames;
	uint64_t packets;       /* frames that held one; the rest are in `decode` */
	uint64_t duplicates;    /* of them: copies that a mirror port made, dropped */
	uint64_t bytes;         /* on the wire */
	uint64_t passed_over;   /* SYNs of a flood that were only counted, as attempts */
	uint64_t epochs;        /* jumps of time by more than an hour */
	uint64_t times_clamped; /* frames with a time that nanotime cannot hold */
	nanotime first;
	nanotime last;
	struct decode_stats decode;
	struct flow_table_stats flows;
	struct lane_stats lanes;
};

/* Called now and then from pipeline_run(), so that somebody can see that it goes on. */
typedef void pipeline_progress_fn(void *arg, uint64_t frames, struct capture_progress progress);

/* All in `setup` is borrowed for the pipeline's life, the struct itself is not. */
MUST_USE enum err pipeline_new(struct pipeline **out, const struct pipeline_setup *setup);
void pipeline_free(struct pipeline *pipeline);

/*
 * Reads the captures to their end; the judge has seen everything when it returns. `captures` is
 * borrowed for the call, and best opened after pipeline_new(): nDPI's libraries end the program
 * when they find no file descriptor left.
 */
MUST_USE enum err pipeline_run(struct pipeline *pipeline, struct capture_set *captures,
			       pipeline_progress_fn *progress, void *progress_arg);

struct pipeline_totals pipeline_totals(const struct pipeline *pipeline);
