/* The lanes' memory and how their threads wait for one another: for lanes*.c alone. */
#pragma once

#include "sensor/base/ring.h"
#include "sensor/lane/fact_queue.h"
#include "sensor/lane/lanes.h"

#include <pthread.h>
#include <stdatomic.h>

struct lane_line {
	/* The lane's, on a cache line of its own: facts up to this sequence are published. */
	_Alignas(64) _Atomic uint64_t done;
	_Alignas(64) struct lane *lane;
	struct lanes *all;
	struct ring *records;      /* capture → lane */
	struct ring *facts;        /* lane → judge */
	struct fact_queue waiting; /* the judge's */
	uint64_t put;              /* capture's: sequence of the last record for this lane */
};

struct worker {
	pthread_t thread;
	struct lanes *lanes;
	unsigned number;
	bool is_running;
};

struct lanes {
	struct lane_line line[LANES];
	struct worker worker[LANES_WORKERS_MAX];
	struct lanes_setup setup;
	uint64_t shed;     /* capture's */
	uint64_t sequence; /* capture's */
	uint64_t slowest;  /* capture's: a lower bound of every lane's `done` */
	_Atomic bool is_closed;
};

/* For room in a ring, or for a lane that has fallen behind. */
void lanes_wait_for_room(unsigned *idle);

/*
 * Longer each time nothing could be done; any work resets `*idle`. Threads that looked again every
 * 50 us cost a third more CPU in all than the work they did.
 */
void lanes_wait_for_work(const struct lanes *lanes, unsigned *idle);
