#include "sensor/app/pipeline_inside.h"

#include "sensor/base/out_of_line.h"

#include <assert.h>
#include <string.h>

static const nanotime epoch_jump = NANOTIME_HOUR;

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
OUT_OF_LINE void pipeline_take_waiting(struct pipeline *pipeline)
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

	assert(ip.len <= KEPT_MAX);
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
	if (pipeline->vantage)
		vantage_release_all(pipeline->vantage);
	pipeline_take_waiting(pipeline);
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
	pipeline_take_waiting(pipeline);
	pipeline->at = (struct teller_place){ packet->number, packet->time };
	flow_table_advance(pipeline->flows, packet->time);
	teller_link(pipeline->teller, packet);
}

/* `packet` is NULL for a frame that decode refused, `frame` for a packet noted before. */
static inline void note_health(struct pipeline *pipeline, const struct frame *frame,
			       const struct packet *packet)
{
	if (pipeline->setup.health && frame)
		health_frame(pipeline->setup.health, frame, packet);
}

/*
 * Small packets wait for one another, so that the memory of their flows is fetched together. A
 * large one would cost more to copy than that saves: the ones before it go first, then it goes.
 */
static inline void take_ip(struct pipeline *pipeline, const struct frame *frame, struct waiting *w)
{
	struct packet *packet = &w->packet;
	bool is_large =
		packet->ip.len > KEPT_MAX && (packet->payload_len > 0 || is_opening(packet));

	w->hash = is_large ? flow_table_hash_again(pipeline->flows, &packet->key)
			   : flow_table_hash(pipeline->flows, &packet->key);
	if (duplicate_filter_seen(pipeline->duplicates, w->hash, packet)) {
		pipeline->totals.duplicates++;
		if (pipeline->setup.health && frame)
			health_copy(pipeline->setup.health, frame, packet);
		return;
	}
	note_health(pipeline, frame, packet);
	if (is_large) {
		if (pipeline->waiting_count > 0)
			pipeline_take_waiting(pipeline);
		take_packet(pipeline, packet, w->hash);
		return;
	}
	keep_bytes(w);
	if (++pipeline->waiting_count >= pipeline->batch)
		pipeline_take_waiting(pipeline);
}

/*
 * A packet that had to wait outside until it could be told from one inside, with the time when that
 * was told: the clock may have stood before it.
 */
OUT_OF_LINE void pipeline_take_late(void *arg, const struct packet *packet)
{
	struct pipeline *pipeline = arg;
	struct waiting *w = &pipeline->waiting[pipeline->waiting_count];

	if (packet->time > pipeline->clock)
		pipeline->clock = packet->time;
	w->packet = *packet;
	take_ip(pipeline, NULL, w);
}

/* Where the packet waits that is in `w`, NULL when it is not to be judged. */
static OUT_OF_LINE struct waiting *admitted(struct pipeline *pipeline, const struct frame *frame,
					    const struct waiting *w)
{
	struct packet packet = w->packet; /* what is released takes its place */
	struct waiting *now_there;

	if (!vantage_admits(pipeline->vantage, frame->interface, &packet)) {
		note_health(pipeline, frame, &packet);
		return NULL;
	}
	now_there = &pipeline->waiting[pipeline->waiting_count];
	now_there->packet = packet;
	return now_there;
}

/* It is decoded to where it would wait: there is always room for one more. */
void pipeline_take(void *arg, const struct frame *frame)
{
	struct pipeline *pipeline = arg;
	struct pipeline_totals *totals = &pipeline->totals;
	struct waiting *w;

	totals->frames++;
	totals->bytes += frame->wire_len;
	advance(pipeline, frame->time);
	w = &pipeline->waiting[pipeline->waiting_count];
	if (decoder_decode(pipeline->decoder, frame, totals->frames, &w->packet) != DECODE_OK) {
		note_health(pipeline, frame, NULL);
		return;
	}
	w->packet.time = pipeline->clock;
	if (pipeline->vantage) {
		w = admitted(pipeline, frame, w);
		if (!w)
			return;
	}
	if (w->packet.kind == PACKET_IP) {
		take_ip(pipeline, frame, w);
		return;
	}
	note_health(pipeline, frame, &w->packet);
	take_link(pipeline, &w->packet);
}

nanotime pipeline_latest(const struct pipeline *pipeline)
{
	if (pipeline->clock == NO_CLOCK)
		return 0;
	return pipeline->clock == pipeline->idle_until ? pipeline->latest : pipeline->clock;
}

void pipeline_pass_time(struct pipeline *pipeline, nanotime now)
{
	if (pipeline->clock == NO_CLOCK || now <= pipeline->clock)
		return;
	if (pipeline->vantage)
		vantage_pass_time(pipeline->vantage, now);
	pipeline_take_waiting(pipeline);
	pipeline->latest = pipeline_latest(pipeline);
	advance(pipeline, now);
	pipeline->idle_until = pipeline->clock;
	pipeline->at = (struct teller_place){ pipeline->totals.frames, pipeline->clock };
	flow_table_advance(pipeline->flows, pipeline->clock);
}
