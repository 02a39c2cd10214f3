/*
 * What the kernel will answer to each call, found by running the filters' programs as it does: on
 * x86-64 and on arm64, wherever this is built. tests/guard/ tries the same on the real kernel.
 */
#include "sensor/guard/call_filter.h"

#include "sensor/guard/allowed_calls.h"

#include "tests/support/call_filters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PROCESS = 4321,
	DATA_BASE = 5,
	NOTIFY = 9,
	OTHER = 6, /* a descriptor that is not to be written to */
	X32_BIT = 0x40000000,
	PTHREAD_FLAGS = 0x3d0f00,
};

#define HIGH        (UINT64_C(1) << 32) /* what the kernel cuts off an int */
#define KILL        ((uint32_t)SECCOMP_RET_KILL_PROCESS)
#define ALLOW       ((uint32_t)SECCOMP_RET_ALLOW)
#define FAIL(error) ((uint32_t)SECCOMP_RET_ERRNO | (uint32_t)(error))

static const int writable[] = { STDERR_FILENO, DATA_BASE, NOTIFY };

struct filter_case {
	const char *call;
	uint64_t args[4];
	uint32_t want;
};

/* Each runs for both processors; a call that one of them does not have is passed over there. */
/* clang-format off */
static const struct filter_case cases[] = {
	{ "socket", { AF_INET, SOCK_STREAM }, KILL },
	{ "socket", { AF_INET, SOCK_DGRAM }, KILL },
	{ "socket", { AF_INET, SOCK_RAW }, KILL },
	{ "socket", { AF_INET6, SOCK_STREAM }, KILL },
	{ "socket", { AF_INET6, SOCK_RAW }, KILL },
	{ "socket", { AF_INET | HIGH, SOCK_DGRAM }, KILL },
	{ "socket", { AF_VSOCK, SOCK_STREAM }, KILL },
	{ "socket", { AF_ALG, SOCK_SEQPACKET }, KILL },
	{ "socket", { AF_PACKET, SOCK_RAW }, ALLOW },
	{ "socket", { AF_PACKET, SOCK_RAW | SOCK_CLOEXEC }, ALLOW },
	{ "socket", { AF_PACKET, SOCK_DGRAM, 3 }, ALLOW },
	{ "socket", { AF_PACKET, SOCK_PACKET }, KILL },
	{ "socket", { AF_UNIX, SOCK_RAW }, ALLOW },
	{ "socket", { AF_UNIX, SOCK_STREAM }, KILL },
	{ "socket", { AF_NETLINK, SOCK_RAW, NETLINK_GENERIC }, FAIL(EAFNOSUPPORT) },
	{ "socketpair", { AF_UNIX, SOCK_STREAM }, KILL },
	{ "connect", { DATA_BASE }, KILL },
	{ "listen", { OTHER }, KILL },
	{ "accept", { OTHER }, KILL },
	{ "accept4", { OTHER }, KILL },
	{ "sendto", { OTHER }, KILL },
	{ "sendto", { NOTIFY }, KILL },
	{ "sendmsg", { NOTIFY }, KILL },
	{ "sendmmsg", { NOTIFY }, KILL },
	{ "recvmsg", { OTHER }, KILL },
	{ "setsockopt", { OTHER, SOL_PACKET, PACKET_RX_RING }, ALLOW },
	{ "setsockopt", { OTHER, SOL_PACKET, PACKET_TX_RING }, KILL },
	{ "setsockopt", { OTHER, SOL_PACKET, PACKET_TX_RING | HIGH }, KILL },
	{ "setsockopt", { OTHER, SOL_PACKET, PACKET_QDISC_BYPASS }, KILL },
	{ "setsockopt", { OTHER, SOL_PACKET, PACKET_FANOUT }, KILL },
	{ "setsockopt", { OTHER, SOL_SOCKET, SO_ATTACH_FILTER }, ALLOW },
	{ "setsockopt", { OTHER, SOL_SOCKET, SO_ATTACH_BPF }, KILL },
	{ "ioctl", { OTHER, SIOCGIFINDEX }, ALLOW },
	{ "ioctl", { OTHER, SIOCSIFFLAGS }, KILL },
	{ "ioctl", { OTHER, TIOCGWINSZ }, ALLOW },
	{ "ioctl", { OTHER, TIOCSTI }, KILL },
	{ "write", { DATA_BASE }, ALLOW },
	{ "write", { STDERR_FILENO }, ALLOW },
	{ "write", { STDOUT_FILENO }, KILL },
	{ "write", { OTHER }, KILL },
	{ "write", { OTHER | HIGH }, KILL },
	{ "writev", { NOTIFY }, ALLOW },
	{ "writev", { OTHER }, KILL },
	{ "pwrite64", { DATA_BASE }, ALLOW },
	{ "pwrite64", { OTHER }, KILL },
	{ "pwritev", { OTHER }, KILL },
	{ "pwritev2", { DATA_BASE }, KILL },
	{ "ftruncate", { DATA_BASE }, ALLOW },
	{ "ftruncate", { OTHER }, KILL },
	{ "truncate", { 0 }, KILL },
	{ "fallocate", { OTHER }, KILL },
	{ "sendfile", { DATA_BASE, OTHER }, KILL },
	{ "splice", { OTHER }, KILL },
	{ "tee", { OTHER }, KILL },
	{ "vmsplice", { OTHER }, KILL },
	{ "copy_file_range", { OTHER }, KILL },
	{ "io_uring_setup", { 8 }, KILL },
	{ "io_uring_enter", { OTHER }, KILL },
	{ "io_setup", { 8 }, KILL },
	{ "close", { OTHER }, ALLOW },
	{ "close", { DATA_BASE }, FAIL(EPERM) },
	{ "close", { DATA_BASE | HIGH }, FAIL(EPERM) },
	{ "close", { STDERR_FILENO }, FAIL(EPERM) },
	{ "close_range", { 0, ~0U }, KILL },
	{ "dup", { OTHER }, KILL },
	{ "dup2", { OTHER, DATA_BASE }, KILL },
	{ "dup3", { OTHER, DATA_BASE }, KILL },
	{ "fcntl", { OTHER, F_DUPFD, DATA_BASE }, KILL },
	{ "fcntl", { OTHER, F_DUPFD_CLOEXEC, DATA_BASE }, KILL },
	{ "fcntl", { OTHER, F_DUPFD | HIGH, DATA_BASE }, KILL },
	{ "fcntl", { OTHER, F_SETOWN }, KILL },
	{ "fcntl", { OTHER, F_SETFL }, ALLOW },
	{ "fcntl", { DATA_BASE, F_SETLK }, ALLOW },
	{ "pidfd_getfd", { OTHER }, KILL },
	{ "openat", { 0, 0, O_RDONLY | O_CLOEXEC }, ALLOW },
	{ "openat", { 0, 0, O_RDONLY | O_DIRECTORY | O_NONBLOCK }, ALLOW },
	{ "openat", { 0, 0, O_RDWR | O_CREAT | O_CLOEXEC }, FAIL(EACCES) },
	{ "openat", { 0, 0, O_WRONLY | O_TRUNC }, FAIL(EACCES) },
	{ "openat", { 0, 0, (O_WRONLY | O_APPEND) | HIGH }, FAIL(EACCES) },
	{ "openat", { 0, 0, O_ACCMODE }, FAIL(EACCES) },
	{ "openat", { 0, 0, O_RDONLY | O_TRUNC }, KILL },
	{ "openat", { 0, 0, O_RDONLY | O_CREAT }, KILL },
	{ "openat", { 0, 0, O_PATH }, KILL },
	{ "openat", { 0, 0, O_TMPFILE | O_RDWR }, FAIL(EACCES) },
	{ "openat2", { 0 }, FAIL(ENOSYS) },
	{ "open", { 0, O_RDONLY }, ALLOW },
	{ "open", { 0, O_RDWR }, FAIL(EACCES) },
	{ "open", { 0, O_TRUNC }, KILL },
	{ "creat", { 0 }, KILL },
	{ "open_by_handle_at", { 0 }, KILL },
	{ "memfd_create", { 0 }, KILL },
	{ "rename", { 0 }, KILL },
	{ "renameat", { 0 }, KILL },
	{ "renameat2", { 0 }, KILL },
	{ "unlink", { 0 }, FAIL(EPERM) },
	{ "unlinkat", { 0 }, FAIL(EPERM) },
	{ "mkdirat", { 0 }, KILL },
	{ "linkat", { 0 }, KILL },
	{ "symlinkat", { 0 }, KILL },
	{ "mknodat", { 0 }, KILL },
	{ "fchmod", { 0 }, KILL },
	{ "fchmodat", { 0 }, KILL },
	{ "fchownat", { 0 }, KILL },
	{ "setxattr", { 0 }, KILL },
	{ "mount", { 0 }, KILL },
	{ "chroot", { 0 }, KILL },
	{ "mmap", { 0, 4096, PROT_READ | PROT_WRITE }, ALLOW },
	{ "mmap", { 0, 4096, PROT_READ | PROT_EXEC }, KILL },
	{ "mmap", { 0, 4096, PROT_EXEC | HIGH }, KILL },
	{ "mprotect", { 0, 4096, PROT_READ }, ALLOW },
	{ "mprotect", { 0, 4096, PROT_EXEC }, KILL },
	{ "pkey_mprotect", { 0, 4096, PROT_READ }, KILL },
	{ "remap_file_pages", { 0 }, KILL },
	{ "shmat", { 0 }, KILL },
	{ "execve", { 0 }, KILL },
	{ "execveat", { 0 }, KILL },
	{ "fork", { 0 }, KILL },
	{ "vfork", { 0 }, KILL },
	{ "clone", { PTHREAD_FLAGS }, ALLOW },
	{ "clone", { PTHREAD_FLAGS | CLONE_DETACHED }, ALLOW }, /* as musl asks */
	{ "clone", { 17 }, KILL },
	{ "clone", { PTHREAD_FLAGS & ~(uint64_t)CLONE_THREAD }, KILL },
	{ "clone", { PTHREAD_FLAGS | CLONE_NEWUSER }, KILL },
	{ "clone3", { 0 }, FAIL(ENOSYS) },
	{ "unshare", { CLONE_NEWNET }, KILL },
	{ "setns", { 0 }, KILL },
	{ "prctl", { PR_SET_NAME }, ALLOW },
	{ "prctl", { PR_SET_NO_NEW_PRIVS }, KILL },
	{ "prctl", { PR_SET_SECCOMP }, KILL },
	{ "prctl", { PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE }, KILL },
	{ "prctl", { PR_SET_DUMPABLE, 1 }, KILL },
	{ "prctl", { PR_SET_MM }, KILL },
	{ "seccomp", { 0 }, KILL },
	{ "ptrace", { 0 }, KILL },
	{ "process_vm_writev", { 0 }, KILL },
	{ "process_vm_readv", { 0 }, KILL },
	{ "tgkill", { PROCESS, PROCESS, 6 }, ALLOW },
	{ "tgkill", { PROCESS + 1, PROCESS + 1, 9 }, KILL },
	{ "kill", { 1, 9 }, KILL },
	{ "tkill", { 1, 9 }, KILL },
	{ "rt_sigqueueinfo", { 1, 9 }, KILL },
	{ "pidfd_send_signal", { 0 }, KILL },
	{ "setuid", { 0 }, KILL },
	{ "setresuid", { 0 }, KILL },
	{ "setgid", { 0 }, KILL },
	{ "setgroups", { 0 }, KILL },
	{ "capset", { 0 }, KILL },
	{ "prlimit64", { 0, 3, 0 }, ALLOW },
	{ "prlimit64", { 0, 3, 4096 }, KILL },
	{ "setrlimit", { 0 }, KILL },
	{ "bpf", { 0 }, KILL },
	{ "perf_event_open", { 0 }, KILL },
	{ "userfaultfd", { 0 }, KILL },
	{ "keyctl", { 0 }, KILL },
	{ "kexec_load", { 0 }, KILL },
	{ "init_module", { 0 }, KILL },
	{ "reboot", { 0 }, KILL },
	{ "clock_settime", { 0 }, KILL },
	{ "personality", { 0 }, KILL },
	{ "modify_ldt", { 0 }, KILL },
	{ "read", { OTHER }, ALLOW },
	{ "poll", { 0 }, ALLOW },
	{ "ppoll", { 0 }, ALLOW },
	{ "futex", { 0 }, ALLOW },
	{ "clock_nanosleep", { 0 }, ALLOW },
	{ "getrandom", { 0 }, ALLOW },
	{ "madvise", { 0 }, ALLOW },
	{ "rseq", { 0 }, ALLOW },
	{ "futex_waitv", { 0 }, ALLOW },
	{ "membarrier", { 0 }, ALLOW },
	{ "exit_group", { 0 }, ALLOW },
};
/* clang-format on */

