/*
 * What the sensor found, on its way into the courier's memory: reads cases.db, which it never
 * writes, and puts each new revision of a case and each turn of a finding of health. Nothing is
 * remembered here that a kill could lose: what was put is asked of the outbox.
 *
 * One thread. Memory: INTAKE_GROUP_BYTES of bodies at once and INTAKE_KNOWN short marks.
 */
#pragma once

#include "sensor/courier/outbox.h"

enum {
	INTAKE_GROUP = 256, /* rows of one put */
	INTAKE_GROUP_BYTES = 1 << 20,
	INTAKE_KNOWN = 1 << 14, /* cases and findings whose last look is remembered */
	INTAKE_EVERY_MS = 250,
	INTAKE_RETRY_SECONDS = 5, /* after a failure */
};

struct intake;

/* A canary came back through the sensor: its token, and when. */
typedef void intake_canary_fn(void *arg, const char *token, nanotime when);

struct intake_setup {
	struct outbox *outbox; /* borrowed, as all of these */
	const char *folder;    /* of cases.db */
	outbox_say_fn *say;
	void *say_arg;
	bool sends_evidence; /* of the most urgent cases, unasked (courier.capsules) */
	intake_canary_fn *see_canary;
	void *canary_arg;
};

/* NULL without memory. */
struct intake *intake_new(const struct intake_setup *setup);
/* NULL is fine. */
void intake_free(struct intake *intake);

enum intake_answer {
	INTAKE_NOTHING, /* all that stands in cases.db was put */
	INTAKE_MORE,    /* a group was put; there may be more, so look again at once */
	INTAKE_WAITS,   /* cases.db cannot be read, or nothing can be put now: said once */
};

/* One look. */
enum intake_answer intake_look(struct intake *intake);
