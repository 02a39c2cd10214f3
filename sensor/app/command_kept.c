/* `hinomi cases`, `explain`, `devices` and `health`: what a sensor has kept, read beside it. */
#include "sensor/app/arguments.h"
#include "sensor/app/capsule_files.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/decisions_report.h"
#include "sensor/app/device_contacts.h"
#include "sensor/app/device_label.h"
#include "sensor/app/device_list.h"
#include "sensor/app/output.h"
#include "sensor/app/ranger_files.h"
#include "sensor/app/read_report.h"
#include "sensor/app/settings.h"
#include "sensor/case/case_explain.h"
#include "sensor/case/case_text.h"
#include "sensor/health/health_words.h"
#include "sensor/store/store_view.h"

#include <string.h>
#include <time.h>

struct kept_options {
	const char *command; /* by which name it was called */
	struct settings settings;
	struct config config;
	struct read_report report;
	const char *state;
	const char *capsules; /* where to put those of the cases; NULL: nowhere */
	const char *only;     /* an id, or the beginning of one; NULL is all */
	bool all;
	bool contacts;
	bool is_help;
};

/* What a run goes through the rows with. */
struct kept_run {
	const struct kept_options *options;
	struct store_view *view;
	struct judge *judge;
	uint64_t told;
};

static const char common_help[] =
	"  --state DIR       the state folder (default: store.folder, /var/lib/hinomi)\n"
	"  --json            one JSON object a line\n"
	"  --config FILE     options from a file\n"
	"  --set NAME=VALUE  one option; goes over --config\n"
	"  --help\n\n"
	"Exit codes: 0 done, 1 the state cannot be read, 2 wrong usage or configuration.\n";

static bool take_option(void *options, int given)
{
	struct kept_options *o = options;

	switch (given) {
	case 'S':
		o->state = optarg;
		return true;
	case 'a':
		o->all = true;
		return true;
	case 'k':
		o->contacts = true;
		return true;
	case 'C':
		o->capsules = optarg;
		return true;
	case 'j':
		o->report.as_json = true;
		return true;
	case 'l':
		return read_report_speak(&o->report, optarg) ||
		       arguments_refuse(o->command, "--lang is en, ja or both, not ", optarg);
	default:
		return false;
	}
}

static bool take_options(struct kept_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "state", required_argument, NULL, 'S' },
		{ "all", no_argument, NULL, 'a' },
		{ "capsules", required_argument, NULL, 'C' },
		{ "contacts", no_argument, NULL, 'k' },
		{ "json", no_argument, NULL, 'j' },
		{ "lang", required_argument, NULL, 'l' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = argv[0],
		.table = table,
		.letters = "h",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	o->command = argv[0];
	o->report.languages = LANGUAGES;
	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (argc - optind > 1)
		return arguments_refuse(o->command, "one id at a time: ", argv[optind + 1]);
	o->only = argv[optind]; /* NULL behind the last */
	if (o->is_help)
		return true;
	if (!settings_apply(&o->settings, &o->config))
		return false;
	return arguments_use_state(o->command, o->state, &o->config);
}

static bool is_meant(const struct kept_options *o, const char *id)
{
	return !o->only || strncmp(id, o->only, strlen(o->only)) == 0;
}

static void print_line(struct span json)
{
	(void)fwrite(json.data, 1, json.len, stdout);
	(void)fputc('\n', stdout);
}

/* A store_case_fn. */
static bool take_case(void *arg, const struct store_case *row)
{
	struct kept_run *run = arg;

	if (row->is_withdrawn || !is_meant(run->options, row->id))
		return true;
	run->told++;
	if (run->options->report.as_json)
		print_line(row->json);
	else if (!judge_restore_case(run->judge, row->record))
		(void)fprintf(stderr, "hinomi: case %s is of another version: --json shows it\n",
			      row->id);
	return true;
}

/* What was not known when a case opened stands in its JSON. */
static void print_cases(const struct kept_run *run, tell_case_fn *tell)
{
	static const struct case_view view = { .has_history = true, .dns_seen = true };
	const struct read_report *report = &run->options->report;
	const struct case_record *const *cases;
	size_t count;

	(void)judge_restored(run->judge);
	cases = judge_cases(run->judge, &count);
	for (size_t i = 0; i < count; i++)
		tell(cases[i], &view, report->first_language, report->languages, stdout);
	if (run->told == 0)
		(void)puts("No case.");
}

