#include "sensor/app/watch_health.h"

#include "sensor/app/json_row.h"
#include "sensor/app/watch_links.h"
#include "sensor/health/health_json.h"
#include "sensor/health/health_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_MACS_MAX = HEALTH_OWN_MACS_MAX, SENTENCE_LEN = 512 };

/* An update, or somebody who changed the configuration; a power cut is not asked for. */
static const nanotime brief_stop = NANOTIME_MINUTE;

struct watch_health {
	struct watch_health_setup setup;
	struct health *counters;
	struct health_cases *cases;
	nanotime window; /* when it began; 0 before the first packet */
	uint64_t shed;   /* by then */
	struct live_stats before[INTERFACES_MAX];
	struct watch_links links;
	enum health_store store;  /* as it was last looked at */
	enum health_answer clock; /* whether something keeps it right, as of the last second */
	double clock_step_seconds;
	nanotime gap_from;
	nanotime gap_until;
	struct health_lists lists;
	bool is_hard; /* something happened that need not wait for the window's end */
};

/* A health_case_fn. */
static bool case_changed(void *arg, const struct health_case *c, enum health_change change);

/* A store_health_fn. */
static bool restore_case(void *arg, const struct store_health *row)
{
	struct watch_health *self = arg;
	const struct health_case_kept kept = {
		.id = row->id, .code = row->code, .first = row->opened, .last = row->last
	};

	health_cases_restore(self->cases, &kept, &self->setup.config->capture.interfaces);
	return true;
}

static void say_event(struct watch_health *self, enum journal_level level, const char *event,
		      const char *interface, const char *sentence);

enum err watch_health_new(struct watch_health **out, const struct watch_health_setup *setup)
{
	struct watch_health *self = calloc(1, sizeof(*self));
	struct mac own[OWN_MACS_MAX];
	size_t own_count = 0;
	enum err err;

	if (!self)
		return ERR_MEMORY;
	self->setup = *setup;
	self->clock = surroundings_of_clock();
	/* At a gateway every packet bears a MAC of this machine. */
	if (setup->config->capture.place == CAPTURE_MIRROR)
		own_count = surroundings_own_macs(own, OWN_MACS_MAX);
	err = health_new(&self->counters, own, own_count);
	if (err == ERR_OK)
		err = health_cases_new(&self->cases, setup->config->sensor.identity, case_changed,
				       self);
	if (err != ERR_OK) {
		watch_health_free(self);
		return err;
	}
	if (store_load_health(setup->store, restore_case, self) != ERR_OK)
		say_event(self, JOURNAL_WARNING, "health_not_restored", "",
			  "what was wrong before the restart could not be read from the store");
	*out = self;
	return ERR_OK;
}

void watch_health_free(struct watch_health *self)
{
	if (!self)
		return;
	health_cases_free(self->cases);
	health_free(self->counters);
	free(self);
}

struct health *watch_health_counters(struct watch_health *self)
{
	return self->counters;
}

/* False: a full ring, or no memory; to be said again. */
static bool put_case(struct watch_health *self, const struct health_case *c, bool is_closed)
{
	struct json_row json;
	struct json j;
	bool is_put;

	if (!json_row_open(&json))
		return false;
	json_start(&j, json.out);
	health_case_json(&j, c, c->last);
	json_flush(&j);

	const struct store_health row = { .id = c->id,
					  .code = health_code_name(c->finding.code),
					  .opened = c->first,
					  .last = c->last,
					  .closed = is_closed ? c->last : 0,
					  .json = json_row_close(&json) };

	is_put = row.json.len > 0 && store_put_health(self->setup.store, &row);
	json_row_free(&json);
	/* A store that takes nothing as long as it lives has nothing to be closed either. */
	return is_put || !store_takes_rows(self->setup.store);
}

static bool case_changed(void *arg, const struct health_case *c, enum health_change change)
{
	struct watch_health *self = arg;
	bool is_closed = change == HEALTH_CASE_CLOSED;
	char chars[SENTENCE_LEN];
	struct text sentence = text_over(chars, sizeof(chars));

	bool is_put = put_case(self, c, is_closed);

	if (change == HEALTH_CASE_RENEWED || c->is_over)
		return is_put; /* nothing that was not said before */
	health_words_sentence(&c->finding, c->interface, LANGUAGE_EN, &sentence);

	const struct journal_entry entry = {
		.level = is_closed ? JOURNAL_NOTICE : JOURNAL_WARNING,
		.event = is_closed ? "health_closed" : "health_opened",
		.sentence = chars,
		.fields = { { "code", health_code_name(c->finding.code) },
			    { "interface", c->interface },
			    { "health_id", c->id } },
	};

	journal_say(self->setup.journal, &entry);
	return is_put;
}

