/*
 * What `hinomi doctor` sees with: frames → decode → flow table, and the counts of health.h over all
 * of it. No lanes and no judge: it says how the sensor is wired, not what happens in the office.
 *
 * One thread. Memory: the flow table's budget and what decode and health take, once at the start.
 */
#pragma once

#include "sensor/capture/frame.h"
#include "sensor/config/config.h"
#include "sensor/health/health_check.h"

struct doctor_eyes;

/* ERR_MEMORY, or as flow_table_new(). `config` is borrowed; `own` as in health_new(). */
MUST_USE enum err doctor_eyes_new(struct doctor_eyes **out, const struct config *config,
				  const struct mac *own, size_t own_count);

/* NULL is fine. */
void doctor_eyes_free(struct doctor_eyes *eyes);

/* A frame_take_fn; `arg` is the struct doctor_eyes. */
void doctor_eyes_take(void *arg, const struct frame *frame);

struct doctor_sight {
	uint64_t frames;
	nanotime first;
	nanotime last;
};

struct doctor_sight doctor_eyes_sight(const struct doctor_eyes *eyes);

/* What was counted until now, without the flows that are live. For a line of progress. */
void doctor_eyes_counts(const struct doctor_eyes *eyes, struct health_view *out);

/* Ends all flows and fills `out` but for its surroundings: all that was seen, as one window. */
void doctor_eyes_finish(struct doctor_eyes *eyes, struct health_view *out);
