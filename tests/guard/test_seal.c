/*
 * What somebody tries who runs code inside the sealed sensor: every way to the network, to another
 * program, to files and to more rights that we know of. Each must end the process or be refused.
 */
#include "tests/guard/trial.h"

#include "tests/support/cmocka.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define HIGH (UINT64_C(1) << 32)

/* Anything that the kernel answers: a change of addresses or routes goes the same way. */
static const struct {
	struct nlmsghdr header;
	struct ifaddrmsg about;
} question = { .header = { .nlmsg_len = sizeof(question),
			   .nlmsg_type = RTM_GETADDR,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

static int done(long result)
{
	return result >= 0 ? 0 : errno;
}

/* 4, 16 or 64 KiB on arm64: calls that want whole pages would be refused for another reason. */
static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

#define TRY(name, expression)                    \
	static int name(struct ground *ground)   \
	{                                        \
		(void)ground;                    \
		return done((long)(expression)); \
	}

/* clang-format off */
TRY(tcp, socket(AF_INET, SOCK_STREAM, 0))
TRY(udp, socket(AF_INET, SOCK_DGRAM, 0))
TRY(raw_ip, socket(AF_INET, SOCK_RAW, IPPROTO_RAW))
TRY(tcp6, socket(AF_INET6, SOCK_STREAM, 0))
TRY(udp6, socket(AF_INET6, SOCK_DGRAM, 0))
TRY(raw_ip6, socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6))
TRY(stream_socket, socket(AF_UNIX, SOCK_STREAM, 0))
TRY(netlink, socket(AF_NETLINK, SOCK_RAW, 0))
TRY(execute, execve("/bin/true", (char *[]){ (char *)(uintptr_t)"true", NULL }, NULL))
TRY(split, fork())
TRY(new_namespace, unshare(CLONE_NEWUSER))
TRY(trace, ptrace(PTRACE_TRACEME, 0, NULL, NULL))
TRY(read_memory, syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0))
TRY(executable_memory, mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0)
TRY(executable_stack, mprotect((void *)((uintptr_t)&ground & ~(page_bytes() - 1)), page_bytes(), PROT_READ | PROT_WRITE | PROT_EXEC))
TRY(ring_of_requests, syscall(SYS_io_uring_setup, 8, NULL))
TRY(kernel_program, syscall(SYS_bpf, 0, NULL, 0))
TRY(other_kernel, syscall(SYS_kexec_load, 0, 0, NULL, 0))
TRY(mounting, mount("none", ground->state, "tmpfs", 0, NULL))
TRY(root_again, setuid(0))
TRY(root_group_again, setgid(0))
TRY(more_groups, syscall(SYS_setgroups, 0, NULL))
TRY(new_filter, syscall(SYS_seccomp, 0, 0, NULL))
TRY(undo_no_new_privileges, prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0))
TRY(dump_again, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
TRY(ambient_again, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0))
TRY(securebits_again, prctl(PR_SET_SECUREBITS, 0, 0, 0, 0))
TRY(signal_parent, kill(getppid(), 0))
TRY(open_state_to_write, openat(AT_FDCWD, ground->state, O_WRONLY | O_DIRECTORY))
TRY(write_secret, open(ground->secret, O_WRONLY))
TRY(read_and_write_secret, open(ground->secret, O_RDWR))
TRY(truncate_by_reading, open(ground->secret, O_RDONLY | O_TRUNC))
TRY(create_by_reading, open("/tmp/hinomi-guard-made", O_RDONLY | O_CREAT, 0600))
TRY(truncate_by_name, truncate(ground->secret, 0))
TRY(rename_secret, rename(ground->secret, ground->state))
TRY(unlink_secret, unlink(ground->secret))
TRY(mode_of_secret, chmod(ground->secret, 0))
TRY(owner_of_secret, chown(ground->secret, 1, 1))
TRY(nameless_file, memfd_create("x", 0))
TRY(second_number, dup2(ground->packet_socket, ground->store_fd))
TRY(second_number_flags, dup3(ground->packet_socket, ground->store_fd, O_CLOEXEC))
TRY(second_number_above, fcntl(ground->packet_socket, F_DUPFD, ground->store_fd))
TRY(close_all, syscall(SYS_close_range, 3, ~0U, 0))
TRY(close_store, close(ground->store_fd))
TRY(close_store_high, syscall(SYS_close, (uint64_t)ground->store_fd | HIGH))
TRY(write_before, write(ground->packet_socket, trial_frame, sizeof(trial_frame)))
TRY(send_before, send(ground->packet_socket, trial_frame, sizeof(trial_frame), 0))
TRY(sendfile_before, sendfile(ground->packet_socket, ground->store_fd, NULL, 60))
TRY(splice_before, splice(ground->wake, NULL, ground->packet_socket, NULL, 60, 0))
TRY(send_to_kernel, send(ground->route_socket, &question, sizeof(question), 0))
TRY(write_to_kernel, write(ground->route_socket, &question, sizeof(question)))
TRY(hear_kernel, recv(ground->route_socket, (char[1]){ 0 }, 1, 0) < 0 && errno == EAGAIN ? 0 : -1)
TRY(send_to_log, send(ground->log, "x", 1, 0))
/* clang-format on */

