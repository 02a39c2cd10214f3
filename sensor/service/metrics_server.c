#include "sensor/service/metrics_server.h"

#include "sensor/service/metrics.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { REQUEST_MAX = 4096, HEAD_MAX = 160, PATIENCE_MS = 200, WRITES_MAX = 4 };

static bool write_all(int fd, const char *bytes, size_t len)
{
	for (unsigned i = 0; len > 0; i++) {
		ssize_t written = i < WRITES_MAX ? write(fd, bytes, len) : 0;

		if (written <= 0)
			return false; /* gone, or its second is over, or it reads in drops */
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* Prometheus and curl send a request; netcat sends none and reads at once. */
static bool is_http(int fd)
{
	struct pollfd asked = { .fd = fd, .events = POLLIN };
	char request[REQUEST_MAX];

	return poll(&asked, 1, PATIENCE_MS) == 1 && read(fd, request, sizeof(request)) >= 4 &&
	       memcmp(request, "GET ", 4) == 0;
}

static void answer(const struct metrics *metrics, int fd)
{
	static char text[METRICS_TEXT_MAX];
	const struct timeval second = { .tv_sec = 1 };
	char head[HEAD_MAX];
	size_t len;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	len = metrics_read(metrics, text);
	if (is_http(fd)) {
		int head_len = snprintf(head, sizeof(head),
					"HTTP/1.0 200 OK\r\n"
					"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
					"Content-Length: %zu\r\n\r\n",
					len);

		if (!write_all(fd, head, (size_t)head_len))
			return;
	}
	(void)write_all(fd, text, len);
}

_Noreturn void metrics_serve(const struct metrics *metrics, int listener)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			_exit(EXIT_FAILURE);
		answer(metrics, fd);
		(void)close(fd);
	}
}
