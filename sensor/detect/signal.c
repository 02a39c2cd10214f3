#include "sensor/detect/signal.h"

#include "sensor/config/options.h"

#include <string.h>

static void add_reason(struct signal *s, const struct reason *reason)
{
	if (s->reason_count < SIGNAL_REASONS_MAX)
		s->reasons[s->reason_count++] = *reason;
}

void signal_tell(struct signal *s, enum reason_code code, double value)
{
	add_reason(s, &(struct reason){ .code = (uint8_t)code, .value = value, .times = 1 });
}

void signal_condition(struct signal *s, enum reason_code code, double value,
		      enum comparison comparison, double threshold, const char *option)
{
	add_reason(s, &(struct reason){ .code = (uint8_t)code,
					.comparison = (uint8_t)comparison,
					.option = option ? option_digest(option) : 0,
					.value = value,
					.threshold = threshold,
					.times = 1 });
}

void signal_evidence(struct signal *s, enum reason_code code, double value, double times)
{
	add_reason(s, &(struct reason){ .code = (uint8_t)code, .value = value, .times = times });
	s->confidence = signal_weigh(s->confidence, times);
}

const struct reason *signal_find_reason(const struct signal *s, enum reason_code code)
{
	for (uint8_t i = 0; i < s->reason_count; i++) {
		if (s->reasons[i].code == code)
			return &s->reasons[i];
	}
	return NULL;
}

double signal_weigh(double chance, double times)
{
	double odds = chance / (1 - chance) * times;

	return odds / (1 + odds);
}

/* Ids begin anew with the process, and an example may be older than that. */
static struct signal_flow *find_flow(struct signal_flow *flows, uint8_t count,
				     const struct fact_flow *flow)
{
	for (uint8_t i = 0; i < count; i++) {
		if (flows[i].flow.id == flow->id && flows[i].flow.first == flow->first)
			return &flows[i];
	}
	return NULL;
}

static struct signal_flow ended_flow(const struct fact *ended)
{
	return (struct signal_flow){ .flow = ended->flow,
				     .has_ended = true,
				     .last = ended->ended.last,
				     .bytes_up = ended->ended.bytes_up,
				     .bytes_down = ended->ended.bytes_down,
				     .packets_up = ended->ended.packets_up,
				     .packets_down = ended->ended.packets_down };
}

void signal_show_flows(struct signal *s, const struct signal_flow *flows, uint8_t count)
{
	memcpy(s->flows, flows, count * sizeof(s->flows[0]));
	s->flow_count = count;
}

bool signal_end_flow(struct signal_flow *flows, uint8_t count, const struct fact *ended)
{
	struct signal_flow *example = find_flow(flows, count, &ended->flow);

	if (example)
		*example = ended_flow(ended);
	return example != NULL;
}

void signal_keep_flow(struct signal_flow *flows, uint8_t *count, const struct fact *fact)
{
	struct signal_flow *example = find_flow(flows, *count, &fact->flow);
	bool is_ended = fact->kind == FACT_FLOW_ENDED;

	if (example && !is_ended)
		return;
	if (!example && *count == SIGNAL_FLOWS_MAX) {
		memmove(&flows[0], &flows[1], (SIGNAL_FLOWS_MAX - 1) * sizeof(*flows));
		(*count)--;
	}
	if (!example)
		example = &flows[(*count)++];
	if (is_ended)
		*example = ended_flow(fact);
	else
		*example = (struct signal_flow){ .flow = fact->flow };
}

const char *direction_text(enum direction direction)
{
	static const char *const texts[] = { "unknown", "outbound", "inbound", "lateral" };

	return texts[direction];
}

const char *outcome_text(enum outcome outcome)
{
	static const char *const texts[] = { "attempt", "refused", "answered", "data_moved" };

	return texts[outcome];
}

const char *object_kind_text(enum object_kind kind)
{
	static const char *const texts[] = { "host", "address", "zone", "port", "network" };

	return texts[kind];
}
