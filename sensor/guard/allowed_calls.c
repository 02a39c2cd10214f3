#include "sensor/guard/allowed_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Newer than Debian 12's headers. */
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* clang-format off */

/*
 * What pthread_create() asks clone() for, to the bit; a process is made with less. musl's adds
 * CLONE_DETACHED, of which kernels no longer take notice.
 */
#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

/* The flags of open() that read and change nothing: no O_CREAT, O_TRUNC, O_TMPFILE, O_PATH. */
#define READING_FLAGS \
	(O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_DIRECTORY | O_NOFOLLOW | O_LARGEFILE)

/* Of arguments that the kernel takes as int: it does not look at the upper half. */
#define LOW(bits) ((uint64_t)(uint32_t)(bits))

#define IS(arg, value) { (arg), SCMP_CMP_EQ, LOW(value), 0 }
#define HAS_NONE(arg, bits) { (arg), SCMP_CMP_MASKED_EQ, LOW(bits), 0 }
#define HAS_ALL(arg, bits) { (arg), SCMP_CMP_MASKED_EQ, LOW(bits), LOW(bits) }
#define IS_BUT_FOR(arg, value, bits) { (arg), SCMP_CMP_MASKED_EQ, LOW(~(uint32_t)(bits)), LOW(value) }

#define ALWAYS(name) { .call = SCMP_SYS(name) }
#define INSTEAD(name, error) { .call = SCMP_SYS(name), .failure = (error) }
#define WHEN(name, one) { .call = SCMP_SYS(name), .conditions = 1, .argument = { one } }
#define WHEN_BOTH(name, one, two) { .call = SCMP_SYS(name), .conditions = 2, .argument = { one, two } }
#define REFUSED_WHEN(name, error, one) \
	{ .call = SCMP_SYS(name), .failure = (error), .conditions = 1, .argument = { one } }
#define SOCKET(family, type) \
	WHEN_BOTH(socket, IS(0, family), IS_BUT_FOR(1, type, SOCK_CLOEXEC | SOCK_NONBLOCK))
#define OPTION(level, name) WHEN_BOTH(setsockopt, IS(1, level), IS(2, name))

