/*
 * Canaries that came back (sensor/detect/canary.h): the judge's thread sees them, the capture
 * thread notes them in the store as findings of health that are over, where hinomi-courier finds
 * them.
 */
#pragma once

#include "sensor/detect/canary.h"
#include "sensor/store/store.h"

struct watch_canary;

/* NULL without memory. */
struct watch_canary *watch_canary_new(void);
/* NULL is fine. */
void watch_canary_free(struct watch_canary *self);

/* A judge_canary_fn; `self` is the struct. The judge's thread. */
void watch_canary_see(void *self, const char *token, nanotime when);

/*
 * The capture thread, each second. At most one a minute, on the disk at once, as somebody waits for
 * it. What the store refuses is tried again.
 */
void watch_canary_note(struct watch_canary *self, struct store *store);
