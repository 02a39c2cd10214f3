#include "sensor/app/decisions_file.h"
#include "sensor/app/label_file.h"
#include "sensor/app/output.h"
#include "sensor/app/place_files.h"
#include "sensor/app/ranger_files.h"
#include "sensor/app/watch_inside.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	READABLE_OF_LIBRARIES = 2,
	/* partners, decisions, labels, sets, the courier, and the keys of sets */
	LISTS_MAX = 5 + INTEL_KEYS_MAX,
};

/* For the signal handlers alone. */
static struct live_capture *signalled_live;
static struct watch_reload *signalled_reload;

static void on_stop(int signal_number)
{
	(void)signal_number;
	live_capture_stop(signalled_live);
}

static void on_reload(int signal_number)
{
	(void)signal_number;
	watch_reload_ask(signalled_reload);
}

static nanotime wall_clock(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0)
		return 0;
	return (nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec;
}

void watch_say(struct watch *w, enum journal_level level, const char *event, const char *sentence)
{
	const struct journal_entry entry = { .level = level, .event = event, .sentence = sentence };

	journal_say(&w->journal, &entry);
}

static bool fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "hinomi: %s%s%s\n", what, why[0] != '\0' ? ": " : "", why);
	return false;
}

static bool set_text(char out[static CONFIG_PATH_LEN], const char *text)
{
	size_t len = strlen(text);

	if (len >= CONFIG_PATH_LEN)
		return fail("too long a name or path", output_text(text).chars);
	memcpy(out, text, len + 1);
	return true;
}

bool watch_configure(const struct watch_options *o, struct config *config, settings_say_fn *say,
		     void *arg)
{
	if (say ? !settings_read(&o->settings, config, say, arg)
		: !settings_apply(&o->settings, config))
		return false;
	if (o->interfaces.count > 0)
		config->capture.interfaces = o->interfaces;
	if (o->outside.count > 0)
		config->capture.outside = o->outside;
	if (o->is_mirror)
		config->capture.place = CAPTURE_MIRROR;
	return (!o->state || set_text(config->store.folder, o->state)) &&
	       (!o->user || set_text(config->sensor.user, o->user));
}

/* The folder of a file. */
static const char *folder_of(const char *path, char out[static OUTPUT_TEXT_LEN])
{
	const char *slash = strrchr(path, '/');
	size_t len = slash && slash > path ? (size_t)(slash - path) : 1;

	if (len >= OUTPUT_TEXT_LEN) /* longer than any path that can be opened */
		len = 1;

	memcpy(out, slash ? path : ".", len);
	out[len] = '\0';
	return out;
}

/*
 * What a reload reads, and what libraries read while the sensor runs. Of files the folders: whoever
 * writes a file anew puts another one in its place.
 */
struct readable {
	char folders[SETTINGS_FILES_MAX + INTEL_FILES_MAX + LISTS_MAX + PLACE_DATABASES_MAX]
		    [OUTPUT_TEXT_LEN];
	const char *paths[SETTINGS_FILES_MAX + INTEL_FILES_MAX + LISTS_MAX + PLACE_DATABASES_MAX +
			  READABLE_OF_LIBRARIES + 1];
	size_t count;
};

static void add_folders(struct readable *out, const char *const *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		out->paths[out->count] = folder_of(files[i], out->folders[out->count]);
		out->count++;
	}
}

static void add_place_folders(struct readable *out, const char *list)
{
	char path[CONFIG_PATH_LEN];
	const char *file = path;
	size_t at = 0;

	for (size_t i = 0; i < PLACE_DATABASES_MAX && place_databases_next_path(list, &at, path);
	     i++)
		add_folders(out, &file, 1);
}

static void add_key_folders(struct readable *out, const char *keys)
{
	char path[OUTPUT_TEXT_LEN];
	const char *file = path;
	size_t at = 0;

	for (size_t i = 0; i < INTEL_KEYS_MAX && intel_keys_next_file(keys, &at, path); i++)
		add_folders(out, &file, 1);
}

