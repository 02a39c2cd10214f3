#include "sensor/service/outlet.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEP_MILLISECONDS = 50 };

struct outlet {
	int fd;
	size_t len; /* of what waits, from the first byte on */
	uint64_t dropped;
	uint8_t bytes[OUTLET_BYTES];
};

struct outlet *outlet_new(int fd)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));

	if (outlet)
		outlet->fd = fd;
	return outlet;
}

void outlet_free(struct outlet *outlet)
{
	free(outlet);
}

/* What polls as writable takes so much without waiting: pipe(7), and sockets have more room. */
static ssize_t write_some(struct outlet *outlet, size_t at)
{
	struct pollfd asked = { .fd = outlet->fd, .events = POLLOUT };
	size_t left = outlet->len - at;

	if (poll(&asked, 1, 0) != 1 || (asked.revents & POLLOUT) == 0)
		return asked.revents != 0 ? -1 : 0;
	return write(outlet->fd, outlet->bytes + at, left < PIPE_BUF ? left : PIPE_BUF);
}

bool outlet_flush(struct outlet *outlet)
{
	size_t at = 0;

	while (at < outlet->len) {
		ssize_t written = write_some(outlet, at);

		if (written < 0 && errno != EINTR && errno != EAGAIN) {
			outlet->dropped++; /* the reader is gone: so is what was for it */
			at = outlet->len;
		}
		if (written <= 0)
			break;
		at += (size_t)written;
	}
	memmove(outlet->bytes, outlet->bytes + at, outlet->len - at);
	outlet->len -= at;
	return outlet->len == 0;
}

void outlet_put(struct outlet *outlet, struct span lines)
{
	if (lines.len > OUTLET_BYTES - outlet->len)
		(void)outlet_flush(outlet);
	if (lines.len > OUTLET_BYTES - outlet->len) {
		outlet->dropped++;
		return;
	}
	memcpy(outlet->bytes + outlet->len, lines.data, lines.len);
	outlet->len += lines.len;
	(void)outlet_flush(outlet);
}

void outlet_finish(struct outlet *outlet, int milliseconds)
{
	struct pollfd asked = { .fd = outlet->fd, .events = POLLOUT };

	while (!outlet_flush(outlet)) {
		if (milliseconds <= 0) {
			outlet->dropped++;
			outlet->len = 0;
			return;
		}
		(void)poll(&asked, 1, STEP_MILLISECONDS);
		milliseconds -= STEP_MILLISECONDS;
	}
}

uint64_t outlet_take_dropped(struct outlet *outlet)
{
	uint64_t dropped = outlet->dropped;

	outlet->dropped = 0;
	return dropped;
}
