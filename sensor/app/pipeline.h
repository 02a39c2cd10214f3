/*
 * The way of a packet, put together: frames → decode → flow table → lanes → judge.
 *
 * Who calls pipeline_take() is the capture thread. With workers the lanes run in threads of their
 * own and the judge in another; without, everything runs inside pipeline_take(). The verdict is the
 * same.
 */
#pragma once

#include "sensor/app/vantage.h"
#include "sensor/capture/capture_set.h"
#include "sensor/decode/decode.h"
#include "sensor/flow/flow_table.h"
#include "sensor/health/health.h"
#include "sensor/judge/judge.h"
#include "sensor/lane/lanes.h"

struct pipeline;

struct pipeline_setup {
	const struct config *config;
	struct judge *judge;
	unsigned workers;
	struct hash_key hash_key; /* of the flow table; the verdict does not depend on it */
	bool is_live;             /* sheds rather than waits, see lanes.h */
	uint8_t outside;          /* a bit for each interface behind which the internet is */
	bool has_several_inside;  /* … and more than one of the others, of one gateway */
	const struct network_config *own; /* addresses of this machine to leave out, or NULL */
	struct health *health;            /* counts what is seen; NULL is nobody */
	lanes_between_fn *between;        /* NULL is nothing; see lanes.h */
	void *between_arg;
};

struct pipeline_totals {
	uint64_t frames;
	uint64_t packets;              /* frames that held one; the rest are in `decode` */
	uint64_t duplicates;           /* of them: copies that a mirror port made, dropped */
	uint64_t bytes;                /* on the wire */
	struct vantage_totals vantage; /* of them: not judged */
	uint64_t passed_over;          /* SYNs of a flood that were only counted, as attempts */
	uint64_t epochs;               /* jumps of time by more than an hour */
	uint64_t times_clamped;        /* frames with a time that nanotime cannot hold */
	nanotime first;
	nanotime last;
	struct decode_stats decode;
	struct flow_table_stats flows;
	struct lane_stats lanes;
};

/*
 * Captures that go on for ever: begin, then take and settle again and again, then finish. Or
 * pipeline_run(), which does all of it for files.
 *
 * ERR_MEMORY when there is no thread for the judge.
 */
MUST_USE enum err pipeline_begin(struct pipeline *pipeline);

/* Ends its threads without finishing, when a start fails half way: nothing is judged any more. */
void pipeline_stop(struct pipeline *pipeline);

/* A frame_take_fn; `arg` is a struct pipeline. */
void pipeline_take(void *arg, const struct frame *frame);

/*
 * What was taken so far reaches the judge now, instead of when more comes. To be called whenever
 * no frame is at hand, and at least some times a second.
 */
void pipeline_settle(struct pipeline *pipeline);

/* No frame with an earlier time than `now` will come: flows whose time is up end. */
void pipeline_pass_time(struct pipeline *pipeline, nanotime now);

/*
 * After the last frame; the judge has seen every fact when it returns. judge_finish() is left to
 * the caller: a sensor's story goes on in its next life.
 */
void pipeline_finish(struct pipeline *pipeline);

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

/* The table, for who looks at all flows now and then: in the capture thread. */
const struct flow_table *pipeline_flows(const struct pipeline *pipeline);

/* Packet time now; 0 before the first frame. */
nanotime pipeline_clock(const struct pipeline *pipeline);

/* Packets that lanes were not shown, see lanes_shed(). */
uint64_t pipeline_shed(const struct pipeline *pipeline);

/* Those of the lanes are only right after pipeline_finish(), and all zero before. */
struct pipeline_totals pipeline_totals(const struct pipeline *pipeline);
