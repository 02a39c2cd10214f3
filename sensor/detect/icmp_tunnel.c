#include "sensor/detect/icmp_tunnel.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/strength.h"

#include <stddef.h>
#include <string.h>

enum { LARGE_BYTES = 128, STEADY_BYTES = 8 };

/*
 * Pings of which nothing but that they are there is known are a tunnel once in 25 times. An answer
 * that differs breaks RFC 792; sizes differ where somebody tries out how long a packet may be.
 */
static const double prior = 0.04;
static const double times_for_altered = 10;
static const double times_for_reused = 10;
static const double times_for_data = 4;
static const double times_for_sizes = 3;
static const double times_for_large = 1.5;
/* Ping fills all its packets alike. */
static const double times_for_different = 8;
/* Within an office somebody tries out such programs, or measures. */
static const double times_inside = 0.15;

/* Two hosts that ping, whichever of them asks. */
struct echo_pair {
	nanotime first;
	nanotime last;
	uint64_t least_bytes; /* of payload */
	uint64_t most_bytes;
	uint32_t altered; /* flows in which it was seen */
	uint32_t reused;
	uint32_t with_data;
	uint32_t count;     /* of pings that were told */
	uint32_t different; /* requests that carried other data than the one before */
	uint32_t spare;
	struct strength told;
	bool is_answered;
	uint8_t flow_count;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct icmp_tunnel {
	const struct icmp_tunnel_config *config;
	struct lru_map *pairs; /* struct server_key → struct echo_pair */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct icmp_tunnel *self = state;

	self->config = &setup->config->detect.icmp_tunnel;
	return lru_map_new(&self->pairs, (uint32_t)self->config->pairs, sizeof(struct server_key),
			   sizeof(struct echo_pair));
}

static void stop(void *state)
{
	struct icmp_tunnel *self = state;

	lru_map_free(self->pairs);
}

/* Of the two devices of an office the one that asked first: the other one's questions count there.
 */
static struct server_key key_of(struct icmp_tunnel *self, const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	bool is_inbound = seen->direction == DIRECTION_INBOUND;
	struct server_key key = { .device = seen->device,
				  .protocol = flow->protocol,
				  .address = is_inbound ? flow->client : flow->server };
	const struct server_key other = { .device = seen->peer_device,
					  .protocol = flow->protocol,
					  .address = flow->client };

	if (seen->peer_device != 0 && lru_map_find(self->pairs, &other))
		return other;
	return key;
}

static void count(struct echo_pair *pair, const struct fact *fact)
{
	const struct attributes *said = &fact->message.said;
	uint64_t bytes = attributes_number(said, ATTRIBUTE_PAYLOAD_BYTES, 0);

	pair->least_bytes =
		pair->count == 0 || bytes < pair->least_bytes ? bytes : pair->least_bytes;
	pair->most_bytes = bytes > pair->most_bytes ? bytes : pair->most_bytes;
	pair->count += pair->count < UINT32_MAX;
	pair->altered += pair->altered < UINT32_MAX && attributes_has(said, ATTRIBUTE_ALTERED);
	pair->reused += pair->reused < UINT32_MAX && attributes_has(said, ATTRIBUTE_REUSED);
	pair->with_data += pair->with_data < UINT32_MAX && attributes_has(said, ATTRIBUTE_CARRIES);
	if (attributes_number(said, ATTRIBUTE_DIFFERENT, 0) > pair->different)
		pair->different = (uint32_t)attributes_number(said, ATTRIBUTE_DIFFERENT, 0);
	pair->is_answered |= !fact->message.is_from_client;
	pair->last = fact->time > pair->last ? fact->time : pair->last;
	signal_keep_flow(pair->flows, &pair->flow_count, fact);
}

static void describe(struct signal *s, const struct server_key *key, const struct echo_pair *pair,
		     const struct observation *seen)
{
	s->device = key->device;
	s->direction = (uint8_t)seen->direction;
	s->object.kind = OBJECT_ADDRESS;
	s->object.has_address = true;
	s->object.address = key->address;
	s->object.protocol = key->protocol;
	address_text(&key->address, s->object.text);
	memcpy(s->object.application, "ICMP", sizeof("ICMP"));
	signal_show_flows(s, pair->flows, pair->flow_count);
}

static void judge(const struct icmp_tunnel_config *c, const struct server_key *key,
		  struct echo_pair *pair, const struct observation *seen, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_ICMP_TUNNEL,
			    .confidence = prior,
			    .first = pair->first,
			    .last = pair->last,
			    .count = pair->count,
			    .outcome = pair->is_answered ? OUTCOME_DATA : OUTCOME_ATTEMPT };
	bool is_odd = pair->altered > 0 || pair->reused > 0 || pair->with_data > 0;

