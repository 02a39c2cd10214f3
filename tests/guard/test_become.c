/* What guard_become() leaves, as the kernel tells it, and what it says when it cannot. */
#include "tests/guard/trial.h"

#include "tests/support/cmocka.h"

#include <cap-ng.h>
#include <errno.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATUS_ROOM = 16384, DIFFERENT = 250 };

#define CAPTURE_ALONE "0000000000002000" /* bit 13 */
#define NO_CAPABILITY "0000000000000000"

/* How many lines of `text` are this one. */
static unsigned lines(const char *text, const char *line)
{
	unsigned found = 0;

	for (const char *at = text; (at = strstr(at, line)) != NULL; at += strlen(line))
		found += (at == text || at[-1] == '\n') && at[strlen(line)] == '\n';
	return found;
}

/* Of each thread: the user, one capability, no way to more. */
static void check_rights(const char *text, unsigned threads)
{
	assert_int_equal(lines(text, "Uid:\t65534\t65534\t65534\t65534"), threads);
	assert_int_equal(lines(text, "CapPrm:\t" CAPTURE_ALONE), threads);
	assert_int_equal(lines(text, "CapEff:\t" CAPTURE_ALONE), threads);
	assert_int_equal(lines(text, "CapInh:\t" NO_CAPABILITY), threads);
	assert_int_equal(lines(text, "CapAmb:\t" NO_CAPABILITY), threads);
	assert_int_equal(lines(text, "NoNewPrivs:\t1"), threads);
}

static int stop(struct ground *ground)
{
	(void)ground;
	return raise(SIGSTOP);
}

static void from_root(void **state)
{
	char text[STATUS_ROOM];

	(void)state;
	trial_status(BECOME, stop, text, sizeof(text));
	check_rights(text, 1);
	assert_int_equal(lines(text, "Gid:\t65534\t65534\t65534\t65534"), 1);
	assert_int_equal(lines(text, "Groups:\t "), 1);
	assert_int_equal(lines(text, "CapBnd:\t" NO_CAPABILITY), 1);
	assert_int_equal(lines(text, "Seccomp:\t0"), 1);
}

static void *wait_for_ever(void *arg)
{
	for (;;)
		(void)pause();
	return arg;
}

/* A thread of before the seal is sealed with the rest. */
static int stop_with_thread(struct ground *ground)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
		return errno;
	trial_seal(ground);
	return raise(SIGSTOP);
}

static void every_thread_is_sealed(void **state)
{
	char text[STATUS_ROOM];

	(void)state;
	trial_status(BECOME, stop_with_thread, text, sizeof(text));
	check_rights(text, 2);
	assert_int_equal(lines(text, "Seccomp:\t2"), 2);
	assert_int_equal(lines(text, "Seccomp_filters:\t2"), 2);
}

/* As systemd's unit starts it, with a capability too many. */
static void become_as_systemd(struct ground *ground)
{
	if (mkdir(ground->state, 0750) != 0 && errno != EEXIST)
		_exit(DIFFERENT);
	if (chown(ground->state, NOBODY, NOBODY) != 0)
		_exit(DIFFERENT);
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_updatev(CAPNG_ADD,
			  CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE | CAPNG_AMBIENT |
				  CAPNG_BOUNDING_SET,
			  CAP_NET_RAW, CAP_NET_ADMIN, -1) != 0 ||
	    capng_change_id(NOBODY, NOBODY, CAPNG_DROP_SUPP_GRP) != 0 ||
	    capng_apply(CAPNG_SELECT_AMBIENT) != 0)
		_exit(DIFFERENT);
}

static int stop_as_systemd(struct ground *ground)
{
	become_as_systemd(ground);
	trial_become(ground);
	return raise(SIGSTOP);
}

static void from_systemd(void **state)
{
	char text[STATUS_ROOM];

	(void)state;
	trial_status(START, stop_as_systemd, text, sizeof(text));
	check_rights(text, 1);
}

/* `err`, or DIFFERENT when the line does not hold `word`. */
static int become_says(struct guard_setup setup, const char *word)
{
	struct guard_report report = { 0 };
	char problem[CONFIG_PROBLEM_LEN] = "";
	enum err err = guard_become(&setup, &report, problem);

	return strstr(problem, word) != NULL ? (int)err : DIFFERENT;
}

static int as_plain_user(struct ground *ground)
{
	if (setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return DIFFERENT;
	return become_says(trial_setup(ground), "setcap cap_net_raw+ep");
}

static int as_unknown_user(struct ground *ground)
{
	struct guard_setup setup = trial_setup(ground);

	setup.user = "hinomi-nobody-has";
	return become_says(setup, "useradd --system");
}

static int as_root_itself(struct ground *ground)
{
	struct guard_setup setup = trial_setup(ground);

	setup.user = "root";
	return become_says(setup, "user of the sensor's own");
}

static int without_folder(struct ground *ground)
{
	struct guard_setup setup = trial_setup(ground);

	setup.state_folder = "/nowhere/at/all";
	return become_says(setup, "make the one above it");
}

static int without_folder_unprivileged(struct ground *ground)
{
	struct guard_setup setup = trial_setup(ground);

	become_as_systemd(ground);
	setup.state_folder = "/nowhere/at/all";
	return become_says(setup, "is missing: make it");
}

static int with_two_threads(struct ground *ground)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
		return DIFFERENT;
	return become_says(trial_setup(ground), "before threads");
}

