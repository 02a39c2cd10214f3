/*
 * Frames of one network interface or several, as they come, in one order of packet time.
 *
 * The kernel's rings hold what was not read yet; nothing is queued here. Of one interface frames go
 * straight from libpcap's loop to who takes them, in the order of the ring. Of several, one frame
 * of each stands at its head (live_merge.h), and an interface that is quiet holds the others back
 * for a tenth of a second, one that spoke a moment ago for half a second at most: their rings must
 * have room for that. Times are those of live_clock.h.
 *
 * An interface that is missing or down is waited for, and one that is deleted or renamed is opened
 * again when there is one of its name; each gap is told. Nothing is ever sent. What happens after
 * live_capture_new() needs CAP_NET_RAW and these system calls beyond those of any program:
 *   opening: socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC), or AF_UNIX where that is refused,
 *     socket(AF_PACKET, SOCK_RAW, 0), eventfd2 (by libpcap 1.10), bind and getsockname (AF_PACKET),
 *     ioctl of SIOCGIFNAME, SIOCETHTOOL (read only), SIOCGIFINDEX and SIOCGIFHWADDR, getsockopt and
 *     setsockopt (SOL_SOCKET, SOL_PACKET), mmap shared of the ring, fcntl(F_GETFL, F_SETFL), uname,
 *     newfstatat and openat for reading below /sys/class/net;
 *   running: poll, read (netlink, eventfd), write (eventfd), ioctl of SIOCGIFINDEX, SIOCGIFNAME and
 *     SIOCGIFFLAGS, getsockopt, getsockname, openat for reading below /sys/class/net;
 *   closing: setsockopt(PACKET_RX_RING), munmap, close.
 *
 * Owner: the capture thread, which makes every call unless it says otherwise. Memory: for each
 * interface the ring (capture.buffer) and 256 KiB. After live_capture_new() the one thing that
 * allocates is opening an interface again.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"
#include "sensor/config/config.h"

enum { LIVE_REASON_LEN = 384 }; /* one line with its NUL */

struct live_capture;

enum live_state {
	LIVE_STATE_MISSING, /* no interface of that name */
	LIVE_STATE_DOWN,    /* it is there, and cannot be captured */
	LIVE_STATE_UP,
};

enum live_event_kind {
	LIVE_UP,         /* captured from the start */
	LIVE_DOWN,       /* there, but down or not to be opened: `reason` */
	LIVE_GONE,       /* no interface of that name any more, or yet */
	LIVE_BACK,       /* captured again: `from` … `to` is the gap */
	LIVE_DROPPED,    /* frames lost between `from` and `to` */
	LIVE_CLOCK_STEP, /* the wall clock was set */
};

struct live_event {
	enum live_event_kind kind;
	unsigned interface; /* index in capture.interfaces; of a clock's step 0 */
	const char *name;   /* of the interface; "" for a clock's step */
	/*
	 * Packet times. Of DOWN and GONE `from` is when it was last seen well; of a clock's step
	 * the packet time as it would be without, and as it is.
	 */
	nanotime from;
	nanotime to;
	uint64_t dropped_kernel;    /* DROPPED: the ring was full */
	uint64_t dropped_interface; /* … the card had no room */
	uint64_t ring_freezes;      /* … how often the ring stood full */
	int64_t step_nanoseconds;   /* CLOCK_STEP: by how much it was set; below zero is back */
	bool is_adopted;            /* … packet time jumped with it; else it nears slowly */
	const char *reason;         /* DOWN and GONE: one line with what to do; else "" */
};

/* `event` and its texts are borrowed for the call, in which `live` must not be called. */
typedef void live_event_fn(void *arg, const struct live_event *event);

struct live_setup {
	const struct capture_config *config; /* copied */
	live_event_fn *event;                /* by live_capture_read() */
	void *event_arg;
};

/*
 * Opens the interfaces. One that is missing or down is waited for: its event says so.
 * ERR_RANGE for no interface, one named twice, or "any"; ERR_IO without permission or when an
 * interface that is there cannot be captured; ERR_MEMORY. `reason` is one line with what to do.
 */
MUST_USE enum err live_capture_new(struct live_capture **out, const struct live_setup *setup,
				   char reason[static LIVE_REASON_LEN]);

/* NULL is fine. */
void live_capture_free(struct live_capture *live);

enum live_answer {
	LIVE_FRAMES,  /* some were handed out; or none, and it was woken */
	LIVE_IDLE,    /* nothing came for 100 ms */
	LIVE_STOPPED, /* live_capture_stop() was called */
};

/*
 * Hands out the frames that are ready, at most some thousand, and waits up to 100 ms while there
 * are none. `frame->interface` is the index in capture.interfaces.
 */
enum live_answer live_capture_read(struct live_capture *live, frame_take_fn *take, void *arg);

/*
 * A packet time before which no frame comes any more. It moves on whenever the rings are found
 * empty, as before each LIVE_IDLE, and follows half a second behind. Never goes back, unless the
 * wall clock was set back by more than an hour; 0 until something can be said.
 */
nanotime live_capture_now(const struct live_capture *live);

/* Any thread or signal handler: live_capture_read() returns at once, the next time or now. */
void live_capture_wake(struct live_capture *live);
void live_capture_stop(struct live_capture *live);

/* The one descriptor that these two write to, for a list of those that may be written. */
int live_capture_wake_fd(const struct live_capture *live);

struct live_stats {
	const char *name; /* borrowed like `live` */
	enum live_state state;
	bool has_carrier;  /* a cable is in, and somebody at its other end */
	uint64_t received; /* frames handed out, or at their interface's head */
	uint64_t dropped_kernel;
	uint64_t dropped_interface;
	uint64_t ring_freezes;
	uint64_t gaps;
	uint64_t late;        /* frames read so late that others of a later time had gone before */
	uint64_t clock_steps; /* of all */
};

size_t live_capture_count(const struct live_capture *live);
struct live_stats live_capture_stats(const struct live_capture *live, size_t i);
