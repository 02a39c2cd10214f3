/*
 * The flow log as JSON lines: a record for each flow that ended (flow.schema.json), and one for
 * unanswered flows that were only counted (attempts.schema.json). Names and words of Suricata's EVE
 * where EVE has them; what is ours stands under "hinomi".
 */
#pragma once

#include "sensor/base/json.h"
#include "sensor/fact/fact.h"

/*
 * A judge_flow_fn: `fact` is FACT_FLOW_ENDED or FACT_ATTEMPTS. `out` is a struct json that was
 * started, and is flushed by its owner after the last flow.
 */
void flow_line(void *out, const struct fact *fact, const char *peer_name);

/* The members that say between whom a flow is, "src_ip" to "community_id", of live flows too. */
void flow_line_endpoints(struct json *j, const struct flow_key *key, bool client_is_low);
