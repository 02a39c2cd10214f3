/*
 * Cases as they change, on standard output, for a reader that may stop reading: nobody waits for
 * it, and what it misses is said in the log. The judge's thread alone.
 */
#pragma once

#include "sensor/app/read_report.h"
#include "sensor/case/case.h"
#include "sensor/service/journal.h"

struct watch_output;

/* All is borrowed. ERR_MEMORY. */
MUST_USE enum err watch_output_new(struct watch_output **out, const struct read_report *report,
				   struct journal *journal);

/* A reader that still reads has a second for the rest. NULL is fine. */
void watch_output_free(struct watch_output *output);

void watch_output_case(struct watch_output *output, const struct case_record *c,
		       const struct case_view *view);

/* Once a second: goes on with what waits, and tells what was dropped. */
void watch_output_look(struct watch_output *output);
