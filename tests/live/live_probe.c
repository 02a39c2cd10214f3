/*
 * What live_capture tells, as lines of JSON, and its frames, as lines of a file.
 *
 * Usage: live_probe [--mirror] [--buffer BYTES] [--frames FILE] [--guarded FOLDER] INTERFACE...
 * Orders on standard input, a line each: "stats" prints them, "stall MILLISECONDS" lets nothing be
 * read for so long, "wake" wakes; its end stops. A frame's line: interface, packet time, length on
 * the wire, link type, bytes in hexadecimal. Guarded it gives up its rights as the sensor does.
 */
#include "sensor/capture/live_capture.h"
#include "sensor/guard/guard.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ORDER_LEN = 64 };

struct probe {
	struct live_capture *live;
	struct capture_config config;
	FILE *frames;
	const char *state_folder; /* NULL: it keeps its rights */
	struct guard_report guard;
	uint64_t taken;
	uint64_t idle;
	uint64_t woken;          /* reads without a frame that were not idle */
	nanotime held_least;     /* from a frame's stamp until it was handed out */
	bool has_broken_promise; /* a frame of before live_capture_now() */
	atomic_bool wants_stats;
	atomic_int stall_milliseconds;
};

static void print_event(void *arg, const struct live_event *event)
{
	static const char *const kinds[] = {
		[LIVE_UP] = "up",     [LIVE_DOWN] = "down",       [LIVE_GONE] = "gone",
		[LIVE_BACK] = "back", [LIVE_DROPPED] = "dropped", [LIVE_CLOCK_STEP] = "clock",
	};

	(void)arg;
	(void)printf("{\"event\":\"%s\",\"interface\":%u,\"name\":\"%s\",\"from\":%" PRIu64
		     ",\"to\":%" PRIu64 ",\"kernel\":%" PRIu64 ",\"card\":%" PRIu64
		     ",\"freezes\":%" PRIu64 ",\"reason\":\"%s\"}\n",
		     kinds[event->kind], event->interface, event->name, event->from, event->to,
		     event->dropped_kernel, event->dropped_interface, event->ring_freezes,
		     event->reason);
	(void)fflush(stdout);
}

static void print_stats(const struct probe *probe)
{
	static const char *const states[] = {
		[LIVE_STATE_MISSING] = "missing",
		[LIVE_STATE_DOWN] = "down",
		[LIVE_STATE_UP] = "up",
	};

	(void)printf("{\"event\":\"stats\",\"taken\":%" PRIu64 ",\"idle\":%" PRIu64
		     ",\"woken\":%" PRIu64 ",\"held_least\":%" PRIu64 ",\"now\":%" PRIu64
		     ",\"kept_promise\":%s,\"interfaces\":[",
		     probe->taken, probe->idle, probe->woken, probe->held_least,
		     live_capture_now(probe->live), probe->has_broken_promise ? "false" : "true");
	for (size_t i = 0; i < live_capture_count(probe->live); i++) {
		struct live_stats s = live_capture_stats(probe->live, i);

		(void)printf(
			"%s{\"name\":\"%s\",\"state\":\"%s\",\"carrier\":%s,\"received\":%" PRIu64
			",\"kernel\":%" PRIu64 ",\"card\":%" PRIu64 ",\"freezes\":%" PRIu64
			",\"gaps\":%" PRIu64 ",\"late\":%" PRIu64 ",\"steps\":%" PRIu64 "}",
			i > 0 ? "," : "", s.name, states[s.state], s.has_carrier ? "true" : "false",
			s.received, s.dropped_kernel, s.dropped_interface, s.ring_freezes, s.gaps,
			s.late, s.clock_steps);
	}
	(void)printf("]}\n");
	(void)fflush(stdout);
}

