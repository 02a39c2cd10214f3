#include "sensor/detect/beacon.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/beacon_pair.h"
#include "sensor/detect/service_port.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/rented_names.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const double prior = 0.2; /* confidence in a passed rhythm test with nothing else known */

/* Shorter than judge.case_quiet. */
static const nanotime tell_again_after = 12 * NANOTIME_HOUR;

/*
 * How much more often each is seen with remote control than with a program of the office. A timer
 * alone proves nothing: most programs that ask a server at fixed times are harmless.
 */
static const double times_for_many = 1.25;
static const double times_for_same_size = 1.25;
static const double times_for_jitter = 3.25;
static const double times_for_no_name = 1.25; /* it may have been looked up before we watched */
static const double times_for_odd_port = 2;
static const double times_for_unknown_protocol = 2;
static const double times_for_ordinary_place = 0.75; /* inside, or by datagrams */
static const double times_for_upload = 1.25;         /* odd_http weighs how it is done */
static const double times_for_rented = 2; /* people's own machines have such names, too */
/* What stays connected says now and then that it is there: in its rhythm is no call. */
static const double times_for_keep_alive = 0.05;

struct beacon {
	const struct beacon_config *config;
	nanotime silence;
	struct lru_map *pairs;
	struct lru_map *destinations;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct beacon *self = state;
	uint32_t pairs = (uint32_t)setup->config->detect.beacon.pairs;
	enum err err;

	self->config = &setup->config->detect.beacon;
	self->silence = setup->config->flow.check_in_silence;
	err = lru_map_new(&self->pairs, pairs, sizeof(struct place_key), sizeof(struct pair));
	if (err != ERR_OK)
		return err;
	lru_map_clear_only(self->pairs, PAIR_HEAD);
	return lru_map_new(&self->destinations, pairs, sizeof(struct destination_key),
			   sizeof(struct destination));
}

static void stop(void *state)
{
	struct beacon *self = state;

	lru_map_free(self->pairs);
	lru_map_free(self->destinations);
}

static struct destination *destination_of(struct beacon *self, const struct place_key *pair)
{
	struct destination_key key = { .port = pair->port, .by_name = pair->by_name };
	bool is_new;

	memcpy(key.peer, pair->peer, sizeof(key.peer));
	return lru_map_touch(self->destinations, &key, &is_new);
}

static bool measure(const struct pair *pair, struct rhythm *out)
{
	size_t sizes = pair->check_ins < PAIR_HISTORY ? (size_t)pair->check_ins : PAIR_HISTORY;
	size_t intervals =
		pair->check_ins - 1 < PAIR_HISTORY ? (size_t)(pair->check_ins - 1) : PAIR_HISTORY;

	return rhythm_measure(pair->intervals_ms, intervals, pair->sizes, sizes, out);
}

/* A strict rhythm needs fewer check-ins; `*option` sets how many. */
static uint64_t check_ins_needed(const struct beacon_config *config, const struct rhythm *r,
				 const char **option)
{
	bool is_slow = r->period * (double)NANOTIME_SECOND >= (double)config->long_period;

	if (r->spread <= config->spread_clockwork) {
		*option = "beacon.check_ins_clockwork";
		return config->check_ins_clockwork;
	}
	if (r->spread <= config->spread_exact) {
		*option = "beacon.check_ins_exact";
		return config->check_ins_exact;
	}
	if (r->spread <= config->spread_strict || is_slow) {
		*option = "beacon.check_ins_strict";
		return config->check_ins_strict;
	}
	*option = "beacon.check_ins";
	return config->check_ins;
}

/* A line that breaks now and then is still one. */
static bool is_kept_open(const struct pair *pair)
{
	enum { CHECK_INS_OF_A_LINE = 64 };

	return pair->connections <= 1 + pair->check_ins / CHECK_INS_OF_A_LINE;
}

/*
 * What speaks for a stranger's server rather than a service: each weighs a little. Inside the
 * office a missing name or an odd port means nothing, and regular traffic is the rule: printers,
 * cameras, monitoring. Datagrams keep connections alive for games, calls and VPNs everywhere.
 */
