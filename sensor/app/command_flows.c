#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/flow_screen.h"
#include "sensor/app/live_columns.h"
#include "sensor/app/live_lines.h"
#include "sensor/app/output.h"

#include <stdlib.h>
#include <time.h>

static const char help[] =
	"Usage: hinomi flows [OPTION]... [FILTER]...\n\n"
	"Shows the live flows of a running sensor, the greatest first, redrawn every second. The\n"
	"sensor is read from beside and does not wait.\n\n"
	"FILTER is a capture filter as tcpdump takes it (pcap-filter(7)), true of a flow when it "
	"is\n"
	"true of a packet in either direction. What only a packet has, such as its length or its\n"
	"flags, cannot be asked for.\n\n"
	"  hinomi flows --sort rate host 10.0.0.5 and tcp port 443\n"
	"  hinomi flows --json --limit 10 'udp and not port 53'\n\n"
	"  --sort ORDER      bytes (default), rate, or age: the oldest first\n"
	"  --limit N         at most so many flows (default 1000, up to 1000000)\n"
	"  --once            print them once and end; so it does where there is no terminal\n"
	"  --json            once, as JSON: a flow a line (schema hinomi.live/1), then a line "
	"that\n"
	"                    accounts for the rest (hinomi.live_summary/1)\n"
	"  --seconds N       with these two: look twice, so far apart, and tell rates between "
	"them\n"
	"  --interval N      seconds from one screen to the next (default 1, from 0.1 to 3600)\n"
	"  --table PATH      the sensor's table (default /run/hinomi/flows): its option "
	"flow.shared\n"
	"  --help\n\n"
	"Keys: q quits; b, r and a sort by bytes, rate and age.\n"
	"Columns: UP is what the client sent, DOWN what it got, in bytes; RATE is both in a "
	"second,\n"
	"since the screen before, or where there is none in the flow's life. AGE counts from the\n"
	"first packet, IDLE from the last, by the clock of the packets. STAT is new (not "
	"answered),\n"
	"1way (one side speaks), open (both do) or shut. Where there is no column for the "
	"server's\n"
	"name, the name stands for its address. A flow that the sensor wrote to whenever it was\n"
	"looked at is left out once, and counted as busy.\n\n"
	"Exit codes: 0 done, 1 no table, or its sensor has ended, 2 wrong usage or filter.\n";

static const char default_table[] = "/run/hinomi/flows";
static const char filter_example[] = "host 10.0.0.5 and tcp port 443";

enum {
	FILTER_LEN = 2048,
	LIMIT_DEFAULT = 1000,
	SECONDS_MAX = 3600,
	FILE_WIDTH = LIVE_LINE_MAX, /* what does not go to a terminal need not be cut */
};

struct flows_options {
	enum live_order order;
	size_t limit;
	bool as_json;
	bool once;
	bool help;
	nanotime interval;
	nanotime apart; /* 0: look once */
	const char *table;
	char filter[FILTER_LEN];
};

/* What one run holds; freed in reverse. */
struct flows_run {
	struct key_filter *filter;
	struct flow_view *view;
	struct live_flows *live;
};

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi flows --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool take_order(struct flows_options *o, const char *name)
{
	static const char *const names[] = {
		[LIVE_BY_BYTES] = "bytes",
		[LIVE_BY_RATE] = "rate",
		[LIVE_BY_AGE] = "age",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			o->order = (enum live_order)i;
			return true;
		}
	}
	return usage("--sort is bytes, rate or age, not ", name);
}

static bool take_limit(struct flows_options *o, const char *text)
{
	char *end;
	unsigned long limit = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || limit < 1 || limit > LIVE_FLOWS_MAX)
		return usage("--limit is 1 to 1000000, not ", text);
	o->limit = limit;
	return true;
}

/* False when it is no number from 0.1 to 3600. */
static bool take_seconds(nanotime *out, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || !(seconds >= 0.1) ||
	    !(seconds <= (double)SECONDS_MAX))
		return false;
	*out = (nanotime)(seconds * (double)NANOTIME_SECOND);
	return true;
}

static bool take_option(void *options, int given)
{
	struct flows_options *o = options;

	switch (given) {
	case 's':
		return take_order(o, optarg);
	case 'l':
		return take_limit(o, optarg);
	case 'o':
		o->once = true;
		return true;
	case 'j':
		o->as_json = true;
		return true;
	case 'n':
		return take_seconds(&o->apart, optarg) ||
		       usage("--seconds is 0.1 to 3600, not ", optarg);
	case 'i':
		return take_seconds(&o->interval, optarg) ||
		       usage("--interval is 0.1 to 3600, not ", optarg);
	case 't':
		o->table = optarg;
		return true;
	default:
		return false;
	}
}

static bool take_filter(struct flows_options *o, char **words, int count)
{
	struct text filter = text_over(o->filter, sizeof(o->filter));

	for (int i = 0; i < count; i++) {
		if (i > 0)
			text_add_char(&filter, ' ');
		text_add(&filter, words[i]);
	}
	return !filter.is_cut || usage("the filter is longer than 2047 characters", "");
}

