/*
 * Live flows as JSON lines (live.schema.json): the names of flow.schema.json where both have
 * them.
 */
#pragma once

#include "sensor/app/live_flows.h"

#include <stdio.h>

/* Every flow of the last scan, greatest first, then a line that accounts for the rest. */
void live_lines_print(const struct live_flows *live, FILE *out);