static void find_readable(const struct watch_options *o, struct readable *out)
{
	static const char *const of_libraries[READABLE_OF_LIBRARIES] = { "/usr/share/publicsuffix",
									 "/etc/localtime" };
	const char *partners = o->config.detect.partners.list;
	const char *decisions = o->config.judge.decisions;
	const char *labels = o->config.judge.labels;

	*out = (struct readable){ 0 };
	add_folders(out, o->settings.files, o->settings.file_count);
	add_folders(out, o->intel.paths, o->intel.count);
	if (partners[0] != '\0')
		add_folders(out, &partners, 1);
	if (decisions[0] != '\0')
		add_folders(out, &decisions, 1);
	if (labels[0] != '\0')
		add_folders(out, &labels, 1);
	if (o->config.intel.folder[0] != '\0')
		out->paths[out->count++] = o->config.intel.folder;
	add_key_folders(out, o->config.intel.key);
	if (access(o->config.courier.folder, R_OK | X_OK) == 0)
		out->paths[out->count++] = o->config.courier.folder;
	add_place_folders(out, o->config.places.databases);
	for (size_t i = 0; i < READABLE_OF_LIBRARIES; i++)
		out->paths[out->count++] = of_libraries[i];
}

static bool become(struct watch *w)
{
	const struct config *config = &w->options->config;
	static struct readable readable;
	char shared[OUTPUT_TEXT_LEN];
	const char *writable[2] = { NULL };
	char problem[CONFIG_PROBLEM_LEN];

	if (w->options->is_unguarded)
		return true;
	find_readable(w->options, &readable);
	if (config->flow.shared[0] != '\0')
		writable[0] = folder_of(config->flow.shared, shared);

	const struct guard_setup guard = { .user = config->sensor.user,
					   .state_folder = config->store.folder,
					   .readable = readable.paths,
					   .writable = writable };

	return guard_become(&guard, &w->guarded, problem) == ERR_OK || fail(problem, "");
}

static void say_intel_missing(struct watch *w)
{
	const struct journal_entry entry = {
		.level = JOURNAL_WARNING,
		.event = "intel_missing",
		.sentence = "the sensor watches without some of its indicator sets: see above",
	};

	journal_say(&w->journal, &entry);
}

static bool start_judge(struct watch *w)
{
	const struct watch_options *o = w->options;
	struct watch_judge_setup judge = { .config = &w->options->config,
					   .report = &o->report,
					   .tells_cases = !o->reports_at_end,
					   .journal = &w->journal };

	char labels[LABEL_PATH_LEN];
	char rangers[RANGER_PATH_LEN];
	bool has_lists;

	if (!w->canary)
		w->canary = watch_canary_new(); /* a second start, of a damaged store, has it */
	judge.canary = w->canary;
	w->options->config.lane.tells_packets = true; /* for capsules */
	label_file_path(&o->config, labels);
	ranger_decisions_path(&o->config, rangers);
	/* A tower without its lists still sees most of what burns. */
	has_lists = intel_files_read(&o->intel, &o->config, &judge.indicators, NULL, NULL);
	if (!has_lists)
		say_intel_missing(w);
	if (!decisions_file_read(&o->config, rangers, &judge.decisions, NULL, NULL) ||
	    !label_file_read(labels, &judge.labels)) {
		decisions_free(judge.decisions);
		intel_sets_free(judge.indicators);
		return false;
	}
	if (w->canary && place_files_open(&o->config, &judge.place_databases, NULL, NULL) &&
	    watch_judge_new(&w->judge, &judge) == ERR_OK) {
		watch_judge_lists_refused(w->judge, !has_lists);
		return true;
	}
	intel_sets_free(judge.indicators);
	decisions_free(judge.decisions);
	device_labels_free(judge.labels);
	place_databases_free(judge.place_databases);
	return fail("cannot start the judge", err_text(ERR_MEMORY));
}

