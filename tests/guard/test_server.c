/* The process that serves figures, which holds nothing but the socket it listens on. */
#include "tests/guard/trial.h"

#include "tests/support/cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { STATUS_ROOM = 8192, ANSWER_LEN = 4 };

static const struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0hinomi-server" };

static int listen_here(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (const struct sockaddr *)&name, sizeof(name)) != 0 || listen(fd, 1) != 0)
		_exit(EIO);
	return fd;
}

static void seal(int listener)
{
	char problem[CONFIG_PROBLEM_LEN] = "";

	if (guard_seal_server(listener, problem) != ERR_OK)
		_exit(EIO);
}

/* Asks, and stays until it is answered. */
static void start_client(void)
{
	char answer[ANSWER_LEN];

	if (fork() != 0)
		return;
	(void)alarm(10);

	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	_exit(connect(fd, (const struct sockaddr *)&name, sizeof(name)) != 0 ||
	      write(fd, "GET ", ANSWER_LEN) != ANSWER_LEN ||
	      read(fd, answer, sizeof(answer)) != ANSWER_LEN);
}

static int serve(struct ground *ground)
{
	const struct timeval second = { .tv_sec = 1 };
	char request[ANSWER_LEN];
	int listener = listen_here();

	(void)ground;
	start_client();
	seal(listener);

	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct pollfd asked = { .fd = fd, .events = POLLIN };

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second)) != 0 ||
	    poll(&asked, 1, 5000) != 1 || read(fd, request, sizeof(request)) != ANSWER_LEN ||
	    write(fd, "page", ANSWER_LEN) != ANSWER_LEN)
		return errno;
	return close(fd) == 0 ? 0 : errno;
}

static int stop(struct ground *ground)
{
	(void)ground;
	seal(listen_here());
	return raise(SIGSTOP);
}

/* What was open before, a packet socket too, is closed. */
static int write_packet(struct ground *ground)
{
	seal(listen_here());
	return write(ground->packet_socket, trial_frame, sizeof(trial_frame)) < 0 ? errno : 0;
}

static int open_packet(struct ground *ground)
{
	(void)ground;
	seal(listen_here());
	return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? errno : 0;
}

static int open_file(struct ground *ground)
{
	seal(listen_here());
	return open(ground->state, O_RDONLY) < 0 ? errno : 0;
}

static int split(struct ground *ground)
{
	(void)ground;
	seal(listen_here());
	return fork() < 0 ? errno : 0;
}

static int map(struct ground *ground)
{
	(void)ground;
	seal(listen_here());
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int seal_packet_socket(struct ground *ground)
{
	char problem[CONFIG_PROBLEM_LEN] = "";

	return (int)guard_seal_server(ground->packet_socket, problem);
}

static void serves(void **state)
{
	(void)state;
	assert_int_equal(trial_run(BECOME, serve), 0);
}

static void holds_nothing(void **state)
{
	char text[STATUS_ROOM];

	(void)state;
	trial_status(BECOME, stop, text, sizeof(text));
	assert_non_null(strstr(text, "CapPrm:\t0000000000000000\n"));
	assert_non_null(strstr(text, "CapEff:\t0000000000000000\n"));
	assert_non_null(strstr(text, "Seccomp:\t2\n"));
}

static void can_do_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(trial_run(BECOME, write_packet), EBADF);
	assert_int_equal(trial_run(BECOME, open_packet), KILLED);
	assert_int_equal(trial_run(BECOME, open_file), KILLED);
	assert_int_equal(trial_run(BECOME, split), KILLED);
	assert_int_equal(trial_run(BECOME, map), KILLED);
	assert_int_equal(trial_run(BECOME, seal_packet_socket), ERR_RANGE);
	assert_int_equal(trial_frames_sent(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves),
		cmocka_unit_test(holds_nothing),
		cmocka_unit_test(can_do_nothing_else),
	};

	if (!trial_start())
		return TRIAL_SKIPPED;

	int failed = cmocka_run_group_tests_name("server", tests, NULL, NULL);

	trial_end();
	return failed;
}
