#include "sensor/app/live_lines.h"

#include "sensor/app/flow_lines.h"
#include "sensor/base/json.h"

static void put_names(struct json *j, const struct live_flows *live, const struct live_flow *flow)
{
	const struct lane_slot_view names = live_flows_names(live, flow);

	json_object_begin(j, "hinomi");
	if (names.protocol[0] != '\0')
		json_string(j, "protocol", names.protocol);
	if (names.host[0] != '\0')
		json_string(j, "name", names.host);
	json_bool(j, "midstream", flow->record.flags & FLOW_MIDSTREAM);
	json_object_end(j);
}

static const char *state_of(const struct flow_record *f)
{
	if (f->flags & FLOW_CLOSED)
		return "closed";
	return f->class == FLOW_ESTABLISHED ? "established" : "new";
}

static void put_counters(struct json *j, const struct live_totals *totals,
			 const struct live_flow *flow)
{
	const struct flow_record *f = &flow->record;
	unsigned client = f->client_side == FLOW_SIDE_LOW ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;

	json_object_begin(j, "flow");
	json_uint(j, "pkts_toserver", f->packets[client]);
	json_uint(j, "pkts_toclient", f->packets[client ^ 1U]);
	json_uint(j, "bytes_toserver", f->bytes[client]);
	json_uint(j, "bytes_toclient", f->bytes[client ^ 1U]);
	json_decimal(j, "pkts_per_second", live_rate(totals, flow, flow->packets));
	json_decimal(j, "bytes_per_second", live_rate(totals, flow, flow->bytes));
	json_time(j, "start", f->first);
	json_time(j, "last", f->last);
	json_decimal(j, "age", nanotime_seconds(nanotime_between(f->first, totals->clock)));
	json_decimal(j, "idle", nanotime_seconds(nanotime_between(f->last, totals->clock)));
	json_string(j, "state", state_of(f));
	json_object_end(j);
}

static void put_flow(struct json *j, const struct live_flows *live, const struct live_flow *flow)
{
	const struct live_totals totals = live_flows_totals(live);

	json_object_begin(j, NULL);
	json_string(j, "schema", "hinomi.live/1");
	json_time(j, "timestamp", totals.clock);
	flow_line_endpoints(j, &flow->record.key, flow->record.client_side == FLOW_SIDE_LOW);
	put_names(j, live, flow);
	put_counters(j, &totals, flow);
	json_object_end(j);
	json_line_end(j);
}

void live_lines_print(const struct live_flows *live, FILE *out)
{
	const struct live_totals totals = live_flows_totals(live);
	struct json j;

	json_start(&j, out);
	for (size_t i = 0; i < live_flows_count(live); i++)
		put_flow(&j, live, live_flows_at(live, i));
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.live_summary/1");
	json_time(&j, "timestamp", totals.clock);
	json_uint(&j, "flows", totals.flows);
	json_uint(&j, "matched", totals.matched);
	json_uint(&j, "shown", live_flows_count(live));
	json_uint(&j, "busy", totals.busy);
	if (totals.is_since_scan)
		json_decimal(&j, "rate_seconds", nanotime_seconds(totals.elapsed));
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}
