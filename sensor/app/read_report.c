#include "sensor/app/read_report.h"

#include "sensor/app/decisions_report.h"
#include "sensor/app/language_option.h"
#include "sensor/base/json.h"
#include "sensor/case/case_explain.h"
#include "sensor/case/case_json.h"
#include "sensor/case/case_text.h"

#include <inttypes.h>

static uint64_t refused(const struct decode_stats *stats)
{
	uint64_t sum = 0;

	for (int r = DECODE_OTHER_PROTOCOL + 1; r < DECODE_RESULTS; r++)
		sum += stats->count[r];
	return sum;
}

/* A SYN that was passed over would have been one. */
static uint64_t flows_of(const struct pipeline_totals *totals)
{
	return totals->flows.opened + totals->passed_over;
}

struct counter {
	const char *code;
	uint64_t count;
};

enum { LEFT_OUT = 4, LIMITS = 9, HELD = GATE_ANSWERS - 1, REFUSED = DECODE_RESULTS - 1 };

static uint64_t tunnels_of(const struct decode_stats *stats,
			   struct counter out[static TUNNEL_KINDS])
{
	uint64_t sum = 0;

	for (int t = 0; t < TUNNEL_KINDS; t++) {
		out[t] = (struct counter){ tunnel_kind_name((enum tunnel_kind)t),
					   stats->tunnels[t] };
		sum += stats->tunnels[t];
	}
	return sum;
}

static void held_of(const struct judge_totals *judged, struct counter out[static HELD])
{
	for (int g = GATE_PASS + 1; g < GATE_ANSWERS; g++)
		out[g - 1] = (struct counter){ gate_text((enum gate)g), judged->held[g] };
}

static void refused_of(const struct decode_stats *stats, struct counter out[static REFUSED])
{
	for (int r = DECODE_OK + 1; r < DECODE_RESULTS; r++)
		out[r - 1] = (struct counter){ decode_result_name((enum decode_result)r),
					       stats->count[r] };
}

/* What was not looked at as it should have been, because some memory or number has an end. */
static void limits_of(const struct judge_totals *judged, const struct pipeline_totals *totals,
		      struct counter out[static LIMITS])
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

struct case_view read_report_view(const struct judge_totals *judged,
				  const struct pipeline_totals *totals)
{
	return (struct case_view){ .first = totals->first,
				   .last = totals->last,
				   .packets = totals->packets,
				   .refused = refused(&totals->decode),
				   .devices = judged->devices,
				   .dns_seen = judged->dns_seen };
}

/* Zeros are left out. */
static void json_counters(struct json *j, const struct counter *counters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (counters[i].count > 0)
			json_uint(j, counters[i].code, counters[i].count);
	}
}

/* Packets that were left out for where they were seen. */
static void vantage_of(const struct vantage_totals *totals, struct counter out[static LEFT_OUT])
{
	out[0] = (struct counter){ "nat_twins", totals->nat_twins };
	out[1] = (struct counter){ "outside_wire", totals->outside_wire };
	out[2] = (struct counter){ "own_traffic", totals->own_traffic };
	out[3] = (struct counter){ "routed_twins", totals->routed_twins };
}

static void json_vantage(struct json *j, const struct vantage_totals *totals)
{
	struct counter left_out[LEFT_OUT];

	vantage_of(totals, left_out);
	json_counters(j, left_out, LEFT_OUT);
}

static void json_tunnels(struct json *j, const struct decode_stats *stats)
{
	struct counter tunnels[TUNNEL_KINDS];

	if (tunnels_of(stats, tunnels) == 0)
		return;
	json_object_begin(j, "tunnels");
	json_counters(j, tunnels, TUNNEL_KINDS);
	json_object_end(j);
}

static void json_floods(struct json *j, const struct judge_totals *judged)
{
	if (judged->floods.attempts > 0)
		json_uint(j, "attempts_counted", judged->floods.attempts);
	if (judged->floods.count == 0)
		return;
	json_array_begin(j, "floods");
	for (size_t i = 0; i < judged->floods.count; i++) {
		const struct fact_attempts *flood = &judged->floods.hosts[i];

		json_object_begin(j, NULL);
		json_address(j, "host", &flood->host);
		json_string(j, "side", flood->is_target ? "target" : "source");
		json_uint(j, "count", flood->count);
		json_time(j, "first", flood->first);
		json_time(j, "last", flood->last);
		json_object_end(j);
	}
	json_array_end(j);
}

