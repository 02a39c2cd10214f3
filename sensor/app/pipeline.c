#include "sensor/app/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

enum { PROGRESS_EVERY = 4096 }; /* frames */

static const nanotime epoch_jump = NANOTIME_HOUR;

struct pipeline {
	struct pipeline_setup setup;
	struct decoder *decoder;
	struct flow_table *flows;
	struct lanes *lanes;
	nanotime clock; /* packet time, never backwards within an epoch */
	uint64_t number;
	struct pipeline_totals totals;
};

/* A flow_ended_fn: the lane of the flow is told, in its place among the packets. */
static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	struct pipeline *pipeline = arg;
	struct lane_record record = {
		.number = pipeline->number,
		.time = when,
		.kind = LANE_FLOW_END,
		.end = { .ref = ref, .flow = *flow, .reason = (uint8_t)reason },
	};

	lanes_put(pipeline->lanes, lanes_of_flow(pipeline->lanes, &flow->key), &record,
		  (struct span){ 0 });
}

enum err pipeline_new(struct pipeline **out, const struct pipeline_setup *setup)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
	const struct config *config = setup->config;
	enum err err;

	if (!pipeline)
		return ERR_MEMORY;
	pipeline->setup = *setup;
	err = decoder_new(&pipeline->decoder);
	if (err == ERR_OK)
		err = flow_table_new(&pipeline->flows, &config->flow, &setup->hash_key, flow_ended,
				     pipeline);
	if (err == ERR_OK)
		err = lanes_new(&pipeline->lanes, config,
				flow_table_stats(pipeline->flows).capacity, setup->workers,
				judge_take, setup->judge);
	if (err != ERR_OK) {
		pipeline_free(pipeline);
		return err;
	}
	*out = pipeline;
	return ERR_OK;
}

void pipeline_free(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	lanes_free(pipeline->lanes);
	flow_table_free(pipeline->flows);
	decoder_free(pipeline->decoder);
	free(pipeline);
}

/* What was live ends, and packet time starts anew: forwards or backwards. */
static void begin_epoch(struct pipeline *pipeline, nanotime now)
{
	struct lane_record record = { .number = pipeline->number, .time = now, .kind = LANE_EPOCH };

	flow_table_end_all(pipeline->flows, FLOW_END_EPOCH);
	lanes_put(pipeline->lanes, 0, &record, (struct span){ 0 });
	pipeline->clock = now;
	pipeline->totals.epochs++;
}

static void advance(struct pipeline *pipeline, nanotime now)
{
	bool is_first = pipeline->clock == 0;

	if (!is_first && (nanotime_between(pipeline->clock, now) > epoch_jump ||
			  nanotime_between(now, pipeline->clock) > epoch_jump))
		begin_epoch(pipeline, now);
	if (now > pipeline->clock)
		pipeline->clock = now;
	flow_table_advance(pipeline->flows, pipeline->clock);
}

static struct span shown_of(const struct pipeline *pipeline, struct span bytes)
{
	struct cursor all = cursor_over(bytes.data, bytes.len);
	size_t most = pipeline->setup.config->lane.copy_bytes;

	return bytes.len > most ? cursor_take(&all, most) : bytes;
}

static void put_arp(struct pipeline *pipeline, const struct packet *packet)
{
	struct span shown = shown_of(pipeline, packet->payload);
	struct lane_record record = {
		.number = packet->number,
		.time = packet->time,
		.kind = LANE_LINK,
		.packet = { .packet = *packet, .captured = (uint32_t)shown.len },
	};

	lanes_put(pipeline->lanes, lanes_of_mac(&packet->source_mac), &record, shown);
}

/* Depends on the packets alone: what a lane is shown must not depend on how fast it is. */
static bool is_for_lane(const struct packet *packet, const struct flow_touch *touch)
{
	if (touch->is_new || touch->is_check_in || (packet->tcp_flags & TCP_SYN))
		return true;
	if (packet->payload_len == 0 || packet->is_fragment_rest)
		return false;
	return touch->payload_packets_before < LANE_HANDSHAKE_PACKETS || lane_always_reads(packet);
}

