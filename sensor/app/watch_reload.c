#include "sensor/app/watch_reload.h"

#include "sensor/app/decisions_file.h"
#include "sensor/app/label_file.h"
#include "sensor/app/place_files.h"
#include "sensor/app/ranger_files.h"
#include "sensor/base/sem_wait.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* How often the files of indicator sets are looked at: a new set is no hurry, and may lie on a card
 * that would rather sleep. */
enum { LOOK_SECONDS = 30 };

struct watch_reload {
	struct watch_reload_setup setup;
	uint64_t stamp;        /* of the sets that are in use, or were refused */
	uint64_t ranger_stamp; /* … and of what the rangers sent */
	sem_t asked;
	_Atomic bool is_over;
	pthread_t thread;
};

static void say(struct watch_reload *self, const char *event, const char *sentence)
{
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = event,
					     .sentence = sentence };

	journal_say(self->setup.journal, &entry);
}

/* A settings_say_fn. */
static void say_fault(void *arg, const char *line)
{
	say(arg, "config_fault", line);
}

/* Likewise. */
static void say_intel_fault(void *arg, const char *line)
{
	say(arg, "intel_fault", line);
}

/* The file of the start: its folder is one that the sensor may still read. */
static bool read_labels(const struct watch_reload *self, struct device_labels **out)
{
	char path[LABEL_PATH_LEN];

	label_file_path(&self->setup.options->config, path);
	return label_file_read(path, out);
}

static bool read_intel(struct watch_reload *self, struct watch_change *change)
{
	const struct watch_options *o = self->setup.options;
	bool is_read;

	self->stamp = intel_files_stamp(&o->intel, &o->config);
	is_read =
		intel_files_read(&o->intel, &o->config, &change->indicators, say_intel_fault, self);
	watch_judge_lists_refused(self->setup.judge, !is_read);
	return is_read;
}

static void drop(struct watch_change *change)
{
	intel_sets_free(change->indicators);
	decisions_free(change->decisions);
	device_labels_free(change->labels);
	place_databases_free(change->place_databases);
	free(change);
}

/* The sets alone, once somebody has put others in their place. */
static void look_at_intel(struct watch_reload *self)
{
	const struct watch_options *o = self->setup.options;
	struct watch_change *change;

	if (self->stamp == intel_files_stamp(&o->intel, &o->config))
		return;
	change = calloc(1, sizeof(*change));
	if (!change)
		return; /* at the next look */
	change->is_intel_alone = true;
	if (!read_intel(self, change)) {
		say(self, "intel_refused", "the sensor goes on with the indicator sets before");
	} else if (watch_judge_change(self->setup.judge, change)) {
		return;
	} else {
		self->stamp = 0; /* the judge is busy: at the next look */
	}
	drop(change);
}

static void read_anew(struct watch_reload *self)
{
	struct watch_change *change = calloc(1, sizeof(*change));
	char rangers[RANGER_PATH_LEN];

	if (!change) {
		say(self, "reload_failed", "out of memory for a new configuration");
		return;
	}
	self->ranger_stamp = ranger_files_stamp(&self->setup.options->config);
	ranger_decisions_path(&self->setup.options->config, rangers);
	if (!watch_configure(self->setup.options, &change->config, say_fault, self) ||
	    !decisions_file_read(&self->setup.options->config, rangers, &change->decisions,
				 say_fault, self) ||
	    !read_labels(self, &change->labels) ||
	    !place_files_open(&self->setup.options->config, &change->place_databases, say_fault,
			      self) ||
	    !read_intel(self, change)) {
		say(self, "reload_failed",
		    "the new configuration is not taken: the sensor goes on with the one before");
		drop(change);
		return;
	}
	if (watch_judge_change(self->setup.judge, change))
		return;
	self->stamp = 0; /* the sets at least are taken up at the next look */
	say(self, "reload_failed", "the judge has not taken up the reload before: ask again later");
	drop(change);
}

static void *run(void *arg)
{
	struct watch_reload *self = arg;

	for (;;) {
		/* Not asked: it is time to look at the files, or a signal came. */
		bool is_asked = sem_wait_seconds(&self->asked, LOOK_SECONDS);

		if (atomic_load(&self->is_over))
			return NULL;
		if (is_asked ||
		    self->ranger_stamp != ranger_files_stamp(&self->setup.options->config))
			read_anew(self);
		else
			look_at_intel(self);
	}
}

enum err watch_reload_new(struct watch_reload **out, const struct watch_reload_setup *setup)
{
	struct watch_reload *self = calloc(1, sizeof(*self));

	if (!self)
		return ERR_MEMORY;
	self->setup = *setup;
	self->stamp = intel_files_stamp(&setup->options->intel, &setup->options->config);
	self->ranger_stamp = ranger_files_stamp(&setup->options->config);
	if (sem_init(&self->asked, 0, 0) != 0 ||
	    pthread_create(&self->thread, NULL, run, self) != 0) {
		free(self);
		return ERR_MEMORY;
	}
	*out = self;
	return ERR_OK;
}

void watch_reload_free(struct watch_reload *self)
{
	if (!self)
		return;
	atomic_store(&self->is_over, true);
	(void)sem_post(&self->asked);
	(void)pthread_join(self->thread, NULL);
	(void)sem_destroy(&self->asked);
	free(self);
}

void watch_reload_ask(struct watch_reload *self)
{
	(void)sem_post(&self->asked);
}
