#include "sensor/app/read_counters.h"

uint64_t count_tunnels(const struct decode_stats *stats, struct counter out[static TUNNEL_KINDS])
{
	uint64_t sum = 0;

	for (int t = 0; t < TUNNEL_KINDS; t++) {
		out[t] = (struct counter){ tunnel_kind_name((enum tunnel_kind)t),
					   stats->tunnels[t] };
		sum += stats->tunnels[t];
	}
	return sum;
}

void count_held(const struct judge_totals *judged, struct counter out[static COUNTERS_HELD])
{
	for (int g = GATE_PASS + 1; g < GATE_ANSWERS; g++)
		out[g - 1] = (struct counter){ gate_text((enum gate)g), judged->held[g] };
}

void count_refused(const struct decode_stats *stats, struct counter out[static COUNTERS_REFUSED])
{
	for (int r = DECODE_OK + 1; r < DECODE_RESULTS; r++)
		out[r - 1] = (struct counter){ decode_result_name((enum decode_result)r),
					       stats->count[r] };
}

void count_limits(const struct judge_totals *judged, const struct pipeline_totals *totals,
		  struct counter out[static COUNTERS_LIMITS])
{
	out[0] = (struct counter){ "dpi_flows_evicted", totals->lanes.dpi_evicted };
	out[1] = (struct counter){ "handshakes_evicted", totals->lanes.windows_evicted };
	out[2] = (struct counter){ "handshakes_conflicting", totals->lanes.conflicting };
	out[3] = (struct counter){ "agents_refused", totals->lanes.agents_refused };
	out[4] = (struct counter){ "times_clamped", totals->times_clamped };
	out[5] = (struct counter){ "devices_forgotten", judged->devices_forgotten };
	out[6] = (struct counter){ "names_forgotten", judged->names_forgotten };
	out[7] = (struct counter){ "dpi_heap_exceeded", totals->lanes.dpi_heap_exceeded };
	out[8] = (struct counter){ "lanes_without_dpi", totals->lanes.dpi_off };
}

bool count_capsules(const struct judge *judge, struct counter out[static COUNTERS_CAPSULES])
{
	const struct capsule_counts counts = judge_capsules(judge);

	out[0] = (struct counter){ "made", counts.made };
	out[1] = (struct counter){ "too_large", counts.too_large };
	out[2] = (struct counter){ "beyond_daily", counts.beyond_daily };
	out[3] = (struct counter){ "not_kept", counts.not_kept };
	return counts.made + counts.too_large + counts.beyond_daily + counts.not_kept > 0;
}

void count_left_out(const struct vantage_totals *totals,
		    struct counter out[static COUNTERS_LEFT_OUT])
{
	out[0] = (struct counter){ "nat_twins", totals->nat_twins };
	out[1] = (struct counter){ "outside_wire", totals->outside_wire };
	out[2] = (struct counter){ "own_traffic", totals->own_traffic };
	out[3] = (struct counter){ "routed_twins", totals->routed_twins };
}

void count_kinds(const struct judge *judge, struct counter out[static SIGNAL_KINDS])
{
	for (int k = 0; k < SIGNAL_KINDS; k++)
		out[k] = (struct counter){ story_of((enum signal_kind)k)->name,
					   judge_told_of(judge, (enum signal_kind)k) };
}
