/* One frame looked into: what it adds to the counts of its interface. Part of health.c. */
#pragma once

#include "sensor/capture/frame.h"
#include "sensor/decode/packet.h"
#include "sensor/health/health_counts.h"

enum { HEALTH_PAIRS = 256 };

/* Two MACs that spoke to one another, in a place that their hash gives; the first one keeps it. */
struct health_pair {
	struct mac low;
	struct mac high;
	uint16_t vlan[2];   /* of the first frame that each of them sent */
	bool has_spoken[2]; /* of low, of high */
	bool is_used;
};

struct health_gauge {
	struct health_counts counts;
	struct health_pair pairs[HEALTH_PAIRS];
};

/* `packet` is NULL when decode refused the frame. */
void health_look_into(struct health_gauge *gauge, const struct frame *frame,
		      const struct packet *packet);