static void say_event(struct watch_health *self, enum journal_level level, const char *event,
		      const char *interface, const char *sentence)
{
	const struct journal_entry entry = { .level = level,
					     .event = event,
					     .sentence = sentence,
					     .fields = { { "interface", interface } } };

	journal_say(self->setup.journal, &entry);
}

static void note_gap(struct watch_health *self, nanotime from, nanotime to, const char *reason)
{
	const struct store_gap gap = { .from = from, .to = to, .reason = reason };

	if (!store_put_gap(self->setup.store, &gap))
		say_event(self, JOURNAL_WARNING, "gap_not_kept", "",
			  "a gap in what was seen could not be noted in the store");
}

static void interface_back(struct watch_health *self, const struct live_event *event)
{
	char sentence[SENTENCE_LEN];

	(void)snprintf(sentence, sizeof(sentence), "%s is captured again, after %.1f s",
		       event->name, nanotime_seconds(nanotime_between(event->from, event->to)));
	say_event(self, JOURNAL_NOTICE, "interface_back", event->name, sentence);
	note_gap(self, event->from, event->to, "interface");
}

static void tell_loss(struct watch_health *self, size_t interface, const struct watch_loss *lost)
{
	const char *name = self->setup.config->capture.interfaces.name[interface];
	char sentence[SENTENCE_LEN];

	(void)snprintf(sentence, sizeof(sentence),
		       "%s: %" PRIu64 " packets were lost because the sensor was too slow, %" PRIu64
		       " in the card",
		       name, lost->kernel, lost->card);
	say_event(self, JOURNAL_WARNING, "dropped", name, sentence);
	note_gap(self, lost->from, lost->to, "drops");
}

static void tell_losses(struct watch_health *self, nanotime now)
{
	struct watch_loss lost;

	for (size_t i = 0; i < INTERFACES_MAX; i++) {
		if (watch_links_take(&self->links, i, now, &lost))
			tell_loss(self, i, &lost);
	}
}

void watch_health_end(struct watch_health *self)
{
	struct watch_loss lost;

	for (size_t i = 0; i < INTERFACES_MAX; i++) {
		if (watch_links_take_rest(&self->links, i, &lost))
			tell_loss(self, i, &lost);
	}
}

/*
 * A clock that nothing kept right, as of a machine without one that has just started, is set once
 * time servers answer: that is as it should be.
 */
static void clock_step(struct watch_health *self, const struct live_event *event)
{
	double seconds = (double)event->step_nanoseconds / (double)NANOTIME_SECOND;
	char sentence[SENTENCE_LEN];

	if (self->clock != HEALTH_NO &&
	    seconds * seconds > self->clock_step_seconds * self->clock_step_seconds)
		self->clock_step_seconds = seconds;
	(void)snprintf(sentence, sizeof(sentence), "the clock was set by %+.1f s; packet time %s",
		       seconds, event->is_adopted ? "follows at once" : "follows slowly");
	say_event(self, JOURNAL_NOTICE, "clock_step", "", sentence);
}

void watch_health_event(void *arg, const struct live_event *event)
{
	struct watch_health *self = arg;
	char sentence[SENTENCE_LEN];

	switch (event->kind) {
	case LIVE_UP:
		(void)snprintf(sentence, sizeof(sentence), "captures on %s", event->name);
		say_event(self, JOURNAL_INFO, "interface_up", event->name, sentence);
		break;
	case LIVE_DOWN:
		say_event(self, JOURNAL_WARNING, "interface_down", event->name, event->reason);
		break;
	case LIVE_GONE:
		say_event(self, JOURNAL_WARNING, "interface_gone", event->name, event->reason);
		break;
	case LIVE_BACK:
		interface_back(self, event);
		break;
	case LIVE_DROPPED:
		watch_links_lose(&self->links, event);
		break;
	case LIVE_CLOCK_STEP:
		clock_step(self, event);
		self->is_hard = true;
		break;
	}
}

void watch_health_gap(struct watch_health *self, nanotime from, nanotime until, bool was_asked)
{
	const char *reason = was_asked ? "it was stopped" : "it ended by itself";
	char sentence[SENTENCE_LEN];

	note_gap(self, from, until, reason);
	if (!was_asked || nanotime_between(from, until) >= brief_stop) {
		self->gap_from = from;
		self->gap_until = until;
		self->is_hard = true;
	}
	(void)snprintf(sentence, sizeof(sentence), "the sensor did not run for %.0f s (%s)",
		       nanotime_seconds(nanotime_between(from, until)), reason);
	say_event(self, JOURNAL_WARNING, "gap", "", sentence);
}