static bool take_options(struct flows_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "sort", required_argument, NULL, 's' },
		{ "limit", required_argument, NULL, 'l' },
		{ "once", no_argument, NULL, 'o' },
		{ "json", no_argument, NULL, 'j' },
		{ "seconds", required_argument, NULL, 'n' },
		{ "interval", required_argument, NULL, 'i' },
		{ "table", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "flows",
		.table = table,
		.letters = "h",
		.is_help = &o->help,
		.take = take_option,
	};

	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->help)
		return true;
	if (!flow_screen_is_there())
		o->once = true;
	if (o->apart > 0 && !o->once && !o->as_json)
		return usage("--seconds goes with --once or --json", "");
	return take_filter(o, argv + optind, argc - optind);
}

static enum exit_code open_filter(struct flows_run *run, const struct flows_options *o)
{
	char reason[KEY_FILTER_REASON_LEN];

	if (o->filter[0] == '\0')
		return EXIT_DONE;

	enum err err = key_filter_new(&run->filter, o->filter, reason);

	if (err == ERR_SYNTAX) {
		(void)fprintf(stderr, "hinomi: the filter '%s': %s; one that works: %s\n",
			      output_text(o->filter).chars, output_text(reason).chars,
			      filter_example);
		return EXIT_USAGE;
	}
	if (err == ERR_OK)
		return EXIT_DONE;
	(void)usage("out of memory", "");
	return EXIT_FAILED;
}

static void tell_no_table(const char *path, enum err err, int why)
{
	const char *told = "is no flow table, or not one of this version of hinomi; start the "
			   "sensor and this command from one version, or name its table with "
			   "--table";

	if (err == ERR_MISSING)
		told = "no such table; start the sensor with its option flow.shared set to this "
		       "path, or name its table with --table";
	else if (err == ERR_IO && why == EACCES)
		told = "may not be read by you; run this as root, or as the user that the sensor "
		       "runs as";
	else if (err == ERR_IO)
		told = strerror(why);
	else if (err == ERR_MEMORY)
		told = err_text(err);
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, told);
}

static bool tell_stale(const struct flows_run *run, const struct flows_options *o)
{
	(void)fprintf(stderr,
		      "hinomi: %s: its sensor (process %d) has ended; start it again, or name "
		      "another table with --table\n",
		      output_text(o->table).chars, flow_view_pid(run->view));
	return false;
}

static bool open_table(struct flows_run *run, const struct flows_options *o, bool is_repeated)
{
	enum err err = flow_view_open(&run->view, o->table);

	if (err != ERR_OK) {
		tell_no_table(o->table, err, errno);
		return false;
	}

	const struct live_setup setup = {
		.view = run->view,
		.filter = run->filter,
		.limit = o->limit,
		.is_repeated = is_repeated,
	};

	if (live_flows_new(&run->live, &setup) != ERR_OK)
		return usage("out of memory", "");
	return live_flows_have_sensor(run->live) || tell_stale(run, o);
}

static void print_columns(const struct live_flows *live, enum live_order order)
{
	size_t width = flow_screen_width(FILE_WIDTH);
	struct live_columns columns = live_columns_for(width);

	live_columns_print_totals(live, order, width, stdout);
	(void)fputc('\n', stdout);
	live_columns_print_titles(&columns, stdout);
	(void)fputc('\n', stdout);
	for (size_t i = 0; i < live_flows_count(live); i++) {
		live_columns_print(&columns, live, live_flows_at(live, i), stdout);
		(void)fputc('\n', stdout);
	}
}

static enum exit_code print_once(struct flows_run *run, const struct flows_options *o)
{
	live_flows_scan(run->live, o->order);
	if (o->apart > 0) {
		const struct timespec apart = { .tv_sec = (time_t)(o->apart / NANOTIME_SECOND),
						.tv_nsec = (long)(o->apart % NANOTIME_SECOND) };

		(void)nanosleep(&apart, NULL);
		if (!live_flows_have_sensor(run->live)) {
			(void)tell_stale(run, o);
			return EXIT_FAILED;
		}
		live_flows_scan(run->live, o->order);
	}
	if (o->as_json)
		live_lines_print(run->live, stdout);
	else
		print_columns(run->live, o->order);
	return output_is_written() ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code show_screen(struct flows_run *run, const struct flows_options *o)
{
	const struct flow_screen_setup setup = {
		.live = run->live,
		.order = o->order,
		.interval = o->interval,
		.filter = o->filter,
	};

	switch (flow_screen_run(&setup)) {
	case FLOW_SCREEN_LEFT:
		return EXIT_DONE;
	case FLOW_SCREEN_STALE:
		(void)tell_stale(run, o);
		return EXIT_FAILED;
	case FLOW_SCREEN_FAILED:
		break;
	}
	(void)fprintf(stderr, "hinomi: the terminal: %s; --once prints without it\n",
		      strerror(errno));
	return EXIT_FAILED;
}

static enum exit_code show(const struct flows_options *o)
{
	bool is_screen = !o->once && !o->as_json;
	struct flows_run run = { 0 };
	enum exit_code code = open_filter(&run, o);

	if (code != EXIT_DONE)
		return code;
	code = EXIT_FAILED;
	if (open_table(&run, o, is_screen || o->apart > 0))
		code = is_screen ? show_screen(&run, o) : print_once(&run, o);
	live_flows_free(run.live);
	flow_view_close(run.view);
	key_filter_free(run.filter);
	return code;
}

static enum exit_code run(int argc, char **argv)
{
	struct flows_options o = {
		.limit = LIMIT_DEFAULT,
		.interval = NANOTIME_SECOND,
		.table = default_table,
	};

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	return o.help ? arguments_help(help) : show(&o);
}

const struct command command_flows = {
	.name = "flows",
	.summary = "show the live flows of a running sensor",
	.run = run,
};
