#include "sensor/capture/live_capture.h"

#include "sensor/base/text.h"
#include "sensor/capture/live_interface.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	FRAMES_MOST = 1024, /* of one read: so that who reads is asked what else there is to do */
	WAIT_MILLISECONDS = 100,
	WAIT_WITH_HEAD_MILLISECONDS = 20, /* for time to pass, while the rings fill */
	WAKE_PLACE = 0,                   /* in the list for poll() */
	BELL_PLACE = 1,
	FIRST_PLACE = 2,
};

#define LOOK_EVERY (100 * NANOTIME_MILLISECOND)

struct live_capture {
	struct live_world world;
	size_t count;
	struct live_interface interfaces[INTERFACES_MAX];
	nanotime looked_at; /* since boot */
	int wake_fd;
	atomic_bool is_stopped;
	struct pollfd polled[FIRST_PLACE + INTERFACES_MAX];
};

static void wake(const struct live_capture *live)
{
	const uint64_t one = 1;
	int error = errno; /* a signal handler leaves it as it was */

	(void)!write(live->wake_fd, &one, sizeof(one));
	errno = error;
}

void live_capture_wake(struct live_capture *live)
{
	wake(live);
}

void live_capture_stop(struct live_capture *live)
{
	atomic_store(&live->is_stopped, true);
	wake(live);
}

int live_capture_wake_fd(const struct live_capture *live)
{
	return live->wake_fd;
}

nanotime live_capture_now(const struct live_capture *live)
{
	return live->world.promised;
}

size_t live_capture_count(const struct live_capture *live)
{
	return live->count;
}

struct live_stats live_capture_stats(const struct live_capture *live, size_t i)
{
	assert(i < live->count);

	struct live_stats stats = live->interfaces[i].stats;

	stats.clock_steps = live->world.clock_steps;
	return stats;
}

/* A busy interface must not keep the others from being looked at: by time, not when idle. */
static void look(struct live_capture *live)
{
	nanotime now = live->world.clock.last.since_boot;
	bool rang;

	if (!live->world.must_look && live->looked_at > 0 && now < live->looked_at + LOOK_EVERY)
		return;
	live->looked_at = now;
	live->world.must_look = false;
	rang = live_links_rang(&live->world.links);
	for (size_t i = 0; i < live->count; i++)
		live_interface_look(&live->interfaces[i], &live->world, rang);
}

/* The one that is open, when no other frame waits to be put in order with its own. */
static struct live_interface *only_one(struct live_capture *live)
{
	struct live_interface *found = NULL;

	for (size_t i = 0; i < live->count; i++) {
		struct live_interface *self = &live->interfaces[i];

		if (self->head.has_frame || (self->head.is_open && found))
			return NULL;
		if (self->head.is_open)
			found = self;
	}
	return found;
}

static void gather_heads(const struct live_capture *live, struct live_head heads[INTERFACES_MAX])
{
	for (size_t i = 0; i < live->count; i++)
		heads[i] = live->interfaces[i].head;
}

static uint64_t take_merged(struct live_capture *live, frame_take_fn *take, void *arg)
{
	struct live_head heads[INTERFACES_MAX];
	bool is_empty[INTERFACES_MAX] = { false };
	uint64_t count = 0;

	for (; count < FRAMES_MOST; count++) {
		for (size_t i = 0; i < live->count; i++) {
			struct live_interface *self = &live->interfaces[i];

			/* An empty ring is asked again by the next read: each asks the kernel. */
			if (self->head.is_open && !is_empty[i])
				is_empty[i] = !live_interface_fill(self, &live->world);
		}
		gather_heads(live, heads);

		int next = live_merge_next(heads, (int)live->count);

		if (next == LIVE_MERGE_NONE)
			break;
		take(arg, &live->interfaces[next].frame);
		live->interfaces[next].head.has_frame = false;
	}
	return count;
}

static uint64_t take_ready(struct live_capture *live, frame_take_fn *take, void *arg)
{
	struct live_interface *single = only_one(live);

	if (single)
		return live_interface_read(single, &live->world, FRAMES_MOST, take, arg);
	return take_merged(live, take, arg);
}

/* After all were found empty at the last reading of the clock. */
static void promise(struct live_capture *live)
{
	struct live_head heads[INTERFACES_MAX];
	nanotime passed = live_clock_passed(&live->world.clock, LIVE_CLOCK_LATENESS);

	gather_heads(live, heads);
	passed = live_merge_passed(heads, (int)live->count, passed);
	if (passed > live->world.promised)
		live->world.promised = passed;
}

/* A head in hand says nothing new, and would keep poll() from waiting. */
static bool list_descriptors(struct live_capture *live)
{
	struct pollfd *polled = live->polled;
	bool has_head = false;

	polled[WAKE_PLACE] = (struct pollfd){ .fd = live->wake_fd, .events = POLLIN };
	polled[BELL_PLACE] = (struct pollfd){ .fd = live->world.links.fd, .events = POLLIN };
	for (size_t i = 0; i < live->count; i++) {
		const struct live_interface *self = &live->interfaces[i];
		bool is_asked = self->handle && !self->head.has_frame;

		polled[FIRST_PLACE + i] =
			(struct pollfd){ .fd = is_asked ? live_handle_fd(self->handle) : -1,
					 .events = POLLIN };
		has_head = has_head || self->head.has_frame;
	}
	return has_head;
}

