/*
 * Live flows on a terminal, drawn anew every so often until the user leaves: q quits, b, r and a
 * sort by bytes, rate and age.
 *
 * One thread. Takes the terminal and the signals that end, suspend and resize the program for
 * the time of the call, and gives both back as they were. Between two scans it rests at least
 * four times as long as the scan took.
 */
#pragma once

#include "sensor/app/live_flows.h"

struct flow_screen_setup {
	struct live_flows *live; /* borrowed */
	enum live_order order;
	nanotime interval;
	const char *filter; /* as given, for the last line; "" is none */
};

enum flow_screen_end {
	FLOW_SCREEN_LEFT,   /* by key or signal */
	FLOW_SCREEN_STALE,  /* the sensor has ended */
	FLOW_SCREEN_FAILED, /* the terminal does not do what it must; errno says more */
};

/* Whether the program talks to a terminal that can be drawn on. */
bool flow_screen_is_there(void);

/* How wide standard output is; `otherwise` when it is no terminal. */
size_t flow_screen_width(size_t otherwise);

MUST_USE enum flow_screen_end flow_screen_run(const struct flow_screen_setup *setup);