static enum err tell_cases(struct store_view *view, const struct kept_options *o,
			   tell_case_fn *tell)
{
	const struct judge_setup setup = { .config = &o->config, .identity = "" };
	struct kept_run run = { .options = o };
	enum err err = judge_new(&run.judge, &setup);

	if (err != ERR_OK)
		return err;
	err = store_view_cases(view, take_case, &run);
	if (err == ERR_OK && !o->report.as_json)
		print_cases(&run, tell);
	judge_free(run.judge);
	return err;
}

struct capsules_out {
	const struct kept_options *options;
	struct capsule_folder folder;
};

/* A store_capsule_fn. One that was changed has no number to be known by. */
static bool take_capsule(void *arg, const struct store_capsule *row)
{
	struct capsules_out *out = arg;
	char why[CAPSULE_WHY_LEN];
	struct capsule capsule;

	if (!is_meant(out->options, row->case_id))
		return true;
	if (capsule_open(&capsule, row->bytes, why) != ERR_OK)
		(void)fprintf(stderr, "hinomi: a capsule of case %s %s\n",
			      output_text(row->case_id).chars, why);
	(void)capsule_folder_put(&out->folder,
				 &(struct capsule_made){ capsule.head.number, row->case_id,
							 (uint32_t)row->revision, row->bytes });
	return true;
}

static enum err list_cases(struct store_view *view, const struct kept_options *o)
{
	struct capsules_out out = { .options = o };
	enum err err = tell_cases(view, o, case_text);

	if (err != ERR_OK || !o->capsules)
		return err;
	if (!capsule_folder_open(&out.folder, o->capsules))
		return ERR_IO;
	err = store_view_capsules(view, take_capsule, &out);
	return err == ERR_OK && out.folder.failed > 0 ? ERR_IO : err;
}

static enum err explain_cases(struct store_view *view, const struct kept_options *o)
{
	return tell_cases(view, o, case_explain);
}

/* What it is, and the setting to change: as they stand in its JSON. */
static void print_health_words(const struct kept_run *run, struct span json)
{
	static const char *const paths[LANGUAGES][2] = { { "$.sentence.en", "$.setting.en" },
							 { "$.sentence.ja", "$.setting.ja" } };
	static const char *const to_change[LANGUAGES] = { "To change: ", "変更点：" };
	const struct read_report *report = &run->options->report;
	char words[HEALTH_WORDS_LEN];

	for (unsigned i = 0; i < report->languages; i++) {
		unsigned language = (report->first_language + i) % LANGUAGES;

		store_view_text(run->view, json, paths[language][0], words, sizeof(words));
		(void)printf("    %s\n", output_text(words).chars);
		store_view_text(run->view, json, paths[language][1], words, sizeof(words));
		(void)printf("    %s%s\n", to_change[language], output_text(words).chars);
	}
}

static bool take_health(void *arg, const struct store_health *row)
{
	struct kept_run *run = arg;
	char opened[NANOTIME_TEXT_LEN];
	char last[NANOTIME_TEXT_LEN];

	if (!is_meant(run->options, row->id) || (row->closed != 0 && !run->options->all))
		return true;
	/* That a test lookup came back is no trouble; 'hinomi-courier status' tells of it. */
	if (strcmp(row->code, "canary") == 0)
		return true;
	run->told++;
	if (run->options->report.as_json) {
		print_line(row->json);
		return true;
	}
	nanotime_text(row->opened, opened);
	nanotime_text(row->last, last);
	(void)printf("%-28s since %s, %s %s\n", row->code, opened,
		     row->closed != 0 ? "until" : "last seen", last);
	print_health_words(run, row->json);
	return true;
}

/* What people have decided stands beside the sensor's own state; a file with faults is one too. */
static void tell_decisions(struct kept_run *run)
{
	const struct kept_options *o = run->options;
	struct decisions *decisions;
	char rangers[RANGER_PATH_LEN];

	if (o->report.as_json || o->only)
		return;
	ranger_decisions_path(&o->config, rangers);
	if (!decisions_file_read(&o->config, rangers, &decisions, NULL, NULL)) {
		run->told++;
		return;
	}
	run->told += decisions_report_health(&o->config.judge, decisions,
					     (nanotime)time(NULL) * NANOTIME_SECOND,
					     o->report.first_language, o->report.languages, stdout);
	decisions_free(decisions);
}