static void fill_interface(struct watch_health *self, size_t i, const struct live_stats *now,
			   struct health_interface *out)
{
	const struct live_stats *before = &self->before[i];

	(void)snprintf(out->name, sizeof(out->name), "%s", now->name);
	surroundings_of_interface(out);
	out->link = watch_links_state(&self->links, i, now->state);
	out->is_outside = interface_names_hold(&self->setup.config->capture.outside, now->name);
	out->received = now->received - before->received;
	out->dropped_kernel = now->dropped_kernel - before->dropped_kernel;
	out->dropped_interface = now->dropped_interface - before->dropped_interface;
}

static enum health_store store_answer(struct store *store)
{
	struct store_status status;

	store_status(store, &status);
	if (status.state == STORE_OK)
		return HEALTH_STORE_GOOD;
	return status.state == STORE_FULL ? HEALTH_STORE_NO_ROOM : HEALTH_STORE_NO_WRITING;
}

static void fill_view(struct watch_health *self, const struct live_capture *live,
		      const struct pipeline *pipeline, nanotime now, struct health_view *view)
{
	struct health_surroundings *around = &view->surroundings;

	*view = (struct health_view){ .since = self->window,
				      .now = now,
				      .flows = health_flows(self->counters) };
	around->is_live = true;
	around->place = (enum capture_place)self->setup.config->capture.place;
	around->interface_count = live_capture_count(live);
	for (size_t i = 0; i < around->interface_count; i++) {
		struct live_stats stats = live_capture_stats(live, i);

		fill_interface(self, i, &stats, &around->interfaces[i]);
		health_counts(self->counters, (unsigned)i, &view->counts[i]);
	}
	around->clock_synchronised = self->clock;
	around->clock_step_seconds = self->clock_step_seconds;
	around->store = store_answer(self->setup.store);
	around->shed = pipeline_shed(pipeline) - self->shed;
	around->gap_from = self->gap_from;
	around->gap_until = self->gap_until;
	around->lists = self->lists;
}

static void begin_window(struct watch_health *self, const struct live_capture *live,
			 const struct pipeline *pipeline, nanotime now)
{
	for (size_t i = 0; i < live_capture_count(live); i++)
		self->before[i] = live_capture_stats(live, i);
	self->shed = pipeline_shed(pipeline);
	self->window = now;
	health_next_window(self->counters);
}

/* They belong to the window that has ended; a gap before the first one to that. */
static void forget_events(struct watch_health *self)
{
	self->clock_step_seconds = 0;
	self->gap_from = 0;
	self->gap_until = 0;
}

/* A disk that fails is said at once, not when the window ends. */
static void look_at_store(struct watch_health *self)
{
	enum health_store store = store_answer(self->setup.store);

	if (store != self->store)
		self->is_hard = true;
	self->store = store;
}

/* So is a list that is refused. */
void watch_health_lists(struct watch_health *self, const struct health_lists *lists)
{
	if (lists->has_refused && !self->lists.has_refused)
		self->is_hard = true;
	self->lists = *lists;
}

/* So is a cable that is pulled, or an interface that is gone. */
static void look_at_links(struct watch_health *self, const struct live_capture *live, nanotime now)
{
	for (size_t i = 0; i < live_capture_count(live); i++) {
		struct live_stats stats = live_capture_stats(live, i);

		if (watch_links_look(&self->links, i, &stats, now))
			self->is_hard = true;
	}
}

void watch_health_second(struct watch_health *self, const struct live_capture *live,
			 const struct pipeline *pipeline)
{
	static struct health_view view;
	nanotime clock = pipeline_clock(pipeline);
	nanotime now = clock > live_capture_now(live) ? clock : live_capture_now(live);
	bool is_over = nanotime_between(self->window, now) >= HEALTH_WINDOW;

	self->clock = surroundings_of_clock();
	if (now == 0)
		return;
	if (self->window == 0 || nanotime_went_back(self->window, now)) {
		begin_window(self, live, pipeline, now);
		return;
	}
	look_at_store(self);
	look_at_links(self, live, now);
	tell_losses(self, now);
	if (is_over)
		health_live_flows(self->counters, pipeline_flows(pipeline), self->window);
	if (is_over || self->is_hard)
		fill_view(self, live, pipeline, now, &view);
	if (is_over)
		health_cases_window(self->cases, &view);
	else if (self->is_hard)
		health_cases_event(self->cases, &view);
	self->is_hard = false;
	if (is_over) {
		begin_window(self, live, pipeline, now);
		forget_events(self);
	}
}
