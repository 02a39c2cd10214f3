/*
 * Flow records as JSON lines (flow.schema.json): names and words of Suricata's EVE where EVE has
 * them; what is ours stands under "hinomi".
 */
#pragma once

#include "sensor/fact/fact.h"

/* A judge_flow_fn; `out` is a FILE. */
void flow_line(void *out, const struct fact *ended, const char *peer_name);
