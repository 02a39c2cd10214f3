/*
 * bench_measure SECONDS RESULT COMMAND [ARGUMENT]...
 *
 * Runs COMMAND for at most SECONDS and writes to RESULT one line: exit code (or -1 when it was
 * killed), user and system CPU seconds, wall seconds, peak memory in KiB. A program of its own
 * because ru_maxrss begins with the memory of whoever forks: that of Python would hide small ones.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DECIMAL = 10, SECONDS_MOST = 3600, NOT_STARTED = 127, NANOSECONDS = 1000000000 };

static volatile sig_atomic_t child;

/* kill() is among the few calls that a handler may make. */
static void stop_child(int number)
{
	(void)number;
	(void)kill(child, SIGKILL);
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double wall_now(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / NANOSECONDS;
}

static int measure(unsigned seconds, const char *result, char **command)
{
	struct sigaction action = { .sa_handler = stop_child };
	struct rusage used = { 0 };
	int status = 0;
	double begin = wall_now();

	child = fork();
	if (child == 0) {
		(void)execvp(command[0], command);
		perror(command[0]);
		_exit(NOT_STARTED);
	}
	if (child < 0 || sigaction(SIGALRM, &action, NULL) != 0)
		return 1;
	(void)alarm(seconds);
	while (wait4(child, &status, 0, &used) < 0) {
		if (errno != EINTR)
			return 1;
	}

	double wall = wall_now() - begin;
	FILE *file = fopen(result, "w");

	if (!file)
		return 1;
	(void)fprintf(file, "%d %.6f %.6f %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		      seconds_of(used.ru_utime), seconds_of(used.ru_stime), wall, used.ru_maxrss);
	return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	char *rest = NULL;
	unsigned long seconds = argc > 3 ? strtoul(argv[1], &rest, DECIMAL) : 0;

	if (argc < 4 || *rest != '\0' || seconds == 0 || seconds > SECONDS_MOST) {
		(void)fprintf(stderr,
			      "usage: bench_measure SECONDS RESULT COMMAND [ARGUMENT]...\n");
		return 2;
	}
	return measure((unsigned)seconds, argv[2], argv + 3);
}
