/*
 * The thread that takes what rangers order (orders.h): it may wait for a file for minutes, which no
 * line does. Lines wake it when they hear that orders wait.
 */
#pragma once

#include "sensor/courier/order_inbox.h"
#include "sensor/courier/outbox.h"
#include "sensor/courier/output.h"

struct order_taker;

struct order_taker_setup {
	struct outbox *outbox; /* borrowed, as all of these */
	const struct config *config;
	struct order_inbox *inbox;
	const atomic_bool *is_ending;
	outbox_say_fn *say; /* from this thread */
	void *say_arg;
};

/* Begins the thread. ERR_MEMORY. */
MUST_USE enum err order_taker_start(struct order_taker **out,
				    const struct order_taker_setup *setup);

/* Orders wait somewhere. Any thread. */
void order_taker_wake(struct order_taker *taker);

/* NULL is fine. `is_ending` is set: waits for the thread. */
void order_taker_stop(struct order_taker *taker);