static void make(const struct call_list *calls, uint32_t processor, struct filters *out)
{
	const struct call_filter_setup setup = { calls, processor, PROCESS, writable,
						 ARRAY_LEN(writable) };

	filters_make(&setup, out);
}

static void all_cases(uint32_t processor)
{
	struct filters *filters = calloc(1, sizeof(*filters));
	size_t met = 0;

	assert_non_null(filters);
	make(&calls_of_sensor, processor, filters);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct filter_case *c = &cases[i];
		int call = seccomp_syscall_resolve_name_arch(processor, c->call);

		if (call < 0)
			continue;
		met++;

		uint32_t got = filters_answer(filters, processor, call, c->args);

		if (got != c->want)
			fail_msg("row %zu, %s(%#lx, %#lx, %#lx): %#x, not %#x", i, c->call,
				 (unsigned long)c->args[0], (unsigned long)c->args[1],
				 (unsigned long)c->args[2], got, c->want);
	}
	free(filters);
	/* Most of them are on both: a table that is passed over proves nothing. */
	assert_true(met > ARRAY_LEN(cases) * 8 / 10);
}

static void on_x86_64(void **state)
{
	(void)state;
	all_cases(SCMP_ARCH_X86_64);
}

static void on_arm64(void **state)
{
	(void)state;
	all_cases(SCMP_ARCH_AARCH64);
}