/* One that turns out to be damaged while it is read is checked, and moved aside; the judge begins
 * anew. */
static bool open_store(struct watch *w)
{
	char problem[STORE_PROBLEM_LEN];
	enum err err = watch_open_store(w, false, problem);

	if (err == ERR_MALFORMED) {
		watch_drop_store(w);
		watch_judge_free(w->judge);
		w->judge = NULL;
		if (!start_judge(w))
			return false;
		err = watch_open_store(w, true, problem);
	}
	return err == ERR_OK || fail(problem, "");
}

/* What passes on a mirror port by this machine's own doing says nothing of the office. */
static bool know_own_addresses(struct watch *w)
{
	if (w->options->config.capture.place != CAPTURE_MIRROR)
		return true;
	return own_addresses_open(&w->own) == ERR_OK ||
	       fail("this machine's addresses cannot be read", "see 'ip address'");
}

/* On mirror ports copies are told by what is in them alone. */
static bool has_several_inside(const struct watch_options *o)
{
	size_t outside = 0;

	for (unsigned bits = o->outside_bits; bits != 0; bits >>= 1)
		outside += bits & 1;
	return o->config.capture.place != CAPTURE_MIRROR &&
	       o->config.capture.interfaces.count > outside + 1;
}

static bool start_pipeline(struct watch *w)
{
	const struct watch_health_setup health = { .config = &w->options->config,
						   .journal = &w->journal,
						   .store = w->store };
	enum err err = watch_health_new(&w->health, &health);

	if (err == ERR_OK) {
		const struct pipeline_setup pipeline = {
			.config = &w->options->config,
			.judge = watch_judge_of(w->judge),
			.workers = (unsigned)w->options->config.sensor.workers,
			.hash_key = w->options->hash_key,
			.is_live = true,
			.outside = w->options->outside_bits,
			.has_several_inside = has_several_inside(w->options),
			.own = w->own.fd >= 0 ? &w->own.networks : NULL,
			.health = watch_health_counters(w->health),
			.between = watch_judge_between,
			.between_arg = w->judge,
		};

		err = pipeline_new(&w->pipeline, &pipeline);
	}
	return err == ERR_OK || fail("cannot start", err_text(err));
}

static bool start_capture(struct watch *w)
{
	const struct live_setup live = { .config = &w->options->config.capture,
					 .event = watch_health_event,
					 .event_arg = w->health };
	char reason[LIVE_REASON_LEN];

	return live_capture_new(&w->live, &live, reason) == ERR_OK || fail(reason, "");
}

/* A sensor that was stopped, or died: what passed meanwhile was not seen. */
static void note_last_life(struct watch *w)
{
	const struct store_life last = w->last_life;

	if (w->had_life && last.last_alive < w->started)
		watch_health_gap(w->health, last.last_alive, w->started, last.stopped_clean);
}

static bool start_threads(struct watch *w)
{
	const struct watch_reload_setup reload = { .options = w->options,
						   .judge = w->judge,
						   .journal = &w->journal };

	if (store_start(w->store, w->started) != ERR_OK ||
	    watch_reload_new(&w->reload, &reload) != ERR_OK ||
	    pipeline_begin(w->pipeline) != ERR_OK)
		return fail("cannot start a thread", "is there memory left?");
	return true;
}

static bool seal(struct watch *w)
{
	int fds[STORE_DESCRIPTORS_MAX + 6];
	size_t count = store_descriptors(w->store, fds);
	char problem[CONFIG_PROBLEM_LEN];

	if (w->options->is_unguarded) {
		watch_say(w, JOURNAL_WARNING, "unguarded", "runs with all its rights: --unguarded");
		return true;
	}
	fds[count++] = STDOUT_FILENO;
	fds[count++] = STDERR_FILENO;
	fds[count++] = live_capture_wake_fd(w->live);
	if (w->notify.fd >= 0)
		fds[count++] = w->notify.fd;
	if (w->journal.fd >= 0)
		fds[count++] = w->journal.fd;
	if (w->journal.plain > 0)
		fds[count++] = w->journal.plain;
	return guard_seal(fds, count, &w->guarded, problem) == ERR_OK || fail(problem, "");
}

