/* `hinomi suppressions`: what is not told, who says so until when, and what it held back. */
#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/decisions_report.h"
#include "sensor/app/output.h"
#include "sensor/app/ranger_files.h"
#include "sensor/store/store_view.h"

#include <string.h>
#include <time.h>

static const char help[] =
	"Usage: hinomi suppressions [OPTION]...\n\n"
	"What the file of judge.decisions holds back: who decided, until when, and how many "
	"signals\n"
	"each suppression held back or covered in vain (P1 is always told), as of the sensor's "
	"last\n"
	"round of writing; and which rules its verdicts have set aside.\n\n"
	"  --state DIR       the state folder (default: store.folder, /var/lib/hinomi)\n"
	"  --json            one suppression a line\n"
	"  --config FILE     options from a file\n"
	"  --set NAME=VALUE  one option; goes over --config\n"
	"  --help\n\n"
	"Exit codes: 0 done, 1 the state cannot be read, 2 wrong usage or configuration.\n";

struct options {
	struct settings settings;
	struct config config;
	const char *state;
	bool as_json;
	bool is_help;
};

static bool take_option(void *options, int given)
{
	struct options *o = options;

	switch (given) {
	case 'S':
		o->state = optarg;
		return true;
	case 'j':
		o->as_json = true;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "state", required_argument, NULL, 'S' },  { "json", no_argument, NULL, 'j' },
		{ "config", required_argument, NULL, 'c' }, { "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },         { 0 },
	};
	const struct arguments arguments = {
		.command = "suppressions",
		.table = table,
		.letters = "h",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (optind < argc)
		return arguments_refuse("suppressions", "it takes no argument: ", argv[optind]);
	return o->is_help || settings_apply(&o->settings, &o->config);
}

static bool restore_row(void *arg, const struct kept_row *row)
{
	(void)judge_restore(arg, row);
	return true;
}

/* Counts of a sensor that has never run are none. */
static bool restore(const struct options *o, struct judge *judge)
{
	struct store_view *view = NULL;
	char problem[STORE_PROBLEM_LEN];
	enum err err =
		store_view_open(&view, o->state ? o->state : o->config.store.folder, problem);

	if (err == ERR_MISSING) {
		(void)fprintf(stderr, "hinomi: nothing is counted yet: %s\n", problem);
		return true;
	}
	if (err == ERR_OK) {
		err = store_view_kept(view, "judge.suppressions", restore_row, judge);
		(void)snprintf(problem, sizeof(problem), "the state cannot be read: %s",
			       err_text(err));
	}
	store_view_close(view);
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi: %s\n", problem);
	return err == ERR_OK;
}

static void print(struct judge *judge, bool as_json)
{
	const struct judge_decided decided = judge_decided(judge);
	nanotime now = (nanotime)time(NULL) * NANOTIME_SECOND;
	size_t count = suppressions_count(decided.suppressions);
	struct json j;

	if (!as_json) {
		if (count == 0)
			(void)puts("Nothing is suppressed.");
		decisions_report_text(&decided, now, stdout);
		return;
	}
	json_start(&j, stdout);
	for (size_t i = 0; i < count; i++) {
		const struct suppression_use use = suppressions_use_of(decided.suppressions, i);

		suppression_json(&j, &use, now);
		json_line_end(&j);
	}
	json_flush(&j);
}

static enum exit_code list(const struct options *o)
{
	struct judge_setup setup = { .config = &o->config, .identity = "" };
	struct judge *judge = NULL;
	struct decisions *decisions = NULL;
	char rangers[RANGER_PATH_LEN];
	enum exit_code code = EXIT_USAGE;

	ranger_decisions_path(&o->config, rangers);
	if (!decisions_file_read(&o->config, rangers, &decisions, NULL, NULL))
		return code;
	code = EXIT_FAILED;
	setup.decisions = decisions;
	if (judge_new(&judge, &setup) != ERR_OK) {
		(void)fputs("hinomi: out of memory\n", stderr);
	} else if (restore(o, judge)) {
		print(judge, o->as_json);
		code = output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	judge_free(judge);
	decisions_free(decisions);
	return code;
}

static enum exit_code run(int argc, char **argv)
{
	static struct options o;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	return o.is_help ? arguments_help(help) : list(&o);
}

const struct command command_suppressions = {
	.name = "suppressions",
	.summary = "what is not told, who decided so until when, and what it held back",
	.run = run,
};
