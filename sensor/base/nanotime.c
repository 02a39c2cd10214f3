#include "sensor/base/nanotime.h"

#include <stdio.h>
#include <time.h>

void nanotime_text(nanotime t, char out[static NANOTIME_TEXT_LEN])
{
	time_t seconds = (time_t)(t / NANOTIME_SECOND);
	unsigned microseconds = (unsigned)(t % NANOTIME_SECOND / 1000);
	struct tm tm = { 0 };

	(void)gmtime_r(&seconds, &tm); /* cannot fail: nanotime ends in the year 2554 */
	/* The remainders change nothing; they show the compiler how long each number can be. */
	(void)snprintf(out, NANOTIME_TEXT_LEN, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
		       (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
		       (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100,
		       (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100, microseconds);
}