static int number_of(const char *call)
{
	return seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, call);
}

/* Every number, with no argument set, of the calls of other processors on the same kernel. */
static void other_numbers_kill(void **state)
{
	struct filters *filters = calloc(1, sizeof(*filters));
	const uint64_t none[4] = { 0 };

	(void)state;
	assert_non_null(filters);
	make(&calls_of_sensor, SCMP_ARCH_X86_64, filters);
	for (int call = 0; call < 512; call++) {
		assert_int_equal(filters_answer(filters, SCMP_ARCH_X86, call, none), KILL);
		assert_int_equal(filters_answer(filters, SCMP_ARCH_X86_64, call | X32_BIT, none),
				 KILL);
	}
	make(&calls_of_sensor, SCMP_ARCH_AARCH64, filters);
	for (int call = 0; call < 512; call++)
		assert_int_equal(filters_answer(filters, SCMP_ARCH_ARM, call, none), KILL);
	free(filters);
}

/* Calls that Linux will have one day are refused by their number. */
static void unknown_calls_kill(void **state)
{
	struct filters *filters = calloc(1, sizeof(*filters));
	const uint64_t none[4] = { 0 };

	(void)state;
	assert_non_null(filters);
	make(&calls_of_sensor, SCMP_ARCH_NATIVE, filters);
	for (int call = 450; call < 1024; call++)
		assert_int_equal(filters_answer(filters, seccomp_arch_native(), call, none), KILL);
	free(filters);
}