static enum err list_health(struct store_view *view, const struct kept_options *o)
{
	struct kept_run run = { .options = o, .view = view };
	enum err err = store_view_health(view, take_health, &run);

	if (err == ERR_OK)
		tell_decisions(&run);
	if (run.told == 0 && !o->report.as_json)
		(void)puts("Nothing is wrong that the sensor knows of.");
	return err;
}

typedef enum err list_fn(struct store_view *view, const struct kept_options *o);

static enum exit_code list(const struct kept_options *o, list_fn *print)
{
	struct store_view *view = NULL;
	char problem[STORE_PROBLEM_LEN];
	enum err err = store_view_open(&view, o->config.store.folder, problem);

	if (err == ERR_OK) {
		err = print(view, o);
		(void)snprintf(problem, sizeof(problem), "the state cannot be read: %s",
			       err_text(err));
	}
	store_view_close(view);
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi: %s\n", problem);
	return err == ERR_OK && output_is_written() ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code run(int argc, char **argv, const char *help, list_fn *print)
{
	static struct kept_options o;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (!o.is_help)
		return list(&o, print);
	(void)fputs(help, stdout);
	return arguments_help(common_help);
}

static enum exit_code run_cases(int argc, char **argv)
{
	return run(argc, argv,
		   "Usage: hinomi cases [OPTION]... [ID]\n\n"
		   "The cases that the sensor has found, or the one whose id begins so.\n\n"
		   "  --capsules DIR    their evidence too, as files for 'hinomi replay'\n"
		   "  --lang LANG       en, ja or both (default)\n",
		   list_cases);
}

static enum exit_code run_explain(int argc, char **argv)
{
	return run(
		argc, argv,
		"Usage: hinomi explain [OPTION]... [ID]\n\n"
		"Why the sensor told of a case: each condition with what was measured, what was\n"
		"tried to explain it away, what would make it harmless, what could not be seen.\n"
		"All cases, or the one whose id begins so. Of a capture: hinomi read --explain.\n\n"
		"  --lang LANG       en, ja or both (default)\n",
		explain_cases);
}

static enum err list_devices(struct store_view *view, const struct kept_options *o)
{
	if (o->contacts)
		return device_contacts(view, o->only, o->report.as_json);
	return device_list(view, o->only, o->report.as_json);
}

static enum exit_code run_devices(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "label") == 0)
		return device_label_command(argc - 1, argv + 1);
	return run(
		argc, argv,
		"Usage: hinomi devices [OPTION]... [NUMBER]\n"
		"       hinomi devices --contacts [OPTION]... [NAME|ADDRESS]\n"
		"       hinomi devices label [OPTION]... KEY LABEL\n\n"
		"The devices that the sensor knows, as of its last round of writing: what the\n"
		"office calls them, or they themselves, their addresses and makes, and how many\n"
		"cases there are of each. 'label' names one for the office.\n\n"
		"  --contacts        whom they were in contact with outside in the last 30 days, "
		"as it\n"
		"                    is held against each new list of bad names; or who of them "
		"with\n"
		"                    a name and all below it, or an address\n",
		list_devices);
}

static enum exit_code run_health(int argc, char **argv)
{
	return run(argc, argv,
		   "Usage: hinomi health [OPTION]... [ID]\n\n"
		   "What keeps the sensor from seeing what it should, and what to change.\n\n"
		   "  --all             what is over, too\n"
		   "  --lang LANG       en, ja or both (default)\n",
		   list_health);
}

const struct command command_cases = {
	.name = "cases",
	.summary = "what a running or stopped sensor has found",
	.run = run_cases,
};

const struct command command_explain = {
	.name = "explain",
	.summary = "why a case was told, and what would make it harmless",
	.run = run_explain,
};

const struct command command_devices = {
	.name = "devices",
	.summary = "who is on the network, as the sensor knows",
	.run = run_devices,
};

const struct command command_health = {
	.name = "health",
	.summary = "what keeps the sensor from seeing what it should",
	.run = run_health,
};