	if (!is_odd || pair->most_bytes < c->bytes)
		return;
	signal_condition(&s, REASON_PING_BYTES, (double)pair->most_bytes, COMPARE_AT_LEAST,
			 (double)c->bytes, "icmp_tunnel.bytes");
	if (pair->altered > 0)
		signal_evidence(&s, REASON_PINGS_ALTERED, pair->altered, times_for_altered);
	if (pair->reused > 0)
		signal_evidence(&s, REASON_PINGS_REUSED, pair->reused, times_for_reused);
	if (pair->with_data > 0)
		signal_evidence(&s, REASON_PINGS_CARRY, pair->with_data, times_for_data);
	if (pair->different > 0)
		signal_evidence(&s, REASON_PINGS_DIFFER, pair->different, times_for_different);
	if (pair->most_bytes > pair->least_bytes + STEADY_BYTES)
		signal_evidence(&s, REASON_PING_SIZES,
				(double)(pair->most_bytes - pair->least_bytes), times_for_sizes);
	if (seen->direction == DIRECTION_LATERAL)
		s.confidence = signal_weigh(s.confidence, times_inside);
	if (pair->most_bytes >= LARGE_BYTES)
		s.confidence = signal_weigh(s.confidence, times_for_large);
	describe(&s, key, pair, seen);
	if (strength_is_news(&pair->told, s.confidence, seen->fact->time))
		sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct icmp_tunnel *self = state;
	const struct fact *fact = seen->fact;
	struct server_key key;
	struct echo_pair *pair;
	bool is_new;

	if (fact->message.message != MESSAGE_ICMP_ECHO || seen->device == 0 || seen->is_group ||
	    seen->direction == DIRECTION_UNKNOWN)
		return;
	key = key_of(self, seen);
	pair = lru_map_touch(self->pairs, &key, &is_new);
	if (is_new || nanotime_went_back(pair->last, fact->time))
		*pair = (struct echo_pair){ .first = fact->time };
	count(pair, fact);
	judge(self->config, &key, pair, seen, sink);
}

static bool is_pair_sound(const void *key, const void *value)
{
	const struct server_key *k = key;
	const struct echo_pair *pair = value;

	return k->device != 0 && k->spare == 0 && k->port == 0 && pair->count > 0 &&
	       pair->least_bytes <= pair->most_bytes && pair->most_bytes <= UINT16_MAX &&
	       strength_is_sound(&pair->told) && kept_are_flags(&pair->is_answered, 1) &&
	       pair->flow_count > 0 && signal_flows_are_sound(pair->flows, pair->flow_count);
}

static void tidy_pair(void *value)
{
	struct echo_pair *pair = value;

	signal_tidy_flows(pair->flows, pair->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "icmp_tunnel.pairs",
	  .version = 2,
	  .at = offsetof(struct icmp_tunnel, pairs),
	  .tidy = tidy_pair,
	  .is_sound = is_pair_sound },
	{ 0 },
};

const struct detector detector_icmp_tunnel = {
	.name = "icmp_tunnel",
	.finds = "Pings that carry data.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct icmp_tunnel),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
