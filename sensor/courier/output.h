/*
 * One way out of the office: rangers over HTTPS or MQTT, a log collector, a file, a web hook.
 *
 * Each output has a thread of its own, and in it one object of these functions: so one that hangs
 * holds up no other. What was acknowledged is the courier's memory (outbox.h), not the output's.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/courier/order_inbox.h"
#include "sensor/delivery/batch.h"

#include <stdatomic.h>

enum { OUTPUT_SAID_LEN = 200 };

struct output_setup {
	const struct config *config; /* borrowed as long as the output lives */
	const char *sensor;          /* the same */
	struct order_inbox *inbox;   /* the same: where pushed orders go; NULL: nobody takes any */
	const atomic_bool
		*is_ending; /* looked at at least each 200 ms while something is awaited */
};

/* What became of a send() as a whole. */
enum output_answer {
	OUTPUT_ANSWERED,  /* `replies` say what of each */
	OUTPUT_FAILED,    /* nothing is known of any: to be sent again, later and later */
	OUTPUT_TOO_LARGE, /* … in smaller pieces; a single one is set aside */
	OUTPUT_DENIED,    /* who we are is not believed: again, much later; nothing is set aside */
};

struct output_result {
	struct replies replies;
	uint64_t retry_after;       /* seconds that the other side asked for; 0: it did not */
	char code[REPLY_CODE_LEN];  /* of a whole batch refused: "http_413" … */
	char said[OUTPUT_SAID_LEN]; /* one line for the log and for `hinomi deliver --status` */
};

struct output; /* each kind's own */

struct output_kind {
	const char *name; /* "https"; the key in courier.db, never changed */
	/*
	 * Whether the desk's side of the contract answers there: streams, chain and all. Else it is
	 * for people or collectors: it gets cases, as they are worded for it, and what was written
	 * counts as acknowledged.
	 */
	bool is_desk;
	bool (*is_wanted)(const struct config *config);
	/* `problem` is one line that says what to do. ERR_IO, ERR_SYNTAX, ERR_MISSING, ERR_MEMORY.
	 */
	enum err (*open)(struct output **out, const struct output_setup *setup,
			 char problem[static OUTPUT_SAID_LEN]);
	/* 1 to BATCH_PARCELS_MAX parcels of one stream in order. Connects when it must. */
	enum output_answer (*send)(struct output *output, const struct parcel *parcels,
				   size_t count, struct output_result *result);
	/*
	 * Nothing to send for now: keeps a connection alive for at most `milliseconds`, and tells
	 * in `has_orders` whether orders wait. NULL: nothing to do.
	 */
	void (*idle)(struct output *output, unsigned milliseconds, bool *has_orders);
	void (*close)(struct output *output);
};

extern const struct output_kind output_https;
extern const struct output_kind output_mqtt;
extern const struct output_kind output_syslog;
extern const struct output_kind output_eve;
extern const struct output_kind output_webhook;
