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
	json_object_end(&j);
	json_line_end(&j);
}

static void text_summary(const struct read_report *report, const struct judge_totals *judged,
			 const struct pipeline_totals *totals, FILE *out)
{
	uint64_t held = judged->signals - judged->in_cases;

	if (judged->cases == 0)
		(void)fputs("No case.\n", out);
	(void)fprintf(out,
		      "%" PRIu64 " packets of %" PRIu64 " frames, %" PRIu64
		      " flows, %u devices; %" PRIu64 " signals = %" PRIu64 " in %u cases + %" PRIu64
		      " held back",
		      totals->packets, totals->frames, totals->flows.opened, judged->devices,
		      judged->signals, judged->in_cases, judged->cases, held);
	for (int g = GATE_PASS + 1, listed = 0; g < GATE_ANSWERS; g++) {
		if (judged->held[g] == 0)
			continue;
		(void)fprintf(out, "%s%" PRIu64 " %s", listed++ == 0 ? " (" : ", ", judged->held[g],
			      gate_text((enum gate)g));
	}
	(void)fprintf(out, "%s; %" PRIu64 " frames not read", held > 0 ? ")" : "",
		      totals->frames - totals->packets);
	for (int r = DECODE_OK + 1, listed = 0; r < DECODE_RESULTS; r++) {
		if (totals->decode.count[r] == 0)
			continue;
		(void)fprintf(out, "%s%" PRIu64 " %s", listed++ == 0 ? " (" : ", ",
			      totals->decode.count[r], decode_result_name((enum decode_result)r));
	}
	(void)fprintf(out, "%s; %.2f s\n", totals->frames > totals->packets ? ")" : "",
		      report->seconds);
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
