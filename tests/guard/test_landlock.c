/* What Landlock refuses by itself, before the seal: files, TCP, other processes. */
#include "tests/guard/trial.h"

#include "tests/support/cmocka.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int opened(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, S_IRUSR) >= 0 ? 0 : errno;
}

static int read_secret(struct ground *ground)
{
	return opened(ground->secret, O_RDONLY);
}

static int read_passwords(struct ground *ground)
{
	(void)ground;
	return opened("/etc/passwd", O_RDONLY);
}

static int write_secret(struct ground *ground)
{
	return opened(ground->secret, O_WRONLY);
}

static int make_file_beside(struct ground *ground)
{
	char path[2 * TRIAL_PATH_LEN];

	(void)snprintf(path, sizeof(path), "%s/new", ground->folder);
	return opened(path, O_WRONLY | O_CREAT);
}

static int make_file_in_state(struct ground *ground)
{
	char path[2 * TRIAL_PATH_LEN];

	(void)snprintf(path, sizeof(path), "%s/new", ground->state);
	return opened(path, O_RDWR | O_CREAT | O_TRUNC) == 0 && unlink(path) == 0 ? 0 : errno;
}

static int list_interfaces(struct ground *ground)
{
	(void)ground;
	return opened("/sys/class/net", O_RDONLY | O_DIRECTORY);
}

static int connect_tcp(struct ground *ground)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(9),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)ground;
	return connect(fd, (const struct sockaddr *)&here, sizeof(here)) == 0 ? 0 : errno;
}

static int abstract = -1; /* a Unix socket with a name in no folder, open in the parent */
static pid_t neighbour;   /* a process of the same user that knows nothing of the guard */

static int connect_abstract(struct ground *ground)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0hinomi-guard-test" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)ground;
	return connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0 ? 0 : errno;
}

static int signal_neighbour(struct ground *ground)
{
	(void)ground;
	return kill(neighbour, 0) == 0 ? 0 : errno;
}

/* Waits until the neighbour has become that user. */
static int signal_as_its_user(struct ground *ground)
{
	if (setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return EINVAL;
	for (int i = 0; i < 500 && signal_neighbour(ground) != 0; i++)
		(void)usleep(10000);
	return signal_neighbour(ground);
}

static void start_neighbours(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0hinomi-guard-test" };

	abstract = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(abstract, (const struct sockaddr *)&name, sizeof(name)), 0);
	neighbour = fork();
	if (neighbour == 0) {
		(void)alarm(20);
		_exit(setresuid(NOBODY, NOBODY, NOBODY) != 0 || pause() != 0);
	}
}

/* Files that the user itself could read or write. */
static void files_are_limited(void **state)
{
	(void)state;
	if (access("/sys/class/net", F_OK) != 0)
		skip(); /* a root without /sys */
	assert_int_equal(trial_run(BECOME, read_secret), EACCES);
	assert_int_equal(trial_run(BECOME, read_passwords), EACCES);
	assert_int_equal(trial_run(BECOME, write_secret), EACCES);
	assert_int_equal(trial_run(BECOME, make_file_beside), EACCES);
	assert_int_equal(trial_run(BECOME, make_file_in_state), 0);
	assert_int_equal(trial_run(BECOME, list_interfaces), 0);
	assert_int_equal(trial_run(START, read_secret), 0);
}

static void tcp_is_closed(void **state)
{
	(void)state;
	if (!trial_has_landlock(4))
		skip();
	assert_int_equal(trial_run(START, connect_tcp), ECONNREFUSED);
	assert_int_equal(trial_run(BECOME, connect_tcp), EACCES);
}

static void neighbours_are_out_of_reach(void **state)
{
	(void)state;
	if (!trial_has_landlock(6))
		skip();
	start_neighbours();
	assert_int_equal(trial_run(START, connect_abstract), 0);
	assert_int_equal(trial_run(BECOME, connect_abstract), EPERM);
	assert_int_equal(trial_run(START, signal_as_its_user), 0);
	assert_int_equal(trial_run(BECOME, signal_neighbour), EPERM);
	assert_int_equal(kill(neighbour, SIGKILL), 0);
	assert_int_equal(close(abstract), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_limited),
		cmocka_unit_test(tcp_is_closed),
		cmocka_unit_test(neighbours_are_out_of_reach),
	};

	if (!trial_start())
		return TRIAL_SKIPPED;
	if (!trial_has_landlock(1)) {
		puts("skipped: this kernel has no Landlock");
		trial_end();
		return TRIAL_SKIPPED;
	}

	int failed = cmocka_run_group_tests_name("landlock", tests, NULL, NULL);

	trial_end();
	return failed;
}
