/* Why an interface is not captured, in one line that says what to do. One thread at a time. */
#pragma once

#include "sensor/capture/live_capture.h"
#include "sensor/capture/live_handle.h"

/* `words`, where libpcap or the system gave some, may hold anything, and be cut. */
void live_problem_say(char problem[static LIVE_REASON_LEN], const char *name,
		      enum live_opening opening, const char *words);
