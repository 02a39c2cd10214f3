/*
 * hinomi-courier as it runs: memory, lines, intake, heartbeat, canary, orders, put together. One
 * thread drives it; the lines and the orders have their own.
 */
#pragma once

#include "sensor/courier/outbox.h"
#include "sensor/courier/output.h"

struct courier;

struct courier_setup {
	const struct config *config; /* borrowed */
	const struct output_kind *const *kinds;
	size_t kind_count;
	bool is_once;       /* what waits is delivered, and nothing of our own is added */
	outbox_say_fn *say; /* from any thread */
	void *say_arg;
};

/*
 * Opens courier.db and a line for each output that is configured. One that cannot be opened is said
 * and tried again later. `problem`: as outbox_open(); ERR_MISSING when no output is configured.
 */
MUST_USE enum err courier_open(struct courier **out, const struct courier_setup *setup,
			       char problem[static OUTBOX_PROBLEM_LEN]);

/* Once: from here on threads run. ERR_MEMORY. */
MUST_USE enum err courier_start(struct courier *courier);

/* What is due now; then is called again within INTAKE_EVERY_MS. True: at once. */
bool courier_turn(struct courier *courier);

/* Whether all that was found has been delivered to every output. */
bool courier_is_done(struct courier *courier);

/* Ends all threads. NULL is fine. */
void courier_close(struct courier *courier);
