#include "sensor/app/doctor_live.h"

#include "sensor/app/doctor_eyes.h"
#include "sensor/app/list_age.h"
#include "sensor/app/output.h"
#include "sensor/base/monotonic.h"
#include "sensor/capture/live_capture.h"
#include "sensor/health/health.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* How a watch goes on. */
struct watch {
	struct live_capture *live;
	struct doctor_eyes *eyes;
	const struct config *config;
	unsigned seconds;
	uint64_t started_ns;
	uint64_t shown_ns;
	double step_seconds; /* of the clock, the greatest */
	bool is_shown;
};

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

/* A live_event_fn. Gaps and drops are asked for at the end. */
static void note_event(void *arg, const struct live_event *event)
{
	struct watch *w = arg;
	double seconds = (double)event->step_nanoseconds / (double)NANOTIME_SECOND;

	if (event->kind == LIVE_CLOCK_STEP && fabs(seconds) > fabs(w->step_seconds))
		w->step_seconds = seconds;
}

static void show(struct watch *w, uint64_t now)
{
	struct health_view view;
	uint64_t frames = 0;
	unsigned devices = 0;
	bool dns = false;

	if (!w->is_shown || now - w->shown_ns < NANOTIME_SECOND)
		return;
	w->shown_ns = now;
	doctor_eyes_counts(w->eyes, &view);
	for (size_t i = 0; i < INTERFACES_MAX; i++) {
		frames += view.counts[i].frames;
		devices += view.counts[i].senders.count;
		dns = dns || view.counts[i].dns > 0;
	}
	(void)fprintf(stderr, "\r\033[K%.0f of %u s: %" PRIu64 " packets, %u devices%s",
		      nanotime_seconds(now - w->started_ns), w->seconds, frames, devices,
		      dns ? ", name lookups" : "");
	(void)fflush(stderr);
}

static void watch_on(struct watch *w)
{
	struct sigaction on_signal = { .sa_handler = interrupt };
	uint64_t end = w->started_ns + w->seconds * NANOTIME_SECOND;

	(void)sigemptyset(&on_signal.sa_mask);
	(void)sigaction(SIGINT, &on_signal, NULL);
	(void)sigaction(SIGTERM, &on_signal, NULL);
	while (!is_interrupted && monotonic_now() < end) {
		if (live_capture_read(w->live, doctor_eyes_take, w->eyes) == LIVE_STOPPED)
			break;
		show(w, monotonic_now());
	}
	if (w->is_shown)
		(void)fputs("\r\033[K", stderr);
}

/* What libpcap could not open is down, whatever the kernel says. */
static void ask_of_interface(const struct watch *w, size_t i, struct health_interface *out)
{
	struct live_stats stats = live_capture_stats(w->live, i);
	struct text name = text_over(out->name, sizeof(out->name));

	text_add(&name, stats.name);
	surroundings_of_interface(out);
	if (out->link == HEALTH_LINK_UP && stats.state != LIVE_STATE_UP)
		out->link = stats.state == LIVE_STATE_DOWN ? HEALTH_LINK_DOWN : HEALTH_LINK_MISSING;
	if (out->link != HEALTH_LINK_MISSING)
		surroundings_of_offloads(out);
	out->is_outside = interface_names_hold(&w->config->capture.outside, stats.name);
	out->received = stats.received;
	out->dropped_kernel = stats.dropped_kernel;
	out->dropped_interface = stats.dropped_interface;
}

static void ask(const struct watch *w, struct health_surroundings *out)
{
	out->is_live = true;
	out->place = (enum capture_place)w->config->capture.place;
	out->interface_count = live_capture_count(w->live);
	for (size_t i = 0; i < out->interface_count; i++)
		ask_of_interface(w, i, &out->interfaces[i]);
	out->clock_synchronised = surroundings_of_clock();
	out->clock_step_seconds = w->step_seconds;
	out->lists = list_age_on_disk(w->config);
}

static enum err make_eyes(struct watch *w)
{
	struct mac own[HEALTH_OWN_MACS_MAX];
	size_t own_count = 0;

	if (w->config->capture.place == CAPTURE_MIRROR)
		own_count = surroundings_own_macs(own, HEALTH_OWN_MACS_MAX);
	return doctor_eyes_new(&w->eyes, w->config, own, own_count);
}

/* A watch that saw nothing has a length too. */
static void finish(const struct watch *w, struct health_view *out)
{
	nanotime waited = monotonic_now() - w->started_ns;
	nanotime now;

	doctor_eyes_finish(w->eyes, out);
	now = live_capture_now(w->live);
	out->now = now > out->now ? now : out->now;
	out->since = out->now > waited ? out->now - waited : 0;
	ask(w, &out->surroundings);
}

bool doctor_watch(const struct config *config, unsigned seconds, bool is_quiet,
		  struct health_view *out)
{
	struct watch w = { .config = config,
			   .seconds = seconds,
			   .is_shown = !is_quiet && isatty(STDERR_FILENO) };
	const struct live_setup setup = { .config = &config->capture,
					  .event = note_event,
					  .event_arg = &w };
	char reason[LIVE_REASON_LEN] = "";
	enum err err = make_eyes(&w);

	if (err == ERR_OK)
		err = live_capture_new(&w.live, &setup, reason);
	if (err == ERR_OK) {
		w.started_ns = w.shown_ns = monotonic_now();
		watch_on(&w);
		finish(&w, out);
	} else {
		(void)fprintf(stderr, "hinomi: %s\n",
			      reason[0] != '\0' ? output_text(reason).chars : err_text(err));
	}
	live_capture_free(w.live);
	doctor_eyes_free(w.eyes);
	return err == ERR_OK;
}
