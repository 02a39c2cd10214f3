#include "sensor/service/metrics.h"

#include "sensor/service/metrics_server.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { WORDS = METRICS_TEXT_MAX / sizeof(uint64_t), WAITING_MAX = 8 };

/* Words, so that a reader's copy is made of loads that the language calls atomic. */
struct metrics_page {
	_Atomic uint32_t sequence; /* odd while it is being written */
	_Atomic uint32_t len;
	_Atomic uint64_t words[WORDS];
};

struct metrics {
	struct metrics_page *page;
};

/* Left by a sensor before. Whatever else stands there is not ours to remove. */
static bool make_room(const struct sockaddr_un *address)
{
	const struct sockaddr *to = (const struct sockaddr *)address;
	struct stat there;
	bool is_served;
	int fd;

	if (lstat(address->sun_path, &there) != 0 || !S_ISSOCK(there.st_mode))
		return true;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	is_served = connect(fd, to, sizeof(*address)) == 0 || errno == EAGAIN;
	(void)close(fd);
	if (!is_served)
		(void)unlink(address->sun_path);
	errno = EADDRINUSE;
	return !is_served;
}

enum err metrics_listen(int *listener, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return ERR_RANGE;
	memcpy(address.sun_path, path, strlen(path));
	if (!make_room(&address))
		return ERR_IO;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return ERR_IO;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) == 0 &&
	    listen(fd, WAITING_MAX) == 0) {
		*listener = fd;
		return ERR_OK;
	}

	int why = errno;

	(void)close(fd);
	errno = why;
	return ERR_IO;
}

/* Of what the sensor has open nothing is the server's but its listener. musl has no close_range().
 */
static bool close_others(int listener)
{
	unsigned own = (unsigned)listener, first = STDERR_FILENO + 1;

	return (own == first || syscall(SYS_close_range, first, own - 1, 0U) == 0) &&
	       syscall(SYS_close_range, own + 1, UINT_MAX, 0U) == 0;
}

static _Noreturn void serve(struct metrics *metrics, int listener, pid_t parent,
			    metrics_enter_fn *enter)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGPIPE, SIG_IGN); /* of clients that do not wait for the answer */
	(void)signal(SIGHUP, SIG_IGN);
	if (getppid() != parent || !close_others(listener) || (enter && !enter(listener)))
		_exit(EXIT_FAILURE);
	metrics_serve(metrics, listener);
}

enum err metrics_new(struct metrics **out, int listener, metrics_enter_fn *enter)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));
	pid_t parent = getpid();
	pid_t server = -1;

	if (metrics) {
		metrics->page = mmap(NULL, sizeof(*metrics->page), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (metrics->page != MAP_FAILED)
			server = fork();
		if (server == 0)
			serve(metrics, listener, parent, enter);
	}
	(void)close(listener);
	if (server < 0) {
		metrics_free(metrics);
		return ERR_MEMORY;
	}
	*out = metrics;
	return ERR_OK;
}

void metrics_free(struct metrics *metrics)
{
	if (!metrics)
		return;
	if (metrics->page != MAP_FAILED)
		(void)munmap(metrics->page, sizeof(*metrics->page));
	free(metrics);
}

void metrics_publish(struct metrics *metrics, const char *text, size_t len)
{
	struct metrics_page *page = metrics->page;
	uint32_t sequence = atomic_load_explicit(&page->sequence, memory_order_relaxed);

	len = len < METRICS_TEXT_MAX ? len : METRICS_TEXT_MAX;
	atomic_store_explicit(&page->sequence, sequence + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
		uint64_t word = 0;
		size_t left = len - at;

		memcpy(&word, text + at, left < sizeof(word) ? left : sizeof(word));
		atomic_store_explicit(&page->words[at / sizeof(word)], word, memory_order_relaxed);
	}
	atomic_store_explicit(&page->len, (uint32_t)len, memory_order_relaxed);
	atomic_store_explicit(&page->sequence, sequence + 2, memory_order_release);
}

static bool copy_once(const struct metrics_page *page, char *out, size_t *len)
{
	uint32_t before = atomic_load_explicit(&page->sequence, memory_order_acquire);

	*len = atomic_load_explicit(&page->len, memory_order_relaxed);
	if (*len > METRICS_TEXT_MAX)
		*len = METRICS_TEXT_MAX;
	for (size_t at = 0; at < *len; at += sizeof(uint64_t)) {
		uint64_t word =
			atomic_load_explicit(&page->words[at / sizeof(word)], memory_order_relaxed);

		memcpy(out + at, &word, sizeof(word));
	}
	atomic_thread_fence(memory_order_acquire);
	return (before & 1) == 0 &&
	       before == atomic_load_explicit(&page->sequence, memory_order_relaxed);
}

size_t metrics_read(const struct metrics *metrics, char out[METRICS_TEXT_MAX])
{
	enum { TRIES = 64 };
	size_t len = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		if (copy_once(metrics->page, out, &len))
			return len;
	}
	return 0; /* a writer that died inside: better nothing than half */
}
