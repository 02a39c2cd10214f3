#include "sensor/app/arguments.h"
#include "sensor/app/capsule_files.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/fact_lines.h"
#include "sensor/app/flow_lines.h"
#include "sensor/app/intel_files.h"
#include "sensor/app/label_file.h"
#include "sensor/app/output.h"
#include "sensor/app/pipeline.h"
#include "sensor/app/place_files.h"
#include "sensor/app/progress.h"
#include "sensor/app/read_report.h"
#include "sensor/app/settings.h"
#include "sensor/base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char help[] =
	"Usage: hinomi read [OPTION]... FILE...\n\n"
	"Reads captures (pcap, pcapng; also gzip, zstd; '-' is standard input), several merged by\n"
	"time, and prints the cases in them, most urgent first. At most 256 files at a time.\n\n"
	"  --json            cases as JSON, one a line (schema hinomi.case/1), then a summary "
	"line\n"
	"  --flows           flow records as JSON lines, as they end (schema hinomi.flow/1, EVE "
	"names)\n"
	"  --facts           what connections and devices said of themselves, one JSON object a\n"
	"                    line; implies --json\n"
	"  --outside FILE    a capture of the same time from the far side of a gateway, up to 256\n"
	"                    times: a connection that is in both captures counts once, as it is\n"
	"                    inside\n"
	"  --intel FILE      bad names and addresses: a set of 'hinomi intel build', or a feed as "
	"it\n"
	"                    is; may be given several times\n"
	"  --intel-key KEY   the public key of whoever signed the sets: a file of one or several, "
	"or\n"
	"                    the key itself; up to 8 times\n"
	"  --capsules DIR    the evidence of each case, for 'hinomi replay', as files in that "
	"folder\n"
	"  --explain         each case laid open: conditions, what was tried to explain it away;\n"
	"                    the last line also counts all signals by kind\n"
	"  --lang LANG       en, ja or both (default)\n"
	"  --workers N       threads that look into packets, 0 to 3 (default 1); the verdict is "
	"the\n"
	"                    same for each\n"
	"  --config FILE     options from a file; 'hinomi check-config' prints one\n"
	"  --set NAME=VALUE  one option, up to 64 times; goes over --config, wherever it stands\n"
	"  --hash-key HEX    32 hexadecimal digits, for tests: where flows are kept, never a "
	"verdict\n"
	"  --quiet           no progress line\n"
	"  --help\n\n"
	"Exit codes: 0 done, 1 a file could not be read whole (what was whole has been judged),\n"
	"2 wrong usage or configuration.\n";

enum { KEY_DIGITS = 32, OUTSIDE = 1 /* the interface of files of that side */ };

struct read_options {
	struct settings settings;
	struct config config; /* what the settings come to */
	struct read_report report;
	bool flows;
	bool facts;
	bool quiet;
	bool help;
	unsigned workers;
	struct hash_key hash_key;
	const char *capsules; /* the folder; NULL is none */
	struct intel_files intel;
	const char *paths[CAPTURE_SET_FILES_MAX]; /* inside first */
	size_t path_count;
	size_t outside_count; /* of them; the last ones */
};

/* What one run holds; freed in reverse. */
struct read_run {
	struct intel_sets *indicators;
	struct decisions *decisions;
	struct device_labels *labels;
	struct place_databases *place_databases;
	struct judge *judge;
	struct pipeline *pipeline;
	struct capture_set *captures;
	struct json lines; /* flows and facts as they come */
	struct capsule_folder capsules;
};

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi read --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool take_workers(struct read_options *o, const char *text)
{
	if (text[0] < '0' || text[0] > '0' + LANES_WORKERS_MAX || text[1] != '\0')
		return usage("--workers is 0 to 3, not ", text);
	o->workers = (unsigned)(text[0] - '0');
	return true;
}