static void weigh(struct signal *s, const struct place_key *key, const struct pair *pair,
		  const struct rhythm *r)
{
	bool is_outside = pair->direction == DIRECTION_OUTBOUND;
	bool is_stream = key->protocol == IP_TCP;

	s->confidence = prior;
	if (!is_outside || !is_stream)
		s->confidence = signal_weigh(s->confidence, times_for_ordinary_place);
	if (r->intervals >= PAIR_HISTORY / 2)
		s->confidence = signal_weigh(s->confidence, times_for_many);
	if (r->same_size >= 0.9)
		s->confidence = signal_weigh(s->confidence, times_for_same_size);
	if (rhythm_is_jittered(r))
		signal_evidence(s, REASON_JITTER, r->spread, times_for_jitter);
	if (is_outside && !key->by_name && pair->lookup_missed)
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_name);
	if (is_outside && is_stream && !port_is(key->port, PORT_USUAL))
		signal_evidence(s, REASON_ODD_PORT, key->port, times_for_odd_port);
	if (is_stream && strcmp(pair->application, "Unknown") == 0)
		signal_evidence(s, REASON_UNKNOWN_PROTOCOL, 1, times_for_unknown_protocol);
	if (is_outside && is_stream && is_kept_open(pair))
		signal_evidence(s, REASON_ONE_LINE,
				(double)pair->check_ins / fmax(1, (double)pair->connections),
				times_for_keep_alive);
	if (pair->is_plain_upload)
		signal_evidence(s, REASON_PLAIN_UPLOAD, 1, times_for_upload);
	if (is_outside && key->by_name && rented_is(pair->name, RENTED_SERVERS))
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
}

static void describe(struct signal *s, const struct place_key *key, const struct pair *pair)
{
	place_describe(&s->object, &pair->flows[pair->flow_count - 1].flow,
		       key->by_name ? pair->name : "", (enum host_source)pair->name_from);
	memcpy(s->object.application, pair->application, sizeof(pair->application));
	signal_show_flows(s, pair->flows, pair->flow_count);
}

static enum outcome outcome_of(const struct pair *pair)
{
	if (pair->has_data_down)
		return OUTCOME_DATA;
	return pair->is_answered ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT;
}

static void judge(struct beacon *self, const struct place_key *key, struct pair *pair,
		  bool is_at_end, struct signal_sink *sink)
{
	const struct beacon_config *c = self->config;
	const char *option;
	struct rhythm r;

	pair->judged_when = pair->last_check_in;
	if (nanotime_between(pair->first, pair->last_check_in) < c->watched || !measure(pair, &r))
		return;

	uint64_t needed = check_ins_needed(c, &r, &option);

	if (pair->check_ins < needed)
		return;
	if (r.spread > c->spread || r.tails > c->tails || r.same_size < c->same_size ||
	    r.score < c->score)
		return;

	struct signal s = { .kind = SIGNAL_BEACON,
			    .direction = pair->direction,
			    .outcome = (uint8_t)outcome_of(pair),
			    .device = key->device,
			    .first = pair->first,
			    .last = pair->last_check_in,
			    .count = pair->check_ins };

	signal_tell(&s, REASON_PERIOD, r.period);
	signal_condition(&s, REASON_CHECK_INS, (double)pair->check_ins, COMPARE_AT_LEAST,
			 (double)needed, option);
	signal_condition(&s, REASON_SPREAD, r.spread, COMPARE_AT_MOST, c->spread, "beacon.spread");
	signal_condition(&s, REASON_TAILS, r.tails, COMPARE_AT_MOST, c->tails, "beacon.tails");
	signal_condition(&s, REASON_SAME_SIZE, r.same_size, COMPARE_AT_LEAST, c->same_size,
			 "beacon.same_size");
	signal_condition(&s, REASON_SCORE, r.score, COMPARE_AT_LEAST, c->score, "beacon.score");
	weigh(&s, key, pair, &r);
	uint32_t devices = destination_of(self, key)->device_count;

	signal_tell(&s, REASON_DEVICES, devices);
	describe(&s, key, pair);
	if (!is_at_end && pair->told_at > 0 && pair->check_ins < 2 * pair->told_at &&
	    s.confidence <= pair->told && devices <= pair->told_devices &&
	    nanotime_between(pair->told_when, pair->last_check_in) <= tell_again_after)
		return;
	pair->told_at = pair->check_ins;
	pair->told = s.confidence;
	pair->told_devices = devices;
	pair->told_when = pair->last_check_in;
	sink->emit(sink, &s);
}

/*
 * A few times, on check-ins that were not judged before: who asks often enough is answered by
 * chance. A slow beacon keeps its case awake.
 */
static bool is_due(const struct beacon_config *c, const struct pair *pair, nanotime now)
{
	enum { SLOW_STEP = PAIR_HISTORY / 16 };
	uint64_t n = pair->check_ins;

	if (n == c->check_ins_clockwork || n == c->check_ins_exact || n == c->check_ins_strict ||
	    n == c->check_ins)
		return true;
	if (n > c->check_ins && n < PAIR_HISTORY)
		return n % SLOW_STEP == 0;
	return (n >= PAIR_HISTORY && (n & (n - 1)) == 0) ||
	       (pair->told_at > 0 && nanotime_between(pair->judged_when, now) > tell_again_after);
}

