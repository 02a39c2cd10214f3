/*
 * Packet time: nanoseconds since the epoch, UTC, as the capture says.
 *
 * No module reads a clock. What happened when is a property of the packets, so that the same
 * packets give the same verdicts on any day.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t nanotime;

#define NANOTIME_MILLISECOND UINT64_C(1000000)
#define NANOTIME_SECOND      UINT64_C(1000000000)
#define NANOTIME_MINUTE      (60 * NANOTIME_SECOND)
#define NANOTIME_HOUR        (60 * NANOTIME_MINUTE)
#define NANOTIME_DAY         (24 * NANOTIME_HOUR)

enum {
	NANOTIME_TEXT_LEN = 40,
	NANOTIME_SECOND_LEN = 20, /* "2026-10-01T00:12:08." */
	NANOTIME_TEXTS = 16,
};

/* The time from `since` to `until`; 0 when `until` is the earlier. */
static inline nanotime nanotime_between(nanotime since, nanotime until)
{
	return until > since ? until - since : 0;
}

/*
 * Whether time has jumped back since `before`, as between captures of different days: what was
 * remembered then is of another age and says nothing now.
 */
static inline bool nanotime_went_back(nanotime before, nanotime now)
{
	return nanotime_between(now, before) > NANOTIME_HOUR;
}

static inline double nanotime_seconds(nanotime t)
{
	return (double)t / (double)NANOTIME_SECOND;
}

/*
 * The texts of some seconds, for who writes many times: most are of a second written shortly
 * before, and only the fraction is new. A second's place goes by its number, so that the start of
 * a record and its end some timeout later seldom push one another out.
 */
struct nanotime_texts {
	struct nanotime_day {
		uint32_t number; /* since the epoch */
		char text[10];   /* "2026-10-01", no NUL */
	} day;                   /* as dear as the rest of a second */
	struct nanotime_second {
		uint64_t number;
		char text[NANOTIME_SECOND_LEN];
	} seconds[NANOTIME_TEXTS];
};

void nanotime_texts_start(struct nanotime_texts *texts);

/* Writes RFC 3339 with microseconds, "2026-10-01T00:12:08.123456Z"; returns its length. */
size_t nanotime_text(nanotime t, char out[static NANOTIME_TEXT_LEN]);

/* The same. */
size_t nanotime_text_kept(nanotime t, struct nanotime_texts *texts,
			  char out[static NANOTIME_TEXT_LEN]);
