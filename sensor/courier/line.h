/*
 * The thread of one output: takes what waits for it from the courier's memory, sends, takes what
 * was answered. One that fails holds up no other.
 *
 * A batch is at most LINE_BATCH_PARCELS or LINE_BATCH_BYTES, so that a case of priority 1 waits for
 * one of them at most, whatever backlog is being sent.
 */
#pragma once

#include "sensor/courier/outbox.h"
#include "sensor/courier/output.h"

enum {
	LINE_BATCH_PARCELS = 64,
	LINE_BATCH_BYTES = 512 << 10,
	LINE_IDLE_MS = 1000,
	LINE_REWIND_SECONDS = 3600, /* between two, for the same head */
	LINE_SAY_SECONDS = 3600,    /* between two lines of one failure that goes on */
};

struct line;

/* Orders wait at that output; its thread, which goes on when this returns. */
typedef void line_orders_fn(void *arg, struct output *output);

struct line_setup {
	const struct output_kind *kind;
	struct outbox *outbox; /* borrowed as long as the line lives, as all of these */
	const struct config *config;
	const atomic_bool *is_ending;
	struct order_inbox
		*inbox;     /* where an output puts orders that it is pushed; NULL: nowhere */
	outbox_say_fn *say; /* from the line's thread */
	void *say_arg;
	line_orders_fn *take_orders; /* NULL: nobody takes any */
	void *orders_arg;
	uint64_t seed; /* of the back-off */
};

/* Joins the outbox and opens the output; `problem` is one line. As output_kind.open(), ERR_FULL. */
MUST_USE enum err line_open(struct line **out, const struct line_setup *setup,
			    char problem[static OUTPUT_SAID_LEN]);

/* Begins its thread. ERR_MEMORY: there is none to be had. */
MUST_USE enum err line_start(struct line *line);

/* NULL is fine. `is_ending` is set, and outbox_wake() was called: waits for the thread. */
void line_close(struct line *line);