static int connect_unix(struct ground *ground)
{
	struct sockaddr_un journal = { .sun_family = AF_UNIX, .sun_path = "/run/x" };

	return done(connect(ground->log, (const struct sockaddr *)&journal, sizeof(journal)));
}

/* One that is opened after the seal and bound to the wire, which is allowed. */
static int new_packet_socket(void)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL),
				  .sll_ifindex = 0 };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	struct ifreq wire = { .ifr_name = "g0" };

	if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &wire) != 0)
		_exit(ENXIO);
	at.sll_ifindex = wire.ifr_ifindex;
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0)
		_exit(ENXIO);
	return fd;
}

static int write_after(struct ground *ground)
{
	(void)ground;
	return done(write(new_packet_socket(), trial_frame, sizeof(trial_frame)));
}

static int writev_after(struct ground *ground)
{
	struct iovec whole = { (void *)(uintptr_t)trial_frame, sizeof(trial_frame) };

	(void)ground;
	return done(writev(new_packet_socket(), &whole, 1));
}

static int pwritev2_after(struct ground *ground)
{
	struct iovec whole = { (void *)(uintptr_t)trial_frame, sizeof(trial_frame) };

	(void)ground;
	return done(pwritev2(new_packet_socket(), &whole, 1, -1, 0));
}

static int sendto_after(struct ground *ground)
{
	(void)ground;
	return done(sendto(new_packet_socket(), trial_frame, sizeof(trial_frame), 0, NULL, 0));
}

static int sendmsg_after(struct ground *ground)
{
	struct msghdr nothing = { 0 };

	(void)ground;
	return done(sendmsg(new_packet_socket(), &nothing, 0));
}

static int ring_to_send(struct ground *ground)
{
	const unsigned page = (unsigned)page_bytes(); /* a ring's blocks are made of pages */
	struct tpacket_req ring = { page, 4, 2048, 4 * page / 2048 };

	(void)ground;
	return done(
		setsockopt(new_packet_socket(), SOL_PACKET, PACKET_TX_RING, &ring, sizeof(ring)));
}

/*
 * The way around the list of descriptors: a packet socket under the data base's number. Closing
 * is refused, so the socket gets another number; the data base stays whole.
 */
static int take_number_of_store(struct ground *ground)
{
	(void)close(ground->store_fd);
	(void)syscall(SYS_close, (uint64_t)ground->store_fd | HIGH);
	for (int i = 0; i < 8; i++)
		if (new_packet_socket() == ground->store_fd)
			return 0;
	return EPERM;
}

static int gain_capability(struct ground *ground)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct all[2] = { { ~0U, ~0U, ~0U }, { ~0U, ~0U, ~0U } };

	(void)ground;
	return done(syscall(SYS_capset, &header, all));
}

/* Not an attempt at anything: the ways that the others begin with are open. */
static int nothing(struct ground *ground)
{
	(void)ground;
	return new_packet_socket() >= 0 ? 0 : EBADF;
}

