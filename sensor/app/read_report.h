/* What `hinomi read` prints: cases and the line that accounts for everything. */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/case/case_words.h"

#include <stdio.h>

struct read_report {
	bool as_json;
	bool explains; /* people are told each case laid open */
	enum language first_language;
	unsigned languages;
	double seconds; /* it took; told to people only: JSON is the same in each run */
};

/* What cases say that the sensor was able to see. */
struct case_view read_report_view(const struct judge_totals *judged,
				  const struct pipeline_totals *totals);

/* "en", "ja" or "both"; false for any other word. */
bool read_report_speak(struct read_report *report, const char *language);

void read_report_print(const struct read_report *report, struct judge *judge,
		       const struct pipeline_totals *totals, FILE *out);
