#include "sensor/app/pipeline.h"

#include "sensor/base/out_of_line.h"
#include "sensor/flow/duplicate_filter.h"
#include "sensor/lane/teller.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROGRESS_EVERY = 4096, /* frames */
	BATCH_MAX = 64,        /* flow.batch's limit */
	KEPT_MAX = 256,        /* bytes of a packet that are copied for it to wait in a batch */
};

static const nanotime epoch_jump = NANOTIME_HOUR;

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
	struct duplicate_filter *duplicates;
	struct lanes *lanes;
	struct teller *teller;
	nanotime clock;         /* packet time, never backwards within an epoch */
	struct teller_place at; /* the frame at hand: that read last, or further back in a batch */
	struct pipeline_totals totals;
	size_t batch;
	size_t waiting_count;
	struct waiting waiting[BATCH_MAX];
};

/* A flow_ended_fn: the lane of the flow is told, in its place among the packets. */
static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	struct pipeline *pipeline = arg;

	teller_flow_ended(pipeline->teller, pipeline->at, ref, flow, when, reason);
}

static void put(void *arg, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct pipeline *pipeline = arg;

	lanes_put(pipeline->lanes, lane, record, bytes);
}

static enum err start(struct pipeline *pipeline)
{
	const struct pipeline_setup *setup = &pipeline->setup;
	const struct config *config = setup->config;
	enum err err = decoder_new(&pipeline->decoder);

	if (err == ERR_OK)
		err = flow_table_new(&pipeline->flows, &config->flow, sizeof(struct lane_slot),
				     &setup->hash_key, flow_ended, pipeline);
	if (err == ERR_OK)
		err = duplicate_filter_new(&pipeline->duplicates);
	if (err == ERR_OK)
		err = lanes_new(&pipeline->lanes, config, flow_table_slots(pipeline->flows),
				setup->workers, judge_take, setup->judge);
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

	enum err err = start(pipeline);

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
	teller_free(pipeline->teller);
	duplicate_filter_free(pipeline->duplicates);
	flow_table_free(pipeline->flows);
	decoder_free(pipeline->decoder);
	free(pipeline);
}