/* Whether there was nothing to wake for, all that time. */
static bool wait(struct live_capture *live)
{
	bool has_head = list_descriptors(live);
	int count = poll(live->polled, (nfds_t)(FIRST_PLACE + live->count),
			 has_head ? WAIT_WITH_HEAD_MILLISECONDS : WAIT_MILLISECONDS);
	uint64_t wakes;

	if (count > 0 && live->polled[WAKE_PLACE].revents != 0)
		(void)!read(live->wake_fd, &wakes, sizeof(wakes));
	if (count > 0 && live->polled[BELL_PLACE].revents != 0)
		live->world.must_look = true;
	return count == 0 && !has_head;
}

enum live_answer live_capture_read(struct live_capture *live, frame_take_fn *take, void *arg)
{
	bool is_idle = false;

	for (int turn = 0; turn < 2; turn++) {
		if (atomic_load(&live->is_stopped))
			return LIVE_STOPPED;
		live_world_measure(&live->world);
		look(live);
		if (take_ready(live, take, arg) > 0)
			return LIVE_FRAMES;
		promise(live);
		if (turn == 0)
			is_idle = wait(live);
	}
	return is_idle ? LIVE_IDLE : LIVE_FRAMES;
}

static enum err check_names(const struct interface_names *names, struct text *why)
{
	if (names->count == 0) {
		text_add(why, "no interface to capture on: name one with -i or in "
			      "capture.interfaces ('ip -br link' lists those there are)");
		return ERR_RANGE;
	}
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->name[i], "any") == 0) {
			text_add(why, "any: loses the numbers of VLANs: name each interface "
				      "('ip -br link' lists them)");
			return ERR_RANGE;
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(names->name[i], names->name[j]) == 0) {
				text_format(why, "%s: named twice: name it once", names->name[i]);
				return ERR_RANGE;
			}
		}
	}
	return ERR_OK;
}

/* While an interface is missing, nothing else would ask for the right. */
static enum err check_permission(const char *name, char reason[static LIVE_REASON_LEN])
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		(void)close(fd);
		return ERR_OK;
	}
	live_problem_say(reason, name,
			 errno == EPERM || errno == EACCES ? LIVE_DENIED : LIVE_REFUSED,
			 strerror(errno));
	return ERR_IO;
}

static enum err open_descriptors(struct live_capture *live, struct text *why)
{
	live->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (live->wake_fd < 0 || live_links_open(&live->world.links) != ERR_OK) {
		text_format(why,
			    "interfaces cannot be watched: %s: are eventfd and AF_NETLINK "
			    "allowed here?",
			    strerror(errno));
		return ERR_IO;
	}
	return ERR_OK;
}

static enum err open_interfaces(struct live_capture *live, struct text *why)
{
	struct interface_names *names = &live->world.config.interfaces;

	for (size_t i = 0; i < names->count; i++) {
		struct live_interface *self = &live->interfaces[i];
		enum live_opening opening =
			live_interface_start(self, &live->world, (unsigned)i, names->name[i]);

		live->count++;
		if (opening == LIVE_DENIED || opening == LIVE_REFUSED) {
			text_add(why, self->problem);
			return ERR_IO;
		}
	}
	return ERR_OK;
}

static enum err start(struct live_capture *live, struct text *why)
{
	const struct interface_names *names = &live->world.config.interfaces;
	struct live_reading now;
	enum err err = check_names(names, why);

	if (err == ERR_OK)
		err = check_permission(names->name[0], why->chars);
	if (err == ERR_OK)
		err = open_descriptors(live, why);
	if (err != ERR_OK)
		return err;
	/* Interrupted or not: there is none before to measure by. */
	(void)live_clock_read(&now);
	live_clock_start(&live->world.clock, now);
	return open_interfaces(live, why);
}

enum err live_capture_new(struct live_capture **out, const struct live_setup *setup,
			  char reason[static LIVE_REASON_LEN])
{
	struct text why = text_over(reason, LIVE_REASON_LEN);
	struct live_capture *live = calloc(1, sizeof(*live));

	if (!live)
		return ERR_MEMORY;
	live->world.config = *setup->config;
	live->world.event = setup->event;
	live->world.event_arg = setup->event_arg;
	live->world.links.fd = -1;
	live->wake_fd = -1;

	enum err err = start(live, &why);

	if (err != ERR_OK) {
		live_capture_free(live);
		return err;
	}
	*out = live;
	return ERR_OK;
}

void live_capture_free(struct live_capture *live)
{
	if (!live)
		return;
	for (size_t i = 0; i < live->count; i++)
		live_interface_stop(&live->interfaces[i]);
	live_links_close(&live->world.links);
	if (live->wake_fd >= 0)
		(void)close(live->wake_fd);
	free(live);
}
