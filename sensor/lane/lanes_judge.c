#include "sensor/lane/lanes_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	SPINS_BEFORE_SLEEP = 64,
	SLEEP_NANOSECONDS = 100 * 1000, /* of who waits for room: others wait for it */
	SLEEP_DOUBLINGS = 4,            /* who waits for work sleeps longer each time, to 1.6 ms */
	LIVE_SLEEP_DOUBLINGS = 7,       /* … to 12.8 ms: a sensor idles all night */
};

static void sleep_if_idle(unsigned *idle, unsigned most_doublings)
{
	unsigned sleeps = ++*idle > SPINS_BEFORE_SLEEP ? *idle - SPINS_BEFORE_SLEEP : 0;
	unsigned doublings = sleeps < most_doublings ? sleeps : most_doublings;
	const struct timespec nap = { .tv_nsec = (long)SLEEP_NANOSECONDS << doublings };

	if (sleeps > 0)
		(void)nanosleep(&nap, NULL);
}

void lanes_wait_for_room(unsigned *idle)
{
	sleep_if_idle(idle, 0);
}

void lanes_wait_for_work(const struct lanes *lanes, unsigned *idle)
{
	sleep_if_idle(idle, lanes->setup.is_live ? LIVE_SLEEP_DOUBLINGS : SLEEP_DOUBLINGS);
}

/* Takes over what the lane has published; true when there was anything. */
static bool drain(struct lane_line *line)
{
	bool has_drained = false;
	const void *fact;
	size_t len;

	while ((fact = ring_peek(line->facts, &len))) {
		if (fact_queue_add(&line->waiting, fact, len) != ERR_OK) {
			/* Its bound is part of the start-up budget: nothing can go on without. */
			(void)fputs("hinomi: out of memory for waiting facts\n", stderr);
			abort();
		}
		ring_consume(line->facts);
		has_drained = true;
	}
	return has_drained;
}

static struct lane_line *earliest(struct lanes *lanes, uint64_t until)
{
	struct lane_line *found = NULL;
	uint64_t first = until;

	for (unsigned i = 0; i < LANES; i++) {
		const struct fact *fact = fact_queue_peek(&lanes->line[i].waiting);

		if (fact && fact->sequence <= first) {
			first = fact->sequence;
			found = &lanes->line[i];
		}
	}
	return found;
}

static bool hand_over(struct lanes *lanes, uint64_t until)
{
	struct lane_line *line;
	bool has_handed = false;

	while ((line = earliest(lanes, until))) {
		lanes->setup.take(lanes->setup.take_arg, fact_queue_peek(&line->waiting));
		fact_queue_drop(&line->waiting);
		has_handed = true;
	}
	return has_handed;
}

void lanes_judge(struct lanes *lanes)
{
	unsigned idle = 0;

	if (lanes->setup.workers == 0)
		return;
	for (;;) {
		bool is_closed = atomic_load_explicit(&lanes->is_closed, memory_order_acquire);
		uint64_t until = UINT64_MAX;
		bool has_moved = false;

		if (lanes->setup.between)
			lanes->setup.between(lanes->setup.between_arg);

		/* `done` before the ring: what it covers has then been drained. */
		for (unsigned i = 0; i < LANES; i++) {
			uint64_t done =
				atomic_load_explicit(&lanes->line[i].done, memory_order_acquire);

			until = done < until ? done : until;
			has_moved |= drain(&lanes->line[i]);
		}
		has_moved |= hand_over(lanes, until);
		if (has_moved)
			idle = 0;
		else if (is_closed && until == lanes->sequence)
			return;
		else
			lanes_wait_for_work(lanes, &idle);
	}
}
