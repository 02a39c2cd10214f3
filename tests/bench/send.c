/*
 * bench_send INTERFACE KIND|CAPTURE RATE SECONDS
 *
 * Puts frames on a wire faster than tcpreplay: many by one call, past the queueing discipline. RATE
 * is one of flows a second where the kind has any, else of frames; 0 is as fast as possible. Never
 * for longer than SECONDS_MOST. Prints `sent FRAMES in SECONDS s`.
 *
 * Only for a wire between two network namespaces.
 */
#include "tests/bench/send_frames.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH = 64,
	SECONDS_MOST = 120,
	BUFFER_BYTES = 8 << 20,
	NAP_NANOSECONDS = 50 * 1000,
};

#define NANOSECONDS 1000000000ULL
#define LATE_MOST   (10 * 1000 * 1000ULL)

struct batch {
	size_t count;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	uint8_t frames[BATCH][SEND_FRAME_MAX];
};

static uint64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NANOSECONDS + (uint64_t)t.tv_nsec;
}

static int open_wire(const char *interface)
{
	const int yes = 1;
	const int bytes = BUFFER_BYTES;
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || to.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)) != 0) {
		(void)fprintf(stderr, "%s: %s\n", interface, strerror(errno));
		exit(1);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	return fd;
}

static void fill(struct batch *batch, struct frame_source *source)
{
	for (size_t i = 0; i < BATCH; i++) {
		batch->parts[i] =
			(struct iovec){ .iov_base = batch->frames[i],
					.iov_len = frame_source_next(source, batch->frames[i]) };
		batch->messages[i].msg_hdr =
			(struct msghdr){ .msg_iov = &batch->parts[i], .msg_iovlen = 1 };
	}
	batch->count = BATCH;
}

/* What the wire has no room for, now or at all, is not sent again, and not counted. */
static uint64_t send_batch(int fd, struct batch *batch)
{
	uint64_t sent = 0;

	for (unsigned at = 0; at < batch->count;) {
		int count = sendmmsg(fd, batch->messages + at, (unsigned)batch->count - at, 0);

		if (count > 0) {
			sent += (unsigned)count;
			at += (unsigned)count;
		} else if (errno == ENOBUFS || errno == EMSGSIZE) {
			at++;
		} else if (errno != EINTR && errno != EAGAIN) {
			perror("sendmmsg");
			exit(1);
		}
	}
	return sent;
}

/* Waits until the frames so far are due. Who is far behind does not catch up in one burst. */
static void keep_to(double frames_per_second, uint64_t frames, uint64_t *begun)
{
	const struct timespec nap = { .tv_nsec = NAP_NANOSECONDS };
	uint64_t due = (uint64_t)((double)frames * (double)NANOSECONDS / frames_per_second);
	uint64_t late = now();

	while (now() < *begun + due)
		(void)nanosleep(&nap, NULL);
	if (late > *begun + due + LATE_MOST)
		*begun = late - due - LATE_MOST;
}

static int run(int fd, struct frame_source *source, double rate, double seconds)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	const uint64_t started = now();
	uint64_t begun = started; /* … had it never been late */
	uint64_t until = started + (uint64_t)(seconds * (double)NANOSECONDS);
	uint64_t frames = 0;
	uint64_t sent = 0;

	if (!batch)
		return 1;
	while (now() < until) {
		fill(batch, source);
		sent += send_batch(fd, batch);
		frames += batch->count;
		if (rate > 0)
			keep_to(rate, frames, &begun);
	}
	printf("sent %llu in %.3f s\n", (unsigned long long)sent,
	       (double)(now() - started) / (double)NANOSECONDS);
	free(batch);
	return 0;
}

int main(int argc, char **argv)
{
	double rate = argc == 5 ? strtod(argv[3], NULL) : -1;
	double seconds = argc == 5 ? strtod(argv[4], NULL) : -1;
	struct frame_source *source = argc == 5 ? frame_source_new(argv[2]) : NULL;

	if (!source || rate < 0 || !(seconds > 0) || seconds > SECONDS_MOST) {
		(void)fprintf(stderr, "usage: bench_send INTERFACE KIND|CAPTURE RATE SECONDS\n%s",
			      frame_source_kinds());
		return 2;
	}
	if (frame_source_per_flow(source) > 0)
		rate *= frame_source_per_flow(source);

	int fd = open_wire(argv[1]);
	int code = run(fd, source, rate, seconds);

	(void)close(fd);
	frame_source_free(source);
	return code;
}
