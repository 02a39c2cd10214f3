#include "sensor/app/read_report.h"

#include "sensor/app/decisions_report.h"
#include "sensor/app/language_option.h"
#include "sensor/app/read_counters.h"
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

static void json_vantage(struct json *j, const struct vantage_totals *totals)
{
	struct counter left_out[COUNTERS_LEFT_OUT];

	count_left_out(totals, left_out);
	json_counters(j, left_out, COUNTERS_LEFT_OUT);
}

static void json_tunnels(struct json *j, const struct decode_stats *stats)
{
	struct counter tunnels[TUNNEL_KINDS];

	if (count_tunnels(stats, tunnels) == 0)
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

static void json_capsules(struct json *j, const struct judge *judge)
{
	struct counter capsules[COUNTERS_CAPSULES];

	if (!count_capsules(judge, capsules))
		return;
	json_object_begin(j, "capsules");
	json_counters(j, capsules, COUNTERS_CAPSULES);
	json_object_end(j);
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

static void json_kinds(struct json *j, const struct judge *judge)
{
	struct counter kinds[SIGNAL_KINDS];

	count_kinds(judge, kinds);
	json_object_begin(j, "kinds");
	json_counters(j, kinds, SIGNAL_KINDS);
	json_object_end(j);
}

static void json_summary(const struct read_report *report, struct judge *judge,
			 const struct judge_totals *judged, const struct pipeline_totals *totals,
			 FILE *out)
{
	const struct judge_decided decided = judge_decided(judge);
	uint64_t digest = digest_cases(judge);
	struct counter held[COUNTERS_HELD];
	struct counter unread[COUNTERS_REFUSED];
	struct counter limits[COUNTERS_LIMITS];
	struct json j;

	count_held(judged, held);
	count_refused(&totals->decode, unread);
	count_limits(judged, totals, limits);
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
	json_counters(&j, held, COUNTERS_HELD);
	json_object_end(&j);
	if (report->explains)
		json_kinds(&j, judge);
	decisions_report_json(&j, &decided, totals->last);
	json_capsules(&j, judge);
	json_object_begin(&j, "refused");
	json_counters(&j, unread, COUNTERS_REFUSED);
	if (totals->lanes.malformed > 0)
		json_uint(&j, "malformed_message", totals->lanes.malformed);
	json_object_end(&j);
	json_object_begin(&j, "limits");
	json_counters(&j, limits, COUNTERS_LIMITS);
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
	uint64_t sum = count_tunnels(stats, tunnels);

	if (sum == 0)
		return;
	(void)fprintf(out, "; %" PRIu64 " tunnel headers were taken off", sum);
	text_counters(out, tunnels, TUNNEL_KINDS);
}

static void text_kinds(const struct judge *judge, FILE *out)
{
	struct counter kinds[SIGNAL_KINDS];

	count_kinds(judge, kinds);
	(void)fputs(", by kind", out);
	text_counters(out, kinds, SIGNAL_KINDS);
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
	struct counter limits[COUNTERS_LIMITS];

	count_limits(judged, totals, limits);
	if (epochs.count > 0)
		text_counter(out, "; ", epochs);
	if (evicted.count > 0)
		text_counter(out, "; ", evicted);
	text_floods(judged, out);
	if (totals->duplicates > 0)
		(void)fprintf(out, "; %" PRIu64 " copies that a mirror port made were dropped",
			      totals->duplicates);
	text_vantage(&totals->vantage, out);
	for (size_t i = 0; i < COUNTERS_LIMITS; i++) {
		if (limits[i].count > 0)
			text_counter(out, "; ", limits[i]);
	}
}

static void text_capsules(const struct judge *judge, FILE *out)
{
	struct counter capsules[COUNTERS_CAPSULES];

	if (!count_capsules(judge, capsules))
		return;
	(void)fputs("; capsules", out);
	text_counters(out, capsules, COUNTERS_CAPSULES);
}

static void text_summary(const struct read_report *report, struct judge *judge,
			 const struct judge_totals *judged, const struct pipeline_totals *totals,
			 FILE *out)
{
	const struct judge_decided decided = judge_decided(judge);
	struct counter held[COUNTERS_HELD];
	struct counter unread[COUNTERS_REFUSED];

	count_held(judged, held);
	count_refused(&totals->decode, unread);
	decisions_report_text(&decided, totals->last, out);
	if (judged->cases == 0)
		(void)fputs("No case.\n", out);
	(void)fprintf(
		out,
		"%" PRIu64 " packets of %" PRIu64 " frames, %" PRIu64 " flows, %u devices; %" PRIu64
		" signals = %" PRIu64 " in %u cases + %" PRIu64 " held back",
		totals->packets, totals->frames, flows_of(totals), judged->devices, judged->signals,
		judged->in_cases, judged->cases, judged->signals - judged->in_cases);
	text_counters(out, held, COUNTERS_HELD);
	if (report->explains)
		text_kinds(judge, out);
	(void)fprintf(out, "; %" PRIu64 " frames not read", totals->frames - totals->packets);
	text_counters(out, unread, COUNTERS_REFUSED);
	text_tunnels(&totals->decode, out);
	text_limits(judged, totals, out);
	text_capsules(judge, out);
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
		json_summary(report, judge, &judged, totals, out);
	else
		text_summary(report, judge, &judged, totals, out);
}
