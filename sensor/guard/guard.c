#include "sensor/guard/guard.h"

#include "sensor/guard/allowed_calls.h"
#include "sensor/guard/call_filter.h"
#include "sensor/guard/file_rules.h"
#include "sensor/guard/rights.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The folder of a process's threads counts them as links, beside its own two. */
static bool has_one_thread(void)
{
	struct stat threads;

	return stat("/proc/self/task", &threads) != 0 || threads.st_nlink <= 3;
}

enum err guard_become(const struct guard_setup *setup, struct guard_report *report,
		      char problem[static CONFIG_PROBLEM_LEN])
{
	if (!has_one_thread()) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "rights are given up before threads are started, not after");
		return ERR_RANGE;
	}

	enum err err = rights_reduce(setup, report, problem);

	return err == ERR_OK ? file_rules_apply(setup, report, problem) : err;
}

/* A file or the like, or a socket that reaches this machine alone. */
static bool is_safe_to_write(int fd)
{
	int family = AF_UNSPEC;
	socklen_t len = sizeof(family);

	if (fcntl(fd, F_GETFD) < 0)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len) != 0)
		return errno == ENOTSOCK;
	return family == AF_UNIX;
}

static enum err check_writable(const int *writable, size_t count,
			       char problem[static CONFIG_PROBLEM_LEN])
{
	if (count > GUARD_WRITABLE_MAX) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "%zu descriptors to write to, at most %d can be allowed", count,
			       (int)GUARD_WRITABLE_MAX);
		return ERR_RANGE;
	}
	for (size_t i = 0; i < count; i++) {
		if (is_safe_to_write(writable[i]))
			continue;
		(void)snprintf(
			problem, CONFIG_PROBLEM_LEN,
			"descriptor %d cannot be allowed: it is closed, or sends to a network",
			writable[i]);
		return ERR_RANGE;
	}
	return ERR_OK;
}

static enum err load(const struct call_filter_setup *setup, char problem[static CONFIG_PROBLEM_LEN])
{
	struct call_filter *filter = NULL;
	enum err err = ERR_OK;

	errno = 0;
	err = call_filter_new(&filter, setup);
	if (err == ERR_OK)
		err = call_filter_load(filter);
	call_filter_free(filter);
	if (err != ERR_OK)
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "system calls cannot be limited (%s): this needs Linux with seccomp "
			       "on x86-64 or arm64",
			       errno != 0 ? strerror(errno) : err_text(err));
	return err;
}

enum err guard_seal(const int *writable, size_t count, struct guard_report *report,
		    char problem[static CONFIG_PROBLEM_LEN])
{
	struct call_filter_setup setup = { &calls_of_sensor, SCMP_ARCH_NATIVE, getpid(), writable,
					   count };
	enum err err = check_writable(writable, count, problem);

	if (err == ERR_OK)
		err = load(&setup, problem);
	if (err == ERR_OK)
		report->calls = call_filter_calls();
	return err;
}

/* All but one (musl has no close_range()): what else the process that forked it had open is none of
 * its business. */
static bool keep_alone(int fd)
{
	unsigned kept = (unsigned)fd, first = STDERR_FILENO + 1;

	return (kept <= first || syscall(SYS_close_range, first, kept - 1, 0U) == 0) &&
	       syscall(SYS_close_range, kept + 1, ~0U, 0U) == 0;
}

enum err guard_seal_server(int listener, char problem[static CONFIG_PROBLEM_LEN])
{
	struct call_filter_setup setup = { &calls_of_server, SCMP_ARCH_NATIVE, getpid(), NULL, 0 };
	enum err err = check_writable(&listener, 1, problem);

	if (err == ERR_OK && !keep_alone(listener)) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN, "files cannot be closed: %s",
			       strerror(errno));
		return ERR_IO;
	}
	if (err == ERR_OK)
		err = rights_drop_all(problem);
	return err == ERR_OK ? load(&setup, problem) : err;
}

void guard_report_line(const struct guard_report *report, char line[static GUARD_LINE_LEN])
{
	char landlock[48] = "no Landlock here";
	char calls[48] = "no limit of system calls yet";

	if (report->landlock_version > 0)
		(void)snprintf(landlock, sizeof(landlock), "Landlock %d", report->landlock_version);
	if (report->calls > 0)
		(void)snprintf(calls, sizeof(calls), "%zu system calls", report->calls);
	(void)snprintf(line, GUARD_LINE_LEN,
		       "user %u, CAP_NET_RAW alone%s%s, no new privileges, %s, %s",
		       (unsigned)report->user, report->is_bounded ? " (bounded)" : "",
		       report->is_locked ? " (locked)" : "", landlock, calls);
}
