/* What one run of the sensor holds: shared by watch.c and watch_start.c alone. */
#pragma once

#include "sensor/app/own_addresses.h"
#include "sensor/app/watch.h"
#include "sensor/app/watch_counts.h"
#include "sensor/app/watch_health.h"
#include "sensor/app/watch_judge.h"
#include "sensor/app/watch_reload.h"
#include "sensor/guard/guard.h"
#include "sensor/service/metrics.h"
#include "sensor/service/notify.h"

/* What one run holds; released in reverse. */
struct watch {
	struct watch_options *options;
	struct journal journal;
	struct notify notify;
	struct guard_report guarded;
	struct metrics *metrics;
	int metrics_listener; /* -1: nobody wants figures */
	struct store *store;
	struct watch_health *health;
	struct watch_canary *canary;
	struct watch_judge *judge;
	struct pipeline *pipeline;
	struct live_capture *live;
	struct watch_reload *reload;
	struct own_addresses own; /* where they are left out: on a mirror port */
	bool has_said_full;       /* … that it knows not all of them */
	bool has_said_lost;
	struct store_life last_life; /* when `had_life` */
	bool had_life;
	nanotime started;
	bool has_damage; /* cases.db */
	uint64_t second; /* of the monotonic clock, last looked at */
	struct watch_counts counts;
	uint64_t counts_due; /* of the monotonic clock */
	uint64_t beats;      /* of the judge by then */
	uint64_t last_beat;  /* when they last moved */
	char *figures;       /* METRICS_TEXT_MAX bytes, when there is a socket for them */
};

/* One event for the log. */
void watch_say(struct watch *w, enum journal_level level, const char *event, const char *sentence);

/*
 * Opens the store and takes back what it holds, into the judge. The errors are store_open()'s and
 * store_load_kept()'s, `problem` says what to do; behind ERR_MALFORMED the judge is of no more use.
 */
MUST_USE enum err watch_open_store(struct watch *w, bool is_suspect,
				   char problem[static STORE_PROBLEM_LEN]);
/* Before it is started; none is fine. */
void watch_drop_store(struct watch *w);

/*
 * Opens everything and gives up every right that is not needed, in the order that these two allow.
 * False after one line on standard error that says what to do; watch_release() in any case.
 */
bool watch_start(struct watch *w);
void watch_release(struct watch *w);
