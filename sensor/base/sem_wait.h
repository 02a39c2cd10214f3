/*
 * A semaphore waited for in monotonic time: a Pi learns after its start what year it is, and nobody
 * should wait for that.
 */
#pragma once

#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

/* Whether it was posted within `seconds`; false also when a signal came. */
static inline bool sem_wait_seconds(sem_t *sem, unsigned seconds)
{
	struct timespec until;
#ifdef __GLIBC__
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	return sem_clockwait(sem, CLOCK_MONOTONIC, &until) == 0;
#else
	/* musl asks the kernel for the difference to now: the clock may be set while it waits. */
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	return sem_timedwait(sem, &until) == 0;
#endif
}
