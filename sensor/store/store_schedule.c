#include "sensor/store/store_writer_state.h"

/* Where the day's bytes are used up: how long urgent cases wait for one another, at most; others.
 */
enum { SPARING_SECONDS = 300, SPARING_BATCH_SECONDS = 600 };

/* Devices and kept rows: whether their time has come, and the day's bytes allow it. */
static bool is_round_time(struct store_writer *w, nanotime now)
{
	struct store_sides *s = w->sides;
	bool is_saving;

	if (atomic_load(&s->is_closing) && !w->has_closing_round) {
		w->has_closing_round = true;
		return true;
	}
	if (now < w->next_round || writer_is_failing(w) || atomic_load(&s->log_is_held))
		return false;
	is_saving = !store_pace_has_plenty(&w->pace);
	if (is_saving && !atomic_load(&s->is_saving))
		w->say(w->say_arg,
		       "store: little is left of store.daily: baselines wait to be written");
	atomic_store(&s->is_saving, is_saving);
	return !is_saving;
}

static void ask_for_kept(struct store_writer *w)
{
	struct store_sides *s = w->sides;

	if (atomic_load(&s->kept_wanted) != STORE_KEPT_NONE)
		return;
	atomic_store(&s->kept_wanted, atomic_exchange(&s->kept_are_lost, false)
					      ? STORE_KEPT_ALL
					      : STORE_KEPT_CHANGED);
}

/* How much longer something waits where the day's bytes are used up. */
static nanotime sparing(const struct store_writer *w, unsigned seconds)
{
	return store_pace_has_any(&w->pace) ? 0 : seconds * NANOTIME_SECOND;
}

static bool is_batch_due(struct store_writer *w, nanotime now, bool is_left, enum item_hurry *hurry)
{
	bool is_pressed = w->is_round_due || is_left || backlog_is_pressed(w->backlog) ||
			  writer_scan_waits(w);
	nanotime wait;
	nanotime spared;

	if (writer_is_failing(w) && now < w->batch_retry_at)
		return false;
	*hurry = HURRY_LATER;
	if (is_round_time(w, now)) {
		w->next_round = now + w->interval;
		ask_for_kept(w);
		if (backlog_has(w->backlog, HURRY_LATER))
			return true;
	}
	if (is_pressed && (atomic_load(&w->sides->is_closing) ||
			   now >= w->last_commit + sparing(w, SPARING_SECONDS)))
		return true;
	*hurry = HURRY_CALM;
	wait = backlog_has(w->backlog, HURRY_SOON) || writer_is_failing(w)
		       ? 0
		       : (CALM_SECONDS - BATCH_SECONDS) * NANOTIME_SECOND;
	spared = sparing(w, SPARING_BATCH_SECONDS - BATCH_SECONDS);
	return now >= w->next_batch + (spared > wait ? spared : wait);
}

bool writer_is_due(struct store_writer *w, nanotime now, bool is_left, enum item_hurry *hurry)
{
	if (is_batch_due(w, now, is_left, hurry))
		return true;
	*hurry = HURRY_NOW;
	return backlog_has(w->backlog, HURRY_NOW) && now >= w->retry_at &&
	       now >= w->last_commit + sparing(w, SPARING_SECONDS);
}
