/*
 * What befalls the interfaces of a sensor, until it is worth saying: links that are gone for a
 * while, and packets that are lost. All zero is the start. The capture thread alone.
 */
#pragma once

#include "sensor/capture/live_capture.h"
#include "sensor/health/health_surroundings.h"

/* While a machine starts, interfaces come up after the sensor; a switch may start anew, too. */
#define WATCH_LINK_PATIENCE (15 * NANOTIME_SECOND)
/* A sensor that is too slow loses packets each second: those of a minute are told together. */
#define WATCH_LOSSES_EVERY NANOTIME_MINUTE

/* Packets that an interface lost, and when. */
struct watch_loss {
	nanotime from;
	nanotime to;
	uint64_t kernel;
	uint64_t card;
};

struct watch_links {
	struct {
		nanotime out_since; /* 0: it is well */
		bool is_out;        /* for longer than WATCH_LINK_PATIENCE */
		struct watch_loss lost;
		nanotime told;
	} of[INTERFACES_MAX];
};

/* Once a second: whether interface `i` is out now and was not before, or the other way about. */
bool watch_links_look(struct watch_links *links, size_t i, const struct live_stats *stats,
		      nanotime now);

/* As it was last looked at. */
enum health_link watch_links_state(const struct watch_links *links, size_t i,
				   enum live_state state);

/* Takes in an event of LIVE_DROPPED. */
void watch_links_lose(struct watch_links *links, const struct live_event *event);

/* What interface `i` lost, if it is to be told at `now`: at once, then all of each minute. */
bool watch_links_take(struct watch_links *links, size_t i, nanotime now, struct watch_loss *out);

/* Likewise, without waiting: for the end. */
bool watch_links_take_rest(struct watch_links *links, size_t i, struct watch_loss *out);
