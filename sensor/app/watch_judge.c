#include "sensor/app/watch_judge.h"

#include "sensor/app/device_row.h"
#include "sensor/app/json_row.h"
#include "sensor/app/list_age.h"
#include "sensor/app/place_files.h"
#include "sensor/app/watch_contacts.h"
#include "sensor/app/watch_output.h"
#include "sensor/base/monotonic.h"
#include "sensor/case/case_json.h"
#include "sensor/intel/intel_sets.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_AT_ONCE = 64, /* kept rows between two facts */
	CASES_EVERY = 60,  /* seconds: how long a case that only grew waits */
};

/* What other threads look at. */
struct shared {
	pthread_mutex_t lock;
	struct judge_totals judged;
	struct pipeline_totals seen;
	struct decided_figures decided;
	struct capsule_counts capsules;
	struct health_lists lists;
};

struct watch_judge {
	struct watch_judge_setup setup;
	struct intel_sets *indicators;
	struct device_labels *labels;
	struct place_databases *place_databases;
	struct judge *judge;
	struct store *store; /* NULL until it is restored */
	struct decisions *decisions;
	struct decided_said said;
	_Atomic(struct watch_change *) change;
	_Atomic uint64_t beats;
	_Atomic bool has_refused; /* the sets that were read last */
	struct shared shared;
	struct case_view view;
	struct watch_output *output;
	struct watch_contacts *contacts;
	bool is_keeping;    /* amid a round of kept rows */
	bool is_urgent;     /* a case waits that must be on the disk at once */
	bool has_grown;     /* a case waits that can wait */
	uint64_t second;    /* of the monotonic clock, as it was last looked at */
	uint64_t cases_due; /* … when what has grown is handed over */
	uint64_t rows_due;  /* … when the store, which had no room, is tried again */
	bool has_no_room;   /* it had none for the row handed over last */
	uint32_t viewed;    /* a device that readers have, whose own row is still to be taken … */
	nanotime viewed_at; /* … as it was last seen then */
};

/* A case as the store keeps it: what readers see of it, and what the sensor goes on from. */
static bool put_case(void *arg, const struct case_record *c, struct span record)
{
	struct watch_judge *self = arg;
	struct json_row json;
	uint64_t ticket = 0;

	if (!json_row_open(&json))
		return false;
	case_json(c, &self->view, json.out);

	const struct store_case row = { .id = c->id,
					.revision = c->revision,
					.opened = c->opened,
					.changed = c->last,
					.priority = (uint8_t)c->priority,
					.is_withdrawn = c->finding_count == 0,
					.json = json_row_close(&json),
					.record = record };

	if (row.json.len > 0)
		ticket = store_put_case(self->store, &row, self->is_urgent);
	json_row_free(&json);
	return ticket != 0;
}

/* What the store refuses now is tried again between later facts. */
static bool keep_cases(struct watch_judge *self)
{
	if (!judge_keep_cases(self->judge, put_case, self))
		return false;
	self->is_urgent = false;
	self->has_grown = false;
	return true;
}

/* A judge_case_fn. */
static void case_changed(void *arg, const struct case_record *c, enum case_change how)
{
	struct watch_judge *self = arg;

	self->has_grown = true;
	if (!case_change_is_urgent(how))
		return;
	self->is_urgent = true;
	if (self->store)
		(void)keep_cases(self);
	/* The digest is for machines to gather: it calls nobody. */
	if (self->setup.tells_cases && how != CASE_WITHDRAWN &&
	    (!c->is_digest || self->setup.report->as_json))
		watch_output_case(self->output, c, &self->view);
}

/* A judge_capsule_fn. */
static bool keep_capsule(void *arg, const struct capsule_made *made)
{
	struct watch_judge *self = arg;
	const struct store_capsule row = { .case_id = made->case_id,
					   .revision = made->revision,
					   .bytes = made->bytes };

	return self->store && store_put_capsule(self->store, &row);
}

enum err watch_judge_new(struct watch_judge **out, const struct watch_judge_setup *setup)
{
	struct watch_judge *self = calloc(1, sizeof(*self));

	if (!self)
		return ERR_MEMORY;
	self->setup = *setup;
	self->indicators = setup->indicators;
	self->decisions = setup->decisions;
	self->labels = setup->labels;
	self->place_databases = setup->place_databases;
	(void)pthread_mutex_init(&self->shared.lock, NULL);

