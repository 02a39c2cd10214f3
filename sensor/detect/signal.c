#include "sensor/detect/signal.h"

#include <string.h>

void signal_reason(struct signal *s, enum reason_code code, double value,
		   enum comparison comparison, double threshold)
{
	if (s->reason_count == SIGNAL_REASONS_MAX)
		return;
	s->reasons[s->reason_count++] = (struct reason){ .code = (uint8_t)code,
							 .comparison = (uint8_t)comparison,
							 .value = value,
							 .threshold = threshold };
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

const char *signal_kind_text(enum signal_kind kind)
{
	static const char *const texts[SIGNAL_KINDS] = {
		[SIGNAL_BEACON] = "beacon",
		[SIGNAL_SCAN_INSIDE] = "scan_inside",
		[SIGNAL_SCAN_OUTSIDE] = "scan_outside",
		[SIGNAL_SCAN_PORTS] = "scan_ports",
		[SIGNAL_SCAN_ARP] = "scan_arp",
		[SIGNAL_DNS_TUNNEL] = "dns_tunnel",
		[SIGNAL_LISTED_CONTACT] = "listed_contact",
		[SIGNAL_LISTED_LOOKUP] = "listed_lookup",
	};

	return texts[kind];
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

const char *reason_code_text(enum reason_code code)
{
	static const char *const texts[REASON_CODES] = {
		[REASON_CHECK_INS] = "check_ins",
		[REASON_PERIOD] = "period_seconds",
		[REASON_SPREAD] = "interval_spread",
		[REASON_TAILS] = "interval_tails",
		[REASON_SAME_SIZE] = "same_size_share",
		[REASON_SCORE] = "score",
		[REASON_NO_NAME] = "no_name",
		[REASON_ODD_PORT] = "odd_port",
		[REASON_UNKNOWN_PROTOCOL] = "unknown_protocol",
		[REASON_PLAIN_UPLOAD] = "plain_upload",
		[REASON_JITTER] = "jitter",
		[REASON_DEVICES] = "devices_using_it",
		[REASON_TARGETS] = "targets",
		[REASON_PORTS] = "ports",
		[REASON_FAILED] = "failed_share",
		[REASON_SCAN_ODDS] = "scan_odds",
		[REASON_WINDOW] = "window_seconds",
		[REASON_DISTINCT_NAMES] = "distinct_names",
		[REASON_NAME_BYTES] = "name_bytes",
		[REASON_NAME_LENGTH] = "name_length",
		[REASON_NAME_ENTROPY] = "name_entropy",
		[REASON_BULK_ANSWERS] = "bulk_answer_share",
		[REASON_BYTES_UP] = "bytes_up",
		[REASON_BYTES_DOWN] = "bytes_down",
		[REASON_LISTED] = "listed",
	};

	return texts[code];
}
