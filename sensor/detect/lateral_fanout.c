#include "sensor/detect/lateral_fanout.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"

enum { PEERS_MAX = 32 };

/* Backups, virus scanners' servers and administrators do this too, but by habit. */
static const double prior_unknown = 0.3;
static const double times_new = 2.5;
static const double times_habit = 0.2;
static const nanotime habit_known_after = 7 * NANOTIME_DAY;

/* Of one device: whom it reached at the doors of administrators. */
struct reach {
	nanotime since; /* it is known */
	nanotime first; /* of this window */
	nanotime last;
	struct address peers[PEERS_MAX];
	uint32_t count;
	uint32_t told;
	uint32_t usual; /* most in any window before */
	uint8_t flow_count;
	uint8_t spare[3];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct lateral_fanout {
	const struct lateral_config *config;
	struct lru_map *reaches; /* device number → struct reach */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct lateral_fanout *self = state;

	self->config = &setup->config->detect.lateral;
	return lru_map_new(&self->reaches, (uint32_t)self->config->pairs, sizeof(uint32_t),
			   sizeof(struct reach));
}

static void stop(void *state)
{
	struct lateral_fanout *self = state;

	lru_map_free(self->reaches);
}

/* SSH, RPC, files, remote desktop, remote management. */
static bool is_door(const struct fact_flow *flow)
{
	static const uint16_t doors[] = { 22, 135, 445, 3389, 5985, 5986 };

	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (flow->server_port == doors[i])
			return flow->protocol == IP_TCP;
	}
	return false;
}

static void tell(struct lateral_fanout *self, uint32_t device, struct reach *reach,
		 struct signal_sink *sink)
{
	const struct lateral_config *c = self->config;
	const struct fact_flow *flow = &reach->flows[reach->flow_count - 1].flow;
	struct signal s = { .kind = SIGNAL_LATERAL_FANOUT,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_DATA,
			    .device = device,
			    .first = reach->first,
			    .last = reach->last,
			    .count = reach->count,
			    .confidence = prior_unknown };

	place_describe_port(&s.object, flow->server_port, flow->protocol);
	signal_condition(&s, REASON_TARGETS, reach->count, COMPARE_AT_LEAST, (double)c->peers,
			 "lateral.peers");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(reach->first, reach->last)),
			 COMPARE_AT_MOST, nanotime_seconds(c->window), "lateral.window");
	if (reach->usual >= c->peers)
		signal_evidence(&s, REASON_USUAL, reach->usual, times_habit);
	else if (nanotime_between(reach->since, reach->last) >= habit_known_after)
		signal_evidence(&s, REASON_USUAL, reach->usual, times_new);
	signal_show_flows(&s, reach->flows, reach->flow_count);
	reach->told = reach->count;
	sink->emit(sink, &s);
}

static void turn_window(struct reach *reach, nanotime now, nanotime window)
{
	bool is_back = nanotime_went_back(reach->first, now);

	if (!is_back && nanotime_between(reach->first, now) <= window)
		return;
	*reach = (struct reach){
		.since = is_back ? now : reach->since,
		.first = now,
		.usual = reach->count > reach->usual ? reach->count : reach->usual,
	};
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct lateral_fanout *self = state;
	const struct fact *fact = seen->fact;
	struct reach *reach;
	bool is_new;

	if (seen->direction != DIRECTION_LATERAL || seen->device == 0 ||
	    !fact->ended.has_data_down || fact->flow.is_midstream || !is_door(&fact->flow))
		return;
	reach = lru_map_touch(self->reaches, &seen->device, &is_new);
	if (is_new)
		reach->since = reach->first = fact->flow.first;
	turn_window(reach, fact->flow.first, self->config->window);
	reach->last = fact->flow.first > reach->last ? fact->flow.first : reach->last;
	for (uint32_t i = 0; i < reach->count; i++) {
		if (address_equal(&reach->peers[i], &fact->flow.server))
			return;
	}
	if (reach->count == PEERS_MAX)
		return;
	reach->peers[reach->count++] = fact->flow.server;
	signal_keep_flow(reach->flows, &reach->flow_count, fact);
	if (reach->count >= self->config->peers && reach->count >= 2 * reach->told)
		tell(self, seen->device, reach, sink);
}

static void tidy(void *value)
{
	struct reach *reach = value;

	signal_tidy_flows(reach->flows, reach->flow_count);
}

static bool is_reach_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct reach *reach = value;

	return *device != 0 && reach->count <= PEERS_MAX && reach->told <= PEERS_MAX &&
	       reach->usual <= PEERS_MAX && signal_flows_are_sound(reach->flows, reach->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "lateral_fanout.reaches",
	  .version = 1,
	  .at = offsetof(struct lateral_fanout, reaches),
	  .tidy = tidy,
	  .is_sound = is_reach_sound },
	{ 0 },
};

const struct detector detector_lateral_fanout = {
	.name = "lateral_fanout",
	.finds = "A device that reaches many others where administrators log in.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct lateral_fanout),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
