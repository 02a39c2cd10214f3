/* `hinomi feedback`: what became of a case, written down so that the next one is judged by it. */
#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_append.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/output.h"
#include "sensor/judge/judge.h"
#include "sensor/store/store_view.h"

#include <string.h>
#include <time.h>

static const char help[] =
	"Usage: hinomi feedback [OPTION]... --by NAME --why TEXT CASE VERDICT\n\n"
	"Writes down what became of the case whose id begins with CASE, at the end of the file of\n"
	"judge.decisions. VERDICT is one of:\n\n"
	"  incident-serious   established control, spread, outflow, encryption or takeover\n"
	"  incident-minor     an incident, and less than that\n"
	"  policy             true, and against the rules of the office\n"
	"  attempt-only       true, and nothing came of it\n"
	"  benign-expected    true, and the office says that it is wanted: the same of this "
	"device\n"
	"                     is not told for 90 days, unless it is P1\n"
	"  false-positive     the rule was wrong: --why says in what\n"
	"  inconclusive       --why says what is missing, and what comes next\n"
	"  duplicate, sensor-fault, exercise\n\n"
	"The first four speak for the rules of the case, the next two against them; what a rule "
	"says\n"
	"weighs as much as its verdicts let it.\n\n"
	"  --by NAME         who decided\n"
	"  --why TEXT        on what grounds\n"
	"  --state DIR       the state folder (default: store.folder, /var/lib/hinomi)\n"
	"  --config FILE     options from a file\n"
	"  --set NAME=VALUE  one option; goes over --config\n"
	"  --help\n\n"
	"Exit codes: 0 written down, 1 not, 2 wrong usage or configuration.\n";

struct options {
	struct settings settings;
	struct config config;
	const char *state;
	const char *only;
	struct verdict_note note;
	bool is_help;
};

/* The case that is meant, and how many there are. */
struct search {
	struct judge *judge;
	const char *only;
	uint64_t found;
	bool is_unread;
};

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi feedback --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

/* As decisions_read() will want it. */
static bool is_clean(const char *text, size_t room)
{
	char copy[DECISION_REASON_LEN];
	struct span bytes = { (const uint8_t *)text, strlen(text) };

	return bytes.len > 0 && text_from_wire(bytes, copy, room) && strcmp(copy, text) == 0;
}

static bool take_arguments(struct options *o, int argc, char **argv)
{
	if (argc - optind != 2)
		return usage("a case and a verdict, no more and no less", "");
	o->only = argv[optind];
	if (!verdict_parse(argv[optind + 1], &o->note.verdict))
		return usage("no verdict: ", argv[optind + 1]);
	if (!o->note.owner || !is_clean(o->note.owner, DECISION_OWNER_LEN))
		return usage("--by takes who decided, in at most 63 bytes on one line", "");
	if (!o->note.reason || !is_clean(o->note.reason, DECISION_REASON_LEN))
		return usage("--why takes the grounds, in at most 255 bytes on one line", "");
	if (!settings_apply(&o->settings, &o->config))
		return false;
	if (o->config.judge.decisions[0] == '\0')
		return usage("no file to write to: set judge.decisions, to /etc/hinomi/"
			     "decisions.yaml say",
			     "");
	return true;
}

static bool take_option(void *options, int given)
{
	struct options *o = options;

	switch (given) {
	case 'b':
		o->note.owner = optarg;
		return true;
	case 'w':
		o->note.reason = optarg;
		return true;
	case 'S':
		o->state = optarg;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "by", required_argument, NULL, 'b' },
		{ "why", required_argument, NULL, 'w' },
		{ "state", required_argument, NULL, 'S' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "feedback",
		.table = table,
		.letters = "h",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	return arguments_take(&arguments, argc, argv, o) &&
	       (o->is_help || take_arguments(o, argc, argv));
}

/* A store_case_fn. */
static bool take_case(void *arg, const struct store_case *row)
{
	struct search *search = arg;

	if (row->is_withdrawn || strncmp(row->id, search->only, strlen(search->only)) != 0)
		return true;
	search->found++;
	search->is_unread |= !judge_restore_case(search->judge, row->record);
	return true;
}

static bool complain(const char *what)
{
	(void)fprintf(stderr, "hinomi: %s\n", what);
	return false;
}

/* Restores the one case into `judge`. */
static bool find_case(const struct options *o, struct judge *judge)
{
	struct search search = { .judge = judge, .only = o->only };
	struct store_view *view = NULL;
	char problem[STORE_PROBLEM_LEN];
	enum err err =
		store_view_open(&view, o->state ? o->state : o->config.store.folder, problem);

	if (err == ERR_OK) {
		err = store_view_cases(view, take_case, &search);
		(void)snprintf(problem, sizeof(problem), "the state cannot be read: %s",
			       err_text(err));
	}
	store_view_close(view);
	if (err != ERR_OK)
		return complain(problem);
	if (search.found == 0)
		return complain("no such case; 'hinomi cases' lists them");
	if (search.found > 1)
		return complain("several cases begin so: give more of the id");
	if (search.is_unread)
		return complain("the case is of another version of the sensor, and cannot be read");
	return true;
}

static void say_done(const struct options *o, unsigned suppressed)
{
	(void)printf("Written to %s: case %s, %s.\n", output_text(o->config.judge.decisions).chars,
		     o->note.about->id, verdict_text(o->note.verdict));
	if (suppressed > 0)
		(void)printf("The same of this device is not told for %d days (%u suppressions), "
			     "unless it is P1.\n",
			     BENIGN_DAYS, suppressed);
	(void)puts("The sensor takes it up when it is reloaded: systemctl reload hinomi-sensor");
}

static bool write_down(struct options *o, struct judge *judge, const struct decisions *known)
{
	const struct case_record *const *cases;
	char problem[APPEND_PROBLEM_LEN];
	unsigned suppressed;
	size_t count;

	if (!find_case(o, judge))
		return false;
	(void)judge_restored(judge);
	cases = judge_cases(judge, &count);
	if (count != 1)
		return complain("the case has no findings any more");
	o->note.about = cases[0];
	o->note.when = (nanotime)time(NULL) * NANOTIME_SECOND;
	if (!decisions_append(o->config.judge.decisions, &o->note, known, &suppressed, problem))
		return complain(output_text(problem).chars);
	say_done(o, suppressed);
	return true;
}

/* A file that is not there yet is made; one with faults is not added to. */
static bool read_known(const struct options *o, struct decisions **out)
{
	FILE *file = fopen(o->config.judge.decisions, "re");

	*out = NULL;
	if (!file)
		return true; /* writing it says why, if that is no way */
	(void)fclose(file);
	return decisions_file_read(&o->config, NULL, out, NULL, NULL);
}

static enum exit_code run(int argc, char **argv)
{
	static struct options o;
	struct judge_setup setup = { .config = &o.config, .identity = "" };
	struct decisions *known;
	struct judge *judge = NULL;
	bool is_done = false;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.is_help)
		return arguments_help(help);
	if (!read_known(&o, &known))
		return EXIT_USAGE;
	if (judge_new(&judge, &setup) == ERR_OK)
		is_done = write_down(&o, judge, known);
	else
		(void)complain("out of memory");
	judge_free(judge);
	decisions_free(known);
	return is_done && output_is_written() ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_feedback = {
	.name = "feedback",
	.summary = "write down what became of a case, for the next one to be judged by",
	.run = run,
};
