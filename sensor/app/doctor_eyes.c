#include "sensor/app/doctor_eyes.h"

#include "sensor/decode/decode.h"
#include "sensor/flow/duplicate_filter.h"
#include "sensor/flow/flow_table.h"
#include "sensor/health/health.h"

#include <stdlib.h>
#include <sys/random.h>

static const nanotime epoch_jump = NANOTIME_HOUR;

struct doctor_eyes {
	struct decoder *decoder;
	struct duplicate_filter *duplicates;
	struct flow_table *flows;
	struct health *health;
	struct doctor_sight sight;
};

/* A flow_ended_fn. */
static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	struct doctor_eyes *eyes = arg;

	(void)ref;
	(void)when;
	(void)reason;
	health_flow(eyes->health, flow);
}

enum err doctor_eyes_new(struct doctor_eyes **out, const struct config *config,
			 const struct mac *own, size_t own_count)
{
	struct doctor_eyes *eyes = calloc(1, sizeof(*eyes));
	struct hash_key key;
	enum err err;

	if (!eyes)
		return ERR_MEMORY;
	err = getrandom(&key, sizeof(key), 0) == (ssize_t)sizeof(key) ? ERR_OK : ERR_IO;
	if (err == ERR_OK)
		err = decoder_new(&eyes->decoder);
	if (err == ERR_OK)
		err = duplicate_filter_new(&eyes->duplicates);
	if (err == ERR_OK)
		err = flow_table_new(&eyes->flows, &config->flow, 0, &key, flow_ended, eyes);
	if (err == ERR_OK)
		err = health_new(&eyes->health, own, own_count);
	if (err != ERR_OK) {
		doctor_eyes_free(eyes);
		return err;
	}
	*out = eyes;
	return ERR_OK;
}

void doctor_eyes_free(struct doctor_eyes *eyes)
{
	if (!eyes)
		return;
	health_free(eyes->health);
	flow_table_free(eyes->flows);
	duplicate_filter_free(eyes->duplicates);
	decoder_free(eyes->decoder);
	free(eyes);
}

/* Packet time does not go back; a jump forward is another day, whose flows are others. */
static void advance(struct doctor_eyes *eyes, nanotime now)
{
	struct doctor_sight *sight = &eyes->sight;

	if (sight->frames++ == 0)
		sight->first = sight->last = now;
	if (nanotime_between(sight->last, now) > epoch_jump)
		flow_table_end_all(eyes->flows, FLOW_END_EPOCH);
	if (now > sight->last)
		sight->last = now;
}

void doctor_eyes_take(void *arg, const struct frame *frame)
{
	struct doctor_eyes *eyes = arg;
	struct packet packet;

	advance(eyes, frame->time);
	if (decoder_decode(eyes->decoder, frame, eyes->sight.frames, &packet) != DECODE_OK) {
		health_frame(eyes->health, frame, NULL);
		return;
	}
	packet.time = eyes->sight.last;
	if (packet.kind != PACKET_IP) {
		health_frame(eyes->health, frame, &packet);
		return;
	}

	uint64_t hash = flow_table_hash(eyes->flows, &packet.key);

	if (duplicate_filter_seen(eyes->duplicates, hash, &packet)) {
		health_copy(eyes->health, frame, &packet);
		return;
	}
	health_frame(eyes->health, frame, &packet);
	(void)flow_table_touch(eyes->flows, &packet, hash);
}

struct doctor_sight doctor_eyes_sight(const struct doctor_eyes *eyes)
{
	return eyes->sight;
}

void doctor_eyes_counts(const struct doctor_eyes *eyes, struct health_view *out)
{
	out->since = eyes->sight.first;
	out->now = eyes->sight.last;
	out->flows = health_flows(eyes->health);
	for (unsigned i = 0; i < INTERFACES_MAX; i++)
		health_counts(eyes->health, i, &out->counts[i]);
}

void doctor_eyes_finish(struct doctor_eyes *eyes, struct health_view *out)
{
	flow_table_end_all(eyes->flows, FLOW_END_CAPTURE);
	doctor_eyes_counts(eyes, out);
}
