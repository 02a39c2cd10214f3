#include "sensor/app/flow_screen.h"

#include "sensor/app/live_columns.h"
#include "sensor/app/output.h"
#include "sensor/base/monotonic.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	REST = 4,        /* times as long as a scan took: at most a fifth of the time is scanning */
	OTHER_LINES = 3, /* totals, titles and keys */
	HEIGHT_OTHERWISE = 24,
	WIDTH_OTHERWISE = 80,
};

/* ECMA-48, and xterm's second screen, which leaves what was there before untouched. */
#define SCREEN_OPEN   "\033[?1049h\033[?25l"
#define SCREEN_CLOSE  "\033[?25h\033[?1049l"
#define SCREEN_HOME   "\033[H"
#define CLEAR_LINE    "\033[K"
#define CLEAR_BELOW   "\033[J"
#define INVERSE_BEGIN "\033[7m"
#define INVERSE_END   "\033[0m"

struct flow_screen {
	const struct flow_screen_setup *setup;
	enum live_order order;
	int signals; /* a signalfd */
	sigset_t signals_before;
	struct termios terminal_before;
	nanotime scan_begun; /* waiting time, not packet time */
	nanotime earliest;   /* for the next scan */
	nanotime due;
};

bool flow_screen_is_there(void)
{
	const char *kind = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

static struct winsize size_of_screen(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return (struct winsize){ 0 };
	return size;
}

size_t flow_screen_width(size_t otherwise)
{
	size_t width = size_of_screen().ws_col;

	return width > 0 ? width : otherwise;
}

static void print_keys(const struct flow_screen *screen, size_t width, FILE *out)
{
	char chars[LIVE_LINE_MAX + 1];
	struct text text = text_over(chars, width < sizeof(chars) ? width + 1 : sizeof(chars));

	text_add(&text, "q quit, sort: b bytes, r rate, a age");
	if (screen->setup->filter[0] != '\0') {
		text_add(&text, "; filter: ");
		text_add(&text, output_text(screen->setup->filter).chars);
	}
	(void)fputs(chars, out);
}

static void print_frame(const struct flow_screen *screen, FILE *out)
{
	const struct live_flows *live = screen->setup->live;
	size_t height = size_of_screen().ws_row;
	size_t width = flow_screen_width(WIDTH_OTHERWISE);
	struct live_columns columns = live_columns_for(width);
	size_t rows = height > 0 ? height : HEIGHT_OTHERWISE;

	rows = rows > OTHER_LINES ? rows - OTHER_LINES : 0;
	if (rows > live_flows_count(live))
		rows = live_flows_count(live);
	(void)fputs(SCREEN_HOME CLEAR_LINE, out);
	live_columns_print_totals(live, screen->order, width, out);
	(void)fputs("\n" CLEAR_LINE INVERSE_BEGIN, out);
	live_columns_print_titles(&columns, out);
	(void)fputs(INVERSE_END "\n", out);
	for (size_t i = 0; i < rows; i++) {
		(void)fputs(CLEAR_LINE, out);
		live_columns_print(&columns, live, live_flows_at(live, i), out);
		(void)fputc('\n', out);
	}
	(void)fputs(CLEAR_BELOW, out);
	print_keys(screen, width, out);
}

/* In one write, so that no half of a screen is seen. */
static bool draw(const struct flow_screen *screen)
{
	char *chars = NULL;
	size_t len = 0;
	FILE *frame = open_memstream(&chars, &len);

	if (!frame)
		return false;
	print_frame(screen, frame);

	bool is_drawn =
		fclose(frame) == 0 && fwrite(chars, 1, len, stdout) == len && fflush(stdout) == 0;

	free(chars);
	return is_drawn;
}

/* Keys come at once and unseen; signals from the keyboard stay. */
static bool take_terminal(struct flow_screen *screen)
{
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &screen->terminal_before) != 0)
		return false;
	mode = screen->terminal_before;
	mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &mode) != 0)
		return false;
	(void)fputs(SCREEN_OPEN, stdout);
	return true;
}

static void give_terminal(const struct flow_screen *screen)
{
	(void)fputs(SCREEN_CLOSE, stdout);
	(void)fflush(stdout);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &screen->terminal_before);
}

static bool take_signals(struct flow_screen *screen)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH };
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		(void)sigaddset(&set, taken[i]);
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return screen->signals >= 0 && sigprocmask(SIG_BLOCK, &set, &screen->signals_before) == 0;
}