	const struct judge_setup judge = { .config = setup->config,
					   .indicators = setup->indicators,
					   .decisions = setup->decisions,
					   .place_databases = setup->place_databases,
					   .identity = setup->config->sensor.identity,
					   .case_changed = case_changed,
					   .case_arg = self,
					   .capsule_made = keep_capsule,
					   .capsule_arg = self,
					   .canary_seen = watch_canary_see,
					   .canary_arg = setup->canary,
					   .keeps_contacts = true };
	enum err err = judge_new(&self->judge, &judge);

	if (err == ERR_OK)
		judge_use_labels(self->judge, setup->labels);
	if (err == ERR_OK)
		err = watch_contacts_new(&self->contacts, self->judge, setup->journal);
	if (err == ERR_OK)
		err = watch_output_new(&self->output, setup->report, setup->journal);
	if (err != ERR_OK) {
		self->indicators = NULL; /* the caller's still */
		self->decisions = NULL;
		self->place_databases = NULL;
		watch_judge_free(self);
		return err;
	}
	*out = self;
	return ERR_OK;
}

static void change_free(struct watch_change *change)
{
	if (!change)
		return;
	intel_sets_free(change->indicators);
	decisions_free(change->decisions);
	device_labels_free(change->labels);
	place_databases_free(change->place_databases);
	free(change);
}

void watch_judge_free(struct watch_judge *self)
{
	if (!self)
		return;
	watch_output_free(self->output);
	watch_contacts_free(self->contacts);
	judge_free(self->judge);
	change_free(atomic_load(&self->change));
	intel_sets_free(self->indicators);
	decisions_free(self->decisions);
	device_labels_free(self->labels);
	place_databases_free(self->place_databases);
	(void)pthread_mutex_destroy(&self->shared.lock);
	free(self);
}

struct judge *watch_judge_of(struct watch_judge *self)
{
	return self->judge;
}

static bool restore_row(void *arg, const struct kept_row *row)
{
	struct watch_judge *self = arg;

	return judge_restore(self->judge, row);
}

static bool restore_case(void *arg, const struct store_case *row)
{
	struct watch_judge *self = arg;

	(void)judge_restore_case(self->judge, row->record); /* the judge counts what it refuses */
	return true;
}

static void tell_restored(struct watch_judge *self, const struct store_loaded *loaded)
{
	struct judge_restored restored = judge_restored(self->judge);
	uint64_t lost = loaded->damaged + restored.unsound;
	uint64_t other = loaded->forgotten + restored.other_layout;
	char sentence[256];

	(void)snprintf(sentence, sizeof(sentence),
		       "goes on with %llu cases and %llu rows of devices and baselines; %llu were "
		       "damaged, %llu of another version",
		       (unsigned long long)restored.cases, (unsigned long long)restored.rows,
		       (unsigned long long)lost, (unsigned long long)other);
	const struct journal_entry entry = { .level = lost > 0 ? JOURNAL_WARNING : JOURNAL_INFO,
					     .event = "restored",
					     .sentence = sentence };

	if (restored.cases + restored.rows + lost + other > 0)
		journal_say(self->setup.journal, &entry);
	self->view.has_history = restored.rows > 0;
}

/* A store_capsule_fn. One that was damaged ends the chain there; a new one begins behind it. */
static bool follow_capsule(void *arg, const struct store_capsule *row)
{
	struct watch_judge *self = arg;
	char why[CAPSULE_WHY_LEN];
	struct capsule last;

	if (capsule_open(&last, row->bytes, why) == ERR_OK)
		judge_follow_capsule(self->judge, last.head.number,
				     last.parts[CAPSULE_DIGEST].data);
	return true;
}

enum err watch_judge_restore(struct watch_judge *self, struct store *store)
{
	struct store_loaded loaded = { 0 };
	enum err err = store_load_kept(store, restore_row, self, &loaded);

	if (err == ERR_OK)
		err = store_load_cases(store, restore_case, self);
	if (err != ERR_OK)
		return err;
	tell_restored(self, &loaded);
	err = store_load_last_capsule(store, follow_capsule, self);
	if (err != ERR_OK)
		return err;
	judge_use_labels(self->judge, self->labels);
	self->store = store;
	watch_contacts_begin(self->contacts, store);
	return ERR_OK;
}