static void check_in(struct beacon *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct place_key key = place_key_of(seen, seen->peer_name);
	bool is_new;
	struct pair *pair = lru_map_touch(self->pairs, &key, &is_new);

	if (nanotime_went_back(pair->last_heard, fact->time)) {
		memset(pair, 0, PAIR_HEAD);
		is_new = true;
	}

	nanotime since = nanotime_between(pair->last_heard, fact->time);

	destination_note(destination_of(self, &key), key.device);
	pair->last_heard = fact->time > pair->last_heard ? fact->time : pair->last_heard;
	signal_keep_flow(pair->flows, &pair->flow_count, fact);
	if (fact->check_in.names.protocol[0] != '\0')
		memcpy(pair->application, fact->check_in.names.protocol, sizeof(pair->application));
	pair->direction = (uint8_t)seen->direction;
	pair->lookup_missed = seen->dns_seen && !fact->flow.is_midstream;
	pair->is_answered |= fact->check_in.is_answered;
	pair->has_data_down |= fact->check_in.has_data_down;
	pair->is_plain_upload |= fact->check_in.names.is_upload;
	if (!is_new && since < self->silence)
		return; /* another connection of the same check-in */

	if (is_new) {
		pair->first = fact->time;
		text_host_copy(seen->peer_name, pair->name, sizeof(pair->name));
		pair->name_from = seen->peer_name_from;
	} else {
		uint64_t gap =
			nanotime_between(pair->last_check_in, fact->time) / NANOTIME_MILLISECOND;

		pair->intervals_ms[(pair->check_ins - 1) % PAIR_HISTORY] =
			gap > UINT32_MAX ? UINT32_MAX : (uint32_t)gap;
	}
	pair->sizes[pair->check_ins % PAIR_HISTORY] = fact->check_in.payload_len;
	pair->last_check_in = fact->time;
	pair->check_ins++;
	pair->connections += fact->check_in.is_first;
	if (is_due(self->config, pair, fact->time))
		judge(self, &key, pair, false, sink);
}

static void flow_ended(struct beacon *self, const struct observation *seen)
{
	struct place_key key = place_key_of(seen, seen->peer_name);
	struct pair *pair = lru_map_find(self->pairs, &key);

	if (!pair && key.by_name) { /* named only after it had checked in */
		key = place_key_of(seen, "");
		pair = lru_map_find(self->pairs, &key);
	}
	if (!pair)
		return;
	lru_map_renew(self->pairs, pair);
	(void)signal_end_flow(pair->flows, pair->flow_count, seen->fact);
	pair->is_answered |= seen->fact->ended.is_answered;
	pair->has_data_down |= seen->fact->ended.has_data_down;
	if (seen->fact->ended.names.protocol[0] != '\0' && !seen->fact->ended.names.is_guess)
		memcpy(pair->application, seen->fact->ended.names.protocol,
		       sizeof(pair->application));
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct beacon *self = state;

	/* Group addresses and inbound contacts are nobody's reports. */
	if (seen->device == 0 || seen->is_group || seen->direction == DIRECTION_INBOUND ||
	    seen->direction == DIRECTION_UNKNOWN)
		return;
	if (seen->fact->kind == FACT_CHECK_IN)
		check_in(self, seen, sink);
	else if (seen->fact->kind == FACT_FLOW_ENDED)
		flow_ended(self, seen);
}

static void finish(void *state, struct signal_sink *sink)
{
	struct beacon *self = state;
	struct pair *pair = NULL;
	const void *key;

	while ((pair = lru_map_next(self->pairs, pair, &key))) {
		/* Also without new check-ins: by now others may be known to do the same. */
		if (pair->told_at > 0)
			judge(self, key, pair, true, sink);
	}
}

static const struct kept_table kept[] = {
	{ .name = "beacon.pairs",
	  .version = 3,
	  .at = offsetof(struct beacon, pairs),
	  .tidy = pair_tidy,
	  .is_sound = pair_is_sound },
	{ .name = "beacon.destinations",
	  .version = 1,
	  .at = offsetof(struct beacon, destinations),
	  .is_sound = destination_is_sound },
	{ 0 },
};

const struct detector detector_beacon = {
	.name = "beacon",
	.finds = "A device that reports to the same outside place at regular times.",
	.sees = DETECTOR_SEES(FACT_CHECK_IN) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct beacon),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
