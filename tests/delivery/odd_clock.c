/*
 * The clock of a program that is started with this in LD_PRELOAD: the file that HINOMI_CLOCK names
 * holds two numbers, by which CLOCK_REALTIME is off (seconds) and how many times faster all time
 * goes. Whoever runs the test writes them while the program runs.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct told {
	int64_t off;
	int64_t speed;
};

static const volatile struct told *told;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t gained; /* nanoseconds that the fast clock is ahead */
static int64_t looked;

static int64_t true_now(clockid_t clock)
{
	struct timespec now;

	(void)syscall(SYS_clock_gettime, clock, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void open_told(void)
{
	const char *name = getenv("HINOMI_CLOCK");
	int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		_exit(99);
	void *map = mmap(NULL, sizeof(*told), PROT_READ, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		_exit(99);
	told = map;
	looked = true_now(CLOCK_MONOTONIC);
}

/* How far ahead the fast clock is now. */
static int64_t ahead(void)
{
	int64_t now;
	int64_t out;

	(void)pthread_mutex_lock(&lock);
	if (!told)
		open_told();
	now = true_now(CLOCK_MONOTONIC);
	gained += (now - looked) * (told->speed - 1);
	looked = now;
	out = gained;
	(void)pthread_mutex_unlock(&lock);
	return out;
}

static struct timespec spec(int64_t nanoseconds)
{
	return (struct timespec){ .tv_sec = nanoseconds / 1000000000,
				  .tv_nsec = nanoseconds % 1000000000 };
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, out);
	*out = spec(true_now(clock) + ahead() +
		    (clock == CLOCK_REALTIME ? told->off * INT64_C(1000000000) : 0));
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* Waits end as much sooner as time goes faster. */
static struct timespec shorter(const struct timespec *time)
{
	(void)ahead();
	return spec((time->tv_sec * INT64_C(1000000000) + time->tv_nsec) / told->speed);
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	struct timespec wait = shorter(time);

	return (int)syscall(SYS_nanosleep, &wait, left);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *time)
{
	struct timespec wait = shorter(time);

	return (int)syscall(SYS_rt_sigtimedwait, set, info, &wait, 8);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   const struct timespec *until)
{
	static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
	int64_t now;
	int64_t left;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
	now = true_now(CLOCK_MONOTONIC);
	left = until->tv_sec * INT64_C(1000000000) + until->tv_nsec - now - ahead();

	struct timespec wait = spec(now + (left > 0 ? left / told->speed : 0));

	return next(cond, mutex, &wait);
}