/* What people read of a device. Once, however often the store has no room for the row behind it. */
static bool put_view(struct watch_judge *self, uint32_t number)
{
	const struct device *device = judge_device(self->judge, number);

	if (!device || (self->viewed == number && self->viewed_at == device->last_seen))
		return true;
	if (!device_row_put(self->store, device))
		return false;
	self->viewed = number;
	self->viewed_at = device->last_seen;
	return true;
}

/* The row, and of a device what people read of it. */
static bool put_row(void *arg, const struct kept_row *row)
{
	struct watch_judge *self = arg;
	bool is_device = strcmp(row->table, "devices") == 0;
	uint32_t number;

	self->has_no_room = false;
	if (is_device && row->key.len == sizeof(number)) {
		memcpy(&number, row->key.data, sizeof(number));
		self->has_no_room = !put_view(self, number);
	}
	if (!self->has_no_room)
		self->has_no_room = !store_put_kept(self->store, row);
	if (!self->has_no_room && is_device)
		self->viewed = DEVICE_NONE;
	return !self->has_no_room;
}

static void keep_rows(struct watch_judge *self)
{
	enum store_kept wanted = store_kept_wanted(self->store);

	if (!self->is_keeping) {
		if (wanted == STORE_KEPT_NONE)
			return;
		if (wanted == STORE_KEPT_ALL)
			judge_keep_forget(self->judge);
		judge_keep_begin(self->judge, false);
		self->is_keeping = true;
	}
	if (judge_keep_some(self->judge, ROWS_AT_ONCE, put_row, self)) {
		self->is_keeping = false;
		store_kept_done(self->store);
	} else if (self->has_no_room) {
		self->rows_due = self->second + 1;
	}
}

static nanotime judge_now(const struct watch_judge *self)
{
	return judge_decided(self->judge).now;
}

static void take_indicators(struct watch_judge *self, struct watch_change *change)
{
	struct intel_sets *before = self->indicators;

	judge_use_indicators(self->judge, change->indicators);
	watch_contacts_use(self->contacts, judge_lists(self->judge), judge_now(self));
	self->indicators = change->indicators;
	change->indicators = before;
}

static void take_settings(struct watch_judge *self, struct watch_change *change)
{
	char left[CONFIG_PROBLEM_LEN];

	config_take_live(self->setup.config, &change->config, left, sizeof(left));
	judge_use_decisions(self->judge, change->decisions);
	judge_use_labels(self->judge, change->labels);
	judge_use_place_databases(self->judge, change->place_databases);

	struct decisions *decided_before = self->decisions;
	struct device_labels *labels_before = self->labels;
	struct place_databases *databases_before = self->place_databases;
	const struct journal_entry entry = {
		.level = JOURNAL_NOTICE,
		.event = "reloaded",
		.sentence = left[0] == '\0'
				    ? "configuration, indicators and labels were read anew"
				    : "configuration, indicators and labels were read anew; "
				      "some options wait for a restart",
		.fields = { { left[0] == '\0' ? NULL : "options_for_restart", left } },
	};

	self->decisions = change->decisions;
	self->said = (struct decided_said){ 0 };
	change->decisions = decided_before;
	self->labels = change->labels;
	change->labels = labels_before;
	self->place_databases = change->place_databases;
	change->place_databases = databases_before;
	journal_say(self->setup.journal, &entry);
}

static void take_change(struct watch_judge *self)
{
	static const struct journal_entry intel_alone = {
		.level = JOURNAL_NOTICE,
		.event = "intel_reloaded",
		.sentence = "indicator sets were read anew",
	};
	struct watch_change *change = atomic_exchange(&self->change, NULL);

	if (!change)
		return;
	take_indicators(self, change);
	if (change->is_intel_alone)
		journal_say(self->setup.journal, &intel_alone);
	else
		take_settings(self, change);
	change_free(change);
}

/* What cases say of the sensor itself; its past stays known. */
static void renew_view(struct watch_judge *self, const struct judge_totals *judged,
		       const struct pipeline_totals *seen)
{
	bool has_history = self->view.has_history;

	self->view = read_report_view(judged, seen);
	self->view.has_history = has_history;
}

static void look_at_decisions(struct watch_judge *self)
{
	const struct judge_decided decided = judge_decided(self->judge);

	watch_decided_look(&self->said, &decided, self->setup.journal);
}

