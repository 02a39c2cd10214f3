/*
 * The life of one interface: opened, watched, read, and opened again after a gap.
 *
 * Part of live_capture, which owns it. One thread. What all interfaces share is a live_world.
 */
#pragma once

#include "sensor/capture/live_capture.h"
#include "sensor/capture/live_clock.h"
#include "sensor/capture/live_links.h"
#include "sensor/capture/live_merge.h"
#include "sensor/capture/live_problem.h"

struct live_world {
	struct capture_config config;
	struct live_links links;
	struct live_clock clock;
	live_event_fn *event;
	void *event_arg;
	uint64_t clock_steps;
	nanotime promised; /* no frame has an earlier time; see live_capture_now() */
	unsigned age;      /* counts the times that packet time went back */
	bool must_look;    /* something happened that live_interface_look() decides */
};

struct live_interface {
	struct live_stats stats;
	unsigned number;
	struct live_handle *handle; /* NULL while there is none */
	struct live_head head;
	struct frame frame; /* at the head; its bytes are the handle's */
	unsigned age;       /* of the times in `head` */
	bool is_told;       /* an event told of its state */
	bool has_failed;    /* the last read did */
	bool is_leaving;    /* the interface is gone, and its ring is read to the end */
	nanotime well_at;   /* packet time at which it was last seen captured */
	nanotime counted_at;
	struct live_losses counted;
	/* Since boot. */
	nanotime leaving_until;
	nanotime looked_at;
	nanotime tried_at;
	nanotime back_off;
	char problem[LIVE_REASON_LEN]; /* why it is not captured */
};

/* Reads the clocks, and tells of a step. */
void live_world_measure(struct live_world *world);

/* Tries to open it, without an event. `name` is borrowed. */
enum live_opening live_interface_start(struct live_interface *self, struct live_world *world,
				       unsigned number, const char *name);

void live_interface_stop(struct live_interface *self);

/*
 * Sees what became of it: closes, opens, counts losses, tells events. To be called some times a
 * second; `rang` when the links' bell did.
 */
void live_interface_look(struct live_interface *self, struct live_world *world, bool rang);

/* Hands out up to `most` frames straight from the ring; answers how many. */
uint64_t live_interface_read(struct live_interface *self, struct live_world *world, int most,
			     frame_take_fn *take, void *arg);

/* Reads a frame to the head, unless one stands there; false when there is none. */
bool live_interface_fill(struct live_interface *self, struct live_world *world);
