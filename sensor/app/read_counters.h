/* Counters that the last line of `hinomi read` shows, as JSON's words and numbers; zeros among
 * them. */
#pragma once

#include "sensor/app/pipeline.h"

struct counter {
	const char *code; /* lives as long as the program */
	uint64_t count;
};

enum {
	COUNTERS_LEFT_OUT = 4,
	COUNTERS_CAPSULES = 4,
	COUNTERS_LIMITS = 9,
	COUNTERS_HELD = GATE_ANSWERS - 1,
	COUNTERS_REFUSED = DECODE_RESULTS - 1,
};

/* Tunnel headers that were taken off, by kind; how many in all. */
uint64_t count_tunnels(const struct decode_stats *stats, struct counter out[static TUNNEL_KINDS]);

/* Signals that became no case, by the gate's reason. */
void count_held(const struct judge_totals *judged, struct counter out[static COUNTERS_HELD]);

/* Frames that were not read, by reason. */
void count_refused(const struct decode_stats *stats, struct counter out[static COUNTERS_REFUSED]);

/* What was not looked at as it should have been, because some memory or number has an end. */
void count_limits(const struct judge_totals *judged, const struct pipeline_totals *totals,
		  struct counter out[static COUNTERS_LIMITS]);

/* What became of the evidence of cases; false when none was due. */
bool count_capsules(const struct judge *judge, struct counter out[static COUNTERS_CAPSULES]);

/* Packets that were left out for where they were seen. */
void count_left_out(const struct vantage_totals *totals,
		    struct counter out[static COUNTERS_LEFT_OUT]);

/* All signals by kind, held back or not: what was said is more than what was told. */
void count_kinds(const struct judge *judge, struct counter out[static SIGNAL_KINDS]);