struct trial {
	const char *name;
	attempt_fn *attempt;
	int want; /* KILLED, or an errno */
};

#define ENDS(attempt)                     \
	{                                 \
#attempt, attempt, KILLED \
	}
#define FAILS(attempt, error)            \
	{                                \
#attempt, attempt, error \
	}

/* clang-format off */

/* What nothing but the seal refuses: each can be done before it, which is tried too. */
static struct trial open_before[] = {
	FAILS(nothing, 0), FAILS(hear_kernel, 0), ENDS(send_to_kernel), ENDS(write_to_kernel),
	ENDS(tcp), ENDS(udp), ENDS(raw_ip), ENDS(tcp6), ENDS(udp6), ENDS(raw_ip6), ENDS(stream_socket),
	FAILS(netlink, EAFNOSUPPORT), ENDS(send_to_log), ENDS(write_before), ENDS(send_before),
	ENDS(write_after), ENDS(writev_after), ENDS(pwritev2_after), ENDS(sendto_after), ENDS(ring_to_send),
	ENDS(second_number), ENDS(second_number_flags), ENDS(second_number_above),
	FAILS(take_number_of_store, EPERM), FAILS(close_store, EPERM), FAILS(close_store_high, EPERM),
	ENDS(close_all), ENDS(split), ENDS(trace), ENDS(read_memory),
	ENDS(executable_memory), ENDS(executable_stack), ENDS(dump_again), ENDS(nameless_file),
};
enum { FRAMES_BEFORE = 6 }; /* of the six attempts above that put one on the wire */

/* What is refused before it too, for want of rights or by Landlock, or what needs more to work. */
static struct trial others[] = {
	ENDS(connect_unix), ENDS(new_namespace), ENDS(sendfile_before), ENDS(splice_before), ENDS(sendmsg_after), ENDS(execute),
	ENDS(ring_of_requests), ENDS(kernel_program), ENDS(other_kernel), ENDS(mounting), ENDS(root_again),
	ENDS(root_group_again), ENDS(more_groups), ENDS(gain_capability), ENDS(new_filter),
	ENDS(undo_no_new_privileges), ENDS(ambient_again), ENDS(securebits_again), ENDS(signal_parent),
	FAILS(open_state_to_write, EACCES), FAILS(write_secret, EACCES), FAILS(read_and_write_secret, EACCES),
	ENDS(truncate_by_reading), ENDS(create_by_reading), ENDS(truncate_by_name), ENDS(rename_secret),
	FAILS(unlink_secret, EPERM), ENDS(mode_of_secret), ENDS(owner_of_secret),
};
/* clang-format on */

static void refused(void **state)
{
	const struct trial *trial = *state;

	assert_int_equal(trial_run(SEAL, trial->attempt), trial->want);
}

/* After all of them: the wire stayed silent, and the tap would have heard a frame. */
static void nothing_was_sent(void **state)
{
	(void)state;
	assert_int_equal(trial_frames_sent(), 0);
	trial_send_from("g0");
	assert_int_equal(trial_frames_sent(), 1);
}

/* So that it is the seal that refuses, and not a fault of the attempt. */
static void works_without_the_seal(void **state)
{
	unsigned before = trial_frames_sent();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(open_before); i++) {
		int got = trial_run(BECOME, open_before[i].attempt);

		if (got != 0)
			fail_msg("%s: %d", open_before[i].name, got);
	}
	assert_int_equal(trial_frames_sent() - before, FRAMES_BEFORE);
}

static size_t add(struct CMUnitTest *tests, struct trial *trials, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = trials[i].name,
						.test_func = refused,
						.initial_state = &trials[i] };
	return count;
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(open_before) + ARRAY_LEN(others) + 2];
	size_t count = 0;

	if (!trial_start())
		return TRIAL_SKIPPED;
	count += add(tests, open_before, ARRAY_LEN(open_before));
	count += add(tests + count, others, ARRAY_LEN(others));
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(nothing_was_sent);
	tests[count] = (struct CMUnitTest)cmocka_unit_test(works_without_the_seal);

	int failed = cmocka_run_group_tests_name("seal", tests, NULL, NULL);

	trial_end();
	return failed;
}
