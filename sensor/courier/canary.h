/*
 * Now and then a harmless lookup, "TOKEN.hinomi-canary.HOST" with the host of the rangers' service,
 * that must come back through mirror, lanes, judge and cases.db: then all of that works. What came
 * of it is a parcel (hinomi.canary/1), after CANARY_MINUTES at the latest; when they are asked for
 * more often than that, after the time between two. The sensor notes one a minute: below two
 * minutes some are told as not seen that were, which is for tests.
 *
 * One thread; the lookup itself is made in one of its own, of which there is one at most. What is
 * under way stands in courier.db, so that a restart neither forgets it nor asks once more.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/courier/outbox.h"

#define CANARY_LAST_NOTE "canary.last" /* in courier.db: "ASKED SEEN", wall clock */

enum {
	CANARY_MINUTES = 10,
	CANARY_SECONDS_LEAST = 10, /* the sensor needs some to tell */
	CANARY_HEX_LEN = 13,
};

struct canary {
	struct outbox *outbox;       /* borrowed, as both */
	const struct config *config; /* courier.canary, https.url, mqtt.url */
	char token[CANARY_HEX_LEN];  /* "" when none is under way */
	nanotime asked;              /* wall clock, of the latest; 0: never */
};

/* Takes up what was under way before. */
void canary_start(struct canary *canary, struct outbox *outbox, const struct config *config);

/* Asks when it is time, and gives up when it is. ERR_FULL, ERR_IO: tried again at the next call. */
MUST_USE enum err canary_look(struct canary *canary);

/* An intake_canary_fn; `canary` is the struct. The same thread. */
void canary_seen(void *canary, const char *token, nanotime when);

/* The name that is looked up, with a dot at its end; false when there is no host to ask for. */
bool canary_name(const struct config *config, const char *token, char *out, size_t room);