static void give_signals(const struct flow_screen *screen)
{
	struct signalfd_siginfo pending;

	/* What has come meanwhile has been obeyed: it must not strike once it is let through. */
	while (read(screen->signals, &pending, sizeof(pending)) == (ssize_t)sizeof(pending))
		;
	(void)close(screen->signals);
	(void)sigprocmask(SIG_SETMASK, &screen->signals_before, NULL);
}

/* The shell gets its terminal back for the time being. */
static bool suspend(struct flow_screen *screen)
{
	give_terminal(screen);
	(void)raise(SIGSTOP);
	return take_terminal(screen) && draw(screen);
}

enum wake { WAKE_STAY, WAKE_LEAVE, WAKE_FAILED };

static enum wake obey_signal(struct flow_screen *screen)
{
	struct signalfd_siginfo signal;

	if (read(screen->signals, &signal, sizeof(signal)) != (ssize_t)sizeof(signal))
		return WAKE_STAY;
	if (signal.ssi_signo == SIGTSTP)
		return suspend(screen) ? WAKE_STAY : WAKE_FAILED;
	if (signal.ssi_signo == SIGWINCH)
		return draw(screen) ? WAKE_STAY : WAKE_FAILED;
	return WAKE_LEAVE;
}

/*
 * The next scan does not wait for a long interval, but never comes sooner than a second after the
 * last one: rates need some time to stand on.
 */
static void sort_by(struct flow_screen *screen, enum live_order order)
{
	nanotime soon = screen->scan_begun + NANOTIME_SECOND;

	screen->order = order;
	if (soon < screen->earliest)
		soon = screen->earliest;
	if (soon < screen->due)
		screen->due = soon;
}

static enum wake obey_key(struct flow_screen *screen)
{
	char key;

	if (read(STDIN_FILENO, &key, 1) != 1)
		return WAKE_LEAVE; /* the terminal is gone */
	switch (key) {
	case 'q':
		return WAKE_LEAVE;
	case 'b':
		sort_by(screen, LIVE_BY_BYTES);
		return WAKE_STAY;
	case 'r':
		sort_by(screen, LIVE_BY_RATE);
		return WAKE_STAY;
	case 'a':
		sort_by(screen, LIVE_BY_AGE);
		return WAKE_STAY;
	default:
		return WAKE_STAY;
	}
}

static enum wake rest(struct flow_screen *screen)
{
	enum wake wake = WAKE_STAY;

	while (wake == WAKE_STAY) {
		struct pollfd from[] = { { .fd = STDIN_FILENO, .events = POLLIN },
					 { .fd = screen->signals, .events = POLLIN } };
		nanotime left = nanotime_between(monotonic_now(), screen->due);
		const struct timespec timeout = { .tv_sec = (time_t)(left / NANOTIME_SECOND),
						  .tv_nsec = (long)(left % NANOTIME_SECOND) };

		if (left == 0)
			return WAKE_STAY;
		if (ppoll(from, 2, &timeout, NULL) < 0 && errno != EINTR)
			return WAKE_FAILED;
		if (from[1].revents)
			wake = obey_signal(screen);
		else if (from[0].revents)
			wake = obey_key(screen);
	}
	return wake;
}

static void scan(struct flow_screen *screen)
{
	screen->scan_begun = monotonic_now();
	live_flows_scan(screen->setup->live, screen->order);

	nanotime ended = monotonic_now();

	screen->earliest = ended + REST * nanotime_between(screen->scan_begun, ended);
	screen->due = screen->scan_begun + screen->setup->interval;
	if (screen->due < screen->earliest)
		screen->due = screen->earliest;
}

static enum flow_screen_end watch(struct flow_screen *screen)
{
	for (;;) {
		scan(screen);
		if (!draw(screen))
			return FLOW_SCREEN_FAILED;

		enum wake wake = rest(screen);

		if (wake != WAKE_STAY)
			return wake == WAKE_LEAVE ? FLOW_SCREEN_LEFT : FLOW_SCREEN_FAILED;
		if (!live_flows_have_sensor(screen->setup->live))
			return FLOW_SCREEN_STALE;
	}
}

enum flow_screen_end flow_screen_run(const struct flow_screen_setup *setup)
{
	struct flow_screen screen = { .setup = setup, .order = setup->order, .signals = -1 };
	enum flow_screen_end end = FLOW_SCREEN_FAILED;

	if (!take_signals(&screen)) {
		if (screen.signals >= 0)
			(void)close(screen.signals);
		return FLOW_SCREEN_FAILED;
	}
	if (take_terminal(&screen)) {
		end = watch(&screen);

		int why = errno;

		give_terminal(&screen);
		errno = why;
	}
	give_signals(&screen);
	return end;
}
