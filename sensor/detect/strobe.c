#include "sensor/detect/strobe.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/strength.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { RECENT = 32, SIZE_SLACK_BYTES = 64 };

/*
 * A program in a loop that was not meant to be one, or whose maker did not think of keeping its
 * connection. Of 254 servers that harmless captures reach more than once a minute none is asked in
 * such a way for an hour (tools/measure/calls.py); but an office has its monitors.
 */
static const double prior = 0.1;
static const double times_for_even_pace = 1.5;
static const double times_for_unknown = 2;

static const double size_slack = 0.1; /* of the median */
static const double even_spread = 0.35;

struct bursts {
	nanotime since; /* of the window */
	nanotime last;  /* start of the latest connection */
	uint32_t count; /* since then */
	uint32_t failed;
	uint32_t paces_ms[RECENT]; /* between the latest ones */
	uint32_t sent[RECENT];     /* bytes, in the latest ones */
	struct strength told;
	struct signal_flow flow; /* the latest one */
};

struct strobe {
	const struct strobe_config *config;
	const struct reconnect_config *vain;
	struct lru_map *places; /* struct place_key → struct bursts */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct strobe *self = state;

	self->config = &setup->config->detect.strobe;
	self->vain = &setup->config->detect.reconnect;
	return lru_map_new(&self->places, (uint32_t)self->config->places, sizeof(struct place_key),
			   sizeof(struct bursts));
}

static void stop(void *state)
{
	struct strobe *self = state;

	lru_map_free(self->places);
}

static size_t kept_of(const struct bursts *bursts)
{
	return bursts->count < RECENT ? bursts->count : RECENT;
}

static double share_of_usual_size(const struct bursts *bursts)
{
	double sizes[RECENT];
	size_t count = kept_of(bursts);
	size_t usual = 0;
	double median;

	for (size_t i = 0; i < count; i++)
		sizes[i] = bursts->sent[i];
	median = quantile(sizes, count, 0.5);
	for (size_t i = 0; i < count; i++)
		usual += fabs(sizes[i] - median) <= fmax(SIZE_SLACK_BYTES, size_slack * median);
	return (double)usual / (double)count;
}

/* Seconds between connections, and how much that varies. */
static double pace_of(const struct bursts *bursts, double *spread)
{
	double paces[RECENT];
	size_t count = kept_of(bursts);
	double median;

	for (size_t i = 0; i < count; i++)
		paces[i] = bursts->paces_ms[i];
	median = quantile(paces, count, 0.5);
	*spread = median > 0 ? deviation(paces, count, median) / median : INFINITY;
	return median / 1000;
}

static void add(struct bursts *bursts, const struct fact *fact)
{
	nanotime gap = nanotime_between(bursts->last, fact->flow.first) / NANOTIME_MILLISECOND;
	size_t at = bursts->count % RECENT;
	uint8_t count = 0;

	bursts->paces_ms[at] = gap < UINT32_MAX ? (uint32_t)gap : UINT32_MAX;
	bursts->sent[at] =
		fact->ended.bytes_up < UINT32_MAX ? (uint32_t)fact->ended.bytes_up : UINT32_MAX;
	bursts->last = fact->flow.first > bursts->last ? fact->flow.first : bursts->last;
	bursts->count += bursts->count < UINT32_MAX;
	bursts->failed += bursts->failed < UINT32_MAX && !fact->ended.has_data_down;
	signal_keep_flow(&bursts->flow, &count, fact);
}

static void weigh(struct signal *s, const struct observation *seen, double spread)
{
	server_weigh(s, seen);
	if (spread <= even_spread)
		signal_evidence(s, REASON_SPREAD, spread, times_for_even_pace);
	if (server_speaks_unknown(&seen->fact->ended.names))
		signal_evidence(s, REASON_UNKNOWN_PROTOCOL, 1, times_for_unknown);
}

static void judge(const struct strobe *self, const struct observation *seen, struct bursts *bursts,
		  struct signal_sink *sink)
{
	const struct strobe_config *c = self->config;
	double failed = (double)bursts->failed / bursts->count;
	double same_size = share_of_usual_size(bursts);
	double spread;
	double pace = pace_of(bursts, &spread);
	struct signal s = { .kind = SIGNAL_STROBE,
			    .confidence = prior,
			    .first = bursts->since,
			    .last = bursts->last,
			    .count = bursts->count,
			    .outcome = seen->fact->ended.has_data_down ? OUTCOME_DATA
								       : OUTCOME_ANSWERED };

	/* What gives nothing is told by reconnect. */
	if (failed >= self->vain->failed || same_size < c->same_size)
		return;
	signal_condition(&s, REASON_CONNECTIONS, bursts->count, COMPARE_AT_LEAST,
			 (double)c->connections, "strobe.connections");
	signal_condition(&s, REASON_SAME_SIZE, same_size, COMPARE_AT_LEAST, c->same_size,
			 "strobe.same_size");
	signal_condition(&s, REASON_FAILED, failed, COMPARE_AT_MOST, self->vain->failed,
			 "reconnect.failed");
	signal_tell(&s, REASON_PERIOD, pace);
	weigh(&s, seen, spread);
	s.flows[s.flow_count++] = bursts->flow;
	server_describe(&s, seen);
	if (strength_is_news(&bursts->told, s.confidence, seen->fact->time))
		sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct strobe *self = state;
	const struct fact *fact = seen->fact;
	struct place_key key;
	struct bursts *bursts;
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || seen->is_group ||
	    fact->flow.protocol != IP_TCP || fact->flow.is_midstream)
		return;
	key = place_key_of(seen, seen->peer_name);
	bursts = lru_map_touch(self->places, &key, &is_new);
	if (is_new || nanotime_between(bursts->since, fact->flow.first) > self->config->window ||
	    nanotime_went_back(bursts->last, fact->flow.first))
		*bursts = (struct bursts){ .since = fact->flow.first,
					   .last = fact->flow.first,
					   .told = bursts->told };
	add(bursts, fact);
	/* Now and then: who is asked often enough is answered by chance. */
	if (bursts->count >= self->config->connections &&
	    (bursts->count - self->config->connections) % (4 * (uint64_t)RECENT) == 0)
		judge(self, seen, bursts, sink);
}

static bool are_bursts_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct bursts *bursts = value;

	return k->device != 0 && k->by_name <= 1 && bursts->count > 0 &&
	       bursts->failed <= bursts->count && strength_is_sound(&bursts->told) &&
	       signal_flows_are_sound(&bursts->flow, 1);
}

static void tidy_bursts(void *value)
{
	struct bursts *bursts = value;
	size_t kept = kept_of(bursts);

	memset(bursts->paces_ms + kept, 0, (RECENT - kept) * sizeof(bursts->paces_ms[0]));
	memset(bursts->sent + kept, 0, (RECENT - kept) * sizeof(bursts->sent[0]));
}

static const struct kept_table kept[] = {
	{ .name = "strobe.places",
	  .version = 1,
	  .at = offsetof(struct strobe, places),
	  .tidy = tidy_bursts,
	  .is_sound = are_bursts_sound },
	{ 0 },
};

const struct detector detector_strobe = {
	.name = "strobe",
	.finds = "A device that connects to one outside place again and again, always with the "
		 "same.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct strobe),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
