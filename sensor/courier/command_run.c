/* `hinomi-courier run` and `once`: deliver what the sensor found. */
#include "sensor/courier/commands.h"

#include "sensor/base/monotonic.h"
#include "sensor/courier/courier.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/courier_user.h"
#include "sensor/courier/intake.h"
#include "sensor/courier/outputs.h"
#include "sensor/service/journal.h"
#include "sensor/service/notify.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DONE,
	FAILED,
	USAGE,
	ENDING_SECONDS = 2, /* all that counts is on the disk already */
	ONCE_SECONDS = 60,
	ONCE_SECONDS_MAX = 7 * 24 * 3600,
};

static const char run_help[] =
	"Usage: hinomi-courier run [--config FILE]... [--folder FOLDER]\n"
	"Delivers what the sensor finds to every output that is configured, until it is stopped\n"
	"(SIGTERM). What waits and what was acknowledged stands in courier.db: a kill loses "
	"nothing.\n\n"
	"  --config FILE     options from a file; may be given again\n"
	"  --folder FOLDER   goes over courier.folder\n"
	"  --help\n\n"
	"Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or configuration.\n";

static const char once_help[] =
	"Usage: hinomi-courier once [--seconds N] [--config FILE]... [--folder FOLDER]\n"
	"Delivers what waits, and ends.\n\n"
	"  --seconds N       at most so long (60)\n"
	"  --config FILE     options from a file; may be given again\n"
	"  --folder FOLDER   goes over courier.folder\n"
	"  --help\n\n"
	"Exit codes: 0 all was delivered, 1 not all, 2 wrong usage or configuration.\n";

struct run {
	const char *command;
	struct courier_settings_files files;
	struct config config;
	uint64_t seconds;
	bool is_once;
	bool is_help;
	struct journal journal;
	struct notify notify;
	struct courier *courier;
};

static int complain(const struct run *run, const char *what, int code)
{
	(void)fprintf(stderr, "hinomi-courier: %s: %s\n", run->command, what);
	return code;
}

static void say_fault(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi-courier: %s\n", line);
}

static void say(void *arg, const char *line)
{
	struct run *run = arg;
	const struct journal_entry entry = { .level = JOURNAL_NOTICE,
					     .event = "courier",
					     .sentence = line };

	journal_say(&run->journal, &entry);
}

static bool take_seconds(const char *text, uint64_t *out)
{
	char *end;
	unsigned long long seconds = strtoull(text, &end, 10);

	*out = seconds;
	return *text >= '0' && *text <= '9' && *end == '\0' && seconds <= ONCE_SECONDS_MAX;
}

static bool take_words(struct run *run, int argc, char **argv)
{
	static const struct option table[] = {
		{ "config", required_argument, NULL, 'g' },
		{ "folder", required_argument, NULL, 'd' },
		{ "seconds", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int given;

	while ((given = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (given == 'g' && run->files.count < COURIER_FILES_MAX)
			run->files.path[run->files.count++] = optarg;
		else if (given == 'd')
			run->files.folder = optarg;
		else if (given == 'h')
			run->is_help = true;
		else if (given != 's' || !run->is_once || !take_seconds(optarg, &run->seconds))
			return false;
	}
	return run->is_help || optind == argc;
}

static void end_now(int number)
{
	(void)number;
	_exit(DONE);
}

/* Blocked before there are threads, so that this one alone takes them. */
static void take_signals(sigset_t *ending)
{
	struct sigaction late = { .sa_handler = end_now };
	struct sigaction ignored = { .sa_handler = SIG_IGN };

	(void)sigemptyset(ending);
	(void)sigaddset(ending, SIGTERM);
	(void)sigaddset(ending, SIGINT);
	(void)sigprocmask(SIG_BLOCK, ending, NULL);
	(void)sigemptyset(&late.sa_mask);
	(void)sigaction(SIGALRM, &late, NULL);
	(void)sigaction(SIGPIPE, &ignored, NULL);
}

/* True when the process was asked to end. */
static bool rest(const sigset_t *ending, bool is_due)
{
	const struct timespec pause = { .tv_nsec = is_due ? 0 : INTAKE_EVERY_MS * 1000000L };

	return sigtimedwait(ending, NULL, &pause) >= 0;
}

static int turn(struct run *run, const sigset_t *ending)
{
	nanotime until = monotonic_now() + run->seconds * NANOTIME_SECOND;
	bool is_due = false;

	while (!rest(ending, is_due)) {
		is_due = courier_turn(run->courier);
		notify_say(&run->notify, "WATCHDOG=1");
		if (!run->is_once)
			continue;
		if (courier_is_done(run->courier))
			return DONE;
		if (monotonic_now() >= until)
			return complain(run,
					"not all was delivered in that time; see "
					"'hinomi-courier status'",
					FAILED);
	}
	return run->is_once ? FAILED : DONE;
}

static int deliver(struct run *run)
{
	const struct courier_setup setup = { .config = &run->config,
					     .kinds = outputs,
					     .kind_count = outputs_count,
					     .is_once = run->is_once,
					     .say = say,
					     .say_arg = run };
	char problem[OUTBOX_PROBLEM_LEN] = "";
	sigset_t ending;
	int code = FAILED;
	enum err err;

	if (courier_become(&run->config, problem) != ERR_OK)
		return complain(run, problem, FAILED);
	take_signals(&ending);
	err = courier_open(&run->courier, &setup, problem);
	if (err != ERR_OK)
		return complain(run, problem, err == ERR_MISSING ? USAGE : FAILED);
	if (courier_start(run->courier) == ERR_OK) {
		notify_say(&run->notify, "READY=1\nSTATUS=Delivering what the sensor finds");
		code = turn(run, &ending);
	} else {
		(void)complain(run, err_text(ERR_MEMORY), FAILED);
	}
	notify_say(&run->notify, "STOPPING=1");
	/* A resolver or a peer that hangs is not waited for; but what failed is still said so. */
	if (code == DONE && !run->is_once)
		(void)alarm(ENDING_SECONDS - 1);
	courier_close(run->courier);
	return code;
}

static int run_as(const char *command, bool is_once, const char *help, int argc, char **argv)
{
	static struct run run;
	int code;

	run.command = command;
	run.is_once = is_once;
	run.seconds = ONCE_SECONDS;
	if (!take_words(&run, argc, argv))
		return complain(&run, "--help tells what it takes", USAGE);
	if (run.is_help)
		return fputs(help, stdout) >= 0 ? DONE : FAILED;
	if (courier_settings_read(&run.config, &run.files, say_fault, NULL) != ERR_OK)
		return USAGE;
	if (notify_open(&run.notify) != ERR_OK)
		return complain(&run, "NOTIFY_SOCKET is set and cannot be reached", FAILED);
	journal_open(&run.journal);
	code = deliver(&run);
	journal_close(&run.journal);
	notify_close(&run.notify);
	return code;
}

int command_run(int argc, char **argv)
{
	return run_as("run", false, run_help, argc, argv);
}

int command_once(int argc, char **argv)
{
	return run_as("once", true, once_help, argc, argv);
}
