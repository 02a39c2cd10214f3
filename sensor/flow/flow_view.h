/*
 * The live flows of a sensor in another process, read from the file that its table lives in
 * (flow_config.shared).
 *
 * The file is input from outside: everything in its header is checked against its size before it
 * is used, and records may say anything. Only the sensor that made the file may write it, and it
 * never shrinks it; who else could (its owner and root) could also end the reader with SIGBUS.
 *
 * The reader never makes the writer wait. Owner: the caller; any number of threads may read.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/flow/flow_record.h"

#include <stddef.h>

struct flow_view;

/*
 * ERR_MISSING when there is no such file, ERR_MALFORMED when it is no table or one of another
 * version, ERR_IO (see errno) or ERR_MEMORY. `*out` is set only on ERR_OK.
 */
MUST_USE enum err flow_view_open(struct flow_view **out, const char *path);

/* NULL is fine. */
void flow_view_close(struct flow_view *view);

/* Slots, live or not. */
uint32_t flow_view_capacity(const struct flow_view *view);

/* The latest packet time, to about a second; 0 before the first packet. */
nanotime flow_view_clock(const struct flow_view *view);

/* The process that made the table. It may have ended without removing the file. */
int flow_view_pid(const struct flow_view *view);

/* A whole copy of slot `index` (0 … capacity-1). */
enum flow_read flow_view_snapshot(const struct flow_view *view, uint32_t index,
				  struct flow_record *out);

/* The size of a lane's slot: to be compared before what flow_view_slot() gives is read. */
size_t flow_view_slot_bytes(const struct flow_view *view);

/* What the lane keeps for slot `index`; NULL when it keeps nothing. Borrowed from the view. */
const void *flow_view_slot(const struct flow_view *view, uint32_t index);