static void put_packet(struct pipeline *pipeline, const struct packet *packet,
		       const struct flow_touch *touch)
{
	const struct flow_record *flow = flow_table_get(pipeline->flows, touch->ref);
	struct span shown = shown_of(pipeline, packet->ip);
	size_t headers = packet->ip.len - packet->payload.len;
	struct lane_record record = {
		.number = packet->number,
		.time = packet->time,
		.kind = LANE_PACKET,
		.packet = { .packet = *packet,
			    .ref = touch->ref,
			    .touch = *touch,
			    .client_is_low = flow->client_side == FLOW_SIDE_LOW,
			    .is_midstream = (flow->flags & FLOW_MIDSTREAM) != 0,
			    .is_answered = flow->class == FLOW_ESTABLISHED,
			    .has_data_down = flow_server_spoke(flow),
			    .captured = (uint32_t)shown.len,
			    .payload_at = (uint32_t)(headers < shown.len ? headers : shown.len) },
	};

	lanes_put(pipeline->lanes, lanes_of_flow(pipeline->lanes, &flow->key), &record, shown);
}

static void take_packet(struct pipeline *pipeline, const struct packet *packet)
{
	struct flow_ref ref;

	if (packet->kind == PACKET_ARP) {
		put_arp(pipeline, packet);
		return;
	}
	if (packet->has_quoted)
		(void)flow_table_note_icmp_error(pipeline->flows, &packet->quoted,
						 packet->icmp_type, &ref);

	struct flow_touch touch = flow_table_touch(pipeline->flows, packet);

	if (is_for_lane(packet, &touch))
		put_packet(pipeline, packet, &touch);
}

static void take_frame(struct pipeline *pipeline, const struct frame *frame)
{
	struct pipeline_totals *totals = &pipeline->totals;
	struct packet packet;

	pipeline->number++;
	totals->frames++;
	totals->bytes += frame->wire_len;
	if (totals->frames == 1 || frame->time < totals->first)
		totals->first = frame->time;
	if (frame->time > totals->last)
		totals->last = frame->time;
	advance(pipeline, frame->time);
	if (decoder_decode(pipeline->decoder, frame, pipeline->number, &packet) != DECODE_OK)
		return;
	packet.time = pipeline->clock;
	totals->packets++;
	take_packet(pipeline, &packet);
}

static void *judge_thread(void *arg)
{
	lanes_judge(arg);
	return NULL;
}

enum err pipeline_run(struct pipeline *pipeline, struct capture_set *captures,
		      pipeline_progress_fn *progress, void *progress_arg)
{
	bool has_judge_thread = pipeline->setup.workers > 0;
	pthread_t judge;
	struct frame frame;

	if (has_judge_thread && pthread_create(&judge, NULL, judge_thread, pipeline->lanes) != 0)
		return ERR_MEMORY;
	while (capture_set_next(captures, &frame)) {
		take_frame(pipeline, &frame);
		if (progress && pipeline->totals.frames % PROGRESS_EVERY == 0)
			progress(progress_arg, pipeline->totals.frames,
				 capture_set_progress(captures));
	}
	pipeline->totals.times_clamped = capture_set_clamped_times(captures);
	flow_table_end_all(pipeline->flows, FLOW_END_CAPTURE);
	lanes_close(pipeline->lanes);
	if (has_judge_thread)
		(void)pthread_join(judge, NULL);
	judge_finish(pipeline->setup.judge);
	return ERR_OK;
}

struct pipeline_totals pipeline_totals(const struct pipeline *pipeline)
{
	struct pipeline_totals totals = pipeline->totals;

	totals.decode = *decoder_stats(pipeline->decoder);
	totals.flows = flow_table_stats(pipeline->flows);
	totals.lanes = lanes_stats(pipeline->lanes);
	return totals;
}
