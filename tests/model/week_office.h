/* What a device of the made office does: frames of one visit to a site, by chance. */
#pragma once

#include "sensor/capture/frame.h"

struct week_office {
	const char *name;
	bool has_busy_hour;
	uint64_t random; /* any but 0 */
	uint64_t visits;
	frame_take_fn *take;
	void *take_arg;
	nanotime *now; /* moves on with each frame */
};

/* From 0 up to, not including, `below`. */
uint64_t week_draw(struct week_office *office, uint64_t below);

/* Looks up a site, mostly a known one, and talks with it: ten frames. */
void week_visit(struct week_office *office, unsigned device);
