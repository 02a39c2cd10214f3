/* What one run of the sensor holds: shared by watch.c and watch_start.c alone. */
#pragma once

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
	struct watch_judge *judge;
	struct pipeline *pipeline;
	struct live_capture *live;
	struct watch_reload *reload;
	struct network_config own;   /* this machine's addresses, where they are left out */
	struct store_life last_life; /* when `had_life` */
	bool had_life;
	nanotime started;
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
 * Opens everything and gives up every right that is not needed, in the order that these two allow.
 * False after one line on standard error that says what to do; watch_release() in any case.
 */
bool watch_start(struct watch *w);
void watch_release(struct watch *w);
