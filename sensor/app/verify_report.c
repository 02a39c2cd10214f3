#include "sensor/app/verify_report.h"

#include "sensor/base/json.h"

#include <inttypes.h>

static const char *const phrases[VERIFY_FAULTS] = {
	[VERIFY_UNREADABLE] = "no parcel",
	[VERIFY_UNKNOWN_KEY] = "signed by a key that was not given",
	[VERIFY_EDITED] = "edited, the signature does not fit",
	[VERIFY_BODY_EDITED] = "edited, the body is not what was signed",
	[VERIFY_REORDERED] = "reordered, came after a later one",
	[VERIFY_REPLAYED] = "replayed, the same one again",
	[VERIFY_FORKED] = "forked, another genuine one has its number",
	[VERIFY_BROKEN] = "chain broken",
	[VERIFY_MISSING] = "missing",
	[VERIFY_CUT] = "missing at the end",
};

static void print_json(const struct verify_finding *f)
{
	struct json j;

	json_start(&j, stdout);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.verify/1");
	json_string(&j, "fault", verify_fault_name(f->fault));
	if (f->line > 0)
		json_uint(&j, "line", f->line);
	if (f->sensor[0] != '\0') {
		json_string(&j, "sensor", f->sensor);
		json_string(&j, "stream", parcel_stream_name(f->stream));
		json_uint(&j, "first", f->first);
		json_uint(&j, "last", f->last);
	}
	if (f->parcel) {
		json_string(&j, "kind", parcel_kind_name(f->parcel->kind));
		json_string(&j, "key", f->parcel->key);
		json_uint(&j, "revision", f->parcel->revision);
	}
	if (f->why[0] != '\0')
		json_string(&j, "why", f->why);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

void verify_report_finding(const struct verify_finding *f, bool is_json)
{
	if (is_json) {
		print_json(f);
		return;
	}
	if (f->line > 0)
		(void)printf("line %" PRIu64 ": ", f->line);
	if (f->sensor[0] != '\0')
		(void)printf("%s %s %" PRIu64, f->sensor, parcel_stream_name(f->stream), f->first);
	if (f->last > f->first)
		(void)printf(" to %" PRIu64, f->last);
	if (f->parcel)
		(void)printf(" (%s %s, revision %" PRIu64 ")", parcel_kind_name(f->parcel->kind),
			     f->parcel->key, f->parcel->revision);
	(void)printf("%s%s", f->sensor[0] != '\0' ? ": " : "", phrases[f->fault]);
	(void)printf("%s%s\n", f->why[0] != '\0' ? ": " : "", f->why);
}

static void print_json_end(const struct verify_totals *totals)
{
	struct json j;

	json_start(&j, stdout);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.verified/1");
	json_bool(&j, "whole", totals->is_whole);
	json_uint(&j, "lines", totals->lines);
	json_uint(&j, "parcels", totals->genuine);
	json_uint(&j, "sensors", totals->sensors);
	for (unsigned i = 0; i < VERIFY_FAULTS; i++)
		json_uint(&j, verify_fault_name((enum verify_fault)i), totals->faults[i]);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

void verify_report_end(const struct verify_totals *totals, bool is_json)
{
	if (is_json) {
		print_json_end(totals);
		return;
	}
	(void)printf("%" PRIu64 " genuine parcels of %" PRIu64 " sensors in %" PRIu64 " lines: %s",
		     totals->genuine, totals->sensors, totals->lines,
		     totals->is_whole ? "whole" : "NOT WHOLE");
	for (unsigned i = 0; i < VERIFY_FAULTS; i++) {
		if (totals->faults[i] > 0)
			(void)printf("; %s: %" PRIu64, verify_fault_name((enum verify_fault)i),
				     totals->faults[i]);
	}
	(void)putchar('\n');
}