static void note_holding(struct probe *probe, nanotime stamp)
{
	struct timespec now;
	nanotime held;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	held = nanotime_between(stamp,
				(nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec);
	if (probe->taken == 1 || held < probe->held_least)
		probe->held_least = held;
}

static void take(void *arg, const struct frame *frame)
{
	struct probe *probe = arg;

	probe->taken++;
	note_holding(probe, frame->time);
	if (frame->time < live_capture_now(probe->live))
		probe->has_broken_promise = true;
	if (!probe->frames)
		return;
	(void)fprintf(probe->frames, "%u %" PRIu64 " %u %u ", frame->interface, frame->time,
		      frame->wire_len, frame->link_type);
	for (size_t i = 0; i < frame->bytes.len; i++)
		(void)fprintf(probe->frames, "%02x", frame->bytes.data[i]);
	(void)fputc('\n', probe->frames);
}

static void *obey(void *arg)
{
	struct probe *probe = arg;
	char order[ORDER_LEN];

	while (fgets(order, sizeof(order), stdin)) {
		if (strcmp(order, "stats\n") == 0)
			atomic_store(&probe->wants_stats, true);
		else if (strncmp(order, "stall ", 6) == 0)
			atomic_store(&probe->stall_milliseconds, (int)strtol(order + 6, NULL, 10));
		live_capture_wake(probe->live);
	}
	live_capture_stop(probe->live);
	return NULL;
}

static void stall(struct probe *probe)
{
	int milliseconds = atomic_exchange(&probe->stall_milliseconds, 0);
	const struct timespec while_away = { .tv_sec = milliseconds / 1000,
					     .tv_nsec = milliseconds % 1000 * 1000000L };

	if (milliseconds > 0)
		(void)nanosleep(&while_away, NULL);
}

static void run(struct probe *probe)
{
	enum live_answer answer;

	do {
		uint64_t before = probe->taken;

		stall(probe);
		answer = live_capture_read(probe->live, take, probe);
		probe->idle += answer == LIVE_IDLE;
		probe->woken += answer == LIVE_FRAMES && probe->taken == before;
		if (atomic_exchange(&probe->wants_stats, false))
			print_stats(probe);
	} while (answer != LIVE_STOPPED);
	print_stats(probe);
}

static void read_arguments(struct probe *probe, int argc, char **argv)
{
	struct interface_names *names = &probe->config.interfaces;

	probe->config.buffer_bytes = UINT64_C(32) << 20;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--mirror") == 0)
			probe->config.place = CAPTURE_MIRROR;
		else if (strcmp(argv[i], "--buffer") == 0 && i + 1 < argc)
			probe->config.buffer_bytes = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--frames") == 0 && i + 1 < argc)
			probe->frames = fopen(argv[++i], "w");
		else if (strcmp(argv[i], "--guarded") == 0 && i + 1 < argc)
			probe->state_folder = argv[++i];
		else if (names->count < INTERFACES_MAX)
			(void)snprintf(names->name[names->count++], INTERFACE_NAME_LEN, "%s",
				       argv[i]);
	}
}

static enum err give_up_rights(struct probe *probe, char problem[static CONFIG_PROBLEM_LEN])
{
	static const char *const readable[] = { "/sys/class/net", "/sys/devices", NULL };
	static const char *const writable[] = { NULL };
	const struct guard_setup setup = { .user = "nobody",
					   .state_folder = probe->state_folder,
					   .readable = readable,
					   .writable = writable };

	return probe->state_folder ? guard_become(&setup, &probe->guard, problem) : ERR_OK;
}

/* The frames' file is one of the descriptors; it was opened before. */
static enum err seal(struct probe *probe, char problem[static CONFIG_PROBLEM_LEN])
{
	const int writable[] = { STDOUT_FILENO, STDERR_FILENO, live_capture_wake_fd(probe->live),
				 probe->frames ? fileno(probe->frames) : STDERR_FILENO };
	size_t count = sizeof(writable) / sizeof(writable[0]);

	return probe->state_folder ? guard_seal(writable, count, &probe->guard, problem) : ERR_OK;
}

static enum err start(struct probe *probe, pthread_t *orders, char *problem)
{
	const struct live_setup setup = { .config = &probe->config, .event = print_event };
	char reason[LIVE_REASON_LEN];
	enum err err = give_up_rights(probe, problem);

	if (err == ERR_OK) {
		err = live_capture_new(&probe->live, &setup, reason);
		if (err != ERR_OK)
			(void)fprintf(stderr, "%s: %s\n", err_text(err), reason);
	}
	if (err == ERR_OK && pthread_create(orders, NULL, obey, probe) != 0)
		err = ERR_MEMORY;
	return err == ERR_OK ? seal(probe, problem) : err;
}

int main(int argc, char **argv)
{
	static struct probe probe;
	char problem[CONFIG_PROBLEM_LEN] = "";
	pthread_t orders;

	read_arguments(&probe, argc, argv);
	if (start(&probe, &orders, problem) != ERR_OK) {
		if (problem[0] != '\0')
			(void)fprintf(stderr, "%s\n", problem);
		return EXIT_FAILURE;
	}
	run(&probe);
	(void)pthread_join(orders, NULL);
	live_capture_free(probe.live);
	/* Sealed, it may not be closed. */
	return probe.frames && fflush(probe.frames) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
