#include "tests/guard/trial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TEST_ETHERTYPE = 0x88b5, /* IEEE's for experiments */
	CHILD_LOST = 255,
	CHILD_SECONDS = 20,
	ETHERTYPE_AT = 12,
	FRAME_LEN = 60,
};

static struct ground base;
static int tap = -1; /* at g1, in the parent */
static unsigned frames;

const unsigned char trial_frame[FRAME_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02,
					       0,    0,    0,    0,    1,    0x88, 0xb5 };

static const char *const readable[] = { "/nowhere", NULL };
static const char *const writable[] = { NULL };

/* Bound to one interface, deaf to nothing. */
static int open_packet_socket(const char *interface)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(TEST_ETHERTYPE),
				  .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(TEST_ETHERTYPE));

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static bool make_wire(void)
{
	return unshare(CLONE_NEWNET) == 0 &&
	       system("ip link add g0 type veth peer name g1 && "
		      "sysctl -qw net.ipv6.conf.g0.disable_ipv6=1 "
		      "net.ipv6.conf.g1.disable_ipv6=1 2>/dev/null; "
		      "ip link set lo up && ip link set g0 up && ip link set g1 up") == 0;
}

static bool make_folder(void)
{
	FILE *secret = NULL;

	(void)snprintf(base.folder, sizeof(base.folder), "/tmp/hinomi-guard-XXXXXX");
	if (mkdtemp(base.folder) == NULL || chmod(base.folder, 0777) != 0)
		return false;
	(void)snprintf(base.state, sizeof(base.state), "%s/state", base.folder);
	(void)snprintf(base.secret, sizeof(base.secret), "%s/secret", base.folder);
	secret = fopen(base.secret, "w");
	if (secret == NULL)
		return false;
	(void)fputs("salaries\n", secret);
	return fclose(secret) == 0 && chmod(base.secret, 0666) == 0;
}

bool trial_start(void)
{
	if (geteuid() != 0) {
		puts("skipped: needs root");
		return false;
	}
	if (!make_wire()) {
		puts("skipped: no network namespace with a veth pair here (iproute2?)");
		return false;
	}
	tap = open_packet_socket("g1");
	return tap >= 0 && make_folder();
}

void trial_end(void)
{
	char command[2 * TRIAL_PATH_LEN];

	(void)close(tap);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", base.folder);
	if (system(command) != 0)
		perror(base.folder);
}

bool trial_has_landlock(long version)
{
	long found = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			     LANDLOCK_CREATE_RULESET_VERSION);

	if (found < version)
		printf("not tried: needs Landlock %ld, this kernel has %ld\n", version, found);
	return found >= version;
}

static _Noreturn void lose(const char *what)
{
	(void)fprintf(stderr, "the trial was not reached: %s\n", what);
	_exit(CHILD_LOST);
}

struct guard_setup trial_setup(const struct ground *ground)
{
	return (struct guard_setup){ "nobody", ground->state, readable, writable };
}

void trial_become(struct ground *ground)
{
	struct guard_setup setup = trial_setup(ground);
	char problem[CONFIG_PROBLEM_LEN] = "";

	if (guard_become(&setup, &ground->report, problem) != ERR_OK)
		lose(problem);
}

static void open_store(struct ground *ground)
{
	char path[2 * TRIAL_PATH_LEN];

	(void)snprintf(path, sizeof(path), "%s/cases.db", ground->state);
	if (sqlite3_open(path, &ground->store) != SQLITE_OK ||
	    sqlite3_exec(ground->store,
			 "PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY;"
			 "CREATE TABLE IF NOT EXISTS kept(a); INSERT INTO kept VALUES(0)",
			 NULL, NULL, NULL) != SQLITE_OK)
		lose("the store");
}

/* Descriptors of files beneath the state folder, as store_descriptors() tells them. */
static size_t store_files(struct ground *ground, int out[], size_t room)
{
	size_t count = 0;

	for (int fd = 0; fd < 64 && count < room; fd++) {
		char link[32], path[2 * TRIAL_PATH_LEN] = "";

		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		if (readlink(link, path, sizeof(path) - 1) <= 0 ||
		    strncmp(path, ground->state, strlen(ground->state)) != 0)
			continue;
		if (count == 0)
			ground->store_fd = fd;
		out[count++] = fd;
	}
	return count;
}

void trial_seal(struct ground *ground)
{
	char problem[CONFIG_PROBLEM_LEN] = "";
	int fds[GUARD_WRITABLE_MAX] = { STDERR_FILENO, ground->wake, ground->log };
	size_t count = 3 + store_files(ground, fds + 3, 8);

	if (guard_seal(fds, count, &ground->report, problem) != ERR_OK)
		lose(problem);
}

static _Noreturn void child(enum depth depth, attempt_fn *attempt)
{
	struct ground ground = base;
	int pair[2];

	(void)alarm(CHILD_SECONDS);
	ground.packet_socket = open_packet_socket("g0");
	ground.route_socket = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);
	ground.wake = eventfd(0, EFD_CLOEXEC);
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0 ||
	    ground.packet_socket < 0 || ground.route_socket < 0 || ground.wake < 0)
		lose("sockets");
	ground.log = pair[0];
	if (depth != START) {
		trial_become(&ground);
		open_store(&ground);
	}
	if (depth == SEAL)
		trial_seal(&ground);
	_exit(attempt(&ground));
}

static pid_t start(enum depth depth, attempt_fn *attempt)
{
	pid_t pid = 0;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		child(depth, attempt);
	return pid;
}

int trial_run(enum depth depth, attempt_fn *attempt)
{
	int status = 0;
	pid_t pid = start(depth, attempt);

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return LOST;
	if (WIFSIGNALED(status))
		return -WTERMSIG(status);
	return WEXITSTATUS(status) == CHILD_LOST ? LOST : WEXITSTATUS(status);
}

void trial_status(enum depth depth, attempt_fn *attempt, char *text, size_t room)
{
	char command[64];
	int status = 0;
	size_t len = 0;
	pid_t pid = start(depth, attempt);
	FILE *told = NULL;

	text[0] = '\0';
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return;
	(void)snprintf(command, sizeof(command), "cat /proc/%d/task/*/status", (int)pid);
	told = popen(command, "r");
	if (told != NULL) {
		len = fread(text, 1, room - 1, told);
		(void)pclose(told);
	}
	text[len] = '\0';
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
}

void trial_send_from(const char *interface)
{
	int fd = open_packet_socket(interface);

	if (fd < 0 || write(fd, trial_frame, sizeof(trial_frame)) != (ssize_t)sizeof(trial_frame))
		perror("sending");
	(void)close(fd);
}

unsigned trial_frames_sent(void)
{
	unsigned char frame[2048];
	struct sockaddr_ll from = { 0 };
	socklen_t len = sizeof(from);

	while (recvfrom(tap, frame, sizeof(frame), MSG_DONTWAIT, (struct sockaddr *)&from, &len) >
	       0)
		frames += from.sll_pkttype != PACKET_OUTGOING;
	return frames;
}