/* The socket, while files may still be made where it stands. */
static bool listen_for_metrics(struct watch *w)
{
	const char *path = w->options->config.sensor.metrics;

	w->metrics_listener = -1;
	if (path[0] == '\0' || metrics_listen(&w->metrics_listener, path) == ERR_OK)
		return true;
	return fail(path, errno == EADDRINUSE
				  ? "another sensor serves its figures there, or it is a file: "
				    "stop that one, or set sensor.metrics"
				  : "no socket can be made there for metrics: is the folder "
				    "there, and may this user write in it?");
}

/* A metrics_enter_fn: in the process that serves them. */
static bool seal_server(int listener)
{
	char problem[CONFIG_PROBLEM_LEN];

	return guard_seal_server(listener, problem) == ERR_OK || fail(problem, "");
}

static bool start_metrics(struct watch *w)
{
	metrics_enter_fn *enter = w->options->is_unguarded ? NULL : seal_server;

	if (w->metrics_listener < 0)
		return true;
	w->figures = malloc(METRICS_TEXT_MAX);
	if (w->figures && metrics_new(&w->metrics, w->metrics_listener, enter) == ERR_OK)
		return true;
	return fail("cannot serve metrics", err_text(ERR_MEMORY));
}

/* The handlers touch what lives until they are set back: by the thread that alone runs them. */
static void take_signals(struct watch *w)
{
	const struct sigaction stop = { .sa_handler = on_stop, .sa_flags = SA_RESTART };
	const struct sigaction reload = { .sa_handler = on_reload, .sa_flags = SA_RESTART };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	signalled_live = w->live;
	signalled_reload = w->reload;
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGHUP, &reload, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

/* A thread is born with its maker's mask: no other than the main one runs a handler. */
static bool start_all_threads(struct watch *w)
{
	static const int handled[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t blocked;
	sigset_t before;
	bool is_started;

	(void)sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		(void)sigaddset(&blocked, handled[i]);
	(void)pthread_sigmask(SIG_BLOCK, &blocked, &before);
	is_started = start_pipeline(w) && start_capture(w) && start_threads(w);
	if (is_started)
		take_signals(w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return is_started;
}

bool watch_start(struct watch *w)
{
	char line[GUARD_LINE_LEN];

	w->started = wall_clock();
	journal_open(&w->journal);
	if (notify_open(&w->notify) != ERR_OK)
		return fail("$NOTIFY_SOCKET cannot be reached",
			    "is it set by the service manager?");
	if (!know_own_addresses(w) || !listen_for_metrics(w) || !become(w) || !start_metrics(w) ||
	    !start_judge(w) || !open_store(w) || !start_all_threads(w) || !seal(w))
		return false;
	note_last_life(w);
	if (!w->options->is_unguarded) {
		guard_report_line(&w->guarded, line);
		watch_say(w, JOURNAL_INFO, "guarded", line);
	}
	watch_say(w, JOURNAL_INFO, "started", "watches; stop it with SIGTERM");
	notify_say(&w->notify, "READY=1\nSTATUS=watching");
	return true;
}

void watch_release(struct watch *w)
{
	const struct sigaction back = { .sa_handler = SIG_IGN };

	/* Whoever asks again while it stops gets what is under way. */
	(void)sigaction(SIGHUP, &back, NULL);
	(void)sigaction(SIGTERM, &back, NULL);
	(void)sigaction(SIGINT, &back, NULL);
	watch_reload_free(w->reload);
	live_capture_free(w->live);
	pipeline_free(w->pipeline);
	own_addresses_close(&w->own);
	watch_health_free(w->health);
	watch_judge_free(w->judge);
	watch_canary_free(w->canary);
	metrics_free(w->metrics);
	free(w->figures);
	notify_close(&w->notify);
	journal_close(&w->journal);
}