static bool take_hash_key(struct read_options *o, const char *text)
{
	char half[KEY_DIGITS / 2 + 1] = { 0 };

	if (strlen(text) != KEY_DIGITS || strspn(text, "0123456789abcdefABCDEF") != KEY_DIGITS)
		return usage("--hash-key is 32 hexadecimal digits, not ", text);
	memcpy(half, text, KEY_DIGITS / 2);
	o->hash_key.k0 = strtoull(half, NULL, 16);
	o->hash_key.k1 = strtoull(text + KEY_DIGITS / 2, NULL, 16);
	return true;
}

static bool add_path(struct read_options *o, const char *path)
{
	if (o->path_count == CAPTURE_SET_FILES_MAX) {
		(void)fprintf(stderr, "hinomi: at most %d files at a time\n",
			      CAPTURE_SET_FILES_MAX);
		return false;
	}
	o->paths[o->path_count++] = path;
	return true;
}

/* Those inside come first: of equal times theirs is the earlier frame. */
static bool add_inside(struct read_options *o, char **paths, size_t count)
{
	const char *outside[CAPTURE_SET_FILES_MAX];

	o->outside_count = o->path_count;
	memcpy(outside, o->paths, sizeof(outside));
	o->path_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!add_path(o, paths[i]))
			return false;
	}
	for (size_t i = 0; i < o->outside_count; i++) {
		if (!add_path(o, outside[i]))
			return false;
	}
	return true;
}

static bool take_option(void *options, int given)
{
	struct read_options *o = options;

	switch (given) {
	case 'e':
		o->report.explains = true;
		return true;
	case 'j':
		o->report.as_json = true;
		return true;
	case 'f':
		o->flows = true;
		return true;
	case 'F':
		o->facts = true;
		o->report.as_json = true;
		return true;
	case 'q':
		o->quiet = true;
		return true;
	case 'o':
		return add_path(o, optarg);
	case 'C':
		o->capsules = optarg;
		return true;
	case 'i':
		return intel_files_add(&o->intel, optarg);
	case 'K':
		return intel_files_add_key(&o->intel, optarg);
	case 'l':
		return read_report_speak(&o->report, optarg) ||
		       usage("--lang is en, ja or both, not ", optarg);
	case 'w':
		return take_workers(o, optarg);
	case 'k':
		return take_hash_key(o, optarg);
	default:
		return false;
	}
}

static bool take_options(struct read_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "explain", no_argument, NULL, 'e' },
		{ "flows", no_argument, NULL, 'f' },
		{ "facts", no_argument, NULL, 'F' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "outside", required_argument, NULL, 'o' },
		{ "capsules", required_argument, NULL, 'C' },
		{ "intel", required_argument, NULL, 'i' },
		{ "intel-key", required_argument, NULL, 'K' },
		{ "lang", required_argument, NULL, 'l' },
		{ "workers", required_argument, NULL, 'w' },
		{ "hash-key", required_argument, NULL, 'k' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "read",
		.table = table,
		.letters = "hq",
		.settings = &o->settings,
		.is_help = &o->help,
		.take = take_option,
	};

	o->workers = 1;
	o->report.languages = LANGUAGES;
	o->settings.is_capture = true;
	if (getrandom(&o->hash_key, sizeof(o->hash_key), 0) != (ssize_t)sizeof(o->hash_key))
		return usage("no randomness for the hash key: ", strerror(errno));
	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->help)
		return true;
	if (optind == argc && o->path_count == 0)
		return usage("no capture file given", "");
	if (!add_inside(o, argv + optind, (size_t)(argc - optind)))
		return false;
	if (!settings_apply(&o->settings, &o->config))
		return false;
	o->config.lane.tells_all = o->facts;
	o->config.lane.tells_packets = o->capsules != NULL;
	return true;
}