static inline bool is_opening(const struct packet *packet)
{
	return (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       packet->key.protocol == IP_TCP && !packet->is_fragment_rest;
}

/* A SYN of a flood: see teller_passes_over(). */
static bool passes_over(struct pipeline *pipeline, const struct packet *packet, uint64_t hash)
{
	pipeline->at = (struct teller_place){ packet->number, packet->time };
	flow_table_advance(pipeline->flows, packet->time);
	if (!teller_passes_over(pipeline->teller, pipeline->flows, packet, hash))
		return false;
	pipeline->totals.passed_over++;
	return true;
}

/* The packet goes into its flow, and to a lane if that is to see it. */
static inline void take_packet(struct pipeline *pipeline, const struct packet *packet,
			       uint64_t hash)
{
	pipeline->at = (struct teller_place){ packet->number, packet->time };
	if (packet->has_quoted) {
		struct flow_ref ref;

		(void)flow_table_note_icmp_error(pipeline->flows, &packet->quoted,
						 packet->icmp_type, &ref);
	}
	struct flow_touch touch = flow_table_touch(pipeline->flows, packet, hash);

	if (teller_wants(packet, &touch))
		teller_packet(pipeline->teller, pipeline->flows, packet, &touch);
}

/*
 * What waits is taken in its order. The stages before the last only fetch memory, so how many wait
 * together changes nothing.
 */
static OUT_OF_LINE void take_waiting(struct pipeline *pipeline)
{
	size_t count = pipeline->waiting_count;

	/* A SYN opens a flow: there is nothing of it to fetch. */
	for (size_t i = 0; i < count; i++) {
		if (!is_opening(&pipeline->waiting[i].packet))
			flow_table_fetch(pipeline->flows, pipeline->waiting[i].hash);
	}
	for (size_t i = 0; i < count; i++) {
		const struct waiting *w = &pipeline->waiting[i];

		if (!is_opening(&w->packet) || !passes_over(pipeline, &w->packet, w->hash))
			take_packet(pipeline, &w->packet, w->hash);
	}
	pipeline->waiting_count = 0;
}

/* Nearly all SYNs are two halves that overlap: a flood's are copied without a call. */
static inline struct span keep_headers(struct waiting *w)
{
	enum { HALF = 32 };
	struct span ip = w->packet.ip;

	if (ip.len >= HALF && ip.len <= (size_t)2 * HALF) {
		size_t second = ip.len - HALF;

		memcpy(w->bytes, ip.data, HALF);
		memcpy(w->bytes + second, ip.data + second, HALF);
	} else {
		memcpy(w->bytes, ip.data, ip.len);
	}
	return (struct span){ .data = w->bytes, .len = ip.len };
}

/*
 * The frame's bytes are gone with the next one: what a lane may want of them is kept, payload and
 * the headers of a SYN.
 */
static inline void keep_bytes(struct waiting *w)
{
	struct packet *packet = &w->packet;

	if (packet->payload_len == 0) {
		packet->ip = is_opening(packet) ? keep_headers(w) : (struct span){ 0 };
		packet->payload = (struct span){ 0 };
		return;
	}

	size_t headers = packet->ip.len - packet->payload.len;
	struct cursor kept = cursor_over(w->bytes, packet->ip.len);

	memcpy(w->bytes, packet->ip.data, packet->ip.len);
	packet->ip = kept.rest;
	cursor_skip(&kept, headers);
	packet->payload = kept.rest;
}

/* What was live ends, and packet time starts anew: forwards or backwards. */
static OUT_OF_LINE void begin_epoch(struct pipeline *pipeline, nanotime now)
{
	take_waiting(pipeline);
	pipeline->at.number = pipeline->totals.frames;
	flow_table_end_all(pipeline->flows, FLOW_END_EPOCH);
	pipeline->at.now = now;
	teller_epoch(pipeline->teller, pipeline->at);
	pipeline->clock = now;
	pipeline->totals.epochs++;
}

/* The first frame, one that is earlier than another before it, or one after a long silence. */
static OUT_OF_LINE void follow_odd_time(struct pipeline *pipeline, nanotime now)
{
	struct pipeline_totals *totals = &pipeline->totals;

	if (pipeline->clock == NO_CLOCK) {
		totals->first = now;
		pipeline->clock = now;
		return;
	}
	totals->last = pipeline->clock > totals->last ? pipeline->clock : totals->last;
	totals->first = now < totals->first ? now : totals->first;
	if (nanotime_between(pipeline->clock, now) > epoch_jump ||
	    nanotime_between(now, pipeline->clock) > epoch_jump)
		begin_epoch(pipeline, now);
}

static inline void advance(struct pipeline *pipeline, nanotime now)
{
	if (now - pipeline->clock <= epoch_jump)
		pipeline->clock = now;
	else
		follow_odd_time(pipeline, now);
}

static OUT_OF_LINE void take_link(struct pipeline *pipeline, const struct packet *packet)
{
	take_waiting(pipeline);
	pipeline->at = (struct teller_place){ packet->number, packet->time };
	flow_table_advance(pipeline->flows, packet->time);
	teller_link(pipeline->teller, packet);
}

/*
 * Small packets wait for one another, so that the memory of their flows is fetched together. A
 * large one would cost more to copy than that saves: the ones before it go first, then it goes.
 */
static inline void take_ip(struct pipeline *pipeline, struct waiting *w)
{
	struct packet *packet = &w->packet;
	bool is_large = packet->payload_len > 0 && packet->ip.len > KEPT_MAX;

	w->hash = is_large ? flow_table_hash_again(pipeline->flows, &packet->key)
			   : flow_table_hash(pipeline->flows, &packet->key);
	if (duplicate_filter_seen(pipeline->duplicates, w->hash, packet)) {
		pipeline->totals.duplicates++;
		return;
	}
	if (is_large) {
		if (pipeline->waiting_count > 0)
			take_waiting(pipeline);
		take_packet(pipeline, packet, w->hash);
		return;
	}
	keep_bytes(w);
	if (++pipeline->waiting_count >= pipeline->batch)
		take_waiting(pipeline);
}

/* A frame_take_fn. It is decoded to where it would wait: there is always room for one more. */
static void take_frame(void *arg, const struct frame *frame)
{
	struct pipeline *pipeline = arg;
	struct pipeline_totals *totals = &pipeline->totals;
	struct waiting *w;

	totals->frames++;
	totals->bytes += frame->wire_len;
	advance(pipeline, frame->time);
	w = &pipeline->waiting[pipeline->waiting_count];
	if (decoder_decode(pipeline->decoder, frame, totals->frames, &w->packet) != DECODE_OK)
		return;
	w->packet.time = pipeline->clock;
	if (w->packet.kind != PACKET_IP)
		take_link(pipeline, &w->packet);
	else
		take_ip(pipeline, w);
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
	struct pipeline_totals *totals = &pipeline->totals;
	pthread_t judge;

	if (has_judge_thread && pthread_create(&judge, NULL, judge_thread, pipeline->lanes) != 0)
		return ERR_MEMORY;
	while (capture_set_read(captures, PROGRESS_EVERY, take_frame, pipeline)) {
		if (progress)
			progress(progress_arg, totals->frames, capture_set_progress(captures));
	}
	totals->times_clamped = capture_set_clamped_times(captures);
	if (pipeline->clock == NO_CLOCK)
		pipeline->clock = 0;
	totals->last = pipeline->clock > totals->last ? pipeline->clock : totals->last;
	take_waiting(pipeline);
	pipeline->at = (struct teller_place){ totals->frames, pipeline->clock };
	flow_table_end_all(pipeline->flows, FLOW_END_CAPTURE);
	teller_finish(pipeline->teller, pipeline->at);
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
	totals.packets = totals.decode.count[DECODE_OK];
	totals.flows = flow_table_stats(pipeline->flows);
	totals.lanes = lanes_stats(pipeline->lanes);
	return totals;
}