/* Cases beyond the alert budget. */
static uint64_t digest_cases(struct judge *judge)
{
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);
	uint64_t digest = 0;

	for (size_t i = 0; i < count; i++)
		digest += cases[i]->is_digest;
	return digest;
}

static void json_summary(struct judge *judge, const struct judge_totals *judged,
			 const struct pipeline_totals *totals, FILE *out)
{
	const struct judge_decided decided = judge_decided(judge);
	uint64_t digest = digest_cases(judge);
	struct counter held[HELD];
	struct counter unread[REFUSED];
	struct counter limits[LIMITS];
	struct json j;

	held_of(judged, held);
	refused_of(&totals->decode, unread);
	limits_of(judged, totals, limits);
	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.summary/1");
	json_time(&j, "first", totals->first);
	json_time(&j, "last", totals->last);
	json_decimal(&j, "capture_seconds",
		     nanotime_seconds(nanotime_between(totals->first, totals->last)));
	json_uint(&j, "frames", totals->frames);
	json_uint(&j, "packets", totals->packets);
	if (totals->duplicates > 0)
		json_uint(&j, "duplicates", totals->duplicates);
	json_vantage(&j, &totals->vantage);
	json_tunnels(&j, &totals->decode);
	json_uint(&j, "bytes", totals->bytes);
	json_uint(&j, "flows", flows_of(totals));
	json_uint(&j, "flows_evicted", totals->flows.evicted);
	json_floods(&j, judged);
	json_uint(&j, "epochs", totals->epochs);
	json_uint(&j, "devices", judged->devices);
	json_uint(&j, "cases", judged->cases);
	if (digest > 0)
		json_uint(&j, "digest_cases", digest);
	json_uint(&j, "signals", judged->signals);
	json_uint(&j, "in_cases", judged->in_cases);
	json_object_begin(&j, "held_back");
	json_counters(&j, held, HELD);
	json_object_end(&j);
	decisions_report_json(&j, &decided, totals->last);
	json_object_begin(&j, "refused");
	json_counters(&j, unread, REFUSED);
	if (totals->lanes.malformed > 0)
		json_uint(&j, "malformed_message", totals->lanes.malformed);
	json_object_end(&j);
	json_object_begin(&j, "limits");
	json_counters(&j, limits, LIMITS);
	json_object_end(&j);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

/* ", 3 regular protocol": the codes are machines' words, people get blanks in them. */
static void text_counter(FILE *out, const char *before, struct counter counter)
{
	(void)fprintf(out, "%s%" PRIu64 " ", before, counter.count);
	for (const char *c = counter.code; *c; c++)
		(void)fputc(*c == '_' ? ' ' : *c, out);
}

/* " (3 this, 2 that)"; nothing when all are zero. */
static void text_counters(FILE *out, const struct counter *counters, size_t count)
{
	const char *before = " (";

	for (size_t i = 0; i < count; i++) {
		if (counters[i].count == 0)
			continue;
		text_counter(out, before, counters[i]);
		before = ", ";
	}
	if (before[0] == ',')
		(void)fputc(')', out);
}

/* "; 24 tunnel headers were taken off (12 vxlan, 12 gre)": devices and flows are those inside. */
static void text_tunnels(const struct decode_stats *stats, FILE *out)
{
	struct counter tunnels[TUNNEL_KINDS];
	uint64_t sum = tunnels_of(stats, tunnels);

	if (sum == 0)
		return;
	(void)fprintf(out, "; %" PRIu64 " tunnel headers were taken off", sum);
	text_counters(out, tunnels, TUNNEL_KINDS);
}

/* ", 3 of them to 10.20.0.5", but of the largest flood only: people want to know whose it is. */
static void text_floods(const struct judge_totals *judged, FILE *out)
{
	const struct fact_attempts *flood = &judged->floods.hosts[0];
	bool is_all = judged->floods.count > 0 && flood->count == judged->floods.attempts;
	char host[ADDRESS_TEXT_LEN];
	const char *way = flood->is_target ? "to" : "from";

	if (judged->floods.attempts == 0)
		return;
	(void)fprintf(out, "; %" PRIu64 " unanswered contacts", judged->floods.attempts);
	(void)address_text(&flood->host, host);
	if (is_all)
		(void)fprintf(out, " %s %s", way, host);
	(void)fputs(" were only counted", out);
	if (!is_all && judged->floods.count > 0)
		(void)fprintf(out, ", %" PRIu64 " of them %s %s", flood->count, way, host);
}

static void text_vantage(const struct vantage_totals *totals, FILE *out)
{
	if (totals->nat_twins > 0)
		(void)fprintf(out, "; %" PRIu64 " packets outside were those inside again",
			      totals->nat_twins);
	if (totals->routed_twins > 0)
		(void)fprintf(out, "; %" PRIu64 " passed between inside networks and count once",
			      totals->routed_twins);
	if (totals->outside_wire > 0)
		(void)fprintf(out, "; %" PRIu64 " were of the wire outside alone",
			      totals->outside_wire);
	if (totals->own_traffic > 0)
		(void)fprintf(out, "; %" PRIu64 " of this machine's own packets were left out",
			      totals->own_traffic);
}

/* Seldom anything; then the verdict rests on less than the packets held. */
static void text_limits(const struct judge_totals *judged, const struct pipeline_totals *totals,
			FILE *out)
{
	const struct counter epochs = { "time_jumps", totals->epochs };
	const struct counter evicted = { "flows_evicted", totals->flows.evicted };
	struct counter limits[LIMITS];

	limits_of(judged, totals, limits);
	if (epochs.count > 0)
		text_counter(out, "; ", epochs);
	if (evicted.count > 0)
		text_counter(out, "; ", evicted);
	text_floods(judged, out);
	if (totals->duplicates > 0)
		(void)fprintf(out, "; %" PRIu64 " copies that a mirror port made were dropped",
			      totals->duplicates);
	text_vantage(&totals->vantage, out);
	for (size_t i = 0; i < LIMITS; i++) {
		if (limits[i].count > 0)
			text_counter(out, "; ", limits[i]);
	}
}

static void text_summary(const struct read_report *report, struct judge *judge,
			 const struct judge_totals *judged, const struct pipeline_totals *totals,
			 FILE *out)
{
	const struct judge_decided decided = judge_decided(judge);
	struct counter held[HELD];
	struct counter unread[REFUSED];

	held_of(judged, held);
	refused_of(&totals->decode, unread);
	decisions_report_text(&decided, totals->last, out);
	if (judged->cases == 0)
		(void)fputs("No case.\n", out);
	(void)fprintf(
		out,
		"%" PRIu64 " packets of %" PRIu64 " frames, %" PRIu64 " flows, %u devices; %" PRIu64
		" signals = %" PRIu64 " in %u cases + %" PRIu64 " held back",
		totals->packets, totals->frames, flows_of(totals), judged->devices, judged->signals,
		judged->in_cases, judged->cases, judged->signals - judged->in_cases);
	text_counters(out, held, HELD);
	(void)fprintf(out, "; %" PRIu64 " frames not read", totals->frames - totals->packets);
	text_counters(out, unread, REFUSED);
	text_tunnels(&totals->decode, out);
	text_limits(judged, totals, out);
	(void)fprintf(out, "; %.2f s\n", report->seconds);
}

bool read_report_speak(struct read_report *report, const char *language)
{
	struct language_choice choice;

	if (!language_choice_read(language, &choice))
		return false;
	report->first_language = choice.first;
	report->languages = choice.count;
	return true;
}

void read_report_print(const struct read_report *report, struct judge *judge,
		       const struct pipeline_totals *totals, FILE *out)
{
	struct judge_totals judged = judge_totals(judge);
	struct case_view view = read_report_view(&judged, totals);
	tell_case_fn *tell = report->explains ? case_explain : case_text;
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);

	for (size_t i = 0; i < count; i++) {
		if (report->as_json)
			case_json(cases[i], &view, out);
		else
			tell(cases[i], &view, report->first_language, report->languages, out);
	}
	if (report->as_json)
		json_summary(judge, &judged, totals, out);
	else
		text_summary(report, judge, &judged, totals, out);
}
