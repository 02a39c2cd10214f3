/*
 * How long to wait after a failure, with full jitter: anything from nothing to a bound that doubles
 * with each failure (Brooker, "Exponential Backoff And Jitter", AWS 2015). So offices that lost one
 * service do not come back all at once. Plain values; one thread.
 */
#pragma once

#include <stdint.h>

enum {
	BACKOFF_BASE_MS = 1000,
	BACKOFF_CAP_MS = 5 * 60 * 1000,
	BACKOFF_DENIED_CAP_MS = 60 * 60 * 1000, /* who is not believed: nobody is in a hurry */
	BACKOFF_ASKED_CAP_S = 60 * 60,
};

struct backoff {
	uint64_t random; /* never 0 */
	unsigned failures;
};

/* `seed` may be anything. */
void backoff_start(struct backoff *backoff, uint64_t seed);

/* It worked. */
void backoff_reset(struct backoff *backoff);

/*
 * It failed once more: milliseconds to wait, at least `asked_s` seconds of the other side's (at
 * most BACKOFF_ASKED_CAP_S), else at most `cap_ms`.
 */
uint64_t backoff_next(struct backoff *backoff, uint64_t cap_ms, uint64_t asked_s);