/* It accepts and answers; what else it is asked for ends it. */
static void server_answers_alone(void **state)
{
	static const char *const left[] = { "accept4", "close",  "read",
					    "write",   "munmap", "exit_group" };
	static const char *const gone[] = { "socket", "connect", "openat", "mmap",   "clone",
					    "execve", "sendto",  "fork",   "capset", "accept" };
	struct filters *filters = calloc(1, sizeof(*filters));
	const uint64_t other[4] = { OTHER };

	(void)state;
	assert_non_null(filters);
	make(&calls_of_server, SCMP_ARCH_X86_64, filters);
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		assert_int_equal(
			filters_answer(filters, SCMP_ARCH_X86_64, number_of(left[i]), other),
			ALLOW);
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		assert_int_equal(
			filters_answer(filters, SCMP_ARCH_X86_64, number_of(gone[i]), other), KILL);
	free(filters);
}

static void other_processors_are_refused(void **state)
{
	struct call_filter_setup setup = { &calls_of_sensor, SCMP_ARCH_MIPS, PROCESS, writable, 1 };
	struct call_filter *filter = NULL;

	(void)state;
	assert_int_equal(call_filter_new(&filter, &setup), ERR_MISSING);
	assert_null(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_x86_64),
		cmocka_unit_test(on_arm64),
		cmocka_unit_test(other_numbers_kill),
		cmocka_unit_test(unknown_calls_kill),
		cmocka_unit_test(server_answers_alone),
		cmocka_unit_test(other_processors_are_refused),
	};

	return cmocka_run_group_tests_name("call_filter", tests, NULL, NULL);
}
