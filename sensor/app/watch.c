#include "sensor/app/output.h"
#include "sensor/app/watch_figures.h"
#include "sensor/app/watch_inside.h"
#include "sensor/base/monotonic.h"

#include <stdlib.h>

enum {
	JUDGE_PATIENCE = 15, /* seconds that the judge may be busy and still count as alive */
	COUNTS_EVERY = 60,   /* seconds: the store writes them no more often */
};

/* Packet time, also where no packet has ever come. */
static nanotime time_now(const struct watch *w)
{
	nanotime clock = w->pipeline ? pipeline_clock(w->pipeline) : 0;
	nanotime live = w->live ? live_capture_now(w->live) : 0;
	nanotime now = clock > live ? clock : live;

	return now > 0 ? now : w->started;
}

static void publish(struct watch *w, const struct pipeline_totals *totals)
{
	struct judge_totals judged = watch_judge_totals(w->judge);
	struct decided_figures decided = watch_judge_decided(w->judge);
	struct capsule_counts capsules = watch_judge_capsules(w->judge);
	struct health_lists lists = watch_judge_lists(w->judge);
	struct live_stats interfaces[INTERFACES_MAX];
	struct store_status store;
	size_t count = live_capture_count(w->live);
	FILE *out;

	if (!w->metrics)
		return;
	for (size_t i = 0; i < count; i++)
		interfaces[i] = live_capture_stats(w->live, i);
	store_status(w->store, &store);

	const struct watch_figures figures = { .pipeline = totals,
					       .judge = &judged,
					       .decided = &decided,
					       .capsules = &capsules,
					       .lists = &lists,
					       .conversations = health_flows(
						       watch_health_counters(w->health)),
					       .interfaces = interfaces,
					       .interface_count = count,
					       .store = &store,
					       .shed = pipeline_shed(w->pipeline),
					       .clock = pipeline_clock(w->pipeline) };

	out = fmemopen(w->figures, METRICS_TEXT_MAX, "w");
	if (!out)
		return;
	watch_figures_print(&figures, out);

	long len = ftell(out);

	if (fclose(out) == 0 && len > 0)
		metrics_publish(w->metrics, w->figures, (size_t)len);
}

/* The manager hears that the sensor lives only while the judge does too. */
static void tell_alive(struct watch *w)
{
	uint64_t beats = watch_judge_beats(w->judge);

	if (beats != w->beats || w->last_beat == 0) {
		w->beats = beats;
		w->last_beat = w->second;
	}
	if (w->second - w->last_beat <= JUDGE_PATIENCE)
		notify_say(&w->notify, "WATCHDOG=1");
}

static void put_counts(struct watch *w, const struct pipeline_totals *totals)
{
	nanotime clock = pipeline_clock(w->pipeline);

	w->counts_due = w->second + COUNTS_EVERY;
	if (clock > 0)
		watch_counts_put(&w->counts, w->store, totals, pipeline_shed(w->pipeline), clock);
}

/* The next start moves cases.db aside; until then every row goes where it may be lost. */
static void look_at_damage(struct watch *w)
{
	struct store_status status;

	store_status(w->store, &status);
	w->has_damage = status.is_damaged;
}

/* Between two packets, on the thread that asks whose they are. */
static void follow_own_addresses(struct watch *w)
{
	if (own_addresses_follow(&w->own))
		watch_say(w, JOURNAL_INFO, "own_addresses",
			  "this machine's addresses have changed: its own traffic is told by the "
			  "new ones");
	if (w->own.is_full && !w->has_said_full) {
		w->has_said_full = true;
		watch_say(w, JOURNAL_WARNING, "own_addresses",
			  "this machine has more addresses than can be left out: name their "
			  "networks in network.own");
	}
	if (w->own.has_lost && !w->has_said_lost) {
		w->has_said_lost = true;
		watch_say(w, JOURNAL_WARNING, "own_addresses",
			  "this machine's addresses changed faster than the sensor could follow: "
			  "restart it when they have settled");
	}
}

static void each_second(struct watch *w)
{
	struct pipeline_totals totals = pipeline_totals(w->pipeline);
	const struct health_lists lists = watch_judge_lists(w->judge);

	follow_own_addresses(w);
	watch_judge_note(w->judge, &totals);
	tell_alive(w);
	store_alive(w->store, time_now(w));
	watch_health_lists(w->health, &lists);
	watch_health_second(w->health, w->live, w->pipeline);
	watch_canary_note(w->canary, w->store);
	look_at_damage(w);
	if (w->second >= w->counts_due)
		put_counts(w, &totals);
	publish(w, &totals);
}

static void watch_until_stopped(struct watch *w)
{
	enum live_answer answer;

	do {
		answer = live_capture_read(w->live, pipeline_take, w->pipeline);
		if (answer == LIVE_IDLE)
			pipeline_pass_time(w->pipeline, live_capture_now(w->live));
		pipeline_settle(w->pipeline);

		uint64_t second = monotonic_second();

		if (second != w->second) {
			w->second = second;
			each_second(w);
		}
	} while (answer != LIVE_STOPPED && !w->has_damage);
}

/* Everything that is known goes to the store before anything else is said. */
static enum exit_code finish(struct watch *w)
{
	enum exit_code code = EXIT_DONE;

	notify_say(&w->notify, "STOPPING=1\nSTATUS=writing what is known");
	pipeline_finish(w->pipeline);

	struct pipeline_totals totals = pipeline_totals(w->pipeline);

	put_counts(w, &totals);
	watch_health_end(w->health);
	store_closing(w->store);

	bool is_kept = watch_judge_keep_all(w->judge, &totals);

	if (!is_kept) {
		watch_say(w, JOURNAL_ERROR, "store", "not every case could be written");
		code = EXIT_FAILED;
	}
	if (store_close(w->store, time_now(w)) != ERR_OK) {
		watch_say(w, JOURNAL_ERROR, "store", "not all that was known could be written");
		code = EXIT_FAILED;
	}
	w->store = NULL;
	if (w->options->reports_at_end) {
		watch_judge_finish(w->judge);
		read_report_print(&w->options->report, watch_judge_of(w->judge), &totals, stdout);
	}
	if (w->has_damage) {
		watch_say(w, JOURNAL_ERROR, "stopped",
			  "stopped, as cases.db is damaged: the next start moves it aside");
		code = EXIT_FAILED;
	} else {
		watch_say(w, JOURNAL_INFO, "stopped", "stopped as asked");
	}
	return output_is_written() ? code : EXIT_FAILED;
}

enum exit_code watch_run(struct watch_options *o)
{
	struct watch w = { .options = o, .own = { .fd = -1 } };
	enum exit_code code = EXIT_FAILED;

	if (watch_start(&w)) {
		watch_until_stopped(&w);
		code = finish(&w);
	}
	if (w.pipeline)
		pipeline_stop(w.pipeline); /* its judge may still hand over to the store */
	if (w.store && store_close(w.store, time_now(&w)) != ERR_OK)
		code = EXIT_FAILED;
	watch_release(&w);
	return code;
}
