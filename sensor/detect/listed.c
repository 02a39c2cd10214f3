#include "sensor/detect/listed.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 4096, RCODE_NXDOMAIN = 3 };

static const double confidence_contact = 0.65;
static const double confidence_lookup = 0.5;

/* What has been told of a device and an indicator, so that a repeat is not told again. */
struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t indicator; /* its text's hash: the list is read anew by each process */
};

struct told {
	bool contact;
	bool lookup;
};

struct listed {
	const struct indicator_list *indicators;
	struct lru_map *told;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct listed *self = state;

	self->indicators = setup->indicators;
	return lru_map_new(&self->told, TOLD_MAX, sizeof(struct told_key), sizeof(struct told));
}

static void reload(void *state, const struct detect_setup *setup)
{
	struct listed *self = state;

	self->indicators = setup->indicators;
}

static void stop(void *state)
{
	struct listed *self = state;

	lru_map_free(self->told);
}

static struct told *told_of(struct listed *self, uint32_t device, const struct indicator *indicator)
{
	struct told_key key = { .device = device,
				.indicator =
					distinct_hash(indicator->text, strlen(indicator->text)) };
	bool is_new;

	return lru_map_touch(self->told, &key, &is_new);
}

static struct signal signal_of(const struct observation *seen, const struct indicator *indicator)
{
	struct signal s = { .direction = (uint8_t)seen->direction,
			    .device = seen->device,
			    .first = seen->fact->time,
			    .last = seen->fact->time,
			    .count = 1 };

	(void)snprintf(s.listed, sizeof(s.listed), "%s", indicator->text);
	signal_reason(&s, REASON_LISTED, 1, COMPARE_NONE, 0);
	return s;
}

static void flow_ended(struct listed *self, const struct observation *seen,
		       struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct fact_flow *flow = &fact->flow;
	const struct indicator *found = NULL;
	bool is_name = false;

	/* Inbound contacts of listed scanners reach every office each day: told elsewhere. */
	if (seen->direction != DIRECTION_OUTBOUND || !fact->ended.is_answered)
		return;
	if (seen->peer_name[0] != '\0')
		found = indicator_find_name(self->indicators, seen->peer_name);
	is_name = found != NULL;
	if (!found)
		found = indicator_find_address(self->indicators, &flow->server, flow->server_port);
	if (!found)
		return;

	struct told *told = told_of(self, seen->device, found);

	if (told->contact)
		return;
	told->contact = true;

	struct signal s = signal_of(seen, found);

	s.kind = SIGNAL_LISTED_CONTACT;
	s.confidence = confidence_contact;
	s.first = flow->first;
	s.last = fact->ended.last;
	s.outcome = fact->ended.has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED;
	s.object.kind = is_name ? OBJECT_HOST : OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	if (is_name)
		s.object.name_from = seen->peer_name_from;
	if (is_name)
		(void)snprintf(s.object.text, sizeof(s.object.text), "%s", seen->peer_name);
	else
		address_text(&flow->server, s.object.text);
	(void)snprintf(s.object.application, sizeof(s.object.application), "%s",
		       fact->ended.names.protocol);
	signal_reason(&s, REASON_BYTES_UP, (double)fact->ended.bytes_up, COMPARE_NONE, 0);
	signal_reason(&s, REASON_BYTES_DOWN, (double)fact->ended.bytes_down, COMPARE_NONE, 0);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static void dns(struct listed *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact_dns *answer = &seen->fact->dns;

	/* Asked and answered: a name that does not exist (any more) harms nobody. */
	if (seen->direction == DIRECTION_INBOUND || seen->direction == DIRECTION_UNKNOWN)
		return; /* a stranger asks the office's own name server */
	if (!answer->is_response || answer->rcode == RCODE_NXDOMAIN || answer->address_count == 0)
		return;

	const struct indicator *found = indicator_find_name(self->indicators, answer->name);

	if (!found)
		return;

	struct told *told = told_of(self, seen->device, found);

	if (told->lookup)
		return;
	told->lookup = true;

	struct signal s = signal_of(seen, found);

	s.kind = SIGNAL_LISTED_LOOKUP;
	s.confidence = confidence_lookup;
	s.direction = DIRECTION_OUTBOUND;
	s.outcome = OUTCOME_ATTEMPT;
	s.object.kind = OBJECT_HOST;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", answer->name);
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct listed *self = state;

	if (!self->indicators || seen->device == 0)
		return;
	if (seen->fact->kind == FACT_FLOW_ENDED)
		flow_ended(self, seen, sink);
	else if (seen->fact->kind == FACT_DNS)
		dns(self, seen, sink);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct told_key *k = key;
	const struct told *told = value;

	return k->device != 0 && kept_are_flags(&told->contact, 1) &&
	       kept_are_flags(&told->lookup, 1);
}

static const struct kept_table kept[] = {
	{ .name = "listed.told",
	  .version = 1,
	  .at = offsetof(struct listed, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_listed = {
	.rule = "IOC-1",
	.name = "listed",
	.finds = "A device that contacts a name or address on an indicator list.",
	.attack = "T1071",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED) | DETECTOR_SEES(FACT_DNS),
	.state_size = sizeof(struct listed),
	.start = start,
	.stop = stop,
	.reload = reload,
	.observe = observe,
	.kept = kept,
};