static const struct call_rule sensor_rules[] = {
	/* Memory: nothing becomes a program. */
	ALWAYS(brk), ALWAYS(madvise), ALWAYS(mremap), ALWAYS(munmap),
	WHEN(mmap, HAS_NONE(2, PROT_EXEC)),
	WHEN(mprotect, HAS_NONE(2, PROT_EXEC)),

	/* Threads, of this process alone. */
	ALWAYS(exit), ALWAYS(exit_group), ALWAYS(futex), ALWAYS(futex_waitv), ALWAYS(getcpu),
	ALWAYS(getpid), ALWAYS(gettid), ALWAYS(membarrier), ALWAYS(restart_syscall), ALWAYS(rseq),
	ALWAYS(sched_getaffinity), ALWAYS(sched_yield), ALWAYS(set_robust_list),
	WHEN(clone, IS(0, THREAD_FLAGS)), WHEN(clone, IS(0, THREAD_FLAGS | CLONE_DETACHED)),
	INSTEAD(clone3, ENOSYS),
	WHEN(prctl, IS(0, PR_SET_NAME)), WHEN(prctl, IS(0, PR_GET_NAME)), WHEN(prctl, IS(0, PR_SET_VMA)),

	/* Signals: taken; sent to itself alone (call_filter_new() adds tgkill, as abort() needs). */
	ALWAYS(rt_sigaction), ALWAYS(rt_sigpending), ALWAYS(rt_sigprocmask), ALWAYS(rt_sigreturn),
	ALWAYS(rt_sigsuspend), ALWAYS(rt_sigtimedwait), ALWAYS(sigaltstack),

	/* Time, which it may read and not set (adjtimex needs a capability for that). */
	ALWAYS(adjtimex), ALWAYS(clock_adjtime), ALWAYS(clock_getres), ALWAYS(clock_gettime),
	ALWAYS(clock_nanosleep), ALWAYS(gettimeofday), ALWAYS(nanosleep), ALWAYS(time), ALWAYS(times),
	ALWAYS(timerfd_create), ALWAYS(timerfd_gettime), ALWAYS(timerfd_settime),

	/* What it is and runs on. */
	ALWAYS(getegid), ALWAYS(geteuid), ALWAYS(getgid), ALWAYS(getppid), ALWAYS(getrandom),
	ALWAYS(getrlimit), ALWAYS(getrusage), ALWAYS(getuid), ALWAYS(sysinfo), ALWAYS(uname),
	WHEN(prlimit64, IS(2, 0)),

	/* Files, read. */
	ALWAYS(access), ALWAYS(faccessat), ALWAYS(faccessat2), ALWAYS(fstat), ALWAYS(fstatfs),
	ALWAYS(getcwd), ALWAYS(getdents64), ALWAYS(lseek), ALWAYS(lstat), ALWAYS(newfstatat),
	ALWAYS(pread64), ALWAYS(preadv), ALWAYS(read), ALWAYS(readlink), ALWAYS(readlinkat),
	ALWAYS(readv), ALWAYS(stat), ALWAYS(statfs), ALWAYS(statx),
	WHEN(open, HAS_NONE(1, ~READING_FLAGS)),
	WHEN(openat, HAS_NONE(2, ~READING_FLAGS)),
	REFUSED_WHEN(open, EACCES, HAS_ALL(1, O_WRONLY)),
	REFUSED_WHEN(open, EACCES, HAS_ALL(1, O_RDWR)),
	REFUSED_WHEN(openat, EACCES, HAS_ALL(2, O_WRONLY)),
	REFUSED_WHEN(openat, EACCES, HAS_ALL(2, O_RDWR)),
	INSTEAD(openat2, ENOSYS),

	/* Files, written: writing_calls. SQLite removes its log when it closes, and lives without. */
	ALWAYS(fadvise64), ALWAYS(fdatasync), ALWAYS(fsync),
	INSTEAD(unlink, EPERM), INSTEAD(unlinkat, EPERM),

	/* Descriptors: never a second number for one, which a writable one's could be. */
	ALWAYS(close), ALWAYS(eventfd2), ALWAYS(poll), ALWAYS(ppoll),
	WHEN(fcntl, IS(1, F_GETFD)), WHEN(fcntl, IS(1, F_SETFD)),
	WHEN(fcntl, IS(1, F_GETFL)), WHEN(fcntl, IS(1, F_SETFL)),
	WHEN(fcntl, IS(1, F_GETLK)), WHEN(fcntl, IS(1, F_SETLK)), WHEN(fcntl, IS(1, F_SETLKW)),
	WHEN(fcntl, IS(1, F_OFD_GETLK)), WHEN(fcntl, IS(1, F_OFD_SETLK)),
	WHEN(fcntl, IS(1, F_OFD_SETLKW)),

	/*
	 * Capture, opened anew by libpcap after an interface was gone: a packet socket that hears,
	 * and a Unix one to ask for the interface. There is no call left to send by.
	 */
	SOCKET(AF_PACKET, SOCK_RAW), SOCKET(AF_PACKET, SOCK_DGRAM), SOCKET(AF_UNIX, SOCK_RAW),
	REFUSED_WHEN(socket, EAFNOSUPPORT, IS(0, AF_NETLINK)),
	ALWAYS(bind), ALWAYS(getsockname), ALWAYS(getsockopt), ALWAYS(recvfrom),
	OPTION(SOL_SOCKET, SO_ATTACH_FILTER), OPTION(SOL_SOCKET, SO_DETACH_FILTER),
	OPTION(SOL_SOCKET, SO_RCVBUF), OPTION(SOL_SOCKET, SO_TIMESTAMP),
	OPTION(SOL_SOCKET, SO_TIMESTAMPNS),
	OPTION(SOL_PACKET, PACKET_ADD_MEMBERSHIP), OPTION(SOL_PACKET, PACKET_AUXDATA),
	OPTION(SOL_PACKET, PACKET_DROP_MEMBERSHIP), OPTION(SOL_PACKET, PACKET_IGNORE_OUTGOING),
	OPTION(SOL_PACKET, PACKET_RESERVE), OPTION(SOL_PACKET, PACKET_RX_RING),
	OPTION(SOL_PACKET, PACKET_TIMESTAMP), OPTION(SOL_PACKET, PACKET_VERSION),
	WHEN(ioctl, IS(1, FIONBIO)), WHEN(ioctl, IS(1, FIONREAD)), WHEN(ioctl, IS(1, TCGETS)),
	WHEN(ioctl, IS(1, TIOCGWINSZ)), /* musl: whether it writes to a terminal */
	WHEN(ioctl, IS(1, SIOCETHTOOL)), WHEN(ioctl, IS(1, SIOCGIFFLAGS)),
	WHEN(ioctl, IS(1, SIOCGIFHWADDR)), WHEN(ioctl, IS(1, SIOCGIFINDEX)),
	WHEN(ioctl, IS(1, SIOCGIFMTU)), WHEN(ioctl, IS(1, SIOCGIFNAME)),
};

/* It owns a socket that listens on this machine, and whoever was accepted there. */
static const struct call_rule server_rules[] = {
	ALWAYS(accept4), ALWAYS(close), ALWAYS(poll), ALWAYS(ppoll), ALWAYS(read), ALWAYS(write),
	OPTION(SOL_SOCKET, SO_SNDTIMEO),
	/* musl gives back at once what this list was built in. */
	ALWAYS(madvise), ALWAYS(munmap),
	/* What abort() needs, as the sensor. */
	ALWAYS(exit_group), ALWAYS(getpid), ALWAYS(gettid), ALWAYS(restart_syscall),
	ALWAYS(rt_sigaction), ALWAYS(rt_sigprocmask), ALWAYS(rt_sigreturn),
};

/* Not pwritev2: at offset -1 it is writev(), and RWF_ flags change with each kernel. */
const int writing_calls[] = {
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev),
	SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
};
/* clang-format on */
const struct call_list calls_of_sensor = { sensor_rules,
					   sizeof(sensor_rules) / sizeof(sensor_rules[0]) };
const struct call_list calls_of_server = { server_rules,
					   sizeof(server_rules) / sizeof(server_rules[0]) };
const size_t writing_calls_count = sizeof(writing_calls) / sizeof(writing_calls[0]);
