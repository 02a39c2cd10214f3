#include "sensor/app/read_report.h"

#include "sensor/base/json.h"
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

struct counter {
	const char *code;
	uint64_t count;
};

enum { LIMITS = 6 };

/* What was not looked at as it should have been, because some memory or number has an end. */
static void limits_of(const struct judge_totals *judged, const struct pipeline_totals *totals,
		      struct counter out[static LIMITS])
{
	out[0] = (struct counter){ "dpi_flows_evicted", totals->lanes.dpi_evicted };
	out[1] = (struct counter){ "handshakes_evicted", totals->lanes.windows_evicted };
	out[2] = (struct counter){ "handshakes_conflicting", totals->lanes.conflicting };
	out[3] = (struct counter){ "times_clamped", totals->times_clamped };
	out[4] = (struct counter){ "devices_forgotten", judged->devices_forgotten };
	out[5] = (struct counter){ "names_forgotten", judged->names_forgotten };
}

static struct case_view view_of(const struct judge_totals *judged,
				const struct pipeline_totals *totals)
{
	return (struct case_view){ .first = totals->first,
				   .last = totals->last,
				   .packets = totals->packets,
				   .refused = refused(&totals->decode),
				   .devices = judged->devices,
				   .dns_seen = judged->dns_seen };
}

static void json_limits(struct json *j, const struct judge_totals *judged,
			const struct pipeline_totals *totals)
{
	struct counter limits[LIMITS];

	limits_of(judged, totals, limits);
	json_object_begin(j, "limits");
	for (size_t i = 0; i < LIMITS; i++) {
		if (limits[i].count > 0)
			json_uint(j, limits[i].code, limits[i].count);
	}
	json_object_end(j);
}

static void json_summary(const struct judge_totals *judged, const struct pipeline_totals *totals,
			 FILE *out)
{
	struct json j = json_to(out);

	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.summary/1");
	json_time(&j, "first", totals->first);
	json_time(&j, "last", totals->last);
	json_decimal(&j, "capture_seconds",
		     nanotime_seconds(nanotime_between(totals->first, totals->last)));
	json_uint(&j, "frames", totals->frames);
	json_uint(&j, "packets", totals->packets);
	json_uint(&j, "bytes", totals->bytes);
	json_uint(&j, "flows", totals->flows.opened);
	json_uint(&j, "flows_evicted", totals->flows.evicted);
	json_uint(&j, "epochs", totals->epochs);
	json_uint(&j, "devices", judged->devices);
	json_uint(&j, "cases", judged->cases);
	json_uint(&j, "signals", judged->signals);
	json_uint(&j, "in_cases", judged->in_cases);
	json_object_begin(&j, "held_back");
	for (int g = GATE_PASS + 1; g < GATE_ANSWERS; g++) {
		if (judged->held[g] > 0)
			json_uint(&j, gate_text((enum gate)g), judged->held[g]);
	}
	json_object_end(&j);
	json_object_begin(&j, "refused");
	for (int r = DECODE_OK + 1; r < DECODE_RESULTS; r++) {
		if (totals->decode.count[r] > 0)
			json_uint(&j, decode_result_name((enum decode_result)r),
				  totals->decode.count[r]);
	}
	if (totals->lanes.malformed > 0)
		json_uint(&j, "malformed_message", totals->lanes.malformed);
	json_object_end(&j);
	json_limits(&j, judged, totals);
	json_object_end(&j);
	json_line_end(&j);
}

/* ", 3 regular protocol": the codes are machines' words, people get blanks in them. */
static void text_counter(FILE *out, const char *before, struct counter counter)
{
	(void)fprintf(out, "%s%" PRIu64 " ", before, counter.count);
	for (const char *c = counter.code; *c; c++)
		(void)fputc(*c == '_' ? ' ' : *c, out);
}

static void text_held(const struct judge_totals *judged, FILE *out)
{
	const char *before = " (";

	for (int g = GATE_PASS + 1; g < GATE_ANSWERS; g++) {
		if (judged->held[g] == 0)
			continue;
		text_counter(out, before,
			     (struct counter){ gate_text((enum gate)g), judged->held[g] });
		before = ", ";
	}
	if (before[0] == ',')
		(void)fputc(')', out);
}

static void text_refused(const struct decode_stats *stats, FILE *out)
{
	const char *before = " (";

	for (int r = DECODE_OK + 1; r < DECODE_RESULTS; r++) {
		if (stats->count[r] == 0)
			continue;
		text_counter(out, before,
			     (struct counter){ decode_result_name((enum decode_result)r),
					       stats->count[r] });
		before = ", ";
	}
	if (before[0] == ',')
		(void)fputc(')', out);
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
	for (size_t i = 0; i < LIMITS; i++) {
		if (limits[i].count > 0)
			text_counter(out, "; ", limits[i]);
	}
}

static void text_summary(const struct read_report *report, const struct judge_totals *judged,
			 const struct pipeline_totals *totals, FILE *out)
{
	if (judged->cases == 0)
		(void)fputs("No case.\n", out);
	(void)fprintf(out,
		      "%" PRIu64 " packets of %" PRIu64 " frames, %" PRIu64
		      " flows, %u devices; %" PRIu64 " signals = %" PRIu64 " in %u cases + %" PRIu64
		      " held back",
		      totals->packets, totals->frames, totals->flows.opened, judged->devices,
		      judged->signals, judged->in_cases, judged->cases,
		      judged->signals - judged->in_cases);
	text_held(judged, out);
	(void)fprintf(out, "; %" PRIu64 " frames not read", totals->frames - totals->packets);
	text_refused(&totals->decode, out);
	text_limits(judged, totals, out);
	(void)fprintf(out, "; %.2f s\n", report->seconds);
}

void read_report_print(const struct read_report *report, struct judge *judge,
		       const struct pipeline_totals *totals, FILE *out)
{
	struct judge_totals judged = judge_totals(judge);
	struct case_view view = view_of(&judged, totals);
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);

	for (size_t i = 0; i < count; i++) {
		if (report->as_json)
			case_json(cases[i], &view, out);
		else
			case_text(cases[i], &view, report->first_language, report->languages, out);
	}
	if (report->as_json)
		json_summary(&judged, totals, out);
	else
		text_summary(report, &judged, totals, out);
}