/* The captures last, so that what they leave of file descriptors is enough for everything else. */
static enum err start(struct read_run *run, const struct read_options *o)
{
	const struct judge_setup judge = {
		.config = &o->config,
		.indicators = run->indicators,
		.decisions = run->decisions,
		.place_databases = run->place_databases,
		.identity = "",
		.flow_ended = o->flows ? flow_line : NULL,
		.flow_arg = &run->lines,
		.fact_taken = o->facts ? fact_line : NULL,
		.fact_arg = &run->lines,
		.capsule_made = o->capsules ? capsule_folder_put : NULL,
		.capsule_arg = &run->capsules,
	};

	json_start(&run->lines, stdout);

	enum err err = judge_new(&run->judge, &judge);

	if (err != ERR_OK)
		return err;

	judge_use_labels(run->judge, run->labels);

	const struct pipeline_setup pipeline = {
		.config = &o->config,
		.judge = run->judge,
		.workers = o->workers,
		.hash_key = o->hash_key,
		.outside = o->outside_count > 0 ? 1U << OUTSIDE : 0,
		.has_several_inside = o->path_count - o->outside_count > 1,
	};

	err = pipeline_new(&run->pipeline, &pipeline);
	if (err != ERR_OK)
		return err;
	err = capture_set_new(&run->captures, o->paths, o->path_count);
	if (err == ERR_OK)
		capture_set_number(run->captures, o->path_count - o->outside_count, OUTSIDE);
	return err;
}

static void release(struct read_run *run)
{
	capture_set_free(run->captures);
	pipeline_free(run->pipeline);
	judge_free(run->judge);
	intel_sets_free(run->indicators);
	decisions_free(run->decisions);
	device_labels_free(run->labels);
	place_databases_free(run->place_databases);
}

static enum exit_code tell_failures(const struct capture_set *captures)
{
	size_t count = capture_set_failure_count(captures);

	for (size_t i = 0; i < count; i++) {
		struct capture_failure failure = capture_set_failure(captures, i);

		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(failure.path).chars,
			      failure.reason);
	}
	return count > 0 ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_code read_captures(struct read_options *o)
{
	struct progress progress = progress_start(o->quiet);
	struct read_run run = { 0 };
	enum exit_code code = EXIT_USAGE;
	enum err err;

	if (!intel_files_read(&o->intel, &o->config, &run.indicators, NULL, NULL) ||
	    !decisions_file_read(&o->config, NULL, &run.decisions, NULL, NULL) ||
	    !place_files_open(&o->config, &run.place_databases, NULL, NULL) ||
	    (o->capsules && !capsule_folder_open(&run.capsules, o->capsules)) ||
	    (o->config.judge.labels[0] != '\0' &&
	     !label_file_read(o->config.judge.labels, &run.labels)))
		goto out;
	code = EXIT_FAILED;
	err = start(&run, o);
	if (err == ERR_OK)
		err = pipeline_run(run.pipeline, run.captures, progress_show, &progress);
	if (err == ERR_OK)
		json_flush(&run.lines);
	o->report.seconds = progress_end(&progress);
	if (err != ERR_OK) {
		(void)fprintf(stderr, "hinomi: cannot start: %s%s\n", err_text(err),
			      err == ERR_MISSING ? " (libndpi is not the version compiled for)"
						 : "");
		goto out;
	}

	struct pipeline_totals totals = pipeline_totals(run.pipeline);

	code = tell_failures(run.captures);
	place_files_tell(run.place_databases, NULL, NULL);
	if (run.capsules.failed > 0)
		code = EXIT_FAILED;
	read_report_print(&o->report, run.judge, &totals, stdout);
	if (!output_is_written())
		code = EXIT_FAILED;
out:
	release(&run);
	return code;
}

static enum exit_code run(int argc, char **argv)
{
	static struct read_options o;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.help)
		return arguments_help(help);
	return read_captures(&o);
}

const struct command command_read = {
	.name = "read",
	.summary = "read captures and print the cases in them",
	.run = run,
};
