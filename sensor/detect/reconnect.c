#include "sensor/detect/reconnect.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/strength.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
	PACES_KEPT = 16,
	MANY = 24, /* no person goes on so long: two programs at a time have no rhythm */
	PERSISTENT = 100,
};

/*
 * Programs that retry a dead server for ever are not rare, but most have its name from a vendor,
 * and wait longer each time. No device of 316 harmless captures met the conditions.
 */
static const double prior = 0.05;
static const double times_for_many = 2; /* twice, where it is very many */
static const double times_for_hours = 1.5;
static const double times_for_unknown = 2;

struct tries {
	nanotime first;
	nanotime last; /* start of the latest try */
	uint32_t count;
	uint32_t failed;
	uint32_t paces_ms[PACES_KEPT]; /* between the latest tries */
	bool is_answered;
	bool is_refused;
	uint8_t flow_count;
	struct strength told;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct reconnect {
	const struct reconnect_config *config;
	struct lru_map *tries; /* struct server_key → struct tries */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct reconnect *self = state;

	self->config = &setup->config->detect.reconnect;
	return lru_map_new(&self->tries, (uint32_t)self->config->places, sizeof(struct server_key),
			   sizeof(struct tries));
}

static void stop(void *state)
{
	struct reconnect *self = state;

	lru_map_free(self->tries);
}

static size_t paces_of(const struct tries *tries)
{
	return tries->count - 1 < PACES_KEPT ? tries->count - 1 : PACES_KEPT;
}

/* Seconds between tries, and how much that varies. */
static double pace_of(const struct tries *tries, double *spread)
{
	double paces[PACES_KEPT];
	size_t count = paces_of(tries);
	double median;

	for (size_t i = 0; i < count; i++)
		paces[i] = tries->paces_ms[i];
	median = quantile(paces, count, 0.5);
	*spread = median > 0 ? deviation(paces, count, median) / median : INFINITY;
	return median / 1000;
}

static void add_try(struct tries *tries, const struct fact *fact)
{
	const struct fact_ended *ended = &fact->ended;
	nanotime gap = nanotime_between(tries->last, fact->flow.first) / NANOTIME_MILLISECOND;

	if (tries->count > 0)
		tries->paces_ms[(tries->count - 1) % PACES_KEPT] =
			gap < UINT32_MAX ? (uint32_t)gap : UINT32_MAX;
	tries->last = fact->flow.first > tries->last ? fact->flow.first : tries->last;
	if (tries->count < UINT32_MAX)
		tries->count++;
	tries->failed += tries->failed < UINT32_MAX && !ended->has_data_down;
	tries->is_answered |= ended->is_answered;
	tries->is_refused |= ended->is_refused;
	signal_keep_flow(tries->flows, &tries->flow_count, fact);
}

static enum outcome outcome_of(const struct tries *tries)
{
	if (tries->is_answered)
		return OUTCOME_ANSWERED;
	return tries->is_refused ? OUTCOME_REFUSED : OUTCOME_ATTEMPT;
}

static void judge(const struct reconnect_config *c, const struct observation *seen,
		  struct tries *tries, struct signal_sink *sink)
{
	double failed = (double)tries->failed / tries->count;
	nanotime span = nanotime_between(tries->first, tries->last);
	struct signal s = { .kind = SIGNAL_RECONNECT,
			    .confidence = prior,
			    .first = tries->first,
			    .last = tries->last,
			    .count = tries->count,
			    .outcome = (uint8_t)outcome_of(tries) };
	double spread;
	double pace;

	if (tries->count < c->tries || failed < c->failed || span < c->watched)
		return;
	pace = pace_of(tries, &spread);
	if (spread > c->spread && tries->count < MANY)
		return;
	signal_condition(&s, REASON_CONNECTIONS, tries->count, COMPARE_AT_LEAST, (double)c->tries,
			 "reconnect.tries");
	signal_condition(&s, REASON_FAILED, failed, COMPARE_AT_LEAST, c->failed,
			 "reconnect.failed");
	if (tries->count < MANY)
		signal_condition(&s, REASON_SPREAD, spread, COMPARE_AT_MOST, c->spread,
				 "reconnect.spread");
	signal_condition(&s, REASON_WINDOW, nanotime_seconds(span), COMPARE_AT_LEAST,
			 nanotime_seconds(c->watched), "reconnect.watched");
	signal_tell(&s, REASON_PERIOD, pace);
	server_weigh(&s, seen);
	if (tries->count >= MANY)
		s.confidence = signal_weigh(s.confidence, times_for_many);
	if (tries->count >= PERSISTENT)
		s.confidence = signal_weigh(s.confidence, times_for_many);
	if (span >= NANOTIME_HOUR)
		s.confidence = signal_weigh(s.confidence, times_for_hours);
	if (seen->fact->ended.payload_packets > 0 &&
	    server_speaks_unknown(&seen->fact->ended.names))
		signal_evidence(&s, REASON_UNKNOWN_PROTOCOL, 1, times_for_unknown);
	signal_show_flows(&s, tries->flows, tries->flow_count);
	server_describe(&s, seen);
	if (strength_is_news(&tries->told, s.confidence, seen->fact->time))
		sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct reconnect *self = state;
	const struct fact *fact = seen->fact;
	struct server_key key;
	struct tries *tries;
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || seen->is_group ||
	    fact->flow.protocol != IP_TCP || fact->flow.is_midstream)
		return;
	key = server_key_of(seen);
	/* A server that gives something is not remembered for it: nearly all do. */
	tries = fact->ended.has_data_down ? lru_map_find(self->tries, &key)
					  : lru_map_touch(self->tries, &key, &is_new);
	if (!tries)
		return;
	if (tries->count == 0 || nanotime_went_back(tries->last, fact->time))
		*tries = (struct tries){ .first = fact->flow.first, .last = fact->flow.first };
	if (fact->ended.has_data_down)
		lru_map_renew(self->tries, tries);
	add_try(tries, fact);
	judge(self->config, seen, tries, sink);
}

static bool are_tries_sound(const void *key, const void *value)
{
	const struct server_key *k = key;
	const struct tries *tries = value;

	return k->device != 0 && k->spare == 0 && tries->count > 0 &&
	       tries->failed <= tries->count && kept_are_flags(&tries->is_answered, 1) &&
	       kept_are_flags(&tries->is_refused, 1) && strength_is_sound(&tries->told) &&
	       tries->flow_count > 0 && signal_flows_are_sound(tries->flows, tries->flow_count);
}

static void tidy_tries(void *value)
{
	struct tries *tries = value;
	size_t paces = paces_of(tries);

	memset(tries->paces_ms + paces, 0, (PACES_KEPT - paces) * sizeof(tries->paces_ms[0]));
	signal_tidy_flows(tries->flows, tries->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "reconnect.tries",
	  .version = 1,
	  .at = offsetof(struct reconnect, tries),
	  .tidy = tidy_tries,
	  .is_sound = are_tries_sound },
	{ 0 },
};

const struct detector detector_reconnect = {
	.name = "reconnect",
	.finds = "A device that tries the same outside server again and again in vain.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct reconnect),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
