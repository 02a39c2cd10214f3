#include "sensor/detect/attack_find.h"

#include <stdio.h>

static const double times_again = 2;

struct told_key {
	uint32_t device;
	uint32_t kind; /* enum signal_kind */
	struct address other;
};

struct told {
	nanotime when;
	double confidence;
	uint32_t times; /* seen */
	uint32_t spare;
};

enum err attack_told_new(struct lru_map **out, uint32_t count)
{
	return lru_map_new(out, count, sizeof(struct told_key), sizeof(struct told));
}

struct attack_find attack_between(const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	bool is_inbound = seen->direction == DIRECTION_INBOUND;

	return (struct attack_find){ .kind = SIGNAL_EXPLOIT,
				     .device = seen->device,
				     .direction = seen->direction,
				     .outcome = OUTCOME_ANSWERED,
				     .object = is_inbound ? &flow->client : &flow->server,
				     .reason = REASON_EXPLOIT_SIGNS };
}

static void weigh(struct signal *s, const struct attack_find *found)
{
	if (found->times_requests > 1)
		signal_evidence(s, REASON_AGAIN, found->requests, found->times_requests);
	if (found->times_servers > 1)
		signal_evidence(s, REASON_TARGETS, found->servers, found->times_servers);
	if (found->times_back > 1)
		signal_evidence(s, REASON_CALLED_BACK, 1, found->times_back);
	if (found->times_output > 1)
		signal_evidence(s, REASON_COMMAND_OUTPUT, 1, found->times_output);
}

void attack_tell(struct lru_map *map, const struct attack_find *found, const struct fact *fact,
		 struct signal_sink *sink)
{
	const struct told_key key = { .device = found->device,
				      .kind = (uint32_t)found->kind,
				      .other = *found->object };
	struct signal s = { .kind = (uint8_t)found->kind,
			    .direction = (uint8_t)found->direction,
			    .outcome = (uint8_t)found->outcome,
			    .device = found->device,
			    .first = fact->flow.first,
			    .last = fact->time,
			    .confidence = found->prior };
	bool is_new;
	struct told *told = lru_map_touch(map, &key, &is_new);

	if (nanotime_went_back(told->when, fact->time) ||
	    nanotime_between(told->when, fact->time) > NANOTIME_DAY)
		*told = (struct told){ 0 };
	told->when = fact->time;
	told->times++;
	/* Where a number is tested, that is what the story counts. */
	s.count = found->option ? (uint64_t)found->value : told->times;
	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = *found->object;
	s.object.port = fact->flow.server_port;
	s.object.protocol = fact->flow.protocol;
	address_text(found->object, s.object.text);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", found->detail);
	if (found->option)
		signal_condition(&s, found->reason, found->value, COMPARE_AT_LEAST,
				 found->threshold, found->option);
	else
		signal_condition(&s, found->reason, 1, COMPARE_AT_LEAST, 1, NULL);
	if (found->times > 1)
		signal_evidence(&s, REASON_ANSWERED, 1, found->times);
	if (found->is_stronger_again && told->times > 1)
		signal_evidence(&s, REASON_AGAIN, told->times, times_again);
	weigh(&s, found);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	if (s.confidence <= told->confidence)
		return;
	told->confidence = s.confidence;
	sink->emit(sink, &s);
}

bool attack_told_is_sound(const void *key, const void *value)
{
	const struct told_key *k = key;
	const struct told *told = value;

	return k->device != 0 && k->kind < SIGNAL_KINDS && told->confidence >= 0 &&
	       told->confidence <= 1 && told->times < UINT32_MAX;
}
