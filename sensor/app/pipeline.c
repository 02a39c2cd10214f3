#include "sensor/app/pipeline_inside.h"

#include <stdlib.h>

enum { PROGRESS_EVERY = 4096 /* frames */ };

/* A flow_ended_fn: the lane of the flow is told, in its place among the packets. */
static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	struct pipeline *pipeline = arg;

	if (pipeline->setup.health)
		health_flow(pipeline->setup.health, flow);
	teller_flow_ended(pipeline->teller, pipeline->at, ref, flow, when, reason);
}

static void put(void *arg, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct pipeline *pipeline = arg;

	lanes_put(pipeline->lanes, lane, record, bytes);
}

static enum err build_lanes(struct pipeline *pipeline)
{
	const struct pipeline_setup *setup = &pipeline->setup;
	const struct lanes_setup lanes = { .config = setup->config,
					   .slots = flow_table_slots(pipeline->flows),
					   .workers = setup->workers,
					   .is_live = setup->is_live,
					   .take = judge_take,
					   .take_arg = setup->judge,
					   .between = setup->between,
					   .between_arg = setup->between_arg };

	return lanes_new(&pipeline->lanes, &lanes);
}

static enum err build_vantage(struct pipeline *pipeline)
{
	const struct vantage_setup vantage = { .config = pipeline->setup.config,
					       .own = pipeline->setup.own,
					       .flows = pipeline->flows,
					       .outside = pipeline->setup.outside,
					       .has_several = pipeline->setup.has_several_inside,
					       .release = pipeline_take_late,
					       .release_arg = pipeline };

	return vantage_new(&pipeline->vantage, &vantage);
}

static enum err build(struct pipeline *pipeline)
{
	const struct pipeline_setup *setup = &pipeline->setup;
	const struct config *config = setup->config;
	enum err err = decoder_new(&pipeline->decoder);

	if (err == ERR_OK)
		err = flow_table_new(&pipeline->flows, &config->flow, sizeof(struct lane_slot),
				     &setup->hash_key, flow_ended, pipeline);
	if (err == ERR_OK)
		err = build_vantage(pipeline);
	if (err == ERR_OK)
		err = duplicate_filter_new(&pipeline->duplicates);
	if (err == ERR_OK)
		err = build_lanes(pipeline);
	if (err == ERR_OK)
		err = teller_new(&pipeline->teller, config, put, pipeline);
	return err;
}

enum err pipeline_new(struct pipeline **out, const struct pipeline_setup *setup)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (!pipeline)
		return ERR_MEMORY;
	pipeline->setup = *setup;
	pipeline->batch = setup->config->flow.batch;
	pipeline->clock = NO_CLOCK;

	enum err err = build(pipeline);

	if (err != ERR_OK) {
		pipeline_free(pipeline);
		return err;
	}
	*out = pipeline;
	return ERR_OK;
}

void pipeline_stop(struct pipeline *pipeline)
{
	if (!pipeline->has_judge_thread)
		return;
	lanes_close(pipeline->lanes);
	(void)pthread_join(pipeline->judge_thread, NULL);
	pipeline->has_judge_thread = false;
}

void pipeline_free(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	pipeline_stop(pipeline);
	lanes_free(pipeline->lanes);
	teller_free(pipeline->teller);
	duplicate_filter_free(pipeline->duplicates);
	vantage_free(pipeline->vantage);
	flow_table_free(pipeline->flows);
	decoder_free(pipeline->decoder);
	free(pipeline);
}

static void *judge_thread(void *arg)
{
	struct pipeline *pipeline = arg;

	lanes_judge(pipeline->lanes);
	return NULL;
}

enum err pipeline_begin(struct pipeline *pipeline)
{
	if (pipeline->setup.workers == 0)
		return ERR_OK;
	if (pthread_create(&pipeline->judge_thread, NULL, judge_thread, pipeline) != 0)
		return ERR_MEMORY;
	pipeline->has_judge_thread = true;
	return ERR_OK;
}

void pipeline_settle(struct pipeline *pipeline)
{
	pipeline_take_waiting(pipeline);
	lanes_flush(pipeline->lanes);
}

void pipeline_finish(struct pipeline *pipeline)
{
	struct pipeline_totals *totals = &pipeline->totals;
	nanotime latest;

	if (pipeline->vantage)
		vantage_release_all(pipeline->vantage);
	latest = pipeline_latest(pipeline);
	totals->last = latest > totals->last ? latest : totals->last;
	pipeline_take_waiting(pipeline);
	pipeline->at = (struct teller_place){ totals->frames, latest };
	flow_table_end_all(pipeline->flows, FLOW_END_CAPTURE);
	teller_finish(pipeline->teller, pipeline->at);
	lanes_close(pipeline->lanes);
	if (pipeline->has_judge_thread)
		(void)pthread_join(pipeline->judge_thread, NULL);
	pipeline->has_judge_thread = false;
	pipeline->is_finished = true;
}

enum err pipeline_run(struct pipeline *pipeline, struct capture_set *captures,
		      pipeline_progress_fn *progress, void *progress_arg)
{
	enum err err = pipeline_begin(pipeline);

	if (err != ERR_OK)
		return err;
	while (capture_set_read(captures, PROGRESS_EVERY, pipeline_take, pipeline)) {
		if (progress)
			progress(progress_arg, pipeline->totals.frames,
				 capture_set_progress(captures));
	}
	pipeline->totals.times_clamped = capture_set_clamped_times(captures);
	pipeline_finish(pipeline);
	judge_finish(pipeline->setup.judge);
	return ERR_OK;
}

const struct flow_table *pipeline_flows(const struct pipeline *pipeline)
{
	return pipeline->flows;
}

nanotime pipeline_clock(const struct pipeline *pipeline)
{
	return pipeline->clock == NO_CLOCK ? 0 : pipeline->clock;
}

uint64_t pipeline_shed(const struct pipeline *pipeline)
{
	return lanes_shed(pipeline->lanes);
}

struct pipeline_totals pipeline_totals(const struct pipeline *pipeline)
{
	struct pipeline_totals totals = pipeline->totals;

	totals.decode = *decoder_stats(pipeline->decoder);
	totals.packets = totals.decode.count[DECODE_OK];
	totals.flows = flow_table_stats(pipeline->flows);
	if (pipeline->vantage)
		totals.vantage = vantage_totals(pipeline->vantage);
	if (pipeline->is_finished)
		totals.lanes = lanes_stats(pipeline->lanes);
	return totals;
}