static void says_what_to_do(void **state)
{
	(void)state;
	assert_int_equal(trial_run(START, as_plain_user), ERR_MISSING);
	assert_int_equal(trial_run(START, as_unknown_user), ERR_MISSING);
	assert_int_equal(trial_run(START, as_root_itself), ERR_RANGE);
	assert_int_equal(trial_run(START, without_folder), ERR_MISSING);
	assert_int_equal(trial_run(START, with_two_threads), ERR_RANGE);
}

static int state_folder(struct ground *ground)
{
	struct stat made;

	if (stat(ground->state, &made) != 0)
		return errno;
	return made.st_uid == NOBODY && made.st_gid == NOBODY &&
			       made.st_mode == (S_IFDIR | S_IRWXU | S_IRGRP | S_IXGRP)
		       ? 0
		       : DIFFERENT;
}

static int memory_is_private(struct ground *ground)
{
	struct rlimit core;

	(void)ground;
	return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
			       prctl(PR_GET_DUMPABLE) == 0
		       ? 0
		       : DIFFERENT;
}

static int report_says(struct ground *ground)
{
	char line[GUARD_LINE_LEN];

	guard_report_line(&ground->report, line);
	return ground->report.user == NOBODY && ground->report.is_bounded &&
			       ground->report.is_locked && ground->report.calls > 90 &&
			       strstr(line, "CAP_NET_RAW alone (bounded) (locked)") != NULL
		       ? 0
		       : DIFFERENT;
}

static void made_and_said(void **state)
{
	(void)state;
	assert_int_equal(trial_run(BECOME, state_folder), 0);
	assert_int_equal(trial_run(BECOME, memory_is_private), 0);
	assert_int_equal(trial_run(SEAL, report_says), 0);
}

/* Landlock's rule for the folder is what asks for it. */
static void state_folder_is_missing(void **state)
{
	(void)state;
	if (!trial_has_landlock(1))
		skip();
	assert_int_equal(trial_run(START, without_folder_unprivileged), ERR_MISSING);
}

static int seal_with(int fd, const char *word)
{
	struct guard_report report = { 0 };
	char problem[CONFIG_PROBLEM_LEN] = "";
	int fds[] = { STDERR_FILENO, fd };
	enum err err = guard_seal(fds, ARRAY_LEN(fds), &report, problem);

	return strstr(problem, word) != NULL && report.calls == 0 ? (int)err : DIFFERENT;
}

static int seal_with_packet_socket(struct ground *ground)
{
	return seal_with(ground->packet_socket, "sends to a network");
}

static int seal_with_route_socket(struct ground *ground)
{
	return seal_with(ground->route_socket, "sends to a network");
}

static int seal_with_ip_socket(struct ground *ground)
{
	(void)ground;
	return seal_with(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "sends to a network");
}

static int seal_with_closed(struct ground *ground)
{
	(void)ground;
	return seal_with(1000, "it is closed");
}

static int seal_with_many(struct ground *ground)
{
	struct guard_report report = { 0 };
	char problem[CONFIG_PROBLEM_LEN] = "";
	int fds[GUARD_WRITABLE_MAX + 1] = { 0 };

	(void)ground;
	return (int)guard_seal(fds, ARRAY_LEN(fds), &report, problem);
}

static void descriptors_are_checked(void **state)
{
	(void)state;
	assert_int_equal(trial_run(BECOME, seal_with_packet_socket), ERR_RANGE);
	assert_int_equal(trial_run(BECOME, seal_with_route_socket), ERR_RANGE);
	assert_int_equal(trial_run(BECOME, seal_with_ip_socket), ERR_RANGE);
	assert_int_equal(trial_run(BECOME, seal_with_closed), ERR_RANGE);
	assert_int_equal(trial_run(BECOME, seal_with_many), ERR_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_root),
		cmocka_unit_test(from_systemd),
		cmocka_unit_test(says_what_to_do),
		cmocka_unit_test(made_and_said),
		cmocka_unit_test(state_folder_is_missing),
		cmocka_unit_test(descriptors_are_checked),
		cmocka_unit_test(every_thread_is_sealed),
	};

	if (!trial_start())
		return TRIAL_SKIPPED;

	int failed = cmocka_run_group_tests_name("become", tests, NULL, NULL);

	trial_end();
	return failed;
}
