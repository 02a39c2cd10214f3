/*
 * Facts as JSON lines, in the order in which the judge takes them: what an analyst greps. Each kind
 * of line is shown once, with what it means, in FACTS.md beside this file.
 */
#pragma once

#include "sensor/base/json.h"
#include "sensor/fact/fact.h"

/* A judge_fact_fn. `out` is a struct json that was started, and is flushed by its owner. */
void fact_line(void *out, const struct fact *fact);
