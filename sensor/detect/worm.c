#include "sensor/detect/worm.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/statistics.h"

enum { TARGETS_KEPT = 32, MANY = 20 };

/* Who is asked at a door of his own, and soon asks many others at theirs, passes something on. */
static const double prior_passed_on = 0.4;
static const double times_many = 2;
static const double times_failed = 2;
static const double failed_most = 0.6;
static const nanotime passes_on_within = NANOTIME_HOUR;

struct door_key {
	uint32_t device;
	uint16_t port;
	uint16_t spare;
};

/* One device and one of its doors. */
struct door {
	nanotime opened; /* somebody was answered there: the latest */
	nanotime first;  /* it went to others at theirs, after that */
	nanotime last;
	uint64_t targets[TARGETS_KEPT]; /* hashes */
	uint32_t count;
	uint32_t failed;
	uint32_t told;
	bool was_client; /* it had gone to others before: that is its habit */
	uint8_t flow_count;
	uint8_t spare[2];
	struct address opener;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct worm {
	const struct lateral_config *config;
	struct lru_map *doors;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct worm *self = state;

	self->config = &setup->config->detect.lateral;
	return lru_map_new(&self->doors, (uint32_t)self->config->pairs, sizeof(struct door_key),
			   sizeof(struct door));
}

static void stop(void *state)
{
	struct worm *self = state;

	lru_map_free(self->doors);
}

/* Where programs have passed from machine to machine; no file sharing uses them. */
static bool is_door(const struct fact_flow *flow)
{
	static const uint16_t ports[] = { 22,   23,   135,  139,  445,  1433, 2323,
					  3306, 3389, 5555, 5900, 5985, 6379 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (flow->server_port == ports[i])
			return flow->protocol == IP_TCP && !flow->is_midstream;
	}
	return false;
}

static struct door *touch(struct worm *self, uint32_t device, uint16_t port)
{
	const struct door_key key = { .device = device, .port = port };
	bool is_new;

	return lru_map_touch(self->doors, &key, &is_new);
}

static void tell(struct worm *self, uint32_t device, struct door *door, struct signal_sink *sink)
{
	const struct fact_flow *flow = &door->flows[door->flow_count - 1].flow;
	double failed = door->failed / (double)door->count;
	struct signal s = { .kind = SIGNAL_WORM,
			    .direction = DIRECTION_LATERAL,
			    .outcome =
				    door->failed < door->count ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT,
			    .device = device,
			    .first = door->first,
			    .last = door->last,
			    .count = door->count,
			    .confidence = prior_passed_on };

	place_describe_port(&s.object, flow->server_port, flow->protocol);
	address_text(&door->opener, s.detail);
	signal_condition(&s, REASON_TARGETS, door->count, COMPARE_AT_LEAST,
			 (double)self->config->peers, "lateral.peers");
	signal_condition(&s, REASON_PASSED_ON_AFTER,
			 nanotime_seconds(nanotime_between(door->opened, door->first)),
			 COMPARE_AT_MOST, nanotime_seconds(passes_on_within), NULL);
	if (door->count >= MANY)
		signal_evidence(&s, REASON_VERY_MANY, door->count, times_many);
	if (failed >= failed_most)
		signal_evidence(&s, REASON_FAILED, failed, times_failed);
	signal_show_flows(&s, door->flows, door->flow_count);
	door->told = door->count;
	sink->emit(sink, &s);
}

static void opened(struct worm *self, uint32_t server, const struct fact *fact)
{
	struct door *door;

	if (server == 0 || !fact->ended.has_data_down)
		return;
	door = touch(self, server, fact->flow.server_port);
	if (door->count > 0)
		return; /* it goes out itself already */
	door->opened = fact->flow.first;
	door->opener = fact->flow.client;
}

static void passed_on(struct worm *self, uint32_t client, const struct fact *fact,
		      struct signal_sink *sink)
{
	struct door *door = touch(self, client, fact->flow.server_port);
	uint64_t target = distinct_hash(&fact->flow.server, sizeof(fact->flow.server));
	nanotime now = fact->flow.first;

	if (door->opened == 0 || now < door->opened || door->was_client) {
		door->was_client = true;
		return;
	}
	if (nanotime_between(door->opened, now) > passes_on_within) {
		*door = (struct door){ .was_client = true };
		return;
	}
	for (uint32_t i = 0; i < door->count; i++) {
		if (door->targets[i] == target)
			return;
	}
	if (door->count == TARGETS_KEPT || address_equal(&door->opener, &fact->flow.server))
		return;
	if (door->count == 0)
		door->first = now;
	door->last = now > door->last ? now : door->last;
	door->targets[door->count++] = target;
	door->failed += fact->ended.is_answered ? 0 : 1;
	signal_keep_flow(door->flows, &door->flow_count, fact);
	if (door->count >= self->config->peers && door->count >= 2 * door->told)
		tell(self, client, door, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct worm *self = state;
	const struct fact *fact = seen->fact;

	if (!is_door(&fact->flow) || seen->device == 0 || seen->is_group)
		return;
	if (seen->direction == DIRECTION_INBOUND)
		opened(self, seen->device, fact);
	else if (seen->direction == DIRECTION_LATERAL)
		opened(self, seen->peer_device, fact);
	if (seen->direction == DIRECTION_LATERAL || seen->direction == DIRECTION_OUTBOUND)
		passed_on(self, seen->device, fact, sink);
}

static void tidy(void *value)
{
	struct door *door = value;

	signal_tidy_flows(door->flows, door->flow_count);
}

static bool is_door_sound(const void *key, const void *value)
{
	const struct door_key *k = key;
	const struct door *door = value;

	return k->device != 0 && door->count <= TARGETS_KEPT && door->failed <= door->count &&
	       door->told <= TARGETS_KEPT && kept_are_flags(&door->was_client, 1) &&
	       signal_flows_are_sound(door->flows, door->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "worm.doors",
	  .version = 1,
	  .at = offsetof(struct worm, doors),
	  .tidy = tidy,
	  .is_sound = is_door_sound },
	{ 0 },
};

const struct detector detector_worm = {
	.name = "worm",
	.finds = "A device that does to many others what was done to it shortly before.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct worm),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
