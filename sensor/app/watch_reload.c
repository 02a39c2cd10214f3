#include "sensor/app/watch_reload.h"

#include "sensor/app/decisions_file.h"
#include "sensor/app/label_file.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

struct watch_reload {
	struct watch_reload_setup setup;
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

/* The file of the start: its folder is one that the sensor may still read. */
static bool read_labels(const struct watch_reload *self, struct device_labels **out)
{
	char path[LABEL_PATH_LEN];

	label_file_path(&self->setup.options->config, path);
	return label_file_read(path, out);
}

static void read_anew(struct watch_reload *self)
{
	struct watch_change *change = calloc(1, sizeof(*change));

	if (!change) {
		say(self, "reload_failed", "out of memory for a new configuration");
		return;
	}
	if (!watch_configure(self->setup.options, &change->config, say_fault, self) ||
	    !decisions_file_read(&self->setup.options->config, &change->decisions, say_fault,
				 self) ||
	    !intel_files_read(&self->setup.options->intel, &change->indicators) ||
	    !read_labels(self, &change->labels)) {
		say(self, "reload_failed",
		    "the new configuration is not taken: the sensor goes on with the one before");
		indicator_list_free(change->indicators);
		decisions_free(change->decisions);
		free(change);
		return;
	}
	if (watch_judge_change(self->setup.judge, change))
		return;
	say(self, "reload_failed", "the judge has not taken up the reload before: ask again later");
	indicator_list_free(change->indicators);
	decisions_free(change->decisions);
	device_labels_free(change->labels);
	free(change);
}

static void *run(void *arg)
{
	struct watch_reload *self = arg;

	for (;;) {
		if (sem_wait(&self->asked) != 0)
			continue; /* a signal */
		if (atomic_load(&self->is_over))
			return NULL;
		read_anew(self);
	}
}

enum err watch_reload_new(struct watch_reload **out, const struct watch_reload_setup *setup)
{
	struct watch_reload *self = calloc(1, sizeof(*self));

	if (!self)
		return ERR_MEMORY;
	self->setup = *setup;
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
