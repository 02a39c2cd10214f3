/*
 * One network interface being captured, through libpcap: promiscuous, in nanoseconds, never in
 * immediate mode (which would cut the ring into few slots of the longest frame each).
 *
 * What it does after opening needs no right. Owner: the caller. One thread. Memory: the kernel's
 * ring of `buffer_bytes` (less where the kernel has no more), and LIVE_SNAP_LEN bytes.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"
#include "sensor/config/config.h"

enum {
	/*
	 * A segment put together by offload is up to 65,535 bytes of IP behind its link header, and
	 * more on IPv6 with big segments. libpcap takes no more, capture files neither, and the
	 * ring's blocks hold it: it costs nothing.
	 */
	LIVE_SNAP_LEN = 256 * 1024,
	LIVE_RETIRE_MILLISECONDS = 100, /* until the kernel hands over a block that is not full */
	LIVE_WORDS_LEN = 256,           /* with the NUL */
};

struct live_handle;

enum live_opening {
	LIVE_OPENED,
	LIVE_IS_MISSING,
	LIVE_IS_DOWN,
	LIVE_DENIED,  /* no permission */
	LIVE_REFUSED, /* anything else, as an interface whose frames decode cannot read */
};

/* `*out` is set only on LIVE_OPENED; else `words` are libpcap's, or why it is not read. */
MUST_USE enum live_opening live_handle_open(struct live_handle **out, const char *name,
					    const struct capture_config *config,
					    char words[static LIVE_WORDS_LEN]);

/* NULL is fine. */
void live_handle_close(struct live_handle *handle);

/* For poll(): POLLIN when a block is there, POLLERR when the interface went down. */
int live_handle_fd(const struct live_handle *handle);

/* The interface's index; it is kept when the interface is given another name. */
int live_handle_index(const struct live_handle *handle);

/*
 * Hands up to `most` frames that are there to `take`, with the kernel's stamp (wall clock) as
 * their time, and `*count` says how many. Never waits. False when the interface disappeared or
 * libpcap failed: live_handle_words() says how. More may still come from the ring then.
 */
MUST_USE bool live_handle_read(struct live_handle *handle, int most, frame_take_fn *take, void *arg,
			       uint64_t *count);

/*
 * The same for one frame, copied: its bytes are borrowed until the next call on `handle`.
 * `*has_frame` is false when none was there.
 */
MUST_USE bool live_handle_next(struct live_handle *handle, struct frame *out, bool *has_frame);

/*
 * Whether every frame that the kernel has counted was read: then none lies in a block that is not
 * handed over yet. False when in doubt.
 */
bool live_handle_is_empty(struct live_handle *handle);

/* libpcap's words for the last failure. Borrowed until the next call on `handle`. */
const char *live_handle_words(const struct live_handle *handle);

/* Since opening. Frames that were lost, and how often the ring stood full. */
struct live_losses {
	uint64_t kernel;    /* the ring was full */
	uint64_t interface; /* the card had no room: rx_missed_errors and rx_fifo_errors */
	uint64_t freezes;
};

struct live_losses live_handle_losses(struct live_handle *handle);
