#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/doctor_eyes.h"
#include "sensor/app/doctor_live.h"
#include "sensor/app/doctor_report.h"
#include "sensor/app/output.h"
#include "sensor/app/progress.h"
#include "sensor/app/settings.h"
#include "sensor/capture/capture_set.h"

#include <stdlib.h>

static const char help[] =
	"Usage: hinomi doctor [OPTION]... -i INTERFACE [-i INTERFACE]...\n"
	"       hinomi doctor [OPTION]... FILE...\n\n"
	"Watches for a minute, or reads captures, and says whether the sensor is wired right; if "
	"not,\n"
	"what is wrong and the one setting to change. Run it while people work. Needs root for an\n"
	"interface.\n\n"
	"  -i INTERFACE      where to watch, up to 8 of them; without it capture.interfaces\n"
	"  --seconds N       how long, 5 to 3600 (default 60)\n"
	"  --json            findings as JSON, one a line (schema hinomi.health/1), then the "
	"verdict\n"
	"                    (schema hinomi.doctor/1)\n"
	"  --lang LANG       en, ja or both (default)\n"
	"  --config FILE     options from a file; 'hinomi check-config' prints one\n"
	"  --set NAME=VALUE  one option, up to 64 times; goes over --config. Without these two\n"
	"                    capture.place is mirror: what a gateway sees is judged with\n"
	"                    --set capture.place=gateway\n"
	"  --quiet           no progress line\n"
	"  --help\n\n"
	"Exit codes: 0 wired right, 1 something is wrong, too little was seen or a file could not "
	"be\n"
	"read whole, 2 wrong usage or configuration.\n";

enum {
	READ_AT_ONCE = 4096,
	SECONDS_DEFAULT = 60,
	SECONDS_MIN = 5,
	SECONDS_MAX = 3600,
};

struct doctor_options {
	struct settings settings;
	struct config config;
	struct doctor_report report;
	struct interface_names interfaces;
	unsigned seconds;
	bool quiet;
	bool help;
};

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi doctor --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool take_seconds(struct doctor_options *o, const char *text)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds < SECONDS_MIN ||
	    seconds > SECONDS_MAX)
		return usage("--seconds is 5 to 3600, not ", text);
	o->seconds = (unsigned)seconds;
	return true;
}

static bool take_interface(struct doctor_options *o, const char *name)
{
	if (name[0] == '\0' || strlen(name) >= INTERFACE_NAME_LEN)
		return usage("no interface can have the name ", name);
	if (o->interfaces.count == INTERFACES_MAX)
		return usage("too many interfaces, the last is ", name);
	memcpy(o->interfaces.name[o->interfaces.count++], name, strlen(name) + 1);
	return true;
}

static bool take_language(struct doctor_options *o, const char *name)
{
	return language_choice_read(name, &o->report.languages) ||
	       usage("--lang is en, ja or both, not ", name);
}

static bool take_option(void *options, int given)
{
	struct doctor_options *o = options;

	switch (given) {
	case 'i':
		return take_interface(o, optarg);
	case 'n':
		return take_seconds(o, optarg);
	case 'j':
		o->report.as_json = true;
		return true;
	case 'l':
		return take_language(o, optarg);
	case 'q':
		o->quiet = true;
		return true;
	default:
		return false;
	}
}

static bool settle(struct doctor_options *o, int file_count)
{
	if (!settings_apply(&o->settings, &o->config))
		return false;
	if (o->settings.file_count + o->settings.assignment_count == 0)
		o->config.capture.place = CAPTURE_MIRROR;
	if (o->interfaces.count > 0)
		o->config.capture.interfaces = o->interfaces;
	if (file_count > 0)
		return o->interfaces.count == 0 ||
		       usage("either interfaces or files, not both", "");
	return o->config.capture.interfaces.count > 0 ||
	       usage("no interface and no capture file given", "");
}

static bool take_options(struct doctor_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "seconds", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "lang", required_argument, NULL, 'l' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "doctor",
		.table = table,
		.letters = "hqi:",
		.settings = &o->settings,
		.is_help = &o->help,
		.take = take_option,
	};

	o->seconds = SECONDS_DEFAULT;
	o->report.languages = (struct language_choice){ LANGUAGE_EN, LANGUAGES };
	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->help)
		return true;
	if (argc - optind > CAPTURE_SET_FILES_MAX) {
		(void)fprintf(stderr, "hinomi: at most %d files at a time\n",
			      CAPTURE_SET_FILES_MAX);
		return false;
	}
	return settle(o, argc - optind);
}

static bool tell_failures(const struct capture_set *captures)
{
	size_t count = capture_set_failure_count(captures);

	for (size_t i = 0; i < count; i++) {
		struct capture_failure failure = capture_set_failure(captures, i);

		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(failure.path).chars,
			      failure.reason);
	}
	return count > 0;
}

static enum exit_code fail(enum err err)
{
	(void)fprintf(stderr, "hinomi: cannot start: %s\n", err_text(err));
	return EXIT_FAILED;
}

static enum exit_code judge(const struct doctor_options *o, const struct health_view *view)
{
	enum doctor_verdict verdict = doctor_report_print(&o->report, view, stdout);

	return output_is_written() && verdict == DOCTOR_RIGHT ? EXIT_DONE : EXIT_FAILED;
}

/* The captures are one interface of which nothing is known but its packets. */
static enum exit_code read_files(const struct doctor_options *o, char **paths, size_t path_count)
{
	struct health_view view = { .surroundings.interface_count = 1 };
	struct progress progress = progress_start(o->quiet);
	struct capture_set *captures = NULL;
	struct doctor_eyes *eyes = NULL;
	enum exit_code code = EXIT_FAILED;
	enum err err = doctor_eyes_new(&eyes, &o->config, NULL, 0);

	if (err == ERR_OK)
		err = capture_set_new(&captures, (const char *const *)paths, path_count);
	if (err != ERR_OK) {
		code = fail(err);
		goto out;
	}
	while (capture_set_read(captures, READ_AT_ONCE, doctor_eyes_take, eyes))
		progress_show(&progress, doctor_eyes_sight(eyes).frames,
			      capture_set_progress(captures));
	(void)progress_end(&progress);
	doctor_eyes_finish(eyes, &view);

	bool has_failed = tell_failures(captures);

	code = judge(o, &view);
	if (has_failed)
		code = EXIT_FAILED;
out:
	capture_set_free(captures);
	doctor_eyes_free(eyes);
	return code;
}

static enum exit_code watch(const struct doctor_options *o)
{
	struct health_view view = { 0 };

	if (!doctor_watch(&o->config, o->seconds, o->quiet, &view))
		return EXIT_FAILED;
	return judge(o, &view);
}

static enum exit_code run(int argc, char **argv)
{
	struct doctor_options o = { 0 };

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.help)
		return arguments_help(help);
	if (optind < argc)
		return read_files(&o, argv + optind, (size_t)(argc - optind));
	return watch(&o);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "say whether the sensor is wired right, and what to change",
	.run = run,
};
