/*
 * What comes back from the rangers: orders, each signed by the desk, numbered 1, 2, 3 … for this
 * sensor, taken once and in order, each answered by a parcel (CONTRACT.md, "Orders").
 *
 * One thread, which may wait for a file for minutes: not a line's own. Lists come from wherever: by
 * HTTPS (orders_fetch()) or pushed over MQTT. Bounds: ORDERS_MOST orders at once, ORDER_BODY_MAX
 * bytes of each body, ORDER_FILE_MAX of a file.
 */
#pragma once

#include "sensor/courier/https_client.h"
#include "sensor/courier/outbox.h"

enum {
	ORDERS_MOST = 64,
	ORDER_BODY_MAX = 64 << 10,
	ORDER_FILE_MAX = 64 << 20,
	ORDER_DETAIL_LEN = 200,
	ORDERS_PROBLEM_LEN = 320,
};

struct orders;

/* All borrowed as long as the object lives. */
struct orders_setup {
	struct outbox *outbox;
	const struct config *config;
	struct https_client *client; /* for files and new keys; NULL: those are refused */
};

/* ERR_MISSING: this sensor has no desk's key, it was not enrolled. ERR_MEMORY. */
MUST_USE enum err orders_open(struct orders **out, const struct orders_setup *setup,
			      char problem[static ORDERS_PROBLEM_LEN]);
/* NULL is fine. */
void orders_close(struct orders *orders);

/* The last that was taken; what is to be asked for are those behind it. */
uint64_t orders_done(const struct orders *orders);

/*
 * Takes a list "hinomi.orders/1". `problem` is one line that says what to do. ERR_MALFORMED: it is
 * none, or one of them is not the desk's or not for this sensor; those before it were taken, it and
 * all behind it not. ERR_IO: one has to wait (the line, the disk): ask again later. ERR_MISSING: a
 * number is left out.
 */
MUST_USE enum err orders_take(struct orders *orders, const char *text, size_t len,
			      char problem[static ORDERS_PROBLEM_LEN]);

/* Asks the client's side for orders until there are none, and takes them. As orders_take(). */
MUST_USE enum err orders_fetch(struct orders *orders, char problem[static ORDERS_PROBLEM_LEN]);