/* A settings_say_fn. */
static void say_place_fault(void *arg, const char *line)
{
	const struct watch_judge *self = arg;
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "place_database",
					     .sentence = line };

	journal_say(self->setup.journal, &entry);
}

/* Once a second: what does not depend on facts. */
static void look_around(struct watch_judge *self)
{
	struct judge_totals judged = judge_totals(self->judge);
	const struct judge_decided decided = judge_decided(self->judge);
	const struct decided_figures figures = watch_decided_figures(&decided);

	(void)pthread_mutex_lock(&self->shared.lock);
	self->shared.judged = judged;
	self->shared.decided = figures;
	self->shared.capsules = judge_capsules(self->judge);
	self->shared.lists = list_age_of(self->indicators, self->place_databases);
	renew_view(self, &judged, &self->shared.seen);
	(void)pthread_mutex_unlock(&self->shared.lock);
	take_change(self);
	look_at_decisions(self);
	place_files_tell(self->place_databases, say_place_fault, self);
	watch_contacts_look(self->contacts, judge_now(self));
	watch_output_look(self->output);
	if (self->store &&
	    (self->is_urgent || (self->has_grown && self->second >= self->cases_due))) {
		(void)keep_cases(self);
		self->cases_due = self->second + CASES_EVERY;
	}
}

void watch_judge_between(void *arg)
{
	struct watch_judge *self = arg;
	uint64_t second = monotonic_second();

	if (second != self->second) {
		self->second = second;
		atomic_fetch_add_explicit(&self->beats, 1, memory_order_relaxed);
		look_around(self);
	}
	if (self->store && self->second >= self->rows_due)
		keep_rows(self);
}

bool watch_judge_change(struct watch_judge *self, struct watch_change *change)
{
	struct watch_change *none = NULL;

	return atomic_compare_exchange_strong(&self->change, &none, change);
}

uint64_t watch_judge_beats(const struct watch_judge *self)
{
	return atomic_load_explicit(&self->beats, memory_order_relaxed);
}

struct judge_totals watch_judge_totals(struct watch_judge *self)
{
	struct judge_totals judged;

	(void)pthread_mutex_lock(&self->shared.lock);
	judged = self->shared.judged;
	(void)pthread_mutex_unlock(&self->shared.lock);
	return judged;
}

struct decided_figures watch_judge_decided(struct watch_judge *self)
{
	struct decided_figures figures;

	(void)pthread_mutex_lock(&self->shared.lock);
	figures = self->shared.decided;
	(void)pthread_mutex_unlock(&self->shared.lock);
	return figures;
}

struct capsule_counts watch_judge_capsules(struct watch_judge *self)
{
	struct capsule_counts counts;

	(void)pthread_mutex_lock(&self->shared.lock);
	counts = self->shared.capsules;
	(void)pthread_mutex_unlock(&self->shared.lock);
	return counts;
}

struct health_lists watch_judge_lists(struct watch_judge *self)
{
	struct health_lists lists;

	(void)pthread_mutex_lock(&self->shared.lock);
	lists = self->shared.lists;
	(void)pthread_mutex_unlock(&self->shared.lock);
	lists.has_refused |= atomic_load(&self->has_refused);
	return lists;
}

void watch_judge_lists_refused(struct watch_judge *self, bool is_so)
{
	atomic_store(&self->has_refused, is_so);
}

void watch_judge_note(struct watch_judge *self, const struct pipeline_totals *totals)
{
	(void)pthread_mutex_lock(&self->shared.lock);
	self->shared.seen = *totals;
	(void)pthread_mutex_unlock(&self->shared.lock);
}

bool watch_judge_keep_all(struct watch_judge *self, const struct pipeline_totals *totals)
{
	struct judge_totals judged = judge_totals(self->judge);
	bool is_kept;

	renew_view(self, &judged, totals);
	watch_contacts_end(self->contacts, judge_now(self));
	is_kept = keep_cases(self);
	if (store_kept_wanted(self->store) == STORE_KEPT_ALL)
		judge_keep_forget(self->judge);
	judge_keep_begin(self->judge, true);
	if (judge_keep_some(self->judge, SIZE_MAX, put_row, self))
		store_kept_done(self->store);
	return is_kept;
}

void watch_judge_finish(struct watch_judge *self)
{
	self->store = NULL;
	judge_finish(self->judge);
}
